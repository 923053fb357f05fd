"""What an SMS holds: its coding, its length, its segments, and texts made to fit.

Source: 3GPP TS 23.038 (the GSM 7-bit alphabet and its extension table) and TS 23.040 (a part of a
longer message has a header of 6 octets: 153 septets or 67 UTF-16 units are left of 160 or 70).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Literal

Coding = Literal["gsm", "ucs2"]
#: The most segments that one answer takes: more are hardly read, and each is paid for.
MOST: Mapping[Coding, int] = {"gsm": 2, "ucs2": 3}

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Each of these takes two septets: an escape, then itself.
_EXTENSION = frozenset("\f^{}\\[~]|€")
_ALONE: dict[Coding, int] = {"gsm": 160, "ucs2": 70}
_IN_PARTS: dict[Coding, int] = {"gsm": 153, "ucs2": 67}

NO_BREAK = "\u00a0"
#: What French writes and the alphabet lacks, as it is written without.
_INSTEAD = {
    "ç": "c",
    "œ": "oe",
    "Œ": "OE",
    "æ": "ae",
    "Æ": "AE",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "ʼ": "'",
    "–": "-",
    "—": "-",
    "−": "-",
    "‑": "-",
    "…": "...",
    "•": "-",
    "·": "-",
    "→": "->",
    "°": "o",
    "×": "x",
    "½": "1/2",
    NO_BREAK: " ",
}
#: Characters that only steer or decorate, and cost as much as a letter.
_INVISIBLE = {"Cf", "So", "Sk", "Cs", "Co", "Cn", "Me"}
_VARIATION_SELECTORS = {"\ufe0e", "\ufe0f"}


def coding(text: str) -> Coding:
    """Return how a text travels: in the GSM alphabet if every character is in it."""
    return "gsm" if all(c in _BASIC or c in _EXTENSION for c in text) else "ucs2"


def length(text: str) -> int:
    """Return the length of a text in the units of its coding: septets, or UTF-16 units."""
    way = coding(text)
    return sum(_units(c, way) for c in text)


def segments(text: str) -> int:
    """Return how many SMS a text is sent as; an empty one is sent as one.

    No extension character and no surrogate pair is cut in two: what does not fit whole goes into
    the next part.
    """
    way = coding(text)
    if length(text) <= _ALONE[way]:
        return 1
    parts, left = 1, _IN_PARTS[way]
    for character in text:
        units = _units(character, way)
        if units > left:
            parts, left = parts + 1, _IN_PARTS[way]
        left -= units
    return parts


def room(most: int, way: Coding) -> int:
    """Return the units that fit into `most` segments of a coding."""
    return _ALONE[way] if most == 1 else most * _IN_PARTS[way]


def fits(text: str, most: Mapping[Coding, int] = MOST) -> bool:
    """Whether a text takes no more segments than may be in its coding."""
    return segments(text) <= most[coding(text)]


def cut(text: str, most: Mapping[Coding, int] = MOST) -> list[str]:
    """Cut a text into messages of at most so many segments, between lines or words if it can.

    Each message is counted in its own coding, as it is sent.
    """
    pieces, rest = [], text.strip()
    while rest:
        end = len(rest) if fits(rest, most) else _end(rest, most)
        pieces.append(rest[:end].strip())
        rest = rest[end:].strip()
    return [piece for piece in pieces if piece]


def _end(text: str, most: Mapping[Coding, int]) -> int:
    """Return where the first message of a text that is too long for one ends."""
    low, high = 1, len(text)
    while low < high:  # the longest beginning that fits: a longer one has no fewer segments
        middle = (low + high + 1) // 2
        if fits(text[:middle], most):
            low = middle
        else:
            high = middle - 1
    for separator in ("\n", ". ", " "):
        found = text.rfind(separator, 0, low + 1)
        if found > low // 2:
            return min(found + len(separator), low) if separator != "\n" else found
    # Between two words there is none; a letter keeps its marks.
    while low > 1 and unicodedata.combining(text[low : low + 1] or " "):
        low -= 1
    return low


def without_decoration(text: str) -> str:
    """Return a text without emoji, marks of direction, and kinds of spaces.

    Spaces that keep what is beside them together stay: in Arabic they also keep groups of digits
    in order (Unicode Standard Annex 9, rule W4).
    """
    kept = (
        _space(c) if unicodedata.category(c) == "Zs" else c
        for c in text
        if c == "°" or not (unicodedata.category(c) in _INVISIBLE or c in _VARIATION_SELECTORS)
    )
    lines = ("".join(kept)).split("\n")
    return "\n".join(re.sub(" +", " ", line).strip() for line in lines).strip()


def _space(character: str) -> str:
    return NO_BREAK if character in {NO_BREAK, "\u202f", "\u2007"} else " "


def in_gsm(text: str) -> str:
    """Return a French text in the GSM alphabet: é è à ù stay, other marks are left out.

    What has no Latin spelling, such as a name in Arabic letters, stays as it is.
    """
    return "".join(c if c in _BASIC or c in _EXTENSION else _spelled(c) for c in text)


def in_ascii(text: str) -> str:
    """Return a name without any marks, as an old phone writes it."""
    return "".join(c if c.isascii() else _spelled(c, ascii_only=True) for c in text)


def _spelled(character: str, *, ascii_only: bool = False) -> str:
    instead = _INSTEAD.get(character)
    if instead is not None:
        return instead
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
    )
    fits = bare.isascii() if ascii_only else coding(bare) == "gsm"
    return bare if bare and fits else character


def _units(character: str, way: Coding) -> int:
    if way == "gsm":
        return 2 if character in _EXTENSION else 1
    return 2 if ord(character) > 0xFFFF else 1
