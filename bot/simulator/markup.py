"""Texts as Telegram keeps them: plain, with entities counted in UTF-16 units."""

from __future__ import annotations

import re
from typing import Any

from bot.simulator.errors import BadRequestError

Entity = dict[str, Any]

#: Source: core.telegram.org/bots/api#html-style
_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-z]+));?")
_ATTRIBUTE = re.compile(r"""\s*([^\s=>]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([A-Za-z0-9.-]+)))?""")
_START = re.compile(r"<([^\s>]*)")
_END = re.compile(r"</([^\s>]*)\s*>")

#: What Telegram marks by itself in anyone's text.
_FOUND = (
    ("url", re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,;:!?)،؛؟]", re.IGNORECASE)),
    ("email", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]*\w")),
    ("bot_command", re.compile(r"(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@\w+)?(?![\w/])")),
    ("mention", re.compile(r"(?<![\w@.])@[A-Za-z]\w{3,31}\b")),
    ("hashtag", re.compile(r"(?<![\w#])#\w*[^\W\d]\w*")),
    ("phone_number", re.compile(r"(?<![\w+])\+?\d(?:[ -]?\d){7,14}(?!\w)")),
)
#: Telegram drops these: line and paragraph separators, and the older direction controls.
_DROPPED = re.compile("[\r\u2028-\u202e]")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


def units(text: str) -> int:
    """Return a text's length in UTF-16 units, the measure of every offset and limit."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean(text: str) -> str:
    """Return the text without the characters Telegram never keeps."""
    return _HALF_PAIR.sub("\ufffd", _CONTROL.sub(" ", _DROPPED.sub("", text)))


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Return text and entities without blank ends."""
    lead = units(text) - units(text.lstrip())
    text = text.strip()
    size = units(text)
    kept = []
    for entity in entities:
        first = max(entity["offset"] - lead, 0)
        last = min(entity["offset"] + entity["length"] - lead, size)
        if last > first:
            kept.append({**entity, "offset": first, "length": last - first})
    return text, kept


def with_found(text: str, entities: list[Entity]) -> list[Entity]:
    """Return the entities with those Telegram finds by itself, in the order of the text."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in entities if e["type"] in _OPAQUE]
    found: list[Entity] = []
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            first = units(text[: match.start()])
            last = first + units(match.group())
            if any(first < end and start < last for start, end in taken):
                continue
            taken.append((first, last))
            found.append({"type": kind, "offset": first, "length": last - first})
    return sorted([*entities, *found], key=lambda e: (e["offset"], -e["length"]))


_OPAQUE = {"code", "pre", "text_link"}


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """Return the text and entities of HTML, refusing what Telegram refuses."""
    return _Html(source).read()


class _Html:
    """Reads Telegram's HTML: few tags, each closed, every `<` and `&` meant."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.length = 0  # in UTF-16 units, as in the text so far
        self.pieces: list[str] = []
        self.open: list[tuple[str, Entity]] = []
        self.entities: list[Entity] = []

    def read(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            char = self.source[self.at]
            if char == "<" and self.source.startswith("</", self.at):
                self._end_tag()
            elif char == "<":
                self._start_tag()
            else:
                self._character()
        if self.open:
            raise _unparsable(
                f'Can\'t find end tag corresponding to start tag "{self.open[-1][0]}"'
            )
        order = sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))
        return "".join(self.pieces), order

    def _character(self) -> None:
        match = _REFERENCE.match(self.source, self.at)
        text = _referred(match) if match else None
        if match and text:
            self.at = match.end()
        else:
            text = self.source[self.at]
            self.at += 1
        self.pieces.append(text)
        self.length += units(text)

    def _start_tag(self) -> None:
        match = _START.match(self.source, self.at)
        close = self.source.find(">", self.at)
        if match is None or close < 0:
            raise self._wrong("Unclosed start tag")
        tag = match.group(1).lower()
        if tag not in _TAGS:
            raise self._wrong(f'Unsupported start tag "{tag}"')
        attributes, end = self._attributes(match.end())
        entity: Entity = {"type": _TAGS[tag], "offset": self.length}
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._wrong('Tag "span" must have class "tg-spoiler"')
        if tag == "blockquote" and "expandable" in attributes:
            entity["type"] = "expandable_blockquote"
        if tag == "a":
            entity["url"] = attributes.get("href", "")
        language = attributes.get("class", "")
        if tag == "code" and self.open and self.open[-1][0] == "pre":
            entity["type"] = ""  # Telegram keeps one entity for <pre><code>
            if language.startswith("language-"):
                self.open[-1][1]["language"] = language.removeprefix("language-")
        self.open.append((tag, entity))
        self.at = end

    def _attributes(self, at: int) -> tuple[dict[str, str], int]:
        found: dict[str, str] = {}
        while True:
            while at < len(self.source) and self.source[at].isspace():
                at += 1
            if at >= len(self.source):
                raise self._wrong("Unclosed start tag")
            if self.source[at] == ">":
                return found, at + 1
            match = _ATTRIBUTE.match(self.source, at)
            if match is None:
                raise self._wrong("Unexpected end of name token")
            value = match.group(2) or match.group(3) or match.group(4) or ""
            found[match.group(1).lower()] = _REFERENCE.sub(
                lambda m: _referred(m) or m.group(), value
            )
            at = match.end()
            if match.end() < len(self.source) and self.source[at] == "=":
                raise self._wrong("Unclosed start tag")

    def _end_tag(self) -> None:
        if not self.open:
            raise self._wrong("Unexpected end tag")
        match = _END.match(self.source, self.at)
        if match is None:
            raise self._wrong("Unclosed end tag")
        tag, entity = self.open.pop()
        name = match.group(1).lower()
        if name and name != tag:
            raise self._wrong("Unmatched end tag", f', expected "</{tag}>", found "</{name}>"')
        entity["length"] = self.length - entity["offset"]
        if entity["type"] == "text_link" and not entity["url"]:
            entity["type"] = ""
        if entity["type"] and entity["length"]:
            self.entities.append(entity)
        self.at = match.end()

    def _wrong(self, reason: str, detail: str = "") -> BadRequestError:
        offset = len(self.source[: self.at].encode())
        return _unparsable(f"{reason} at byte offset {offset}{detail}")


def _unparsable(reason: str) -> BadRequestError:
    return BadRequestError(f"can't parse entities: {reason}")


def _referred(match: re.Match[str]) -> str | None:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED.get(name)
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else None
