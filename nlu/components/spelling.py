"""Folding of spelling that remembers where each letter came from. Standard library only.

Unicode's own tables do most of it (https://www.unicode.org/reports/tr15/): compatibility
decomposition, then marks and format characters go. What is left is Arabic typing habit: alef and
ta marbuta written any way, Persian letters from other keyboards, the Maghrebi letters of /g/.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from nlu.components.remembered import Remembered

_SAME = str.maketrans(
    {
        "ى": "ي",
        "ی": "ي",
        "ة": "ه",
        "ە": "ه",
        "ک": "ك",
        "ٱ": "ا",
        "ڨ": "ق",
        "ڤ": "ق",
        "گ": "ق",
        "ݣ": "ق",
        "پ": "ب",
        "ء": "",
        "ـ": "",
        "œ": "oe",
        "æ": "ae",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
    }
)
# Arabic letters only: the block also holds the Arabic comma, semicolon and question mark.
_ARABIC = r"\u0620-\u064a\u0671-\u06d3\u06d5\u06fa-\u06ff"
_WORD = re.compile(rf"[{_ARABIC}]+|[^\W_{_ARABIC}]+")
_STRETCHED = re.compile(r"([^\W\d_])\1\1+")


class Word(NamedTuple):
    """A word of the folded text and its place there."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1)
def fold(text: str) -> tuple[str, Sequence[int]]:
    """Return the folded text and, for each letter of it and for its end, the offset in `text`.

    Case, accents, harakat, tatweel and invisible marks go; digits become ASCII; a letter written
    three times or more is written once.
    """
    parts = [_FOLDED[character] for character in text]
    folded = "".join(parts)
    offsets: Sequence[int] = range(len(text) + 1)
    if len(folded) != len(text) or "" in parts:
        offsets = [at for at, part in enumerate(parts) for _ in part]
        offsets.append(len(text))
    if not _STRETCHED.search(folded):
        return folded, offsets
    kept: list[int] = []
    last = 0
    for run in _STRETCHED.finditer(folded):
        kept.extend(range(last, run.start() + 1))
        last = run.end()
    kept.extend(range(last, len(folded) + 1))
    return "".join(folded[k : k + 1] for k in kept), [offsets[k] for k in kept]


def fold_name(name: str) -> str:
    """Return the words of `name`, folded, with one space between them."""
    return " ".join(word.text for word in words(fold(name)[0]))


@lru_cache(maxsize=1)
def words(folded: str) -> tuple[Word, ...]:
    """Return the words of a folded text; a change between Arabic and other letters parts words."""
    return tuple(Word(m.group(), m.start(), m.end()) for m in _WORD.finditer(folded))


def source_span(text: str, offsets: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Return where the folded span `start`..`end` stands in `text`, without marks at its end."""
    # One character may fold to several letters, as ½ does: a span then holds all of it.
    first = offsets[start]
    last = max(offsets[end], first + 1)
    while last > first + 1 and (
        text[last - 1].isspace() or unicodedata.category(text[last - 1]) in ("Cf", "Cc")
    ):
        last -= 1
    return first, last


def _fold_character(character: str) -> str:
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    # Marks that Unicode decomposes to a space and an accent must not open a gap in a word.
    base = character.translate(_SAME)
    decomposed = unicodedata.normalize("NFKD", base).casefold()
    plain = "".join(c for c in decomposed if unicodedata.category(c) not in ("Mn", "Cf", "Me"))
    return plain.translate(_SAME)


_FOLDED = Remembered(_fold_character)
