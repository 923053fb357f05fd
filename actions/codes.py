"""Registration codes: eight digits, the last one a check, `4715 2084` when shown.

Digits only: no letter looks like another, every phone types them, and they are read aloud alike in
every language. The check digit is Damm's (it finds every single wrong digit and every two
neighbours swapped). A code is never a date, so that `12031999` can only be a birth date.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from stdnum import damm

from actions.digits import latin_digits

#: How many bodies there are; a code is a body of seven digits and its check digit.
BODIES = 10_000_000


def new_code(draw: Callable[[int], int]) -> str:
    """Return a new code; `draw(n)` gives a random whole number from 0 to n - 1."""
    while True:
        body = f"{draw(BODIES):07}"
        code = body + damm.calc_check_digit(body)
        if not _reads_as_a_date(code):
            return code


def shown(code: str) -> str:
    """Return a code in two groups, easier to read and to dictate."""
    return f"{code[:4]} {code[4:]}"


def read_code(text: str) -> str | None:
    """Return the code that a whole text is, however it is spaced and in whatever digits.

    None for anything else, and for a code with a wrong digit.
    """
    digits = re.sub(r"[^\w]|_", "", latin_digits(text))
    if not re.fullmatch(r"[0-9]{8}", digits):
        return None
    return digits if damm.is_valid(digits) and not _reads_as_a_date(digits) else None


def _reads_as_a_date(digits: str) -> bool:
    for form in ("%d%m%Y", "%Y%m%d"):
        try:
            year = dt.datetime.strptime(digits, form).replace(tzinfo=dt.UTC).year
        except ValueError:
            continue
        if 1900 <= year < 2100:
            return True
    return False
