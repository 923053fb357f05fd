"""The picture of the figures, in both directions."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageFont, features

from bot.desk.chart import (
    ELLIPSIS,
    FONTS,
    HEIGHT,
    MARGIN,
    WIDTH,
    Bar,
    Figures,
    Slot,
    draw,
    shortened,
    wrapped,
)

ARABIC = Figures(
    title="الأرقام: من الأحد 4 إلى السبت 10 أكتوبر 2015",
    tiles=(("رسائل وصلت", "1 204"), ("انتظار المكتب (الوسيط)", "12 دقيقة")),
    series=("أُجيب عنها", "لم تُفهم", "حُوّلت إلى المكتب"),
    slots=tuple(Slot(f"{day:02}/10", (100 + day, 20, 5)) for day in range(4, 11)),
    bars_title="المسجّلون حسب المحطة",
    bars=(Bar("البليدة", 21), Bar("برج بوعريريج", 7)),
    right_to_left=True,
)
#: More than fits, of everything.
CROWDED = Figures(
    title="Chiffres de toutes les wilayas du pays " * 3,
    tiles=(("Attente du bureau pendant toute la période", "1 204 000 000 minutes"),) * 8,
    series=("Répondus automatiquement sans personne",) * 4,
    slots=tuple(Slot(f"{day:02}/10/2015", (90_000, 1, 1, 1)) for day in range(1, 32)),
    bars_title="Inscrits par étape " * 6,
    bars=(Bar("Bordj Bou Arréridj, salle polyvalente Frantz-Fanon", 840_000),) * 20,
    right_to_left=False,
)
FONT = ImageFont.truetype(
    FONTS / "dejavu-sans-condensed.ttf", 28, layout_engine=ImageFont.Layout.RAQM
)
LINES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60)
WHITE, BLUE, ORANGE = (255, 255, 255), (0, 114, 178), (213, 94, 0)


def picture(figures: Figures) -> Image.Image:
    return Image.open(io.BytesIO(draw(figures))).convert("RGB")


def colours(image: Image.Image, box: tuple[int, int, int, int] | None = None) -> set[object]:
    return {colour for _count, colour in image.crop(box).getcolors(1 << 24) or ()}


@pytest.mark.parametrize("figures", [ARABIC, CROWDED])
def test_the_picture_is_a_small_png_of_a_phones_shape(figures: Figures) -> None:
    drawn = draw(figures)
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(drawn) < 100_000
    assert picture(figures).size == (WIDTH, HEIGHT)


def test_the_same_figures_give_the_same_picture() -> None:
    assert draw(ARABIC) == draw(ARABIC)


@pytest.mark.parametrize("slots", [1, 24, 31])
@pytest.mark.parametrize("value", [0, 1, 100_000])
def test_what_was_counted_is_seen_however_little_and_nothing_else(slots: int, value: int) -> None:
    among_many = (Slot("", (0, 900_000)), *(Slot("", (value, 0)) for _slot in range(slots)))
    image = picture(replace(ARABIC, tiles=(), series=(), slots=among_many, bars=()))
    assert (BLUE in colours(image)) is (value > 0)


def test_nothing_at_all_is_drawn_as_a_scale_from_nothing() -> None:
    empty = Figures("", (), (), (), "", (), right_to_left=False)
    assert colours(picture(empty), (MARGIN, MARGIN, WIDTH - MARGIN, HEIGHT - MARGIN)) != {WHITE}


def test_the_series_of_a_day_stand_on_one_another_as_high_as_they_count() -> None:
    image = picture(replace(ARABIC, tiles=(), series=(), slots=(Slot("", (6, 3)),), bars=()))
    x = next(x for x in range(WIDTH) if image.getpixel((x, HEIGHT - 150)) == BLUE) + 10
    column = [image.getpixel((x, y)) for y in range(HEIGHT)]
    assert column.index(ORANGE) < column.index(BLUE)
    assert column.count(BLUE) / column.count(ORANGE) == pytest.approx(2, abs=0.02)


def test_in_arabic_the_bars_grow_from_the_right() -> None:
    one = replace(ARABIC, bars=(Bar("x", 10), Bar("x", 1)))
    mirrored, straight = picture(one), picture(replace(one, right_to_left=False))
    y = HEIGHT - MARGIN - 28  # the middle of the last bar, which is the short one
    first = next(x for x in range(WIDTH) if straight.getpixel((x, y)) == BLUE)
    last = next(x for x in reversed(range(WIDTH)) if mirrored.getpixel((x, y)) == BLUE)
    assert abs((WIDTH - 1 - last) - first) <= 1
    assert first < WIDTH / 4


def test_in_arabic_time_runs_from_the_right() -> None:
    early = (Slot("", (9,)), *(Slot("", (0,)) for _day in range(6)))
    one = replace(ARABIC, tiles=(), series=(), slots=early, bars=())
    mirrored, straight = picture(one), picture(replace(one, right_to_left=False))
    half = WIDTH // 2
    assert BLUE in colours(mirrored, (half, 0, WIDTH, HEIGHT))
    assert BLUE not in colours(mirrored, (0, 0, half, HEIGHT))
    assert BLUE in colours(straight, (0, 0, half, HEIGHT))


@pytest.mark.parametrize("right_to_left", [False, True])
def test_nothing_runs_into_the_margins_however_much_there_is(right_to_left: bool) -> None:
    image = picture(replace(CROWDED, right_to_left=right_to_left))
    edge = MARGIN - 2  # a letter may lean out of its place by a pixel
    assert colours(image, (0, 0, edge, HEIGHT)) == {WHITE}
    assert colours(image, (WIDTH - edge, 0, WIDTH, HEIGHT)) == {WHITE}
    assert colours(image, (0, HEIGHT - edge, WIDTH, HEIGHT)) == {WHITE}


def test_a_long_label_ends_before_its_bar() -> None:
    image = picture(CROWDED)
    y = HEIGHT - MARGIN - 16
    bar = next(x for x in range(WIDTH) if image.getpixel((x, y)) == BLUE)
    assert colours(image, (bar - 12, y - 10, bar - 1, y + 10)) == {WHITE}


def test_no_more_bars_are_drawn_than_there_is_room_for() -> None:
    assert draw(replace(CROWDED, bars=CROWDED.bars[:12])) == draw(CROWDED)
    assert draw(replace(CROWDED, bars=CROWDED.bars[:11])) != draw(CROWDED)


def test_a_number_is_never_cut() -> None:
    """A cut number would be read as a smaller one."""
    seen = {draw(replace(CROWDED, bars=(Bar("Blida", 8_400_000 + more),))) for more in range(3)}
    assert len(seen) == 3


def test_arabic_letters_are_joined() -> None:
    assert features.check("raqm")
    joined = FONT.getlength("سجل", direction="rtl")
    apart = sum(FONT.getlength(letter, direction="rtl") for letter in "سجل")
    assert joined < apart


def test_every_letter_of_both_languages_is_in_the_font() -> None:
    missing = FONT.getmask("\U0001f600")
    for letter in "éèêëàâçîïôùûüÿœæÉÀÇ«»’…–·%0123456789ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي،؛؟":
        assert bytes(FONT.getmask(letter)) != bytes(missing), letter


@given(LINES)
def test_a_line_never_runs_over_its_room(words: str) -> None:
    cut = shortened(words, FONT, 200)
    assert FONT.getlength(cut) <= 200 or cut == ELLIPSIS
    assert cut == words or cut.endswith(ELLIPSIS)


@given(LINES, st.integers(1, 3))
def test_words_are_wrapped_without_losing_any(words: str, most: int) -> None:
    lines = wrapped(words, FONT, 200, most)
    assert " ".join(lines) == words
    assert len(lines) <= most
    assert all(FONT.getlength(line) <= 200 or " " not in line for line in lines[:-1])


def test_the_drawing_library_is_loaded_only_to_draw() -> None:
    code = "import sys, bot.desk.chart; sys.exit('PIL' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
