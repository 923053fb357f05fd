"""What is never stored: the national identity number.

It has 18 digits (décret exécutif 10-210, JO 54 of 2010) and tells sex, year and place of birth.
"""

from __future__ import annotations

import re
from typing import Any

from actions.digits import latin_digits

#: What stands in a stored text where an identity number was.
HIDDEN = "▮▮▮"

_LENGTH = 18
_SEPARATOR = r"[\s.,/\-_]{1,3}"
#: Digits in groups that a separator or two stand between.
_GROUPS = re.compile(rf"\d+(?:{_SEPARATOR}\d+)*")
_MOBILE = re.compile(r"(?:0|(?:00)?213)[567]\d{8}")
#: A day as written with its separators: what holds one is no identity number, such as the number
#: of a wilaya and two days.
_WRITTEN_DAY = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d([-/.])\d{1,2}\1\d{1,2}|\d{1,2}([-/.])\d{1,2}\2(?:19|20)\d\d)(?!\d)"
)
_DAY = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d")


def hide_identity_numbers(text: str) -> str:
    """Return a text with every 18-digit number hidden, in whatever digits and groups.

    A mobile number beside it is left alone, and so are one and a birth date that have as many
    digits together.
    """
    return _GROUPS.sub(lambda found: _hide(found[0]), text)


def _hide(run: str) -> str:
    """Return groups of digits with those hidden that make up an identity number."""
    groups = [(m.start(), m.end()) for m in re.finditer(r"\d+", run)]
    kept, copied, at = "", 0, 0
    while at < len(groups):
        start = groups[at][0]
        ends = [end for _start, end in groups[at : at + _LENGTH]]
        phone = next((n for n, end in enumerate(ends) if _is_mobile(run[start:end])), None)
        number = next((n for n, end in enumerate(ends) if _is_number(run[start:end])), None)
        if phone is None and number is not None:
            kept += run[copied:start] + HIDDEN
            copied = ends[number]
        at += 1 + (phone if phone is not None else number or 0)
    return kept + run[copied:]


def _is_mobile(groups: str) -> bool:
    return bool(_MOBILE.fullmatch(_digits(groups)))


def _is_number(groups: str) -> bool:
    digits = _digits(groups)
    if len(digits) != _LENGTH or _WRITTEN_DAY.search(latin_digits(groups)):
        return False
    spaced = len(groups) > _LENGTH
    return not (spaced and _DAY.fullmatch(digits[:8]) and _MOBILE.fullmatch(digits[8:]))


def _digits(groups: str) -> str:
    return latin_digits(re.sub(_SEPARATOR, "", groups))


def hide_in(data: Any) -> Any:
    """Return data as it came from a channel, with every text in it treated the same way."""
    match data:
        case str():
            return hide_identity_numbers(data)
        case dict():
            return {key: hide_in(value) for key, value in data.items()}
        case list():
            return [hide_in(value) for value in data]
        case _:
            return data
