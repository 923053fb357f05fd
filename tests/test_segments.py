"""How many SMS a text takes: what staff are shown, what is paid, and where a text is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.sms import segments

TEXTS = st.text(alphabet=st.sampled_from("aé€[ç ع😀\nب́à.x"), max_size=700)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("é" * 160, 1),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("ع" * 70, 1),
        ("ع" * 71, 2),
        ("ع" * 134, 2),
        ("ع" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_a_text_is_counted_as_operators_count_it(text: str, count: int) -> None:
    assert segments.segments(text) == count


def test_an_extension_character_is_not_cut_in_two() -> None:
    # 152 septets, then one that needs two: it goes into the second part whole.
    assert segments.length("a" * 152 + "€" + "a" * 151) == 305
    assert segments.segments("a" * 152 + "€" + "a" * 151) == 2
    assert segments.segments("a" * 152 + "€" + "a" * 152) == 3


def test_a_surrogate_pair_is_not_cut_in_two() -> None:
    assert segments.segments("ع" * 66 + "😀" + "ع" * 65) == 2
    assert segments.segments("ع" * 66 + "😀" + "ع" * 66) == 3


@given(TEXTS, st.integers(1, 4))
def test_pieces_fit_and_together_are_the_text(text: str, most: int) -> None:
    pieces = segments.cut(text, {"gsm": most, "ucs2": most})
    assert all(segments.segments(piece) <= most for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


@given(st.text(max_size=200))
def test_what_is_cleaned_stays_clean_and_nothing_fails(text: str) -> None:
    clean = segments.without_decoration(text)
    assert segments.without_decoration(clean) == clean
    assert segments.in_gsm(segments.in_gsm(clean)) == segments.in_gsm(clean)
    assert segments.in_ascii(text) is not None


def test_french_keeps_the_accents_that_cost_nothing_and_loses_the_others() -> None:
    written = segments.in_gsm("Où est l’œuvre « Été » à Béjaïa ? Ça, là-bas… prêt n° 2")
    assert written == 'Où est l\'oeuvre " Été " à Béjaia ? Ça, là-bas... pret no 2'
    assert segments.coding(written) == "gsm"


def test_names_of_wilayas_are_written_in_plain_letters() -> None:
    assert segments.in_ascii("Aïn Témouchent, Béjaïa, Naâma") == "Ain Temouchent, Bejaia, Naama"


def test_emoji_and_marks_of_direction_are_not_paid_for() -> None:
    assert (
        segments.without_decoration("✖ Stop\u2068 12\u202f000\u00a0DA\u2069 👍🏽")
        == "Stop 12\u00a0000\u00a0DA"
    )
