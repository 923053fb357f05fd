"""What proves, on a phone that several people write from, that someone may see or erase something.

A wrong answer is counted in the conversation's state; after some, nothing is tried until tomorrow.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from actions.digits import latin_digits
from actions.registrations import Registration
from bot.exchange import Exchange
from bot.flows.registration.births import birth_date

#: Wrong answers of one kind that are heard in a day.
TRIES = 3
#: So long after the year was told, it need not be told again.
PROVED_FOR = dt.timedelta(hours=1)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

Kind = Literal["wrong_years", "wrong_erasures"]


def is_refused(x: Exchange, kind: Kind) -> bool:
    """Whether there were too many wrong answers of a kind today."""
    return x.state.wrong_on == x.today.isoformat() and _count(x, kind) >= TRIES


def miss(x: Exchange, kind: Kind) -> bool:
    """Count a wrong answer; return whether another one is heard today."""
    today = x.today.isoformat()
    if x.state.wrong_on != today:
        x.state.wrong_on, x.state.wrong_years, x.state.wrong_erasures = today, 0, 0
    setattr(x.state, kind, _count(x, kind) + 1)
    return _count(x, kind) < TRIES


def _count(x: Exchange, kind: Kind) -> int:
    return x.state.wrong_years if kind == "wrong_years" else x.state.wrong_erasures


def prove(x: Exchange, row: Registration) -> None:
    """Remember that the birth year of a registration was told."""
    x.state.proved, x.state.proved_at = row.code, x.now.isoformat()


def is_proved(x: Exchange, row: Registration) -> bool:
    """Whether the birth year of a registration was told a short time ago."""
    if x.state.proved != row.code:
        return False
    return x.now - dt.datetime.fromisoformat(x.state.proved_at) <= PROVED_FOR


def year_in(text: str, today: dt.date) -> int | None:
    """Return the year that a text tells, alone or in a date, in any digits."""
    digits = latin_digits(text)
    date = birth_date(digits, today)
    if isinstance(date, dt.date):
        return date.year
    year = _YEAR.search(digits)
    if year:
        return int(year[0])
    short = re.fullmatch(r"\s*(\d\d)\s*", digits)
    if short is None:
        return None
    return int(short[1]) + (2000 if int(short[1]) <= today.year % 100 else 1900)


def birth_years(row: Registration) -> frozenset[int]:
    """Return the years someone may be born in: two, where only the age was said on a day."""
    if row.birth_date:
        return frozenset({row.birth_date.year})
    if row.age is None or row.age_on is None:
        return frozenset()
    return frozenset({row.age_on.year - row.age, row.age_on.year - row.age - 1})
