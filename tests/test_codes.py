"""Codes: read aloud, typed in any way, and never mistaken for one another or for a date."""

from __future__ import annotations

import itertools
import random

from hypothesis import given
from hypothesis import strategies as st

from actions.codes import BODIES, new_code, read_code, shown


def code_from(body: int) -> str:
    """Return the code of a body, or of another one where that would read as a date."""
    others = random.Random(body)
    bodies = itertools.chain([body], (others.randrange(BODIES) for _ in itertools.count()))
    return new_code(lambda n: next(bodies))


codes = st.builds(code_from, st.integers(0, BODIES - 1))


def in_arabic(digits: str) -> str:
    return digits.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))


@given(codes)
def test_a_code_is_read_as_it_is_shown(code: str) -> None:
    assert len(code) == 8
    assert read_code(code) == code
    assert read_code(shown(code)) == code


@given(codes, st.integers(0, 7), st.integers(1, 9))
def test_a_wrong_digit_is_noticed(code: str, place: int, more: int) -> None:
    wrong = str((int(code[place]) + more) % 10)
    assert read_code(code[:place] + wrong + code[place + 1 :]) is None


@given(codes, st.integers(0, 6))
def test_two_swapped_neighbours_are_noticed(code: str, place: int) -> None:
    one, other = code[place], code[place + 1]
    swapped = code[:place] + other + one + code[place + 2 :]
    assert read_code(swapped) == (code if one == other else None)


@given(
    codes,
    st.lists(
        st.sampled_from(["", " ", "  ", "-", ".", "\u00a0", "\u200e", "_"]), min_size=9, max_size=9
    ),
)
def test_a_code_is_read_however_it_is_spaced(code: str, gaps: list[str]) -> None:
    spaced = "".join(f"{gap}{digit}" for gap, digit in zip(gaps, code, strict=False)) + gaps[-1]
    assert read_code(spaced) == code
    assert read_code(in_arabic(spaced)) == code


@given(codes, st.text(alphabet="0123456789٠٩ab", min_size=1, max_size=3))
def test_more_than_a_code_is_none(code: str, more: str) -> None:
    assert read_code(code + more) is None
    assert read_code(code[:7]) is None


def test_a_code_never_reads_as_a_birth_date() -> None:
    bodies = [1203199, 1999031, 4715208]  # 12031999, 19990312 and a plain one
    code = new_code(lambda n: bodies.pop(0))
    assert code == "47152084"
    assert bodies == []


def test_a_birth_date_is_no_code() -> None:
    assert read_code("12031999") is None
    assert read_code("1999 03 12") is None
