"""Charts as SVG to put into a page: small, without script, each with its own identifiers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nlu.evaluation.curve import Point
from nlu.evaluation.examples import KINDS
from nlu.evaluation.measures import Bin

_INK = "#1b2a36"
_BLUE = "#0b5c8a"
_GREY = "#8a97a1"
_COLOURS = ("#0b5c8a", "#c2571a", "#2f7d4f", "#8a3a8f", "#a3801a", "#444f58")
_MARKS = ("o", "s", "^", "D", "v", "P")
_STYLE = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
}
_SHOWN = 0.02
"""Shares of a row of the confusion matrix that are written into their cell."""


def confusion(names: Sequence[str], counts: np.ndarray) -> str:
    """Return the confusion matrix: a row what messages are, a column what they were taken for.

    Colours are shares of the row; a mistake of 2 % of a row or more has its number of messages.
    """
    totals = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares = counts / totals
    side = max(4.0, 0.26 * len(names) + 2.2)
    with _chart("confusion", (side, side)) as (axes, done):
        shown = np.where(np.eye(len(names), dtype=bool), shares, np.sqrt(shares))
        axes.imshow(shown, cmap="Blues", vmin=0, vmax=1, interpolation="none")
        for i, j in np.argwhere((shares >= _SHOWN) & ~np.eye(len(names), dtype=bool)):
            colour = "white" if shown[i, j] > 0.6 else _INK
            axes.text(j, i, str(counts[i, j]), ha="center", va="center", size=7, color=colour)
        axes.set_xticks(range(len(names)), names, rotation=90, size=8)
        axes.set_yticks(range(len(names)), names, size=8)
        axes.set_xticks(np.arange(-0.5, len(names)), minor=True)
        axes.set_yticks(np.arange(-0.5, len(names)), minor=True)
        axes.grid(which="minor", color="#e4e9ed", linewidth=0.4)
        axes.tick_params(which="both", length=0)
        axes.set_xlabel("taken for")
        axes.set_ylabel("is")
        axes.spines[:].set_visible(False)
    return done("Confusion matrix: rows are what messages are, columns what they were taken for.")


def calibration(bins: Sequence[Bin]) -> str:
    """Return how often each band of confidence is right, beside the line of perfect honesty."""
    with _chart("calibration", (5.4, 4.0)) as (axes, done):
        axes.plot([0, 1], [0, 1], color=_GREY, linestyle="--", linewidth=1)
        most = max((b.messages for b in bins), default=1)
        for b in bins:
            axes.bar(b.low, 0.2 * b.messages / most, b.high - b.low, align="edge", color="#d5e3ec")
        axes.plot([b.confidence for b in bins], [b.right for b in bins], "o-", color=_BLUE)
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="confidence", ylabel="share that is right")
    return done("Calibration: the share of right messages against confidence, 0 to 1.")


def costs(curves: Mapping[str, Sequence[tuple[float, float]]], chosen: Mapping[str, float]) -> str:
    """Return the mean cost as each threshold moves, with a mark where it was chosen."""
    with _chart("costs", (5.8, 4.0)) as (axes, done):
        for (name, curve), colour in zip(curves.items(), _COLOURS, strict=False):
            x, y = zip(*curve, strict=True)
            axes.plot(x, y, color=colour, label=name)
            nearest = min(curve, key=lambda point: abs(point[0] - chosen[name]))
            axes.plot(*nearest, "o", color=colour)
        axes.set(xlim=(0, 1), xlabel="threshold", ylabel="mean cost of a message")
        axes.set_ylim(bottom=0)
        axes.legend(frameon=False)
    return done("Mean cost of a message against each of the three thresholds.")


def learning(points: Sequence[Point]) -> str:
    """Return accuracy against the number of training messages of each kind."""
    with _chart("learning", (6.2, 4.2)) as (axes, done):
        for kind, colour, mark in zip(KINDS, _COLOURS, _MARKS, strict=True):
            seen = [p for p in points if p.learned.get(kind)]
            x = [p.learned[kind] for p in seen]
            y = [100 * p.kinds[kind] for p in seen]
            axes.plot(x, y, color=colour, marker=mark, markersize=4, label=KINDS[kind])
        axes.set_xlabel("training messages of the kind")
        axes.set_ylabel("accuracy on held-out messages, %")
        axes.set_ylim(top=100)
        axes.grid(axis="y", color="#e4e9ed")
        axes.legend(frameon=False, fontsize=9)
    return done("Learning curve: accuracy by kind of language against training messages.")


class _Drawing:
    """What becomes an SVG once the chart is drawn."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.svg = ""

    def __call__(self, title: str) -> str:
        return inline(self.svg, self.name, title)


@contextmanager
def _chart(name: str, inches: tuple[float, float]) -> Iterator[tuple[Axes, _Drawing]]:
    done = _Drawing(name)
    with mpl.rc_context({**_STYLE, "svg.hashsalt": name}):
        figure = Figure(figsize=inches, layout="tight")
        yield figure.add_subplot(), done
        file = io.StringIO()
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
        done.svg = file.getvalue()


def inline(svg: str, name: str, title: str) -> str:
    """Return an SVG file as an element of a page that grows and shrinks with it.

    `name` begins every identifier in it, so that two pictures of a page never share one; `title`
    is what readers who can't see it are told.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\bid="', f'id="{name}-', svg)
    svg = re.sub(r"url\(#", f"url(#{name}-", svg)
    svg = re.sub(r'href="#', f'href="#{name}-', svg)
    head, rest = svg.split(">", 1)
    width = re.search(r'width="([\d.]+)pt"', head)
    head = re.sub(r'\s(?:width|height)="[\d.]+pt"', "", head)
    points = float(width[1]) if width else 400.0
    head += f' role="img" style="max-width:{points * 4 / 3:.0f}px"'
    return f"{head}><title>{escape(title)}</title>{rest}".strip()
