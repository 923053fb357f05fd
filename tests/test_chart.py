"""The picture of the figures, in both directions."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont, features

from bot.desk.chart import ELLIPSIS, FONTS, HEIGHT, WIDTH, Bar, Figures, Slot, draw, shortened

ARABIC = Figures(
    title="الأرقام: من الأحد 4 إلى السبت 10 أكتوبر 2015",
    tiles=(("رسائل وصلت", "1 204"), ("انتظار المكتب (الوسيط)", "12 دقيقة")),
    series=("أُجيب عنها", "لم تُفهم", "حُوّلت إلى المكتب"),
    slots=tuple(Slot(f"{day:02}/10", (100 + day, 20, 5)) for day in range(4, 11)),
    bars_title="المسجّلون حسب المحطة",
    bars=(Bar("البليدة", 21), Bar("برج بوعريريج", 7)),
    right_to_left=True,
)
FONT = ImageFont.truetype(FONTS / "dejavu-sans.ttf", 27, layout_engine=ImageFont.Layout.RAQM)


def picture(figures: Figures) -> Image.Image:
    return Image.open(io.BytesIO(draw(figures)))


def test_the_picture_is_a_small_png_of_a_phones_shape() -> None:
    drawn = draw(ARABIC)
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(drawn) < 200_000
    assert picture(ARABIC).size == (WIDTH, HEIGHT)


def test_the_same_figures_give_the_same_picture() -> None:
    assert draw(ARABIC) == draw(ARABIC)


@pytest.mark.parametrize("slots", [1, 24, 31])
@pytest.mark.parametrize("value", [0, 1, 100_000])
def test_any_number_of_slots_and_any_height_can_be_drawn(slots: int, value: int) -> None:
    many = tuple(Slot(f"{n:02}", (value, 0, 0)) for n in range(slots))
    assert draw(replace(ARABIC, slots=many, bars=(), right_to_left=False))


def test_nothing_at_all_can_be_drawn() -> None:
    assert draw(Figures("", (), (), (), "", (), right_to_left=False))


def test_in_arabic_the_bars_grow_from_the_right() -> None:
    one = replace(ARABIC, bars=(Bar("x", 10), Bar("x", 1)))
    mirrored, straight = picture(one), picture(replace(one, right_to_left=False))
    y = HEIGHT - 48 - 56 + 18  # the middle of the last bar, which is the short one
    blue = (0, 114, 178)
    first = next(x for x in range(WIDTH) if straight.getpixel((x, y)) == blue)
    last = next(x for x in reversed(range(WIDTH)) if mirrored.getpixel((x, y)) == blue)
    assert abs((WIDTH - 1 - last) - first) <= 1


def test_arabic_letters_are_joined() -> None:
    assert features.check("raqm")
    joined = FONT.getlength("سجل", direction="rtl")
    apart = sum(FONT.getlength(letter, direction="rtl") for letter in "سجل")
    assert joined < apart


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_a_line_never_runs_over_its_room(words: str) -> None:
    cut = shortened(words, FONT, 200)
    assert FONT.getlength(cut) <= 200 or cut == ELLIPSIS
    assert cut == words or cut.endswith(ELLIPSIS)
