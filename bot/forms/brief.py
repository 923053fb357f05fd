"""Few words: values shortened until a message fits where each of its letters is paid for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce

from actions.messages import LANGUAGES, Language
from bot.channels.sms import segments
from bot.text import Choice, Name, Text, _, render
from bot.texting.writing import plain

#: The letters left of a long value, the first number for which the whole message fits.
_LETTERS = (60, 40, 30, 24, 18, 14, 10)


def shortened(value: Text | Name, letters: int) -> Text | Name:
    """Return what a person wrote with at most so many letters; sentences stay as they are."""
    if isinstance(value, Text):
        return value
    return Name(clipped(value.fr, letters), clipped(value.ar, letters))


def listed(values: Sequence[Text | Name]) -> Text | Name:
    """Return values one after the other, between commas."""
    return reduce(lambda one, other: _("{one}, {other}", one=one, other=other), values)


def clipped(words: str, letters: int) -> str:
    """Return words with at most so many letters, cut between two words where that is near."""
    if len(words) <= letters:
        return words
    cut = words[: letters - 1].rstrip()
    whole = cut.rpartition(" ")[0]
    return f"{whole if len(whole) > letters // 2 else cut}."


def fitting(make: Callable[[int], Text], choices: Sequence[Choice] = ()) -> Text:
    """Return the longest of a message's forms that fits with its choices in every language.

    `make(letters)` writes it with at most so many letters of each long value.
    """
    found = make(_LETTERS[0])
    for letters in _LETTERS:
        found = make(letters)
        if all(segments.fits(as_sent((found,), choices, language)) for language in LANGUAGES):
            break
    return found


def as_sent(texts: Sequence[Text], choices: Sequence[Choice], language: Language) -> str:
    """Return texts and numbered choices as they are written in plain letters."""

    def written(text: Text | Name) -> str:
        return render(text, language, isolated=False, unmarked=True)

    said = [written(text) for text in texts]
    offered = [f"{n} {written(c.brief or c.label)}" for n, c in enumerate(choices, start=1)]
    return plain("\n".join((*said, *offered)), language)
