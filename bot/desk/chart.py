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
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

FONTS = Path(__file__).parent / "fonts"
WIDTH, HEIGHT = 1080, 1350
MARGIN, GAP = 48, 20
#: Told apart by people who see colours differently (Okabe and Ito, 2008), and from white.
COLOURS = ("#0072B2", "#E69F00", "#D55E00", "#009E73")
INK, SOFT, TILE, LINE, PAPER = "#1a1a1a", "#5a5a5a", "#f1f4f7", "#d4d9de", "#ffffff"
TILES_IN_A_ROW = 4
TITLE_SIZE, HEAD_SIZE, VALUE_SIZE, TEXT_SIZE, SMALL_SIZE = 44, 32, 46, 27, 24
#: More labels than this below the bars would run into each other.
MOST_LABELS = 8
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

    `tiles` are names and values; `slots` go from the oldest on; `bars` are the largest first.
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
    sheet.title(figures.title, 40)
    top = _tiles(sheet, figures.tiles, 116)
    bars = figures.bars
    below = 90 + 56 * len(bars) if bars else 0
    _over_time(sheet, figures, top + 24, HEIGHT - MARGIN - below)
    if bars:
        _by_name(sheet, figures.bars_title, bars, HEIGHT - MARGIN - below + 24)
    kept = io.BytesIO()
    image.save(kept, "PNG", compress_level=2)  # quick, and small enough
    return kept.getvalue()


