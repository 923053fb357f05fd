"""Registrations on a terminal: one a line, in columns."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence

#: What a line shows of a registration, by the names of a sheet's columns.
SHOWN = ("code", "family_name", "given_name", "birth_date", "wilaya", "stop", "phone", "status")
WIDEST = 24


def lines(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return a table as lines of text, each column as wide as its widest value."""
    table = [[_short(text) for text in cells] for cells in (titles, *rows)]
    widths = [max(map(_width, column)) for column in zip(*table, strict=True)]
    return ["  ".join(map(_padded, cells, widths)).rstrip() for cells in table]


def _short(text: str) -> str:
    return text if _width(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Return how many places a text takes: Arabic vowel marks and the like take none."""
    return sum(unicodedata.category(letter) not in {"Mn", "Me", "Cc", "Cf"} for letter in text)
