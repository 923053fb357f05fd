"""The picture of the figures: tiles, bars over time, bars by stop; for a phone, in both directions.

Arabic is shaped and ordered by Raqm, which Pillow brings along; the font comes with us, so that the
picture is the same on every machine.
"""

from __future__ import annotations

import functools
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
WIDTH, HEIGHT = 1080, 1350
MARGIN, GAP = 48, 16
INSIDE = WIDTH - 2 * MARGIN
#: Far enough apart in hue or lightness for people who see colours differently, and from white.
COLOURS = ("#0072b2", "#d55e00", "#1a1a1a", "#009e73")
INK, SOFT, TILE, LINE, PAPER = "#1a1a1a", "#4a4a4a", "#eef2f6", "#cfd5db", "#ffffff"
#: A phone shows the sheet at about a third of its size: nothing in words is smaller than `SMALL`.
TITLE, HEAD, TEXT, SMALL = 46, 34, 30, 28
TITLE_SIZES = (TITLE, 40, HEAD)
VALUE_SIZES = (52, 42, 36, 32, SMALL)
LINE_HEIGHT = 1.17
TILES_IN_A_ROW, LABEL_LINES = 4, 3
MOST_BARS = 12
#: More labels than this below the bars would run into each other.
MOST_LABELS = 8
#: What the bars by name leave to the bars over time, legend and labels included.
LEAST_OVER_TIME = 390
#: Tops of a scale whose half is a whole number as well.
SCALES = (2, 4, 6, 8, 10, 12, 16, 20, 24, 30, 40, 50, 60, 80, 100)
ELLIPSIS = "…"


@dataclass(frozen=True)
class Bar:
    """One bar by itself: its label in the reader's language, and how much."""

    label: str
    value: int


@dataclass(frozen=True)
class Slot:
    """A day or an hour: one value for each series."""

    label: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Figures:
    """What the picture shows, every word of it in the reader's language.

    `tiles` are names and values; `slots` go from the oldest on, and the values of one are stacked;
    `bars` are the largest first, twelve at most.
    """

    title: str
    tiles: tuple[tuple[str, str], ...]
    series: tuple[str, ...]
    slots: tuple[Slot, ...]
    bars_title: str
    bars: tuple[Bar, ...]
    right_to_left: bool