class _Sheet:
    """Draws from the side where reading begins: all distances are counted from there."""

    def __init__(self, pen: ImageDraw.ImageDraw, right_to_left: bool) -> None:
        self._pen = pen
        self._mirrored = right_to_left

    def title(self, words: str, y: float) -> None:
        """Write the title across the sheet, smaller where it is long."""
        width = WIDTH - 2 * MARGIN
        sizes = (TITLE_SIZE, 38, HEAD_SIZE, TEXT_SIZE)
        size = next((s for s in sizes if _font(True, s).getlength(words) <= width), sizes[-1])
        self.text(words, MARGIN, y, size, width=width, bold=True)

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
        direction = _direction(words)
        words = shortened(words, font, width, direction)
        side = {"l": "l", "m": "m", "t": "r"}[anchor]
        if self._mirrored:
            side = {"l": "r", "m": "m", "r": "l"}[side]
        self._pen.text(
            (self._x(x), y),
            words,
            font=font,
            fill=colour,
            anchor=f"{side}a",
            direction=direction,
        )

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill a rectangle, its corners a little round where it is large enough."""
        if width <= 0 or height <= 0:
            return
        left = self._x(x + width) if self._mirrored else x
        radius = min(6, width / 2, height / 2)
        corners = (left, y, left + width, y + height)
        self._pen.rounded_rectangle(corners, radius=radius, fill=colour)

    def rule(self, y: float) -> None:
        """Draw a thin line across the sheet."""
        self._pen.line((MARGIN, y, WIDTH - MARGIN, y), fill=LINE, width=2)

    def width(self, words: str, size: int) -> float:
        """Return how wide a line would be."""
        return float(_font(False, size).getlength(words))

    def _x(self, x: float) -> float:
        return WIDTH - x if self._mirrored else x


def _tiles(sheet: _Sheet, tiles: Sequence[tuple[str, str]], top: float) -> float:
    """Draw the tiles; return where they end."""
    width = (WIDTH - 2 * MARGIN - (TILES_IN_A_ROW - 1) * GAP) / TILES_IN_A_ROW
    height = 134
    for number, (label, value) in enumerate(tiles):
        row, column = divmod(number, TILES_IN_A_ROW)
        x, y = MARGIN + column * (width + GAP), top + row * (height + GAP)
        sheet.box(x, y, width, height, TILE)
        size = VALUE_SIZE if len(value) <= 6 else HEAD_SIZE
        sheet.text(value, x + 16, y + 14, size, width=width - 28, bold=True)
        for line, words in enumerate(_two_lines(sheet, label, width - 28)):
            sheet.text(
                words, x + 16, y + 72 + 27 * line, SMALL_SIZE - 2, width=width - 28, colour=SOFT
            )
    rows = -(-len(tiles) // TILES_IN_A_ROW)
    return top + rows * (height + GAP)


def _two_lines(sheet: _Sheet, label: str, width: float) -> list[str]:
    """Break a label at a space when it is too wide for one line."""
    if sheet.width(label, SMALL_SIZE - 2) <= width or " " not in label:
        return [label]
    words, first = label.split(), ""
    while words and sheet.width(f"{first} {words[0]}".strip(), SMALL_SIZE - 2) <= width:
        first = f"{first} {words.pop(0)}".strip()
    return [first or words.pop(0), " ".join(words)]


def _over_time(sheet: _Sheet, figures: Figures, top: float, bottom: float) -> None:
    """Draw the series side by side in each slot, with a legend above and labels below."""
    x = float(MARGIN)
    for name, colour in zip(figures.series, COLOURS, strict=False):
        sheet.box(x, top + 6, 24, 24, colour)
        sheet.text(name, x + 34, top + 2, TEXT_SIZE, width=280)
        x += 34 + min(280, sheet.width(name, TEXT_SIZE)) + 40
    top, floor = top + 62, bottom - 50
    most = max((value for slot in figures.slots for value in slot.values), default=0)
    scale = _round_up(most)
    for share in (0.0, 0.5, 1.0):
        y = floor - share * (floor - top)
        sheet.rule(y)
        if share and scale * share == int(scale * share):
            told = f"{int(scale * share)}"
            sheet.text(told, WIDTH - MARGIN, y + 4, SMALL_SIZE, width=120, colour=SOFT, anchor="t")
    if not figures.slots:
        return
    room = (WIDTH - 2 * MARGIN - 70) / len(figures.slots)
    thick = room * 0.8 / max(1, len(figures.series))
    step = -(-len(figures.slots) // MOST_LABELS)
    for number, slot in enumerate(figures.slots):
        begins = MARGIN + number * room + room * 0.1
        for place, value in enumerate(slot.values):
            height = value / scale * (floor - top)
            sheet.box(
                begins + place * thick, floor - height, max(thick - 2, 2), height, COLOURS[place]
            )
        if number % step == 0:
            middle = MARGIN + (number + 0.5) * room
            sheet.text(
                slot.label,
                middle,
                floor + 8,
                SMALL_SIZE,
                width=room * step - 6,
                colour=SOFT,
                anchor="m",
            )


def _by_name(sheet: _Sheet, title: str, bars: Sequence[Bar], top: float) -> None:
    """Draw bars that lie, each with its label before it and its value after it."""
    sheet.text(title, MARGIN, top, HEAD_SIZE, width=WIDTH - 2 * MARGIN, bold=True)
    most = max(bar.value for bar in bars) or 1
    before, room = 300, WIDTH - 2 * MARGIN - 300 - 130
    for number, bar in enumerate(bars):
        y = top + 62 + 56 * number
        sheet.text(bar.label, MARGIN, y + 4, TEXT_SIZE, width=before - 16)
        long = max(4, bar.value / most * room)
        sheet.box(MARGIN + before, y, long, 40, COLOURS[0])
        sheet.text(
            f"{bar.value}", MARGIN + before + long + 12, y + 4, TEXT_SIZE, width=110, bold=True
        )


def _round_up(most: int) -> int:
    """Return the top of a scale: an even number that reads well, at least 2."""
    scale = 2
    while scale < most:
        digits = 10 ** (len(str(scale)) - 1)
        scale = next(
            s
            for s in (2 * digits, 4 * digits, 6 * digits, 8 * digits, 10 * digits, 20 * digits)
            if s > scale
        )
    return scale


def _direction(words: str) -> str:
    """Return the direction of a line: a number alone reads from the left in Arabic as well."""
    return "rtl" if any("\u0600" <= c <= "\u06ff" and c.isalpha() for c in words) else "ltr"


def shortened(words: str, font: Any, width: float, direction: str = "ltr") -> str:
    """Return a line, cut with an ellipsis where it would be wider than `width` pixels."""
    if font.getlength(words, direction=direction) <= width:
        return words
    kept = words
    while kept and font.getlength(kept + ELLIPSIS, direction=direction) > width:
        kept = kept[:-1].rstrip()
    return kept + ELLIPSIS


@functools.cache
def _font(bold: bool, size: int) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont  # noqa: PLC0415

    name = "dejavu-sans-bold.ttf" if bold else "dejavu-sans.ttf"
    return ImageFont.truetype(FONTS / name, size, layout_engine=ImageFont.Layout.RAQM)
