"""What staff give to a command: a day, or words in both languages."""

from __future__ import annotations

import datetime as dt
import re

from actions.digits import latin_digits
from bot.text import Text, _

#: Years that can be meant; what is outside was mistyped.
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_DAY = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})")
#: A line of dashes; phones make one long dash of several.
_BETWEEN = re.compile(r"^[ \t]*(?:[-–]{2,}|[-–]*—[-–—]*)[ \t]*$", re.MULTILINE)
_ARABIC = re.compile(r"[\u0620-\u064a\u0671-\u06d3]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def day_given(text: str) -> dt.date | None:
    """Return the day that a whole text is, as 2015-10-31 or 31/10/2015, in whatever digits."""
    found = _DAY.fullmatch(latin_digits(text).strip())
    if not found:
        return None
    year, month, day = found[1], found[3], found[4]
    if len(year) < len(day):
        year, day = day, year
    try:
        read = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return read if _FIRST_YEAR <= read.year <= _LAST_YEAR else None


def both_languages(text: str) -> tuple[str, str] | None:
    """Return the French and the Arabic of a text that a line of dashes cuts in two.

    The script says which part is which; None when one of the two is missing.
    """
    parts = [part.strip() for part in _BETWEEN.split(text)]
    if len(parts) != 2 or not all(parts):
        return None
    fr, ar = sorted(parts, key=_share_of_arabic)
    if _share_of_arabic(fr) >= 1 / 2 or _share_of_arabic(ar) == _share_of_arabic(fr):
        return None
    return fr, ar


def in_both_languages() -> Text:
    """Say how words in both languages are written."""
    return _("Write it in French and in Arabic, with a line of three dashes between them.")


def _share_of_arabic(text: str) -> float:
    """Return the share of Arabic among the letters of a text, variables left out."""
    words = re.sub(r"\{[^{}]*\}", "", text)
    arabic, latin = len(_ARABIC.findall(words)), len(_LATIN.findall(words))
    return arabic / (arabic + latin) if arabic else 0.0
