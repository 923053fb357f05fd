"""Algerian telephone numbers, checked by libphonenumber and written as E.164.

A number is a run of digits, in groups parted by one kind of separator, spaces apart. Runs of
eighteen digits are the national identity number (décret exécutif 10-210 of 16 September 2010) and
are never read, nor are dates. Without its leading zero a number is read only in one group, and
only if it is a mobile: eight bare digits are as likely a date, grouped ones an amount of money.
The letter O in front is the zero, as people type it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import phonenumbers

from nlu.components.found import Found
from nlu.components.spelling import fold, source_span

Group = tuple[int, int]
"""Where a group of digits stands in the folded text."""

_RUN = re.compile(r"(?:\+?\d|(?<![^\W_])o(?=[5-7 .\-]))(?:[ \u00a0.\-/()_]{0,3}\d)+")
_GROUP = re.compile(r"\d+|o")
_SHAPE = re.compile(r"(?:(?:00)?2130?|0)[1-9]\d{7,8}|[567]\d{8}")
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}([ /.\-])\d{1,2}\1(?:19|20)\d\d|(?:19|20)\d\d([/.\-])\d\d\2\d\d)(?!\d)"
)
_MONEY = re.compile(r"\s*(?:da\b|dzd|dinar|centime|دج|د\.ج|دينار|سنتيم|مليون|million)")
# « num0661… », « tel0661… »: what may run into a number.
_LEAD = re.compile(r"(?<![^\W_])(?:n|num|numero|tel|phone|mobile|mob|whatsapp|wtsp|nmra|nmrti)$")
_FEWEST_DIGITS = 9
_MOST_DIGITS = 14
_MOST_SINGLE = 2
_IDENTITY = 18
# Who writes more is not giving a number; libphonenumber takes some 50 µs for each.
_MOST_TRIES = 64


def find_phones(text: str) -> list[Found]:
    """Return the Algerian telephone numbers in `text`, as E.164 like `+213661234567`."""
    folded, offsets = fold(text)
    found: list[Found] = []
    tries = 0
    for run in _RUN.finditer(folded):
        if run.end() - run.start() < _FEWEST_DIGITS:
            continue
        for groups in _parts(folded, run):
            index = 0
            while index < len(groups) and tries < _MOST_TRIES:
                number, after, tried = _longest(folded, groups, index)
                tries += tried
                if number:
                    start = groups[index][0]
                    if start and folded[start - 1] == "+":
                        start -= 1
                    span = source_span(text, offsets, start, groups[after - 1][1])
                    found.append(Found("phone", number, *span))
                index = after
    return found


def _parts(folded: str, run: re.Match[str]) -> Iterator[list[Group]]:
    """Yield the groups of a run, parted where an identity number or a date stands among them."""
    start, end = run.span()
    dates = {at for date in _DATE.finditer(folded, start, end) for at in range(*date.span())}
    groups = [group.span() for group in _GROUP.finditer(folded, start, end)]
    digits = sum(last - first for first, last in groups)
    if digits == _IDENTITY and not dates and folded[start] != "+":
        return
    part: list[Group] = []
    index = 0
    while index < len(groups):
        dated = groups[index][0] in dates
        after = 0 if dated else _identity(folded, groups, index)
        if after or dated:
            yield part
            part = []
        else:
            part.append(groups[index])
        index = after or index + 1
    yield part


def _identity(folded: str, groups: Sequence[Group], index: int) -> int:
    """Return the index after the identity number at `index`, or 0; it opens with 1 or 2."""
    if folded[groups[index][0]] not in "12":
        return 0
    digits = 0
    while index < len(groups) and digits < _IDENTITY:
        digits += groups[index][1] - groups[index][0]
        index += 1
    return index if digits == _IDENTITY else 0


def _longest(folded: str, groups: Sequence[Group], index: int) -> tuple[str, int, int]:
    """Return the longest number from the group at `index`, the group after it, and the tries."""
    start = groups[index][0]
    before = folded[start - 1 : start]
    if (before == "_" or _is_letter(before)) and not _LEAD.search(folded, max(0, start - 9), start):
        return "", index + 1, 0
    tries = 0
    for after in reversed(_ends(folded, groups, index)):
        end = groups[after - 1][1]
        if _is_letter(folded[end : end + 1]) or not _alike(folded, groups[index:after]):
            continue
        written = "".join(folded[s:e] for s, e in groups[index:after]).replace("o", "0")
        if not _SHAPE.fullmatch(written):
            continue
        tries += 1
        number = _valid(written, plus=before == "+", grouped=after - index > 1)
        if number and not (written.endswith("00000") and _MONEY.match(folded, end)):
            return number, after, tries
    return "", index + 1, tries


def _ends(folded: str, groups: Sequence[Group], index: int) -> list[int]:
    """Return after which groups a number from `index` may end; nobody parts all of its digits."""
    if folded[groups[index][0]] in "13489":
        return []
    ends = []
    digits = single = 0
    for after in range(index + 1, len(groups) + 1):
        length = groups[after - 1][1] - groups[after - 1][0]
        digits += length
        single += length == 1
        if digits > _MOST_DIGITS or single > _MOST_SINGLE:
            break
        if digits >= _FEWEST_DIGITS:
            ends.append(after)
    return ends


def _is_letter(character: str) -> bool:
    """Return whether a letter or digit runs into a number; Arabic is often typed up to it."""
    return character.isalnum() and not "\u0600" <= character <= "\u06ff"


def _alike(folded: str, groups: Sequence[Group]) -> bool:
    gaps = [folded[groups[i][1] : groups[i + 1][0]] for i in range(len(groups) - 1)]
    # `+213 (0)6…`: the bracketed zero stands apart from whatever separates the rest.
    kinds = {gap.strip() for gap in gaps if not set(gap) & set("()")}
    mixed = kinds - {""}
    if len(mixed) > 1:
        return False
    # « 06/10 2015 14 » is a day and an hour: spaces mix only with what a code of area precedes.
    first, last = groups[0]
    return len(kinds) < 2 or ("/" not in mixed and last - first > 2)


def _valid(digits: str, *, plus: bool, grouped: bool) -> str:
    if plus and not digits.startswith("213"):
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
