"""Algerian telephone numbers, checked by libphonenumber and written as E.164.

A number is a run of digits in groups of one kind of separator. Runs of eighteen digits are the
national identity number (décret exécutif 10-210 of 16 September 2010) and are never read. Without
its leading zero a number is read only in one group, and only if it is a mobile: eight bare digits
are as likely a date, grouped ones an amount of money.
"""

from __future__ import annotations

import re

import phonenumbers

from nlu.components.found import Found
from nlu.components.spelling import fold, source_span

_RUN = re.compile(r"\+?\d(?:[ \u00a0.\-/()]{0,3}\d)+")
_GROUP = re.compile(r"\d+")
_SHAPE = re.compile(r"(?:(?:00)?2130?|0)[1-9]\d{7,8}|[567]\d{8}")
_MONEY = re.compile(r"\s*(?:da\b|dzd|dinar|centime|دج|د\.ج|دينار|سنتيم|مليون|million)")
_MOST_GROUPS = 7


def find_phones(text: str) -> list[Found]:
    """Return the Algerian telephone numbers in `text`, as E.164 like `+213661234567`."""
    folded, offsets = fold(text)
    found = []
    for run in _RUN.finditer(folded):
        groups = [
            (run.start() + g.start(), run.start() + g.end()) for g in _GROUP.finditer(run.group())
        ]
        if sum(end - start for start, end in groups) == 18 and folded[run.start()] != "+":
            continue
        index = 0
        while index < len(groups):
            number, after = _longest(folded, groups, index)
            if number:
                start = groups[index][0]
                if start and folded[start - 1] == "+":
                    start -= 1
                first, last = source_span(text, offsets, start, groups[after - 1][1])
                found.append(Found("phone", number, first, last))
            index = after
    return found


def _longest(folded: str, groups: list[tuple[int, int]], index: int) -> tuple[str, int]:
    """Return the longest number whose first group is at `index`, and the group after it."""
    start = groups[index][0]
    before = folded[start - 1 : start]
    if before.isalnum() or before == "_":
        return "", index + 1
    for after in range(min(len(groups), index + _MOST_GROUPS), index, -1):
        end = groups[after - 1][1]
        digits = "".join(folded[s:e] for s, e in groups[index:after])
        if folded[end : end + 1].isalnum() or not _alike(folded, groups[index:after]):
            continue
        number = _valid(digits, plus=before == "+", grouped=after - index > 1)
        if number and not (digits.endswith("00000") and _MONEY.match(folded, end)):
            return number, after
    return "", index + 1


def _alike(folded: str, groups: list[tuple[int, int]]) -> bool:
    gaps = [folded[groups[i][1] : groups[i + 1][0]] for i in range(len(groups) - 1)]
    kinds = {gap.strip() for gap in gaps}
    # `+213 (0)6…`: the bracketed zero stands apart from whatever separates the rest.
    return len({kind for kind in kinds if not set(kind) & set("()")}) <= 1


def _valid(digits: str, *, plus: bool, grouped: bool) -> str:
    if not _SHAPE.fullmatch(digits) or (plus and not digits.startswith("213")):
        return ""
    bare = digits[0] in "567"
    if bare and (grouped or digits.endswith("0000")):
        return ""
    if digits.startswith("00213"):
        digits = digits[2:]
    if digits.startswith("213"):
        if not plus and len(digits) == 9 and grouped:
            return ""
        digits = "+" + (digits if not digits.startswith("2130") else "213" + digits[4:])
    try:
        number = phonenumbers.parse(digits, "DZ")
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_valid_number_for_region(number, "DZ"):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
