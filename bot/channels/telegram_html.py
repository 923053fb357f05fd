"""Lines as Telegram's HTML, cut into pieces that one message can hold.

Source of the limits: core.telegram.org/bots/api, counted in UTF-16 units. They hold for what is
shown; counting what is written is a little stricter, and simple.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from actions.messages import Line

_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
#: Escaping makes five units of a letter, as in `&amp;`; the sixth is for the marks of a style.
_GROWTH = 6


def to_html(lines: Sequence[Line]) -> str:
    """Write lines in Telegram's HTML, everything escaped."""
    written = []
    for line in lines:
        text = escape(line.text, quote=False)
        match line.style:
            case "title":
                written.append(f"<b>{text}</b>\n")
            case "item":
                written.append(f"• {text}")
            case "note":
                written.append(f"\n<i>{text}</i>")
            case _:
                written.append(text)
    return "\n".join(written).strip()


def text_pieces(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Cut lines at paragraphs into pieces that each fit one text; there is at least one."""
    pieces: list[list[Line]] = [[]]
    for line in (short for whole in lines for short in _short_enough(whole, _LONGEST_TEXT)):
        if not _fits([*pieces[-1], line], _LONGEST_TEXT):
            pieces.append([])
        pieces[-1].append(line)
    return [tuple(piece) for piece in pieces]


def caption_pieces(lines: Sequence[Line]) -> list[tuple[Line, ...]]:
    """Cut lines so that the last piece fits under a picture or a file, the others in texts."""
    short = [part for line in lines for part in _short_enough(line, _LONGEST_CAPTION)]
    start = next(n for n in range(len(short) + 1) if _fits(short[n:], _LONGEST_CAPTION))
    before = text_pieces(short[:start]) if start else []
    return [*before, tuple(short[start:])]


def _short_enough(line: Line, most: int) -> list[Line]:
    """Cut a paragraph that alone would be too long, between words where there are any."""
    if _fits([line], most):
        return [line]
    parts = []
    rest = line.text
    while rest:
        end = most // _GROWTH
        if len(rest) > end:
            end = rest.rfind(" ", 0, end) + 1 or end
        parts.append(replace(line, text=rest[:end]))
        rest = rest[end:]
    return parts


def _fits(lines: Sequence[Line], most: int) -> bool:
    return len(to_html(lines).encode("utf-16-le")) // 2 <= most
