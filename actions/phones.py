"""Algerian phone numbers, read with libphonenumber.

Mobile numbers are `0[567]` and eight digits; a fixed line can't receive an SMS.
"""

from __future__ import annotations

import re
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

from actions.digits import latin_digits

Problem = Literal["not_a_number", "fixed", "foreign"]
#: An Algerian mobile number, as `mobile` returns it.
_AS_KEPT = re.compile(r"\+213([567]\d\d)(\d\d)(\d\d)(\d\d)")
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


class PhoneError(ValueError):
    """A text is no Algerian mobile number; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem: Problem = problem


def mobile(text: str) -> str:
    """Return the Algerian mobile number a text is, in E.164; raise `PhoneError` if it is none."""
    try:
        number = phonenumbers.parse(text, "DZ")
    except NumberParseException:
        raise PhoneError("not_a_number") from None
    if not phonenumbers.is_valid_number(number):
        raise PhoneError("not_a_number")
    if number.country_code != 213:
        raise PhoneError("foreign")
    if phonenumbers.number_type(number) not in _MOBILE:
        raise PhoneError("fixed")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def mobile_in(text: str) -> str | None:
    """Return the first Algerian mobile number named anywhere in a text, in E.164."""
    for match in phonenumbers.PhoneNumberMatcher(latin_digits(text), "DZ"):
        try:
            return mobile(match.raw_string)
        except PhoneError:
            continue
    return None


def national(number: str) -> str:
    """Return an E.164 number as people write it in the country, `0661 23 45 67`."""
    found = _AS_KEPT.fullmatch(number)
    if found:  # as libphonenumber does, forty times as fast: a long list has thousands of them
        return "0{} {} {} {}".format(*found.groups())
    return phonenumbers.format_number(
        phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL
    )
