"""What clerks give to a command: days, wilayas, codes, files. What can't be used is refused."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Literal

from actions import registrations
from actions.codes import read_code
from actions.digits import latin_digits
from actions.registrations import Filter, Registration
from actions.store import Session
from bot.knowledge import Facts
from bot.text import Text, _

Status = Literal["active", "withdrawn", "checked_in"]

#: Years in which someone can have signed up; what is outside was mistyped.
_FIRST_YEAR, _LAST_YEAR = 2000, 2099


class RefusedError(Exception):
    """What a clerk gave can't be used; `sentence` says why and what can."""

    def __init__(self, sentence: Text) -> None:
        super().__init__(sentence.msgid)
        self.sentence = sentence


def read_filter(
    facts: Facts, *, stop: str, wilaya: str, since: str, until: str, status: Status | Literal[""]
) -> Filter:
    """Return which registrations are wanted; what is empty leaves out nothing."""
    first, last = _day(since), _day(until)
    if first and last and first > last:
        raise RefusedError(
            _("The first day is after the last: {since}, {until}.", since=since, until=until)
        )
    return Filter(
        stop=stop_given(facts, stop),
        wilaya=wilaya_given(facts, wilaya) if wilaya else "",
        status=status,
        since=first,
        until=last,
    )


def code_given(text: str) -> str:
    """Return the code that a text is; raise `RefusedError` when one of its digits is wrong."""
    code = read_code(text)
    if code:
        return code
    if len(re.sub(r"\D", "", text)) == 8:
        raise RefusedError(_("One of the digits of {code} is wrong: read it again.", code=text))
    raise RefusedError(_("“{code}” is no code: a code has eight digits.", code=text))


def registration_given(session: Session, text: str) -> Registration:
    """Return the registration of a code; raise `RefusedError` when there is none."""
    row = registrations.by_code(session, code_given(text))
    if row is None:
        raise RefusedError(_("I know no registration with this code. Check its eight digits."))
    return row


def path_given(path: Path, endings: tuple[str, ...]) -> Path:
    """Return a path with one of these endings, in whatever letters."""
    if path.suffix.lower() in endings:
        return path
    raise RefusedError(
        _(
            "{file}: the name of the file has to end in {endings}.",
            file=path.name,
            endings=" / ".join(endings),
        )
    )


def unwritable(path: Path) -> RefusedError:
    """Return what is said of a file that can't be written."""
    return RefusedError(
        _(
            "{file} can't be written: close it if it is open, or choose another folder.",
            file=str(path),
        )
    )


def wilaya_given(facts: Facts, text: str) -> str:
    """Return the code of a wilaya by its number or name; raise `RefusedError` for none."""
    number = latin_digits(text).strip()
    code = facts.wilaya_named(f"{int(number):02}" if number.isdecimal() else text)
    if code is None:
        raise RefusedError(
            _("I know no wilaya “{name}”. Give its number or its name: 19, Sétif, سطيف.", name=text)
        )
    return code


def stop_given(facts: Facts, text: str) -> str:
    """Return the wilaya of a stop: the one named, or its mother where it has none of its own."""
    code = wilaya_given(facts, text) if text else ""
    if not code or facts.tour.at(code):
        return code
    return facts.geography.in_2015(facts.geography.wilayas[code]).code


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    parts = re.findall(r"\d+", latin_digits(text))
    if len(parts) == 3:
        year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
        try:
            found = dt.date(int(year), int(month), int(day))
        except ValueError:
            found = dt.date.min
        if _FIRST_YEAR <= found.year <= _LAST_YEAR:
            return found
    raise RefusedError(_("“{text}” is no day. Write it like this: 2015-10-31.", text=text))
