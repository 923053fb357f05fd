"""Answers as an SMS: short, with numbers instead of buttons, and the rest for whoever wants it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from actions.messages import Address, Language, Line, Outbound
from bot import menu
from bot.channels.sms import segments
from bot.channels.sms.segments import Coding
from bot.text import Choice, Name, Say, Text, _, render, render_brief, render_message

#: A list of choices longer than this leaves no room for what is said above it.
_MOST_BELOW: dict[Coding, int] = {"gsm": 1, "ucs2": 2}
#: What is left over of an answer is kept in so many messages at most.
MOST_PAGES = 12
#: Buttons that move about in a form or switch the language: words do it.
_IN_WORDS = re.compile(r"form:[^:]+:[^:]+:\d+:(?:back|skip|where|p[+-])|language:\w\w")
#: Marks of vowels and stretched letters: each is paid for as a letter, and no phone needs them.
_VOWEL_MARKS = re.compile("[\u0640\u064b-\u0652]")
#: A space in a code or a phone number: from right to left its groups would change places.
_BETWEEN_DIGITS = re.compile(r"(?<=\d) (?=\d{2,4}\b)")
_MORE = _("PLUS: more")


@dataclass(frozen=True)
class Written:
    """An answer as it is sent: its text, the numbered choices in it, and what is left over.

    An empty text means that nothing is sent.
    """

    text: str = ""
    language: Language = "fr"
    options: tuple[tuple[str, str], ...] = ()
    rest: tuple[str, ...] = ()

    @property
    def messages(self) -> list[Outbound]:
        """Return it as what a channel takes."""
        return [message(self.text, self.language)] if self.text else []


def message(text: str, language: Language) -> Outbound:
    """Return a text, written for SMS already, as what a channel takes."""
    return Outbound(lines=(Line(text),), language=language)


def plain(text: str, language: Language) -> str:
    """Return a text in the letters a phone has, with no emoji and no marks of direction."""
    bare = segments.without_decoration(text)
    if language == "fr":
        return segments.in_gsm(bare)
    return _BETWEEN_DIGITS.sub(segments.NO_BREAK, _VOWEL_MARKS.sub("", bare))


def write(says: Sequence[Say], language: Language) -> Written:
    """Write one answer within the most segments it may take; what is too long is left for later."""
    spoken = [_short(said, language) for said in says]
    options = _options(says, language)
    for left_out in range(1, len(says)):  # of several messages' choices, the last one's matter most
        if segments.fits(_joined(_flat(spoken), options)):
            break
        options = _options(says[left_out:], language)
    details = [line for said in says if said.more for line in _long(said, language)]
    first, rest = _first(spoken, options, language, more=bool(details))
    rest += segments.cut("\n".join(details))
    return Written(first, language, tuple(options), tuple(rest[:MOST_PAGES]))


def next_page(rest: Sequence[str], language: Language) -> tuple[str, list[str]]:
    """Return what is sent to somebody who wants the rest, and what is left after that."""
    first, *others = rest
    return (_hinted(first, language) if others else first), others


def written_for(address: Address, said: Say, language: Language) -> Outbound:
    """Write a message that answers nothing just written: to a phone in few words, without choices.

    So many segments as it takes.
    """
    if not address.number:
        return render_message(said, language)
    text = plain("\n".join(line.text for line in _rendered(said, language)), language)
    return message(text, language)


def _joined(paragraphs: list[str], options: list[tuple[str, str]]) -> str:
    return "\n".join(
        [*paragraphs, *(f"{n} {label}" for n, (label, _data) in enumerate(options, 1))]
    )


def _flat(spoken: Sequence[list[str]]) -> list[str]:
    """Return the paragraphs of several messages, each once: a question may be asked again."""
    flat = [paragraph for paragraphs in spoken for paragraph in paragraphs]
    return [text for n, text in enumerate(flat) if text not in flat[n + 1 :]]


def _first(
    spoken: Sequence[list[str]], options: list[tuple[str, str]], language: Language, *, more: bool
) -> tuple[str, list[str]]:
    """Return the message that is sent, and what is left over.

    The choices are in it, and the question they answer where something was said before; of that as
    much as there is room for. Where there is more, it says how to get that.
    """
    whole = _joined(_flat(spoken), options)
    if segments.fits(whole):
        return (_hinted(whole, language) if more else whole), []
    *before, asked = spoken
    for said, kept in ((before, asked), (spoken, [])):
        above = "\n".join(_flat(said))
        below = "\n".join(["", *kept, *filter(None, [_joined([], options)]), _hint(language)])
        if above and segments.fits(below, _MOST_BELOW):
            return _shortened(above, below)
    return _shortened(whole, f"\n{_hint(language)}")  # a list of choices alone is cut itself


def _shortened(text: str, below: str) -> tuple[str, list[str]]:
    """Return as much of a text as fits with what stands below it, and the rest in messages."""
    first = segments.cut(text)[0]
    while not segments.fits(first + below):
        shorter = first.rpartition("\n")[0]
        if len(shorter) < len(first) // 2:
            shorter = first.rpartition(" ")[0] or first[:-1]
        first = shorter
    return first + below, segments.cut(text[len(first) :])


def _hinted(text: str, language: Language) -> str:
    """Add how to get more, where it costs nothing."""
    hinted = f"{text}\n{_hint(language)}"
    return hinted if segments.segments(hinted) == segments.segments(text) else text


def _hint(language: Language) -> str:
    return plain(render(_MORE, language, isolated=False), language)


def _short(said: Say, language: Language) -> list[str]:
    """Return what a message says in few words; a file, a picture or a place says nothing here."""
    beside = said.document or said.picture or said.venue
    if beside and not said.brief:
        return []
    return [text for line in _rendered(said, language) if (text := plain(line.text, language))]


def _rendered(said: Say, language: Language) -> Iterable[Line]:
    return render_brief(said, language).lines


def _long(said: Say, language: Language) -> list[str]:
    texts = (_unmarked(text, language) for text, _style in said.lines)
    return [text for text in texts if text]


def _options(says: Sequence[Say], language: Language) -> list[tuple[str, str]]:
    """Return the choices that are numbered: what a word does has none, nor what stands twice."""
    found: dict[str, str] = {}
    for said in says:
        for choice in _choices(said):
            label = choice.brief or choice.label
            found.setdefault(choice.data, _unmarked(label, language))
    return [(label, data) for data, label in found.items()]


def _choices(said: Say) -> list[Choice]:
    """Return a message's own choices: the word for the menu is in everyone's reach."""
    if said == menu.menu():
        return [choice for row in said.choices for choice in row]
    main = {choice.data for row in menu.MENU for choice in row}
    rows = [choice for row in said.choices for choice in row]
    if main <= {choice.data for choice in rows} | {"ask:talk_to_human"}:
        rows = [choice for choice in rows if choice.data not in main]
    languages = said == menu.choose_language()
    return [c for c in rows if c.data != "menu" and (languages or not _IN_WORDS.fullmatch(c.data))]


def _unmarked(text: Text | Name, language: Language) -> str:
    return plain(render(text, language, isolated=False, unmarked=True), language)