def draw(figures: Figures) -> bytes:
    """Return the picture as a PNG of 1080 by 1350 pixels."""
    from PIL import Image, ImageDraw  # noqa: PLC0415 - only who asks for figures needs it

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    sheet = _Sheet(ImageDraw.Draw(image), figures.right_to_left)
    top = _title(sheet, figures.title, 36)
    top = _tiles(sheet, figures.tiles, top + 22) + 12
    bottom: float = HEIGHT - MARGIN
    bars = figures.bars[:MOST_BARS]
    if bars:
        heading = HEAD * LINE_HEIGHT + 16
        pitch = (bottom - top - LEAST_OVER_TIME - heading) / len(bars)
        pitch = min(56, max(SMALL * LINE_HEIGHT, pitch))
        begins = bottom - pitch * len(bars) - heading
        sheet.text(figures.bars_title, MARGIN, begins, HEAD, width=INSIDE, bold=True)
        _by_name(sheet, bars, begins + heading, pitch)
        bottom = begins - 26
    _over_time(sheet, figures, top, bottom)
    kept = io.BytesIO()
    # Few colours are used: a palette makes the picture a third as large.
    few = image.quantize(64, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(kept, "PNG")
    return kept.getvalue()


class _Sheet:
    """Draws from the side where reading begins: all distances are counted from there."""

    def __init__(self, pen: ImageDraw.ImageDraw, right_to_left: bool) -> None:
        self._pen = pen
        self._mirrored = right_to_left

    def text(
        self,
        words: str,
        x: float,
        y: float,
        size: int,
        *,
        width: float,
        bold: bool = False,
        colour: str = INK,
        anchor: str = "l",
    ) -> None:
        """Write a line, shortened to a width; `anchor` is l(eading), m(iddle) or t(railing)."""
        font = _font(bold, size)
        words = shortened(words, font, width)
        side = {"l": "l", "m": "m", "t": "r"}[anchor]
        if self._mirrored:
            side = {"l": "r", "m": "m", "r": "l"}[side]
        self._pen.text(
            (self._x(x), y),
            words,
            font=font,
            fill=colour,
            anchor=f"{side}a",
            direction=_direction(words),
        )

    def box(
        self, x: float, y: float, width: float, height: float, colour: str, *, radius: int = 0
    ) -> None:
        """Fill a rectangle; one without width or height is not drawn."""
        if width <= 0 or height <= 0:
            return
        left = self._x(x + width) if self._mirrored else x
        # The far corner is painted as well: it belongs to the next rectangle.
        corners = (round(left), round(y), round(left + width) - 1, round(y + height) - 1)
        self._pen.rounded_rectangle(corners, radius=radius, fill=colour)

    def rule(self, y: float, colour: str) -> None:
        """Draw a thin line across the sheet."""
        self._pen.line((MARGIN, y, WIDTH - MARGIN, y), fill=colour, width=2)

    def _x(self, x: float) -> float:
        return WIDTH - x if self._mirrored else x


def _title(sheet: _Sheet, words: str, top: float) -> float:
    """Write the title in one line or two; return where it ends."""
    size = _largest(TITLE_SIZES, words, INSIDE)
    for line in wrapped(words, _font(True, size), INSIDE, 2):
        sheet.text(line, MARGIN, top, size, width=INSIDE, bold=True)
        top += size * LINE_HEIGHT
    return top


def _tiles(sheet: _Sheet, tiles: Sequence[tuple[str, str]], top: float) -> float:
    """Draw the tiles, as high as the longest label asks for; return where they end."""
    width = (INSIDE - (TILES_IN_A_ROW - 1) * GAP) / TILES_IN_A_ROW
    inside = width - 28
    labels = [wrapped(label, _font(False, SMALL), inside, LABEL_LINES) for label, _value in tiles]
    line = SMALL * LINE_HEIGHT
    height = 88 + line * max(map(len, labels), default=1)
    for number, (_label, value) in enumerate(tiles):
        row, column = divmod(number, TILES_IN_A_ROW)
        x, y = MARGIN + column * (width + GAP), top + row * (height + GAP)
        sheet.box(x, y, width, height, TILE, radius=10)
        size = _largest(VALUE_SIZES, value, inside)
        lines = wrapped(value, _font(True, size), inside, 2)
        begins = y + 40 - len(lines) * size * LINE_HEIGHT / 2
        for place, words in enumerate(lines):
            at = begins + place * size * LINE_HEIGHT
            sheet.text(words, x + 14, at, size, width=inside, bold=True)
        for place, words in enumerate(labels[number]):
            at = y + 78 + place * line
            sheet.text(words, x + 14, at, SMALL, width=inside, colour=SOFT)
    rows = -(-len(tiles) // TILES_IN_A_ROW)
    return top + rows * (height + GAP)


def _over_time(sheet: _Sheet, figures: Figures, top: float, bottom: float) -> None:
    """Draw the series on top of one another in each slot, a legend above, labels below."""
    top = _legend(sheet, figures.series, top) + SMALL * LINE_HEIGHT
    floor = bottom - SMALL * LINE_HEIGHT - 8
    scale = _round_up(max((sum(slot.values) for slot in figures.slots), default=0))
    aside = _font(False, SMALL).getlength(f"{scale}") + 16
    for told in (scale, scale // 2, 0):
        y = floor - told / scale * (floor - top)
        sheet.rule(y, LINE if told else SOFT)
        at = y - SMALL * LINE_HEIGHT
        sheet.text(f"{told}", WIDTH - MARGIN, at, SMALL, width=aside, colour=SOFT, anchor="t")
    room = (INSIDE - aside) / max(1, len(figures.slots))
    step = -(-len(figures.slots) // MOST_LABELS)
    for number, slot in enumerate(figures.slots):
        middle = MARGIN + (number + 0.5) * room
        thick = min(80, room * 0.74)
        y = floor
        for place, value in enumerate(slot.values):
            # What is there is seen, and parted from what lies below it.
            height = max(4, value / scale * (floor - top)) if value else 0
            y -= height
            sheet.box(middle - thick / 2, y, thick, height - 1, COLOURS[place % len(COLOURS)])
        if number % step == 0:
            width = room * step - 12
            half = min(width, _font(False, SMALL).getlength(slot.label)) / 2
            sheet.text(
                slot.label,
                max(middle, MARGIN + half),
                floor + 8,
                SMALL,
                width=width,
                colour=SOFT,
                anchor="m",
            )


def _legend(sheet: _Sheet, series: Sequence[str], top: float) -> float:
    """Name the series beside their colours, in as many rows as they take; return where it ends."""
    font, x = _font(False, TEXT), float(MARGIN)
    for place, name in enumerate(series):
        width = min(font.getlength(name), INSIDE - 38)
        if x > MARGIN and x + 38 + width > WIDTH - MARGIN:
            x, top = float(MARGIN), top + TEXT * LINE_HEIGHT + 4
        sheet.box(x, top + 5, 26, 26, COLOURS[place % len(COLOURS)], radius=5)
        sheet.text(name, x + 38, top, TEXT, width=width + 1)
        x += 38 + width + 36
    return top + TEXT * LINE_HEIGHT + 4


def _by_name(sheet: _Sheet, bars: Sequence[Bar], top: float, pitch: float) -> None:
    """Draw bars that lie, each with its label before it and its value after it."""
    size = SMALL if pitch < 42 else TEXT
    plain, bold = _font(False, size), _font(True, size)
    before = min(440.0, max(plain.getlength(bar.label) for bar in bars)) + 22
    after = max(bold.getlength(f"{bar.value}") for bar in bars) + 14
    most = max(bar.value for bar in bars) or 1
    for number, bar in enumerate(bars):
        y = top + pitch * number
        beside = y + (pitch - size * LINE_HEIGHT) / 2
        sheet.text(bar.label, MARGIN, beside, size, width=before - 20)
        long = max(4, bar.value / most * (INSIDE - before - after)) if bar.value else 0
        sheet.box(MARGIN + before, y + pitch * 0.12, long, pitch * 0.76, COLOURS[0])
        sheet.text(
            f"{bar.value}", MARGIN + before + long + 12, beside, size, width=after, bold=True
        )


def _round_up(most: int) -> int:
    """Return the top of a scale: a round number that leaves little room above the highest bar."""
    tens: int = 10 ** max(0, len(f"{most}") - 2)
    return next(s * tens for s in SCALES if s * tens >= most)


def _largest(sizes: Sequence[int], words: str, width: float) -> int:
    """Return the first of some sizes in which a bold line fits, or the last of them."""
    return next((s for s in sizes if _font(True, s).getlength(words) <= width), sizes[-1])


def _direction(words: str) -> str:
    """Return the direction of a line: a number alone reads from the left in Arabic as well."""
    return "rtl" if any("\u0600" <= c <= "\u06ff" and c.isalpha() for c in words) else "ltr"


def wrapped(words: str, font: ImageFont.FreeTypeFont, width: float, most: int) -> list[str]:
    """Return words in lines no wider than `width` pixels; the last of `most` lines takes the rest.

    A word that is too wide has a line of its own, and so may that rest be: it is left to be
    shortened.
    """
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (len(lines) == most or font.getlength(longer) <= width):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def shortened(words: str, font: ImageFont.FreeTypeFont, width: float) -> str:
    """Return a line, cut with an ellipsis where it would be wider than `width` pixels."""
    direction = _direction(words)
    if font.getlength(words, direction=direction) <= width:
        return words
    kept = words
    while kept and font.getlength(kept + ELLIPSIS, direction=direction) > width:
        kept = kept[:-1].rstrip()
    return kept + ELLIPSIS


@functools.cache
def _font(bold: bool, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415

    name = "dejavu-sans-condensed-bold.ttf" if bold else "dejavu-sans-condensed.ttf"
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.RAQM)
