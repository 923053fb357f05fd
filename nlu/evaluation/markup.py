"""HTML by small pieces: whatever is not markup already is escaped."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Markup(str):
    """HTML as it is to stand in the page."""

    __slots__ = ()


class Words(NamedTuple):
    """What somebody wrote: its direction is its own, from right to left if it is Arabic."""

    text: str


class Number(NamedTuple):
    """A figure as it is to be shown, aligned on the right."""

    text: str


Cell = str | Markup | Words | Number


def escaped(text: str) -> Markup:
    """Return text as HTML; characters that no page may hold become a replacement character."""
    return Markup(html.escape(_UNPRINTABLE.sub("\ufffd", text)))


def percent(share: float) -> Number:
    """Return a share, 0 to 1, as a percentage."""
    return Number(f"{100 * share:.1f} %")


def paragraph(text: str) -> Markup:
    """Return a paragraph."""
    return Markup(f"<p>{_plain(text)}</p>")


def section(anchor: str, title: str, parts: Iterable[Markup]) -> Markup:
    """Return a section of the page, under its heading."""
    inside = "\n".join(parts)
    return Markup(f'<section id="{anchor}">\n<h2>{_plain(title)}</h2>\n{inside}\n</section>')


def picture(svg: str, caption: str) -> Markup:
    """Return a picture over what it shows."""
    return Markup(f"<figure>{svg}<figcaption>{_plain(caption)}</figcaption></figure>")


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Markup:
    """Return a table; `caption` is the sentence that says how to read it.

    The first cell of a row names the row, unless it is what somebody wrote or a number. The last
    cell of a row that is too short stretches to the end.
    """
    every = list(rows)
    whole: Sequence[Cell] = max(every, key=len, default=[])
    numbers = [i < len(whole) and isinstance(whole[i], Number) for i in range(len(head))]
    titles = "".join(
        f'<th scope="col"{_NUMBER if number else ""}>{_plain(title)}</th>'
        for title, number in zip(head, numbers, strict=True)
    )
    body = "\n".join(f"<tr>{_row(row, len(head))}</tr>" for row in every)
    return Markup(
        f'<div class="wide" role="region" aria-label="{_plain(caption)}" tabindex="0"><table>'
        f"<caption>{_plain(caption)}</caption>\n<thead><tr>{titles}</tr></thead>\n"
        f"<tbody>\n{body}\n</tbody></table></div>"
    )


def page(title: str, parts: Iterable[Markup]) -> str:
    """Return a whole page in English, which needs no other file."""
    inside = "\n".join(parts)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_plain(title)}</title>\n<style>{_STYLE}</style></head>\n"
        f"<body><main>\n<h1>{_plain(title)}</h1>\n{inside}\n</main></body></html>\n"
    )


def _plain(text: str) -> str:
    return text if isinstance(text, Markup) else escaped(text)


def _row(row: Sequence[Cell], width: int) -> str:
    cells = []
    for i, cell in enumerate(row):
        left = width - len(row) + 1
        wide = f' colspan="{left}"' if left > 1 and i == len(row) - 1 else ""
        if isinstance(cell, Words):
            cells.append(f'<td{wide} dir="auto" class="words">{escaped(cell.text)}</td>')
        elif isinstance(cell, Number):
            cells.append(f"<td{wide}{_NUMBER}>{escaped(cell.text)}</td>")
        elif i == 0:
            cells.append(f'<th scope="row">{_plain(cell)}</th>')
        else:
            cells.append(f"<td{wide}>{_plain(cell)}</td>")
    return "".join(cells)


_NUMBER = ' class="number"'
_STYLE = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fbfcfd; color: #1b2a36;
  font: 1rem/1.55 system-ui, "Noto Sans", "Noto Sans Arabic", sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 1.25rem 1rem 4rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .5rem 0 1rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: .75rem;
  border-top: 1px solid #d4dce2; }
p, figcaption, caption { max-width: 46rem; }
a { color: #0b5c8a; }
nav ul { columns: 16rem; padding-inline-start: 1.2rem; }
.wide { overflow-x: auto; margin: 1rem 0; }
.wide:focus-visible, a:focus-visible { outline: 3px solid #0b5c8a; outline-offset: 2px; }
table { border-collapse: collapse; font-size: .93rem; }
caption { text-align: start; color: #41525f; padding-bottom: .4rem;
  max-width: min(46rem, calc(100vw - 2.5rem)); }
th, td { padding: .3rem .7rem; border-bottom: 1px solid #e1e7eb; text-align: start;
  vertical-align: top; }
thead th { border-bottom: 2px solid #8a97a1; font-weight: 600; }
tbody th { font-weight: 500; min-width: 10rem; }
.number { text-align: end; font-variant-numeric: tabular-nums; }
td.number { white-space: nowrap; }
.words { min-width: 14rem; overflow-wrap: anywhere; }
figure { margin: 1rem 0; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { color: #41525f; }
@media print { .wide { overflow: visible; } }
"""
