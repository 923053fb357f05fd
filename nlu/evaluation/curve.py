"""The learning curve: how accuracy grows with the number of training messages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from nlu.components.ideas import Ideas
from nlu.components.pieces import Said
from nlu.evaluation.examples import KINDS, Example, some
from nlu.evaluation.judging import Judged, Recipe, Tell
from nlu.evaluation.measures import figures

SHARES = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1.0)
"""Shares of the training messages that the points of the curve learn."""


class Point(NamedTuple):
    """What learning so many messages gives on the held-out ones; accuracies are 0 to 1.

    `learned` counts the messages of each kind that were learned, `kinds` is the accuracy on it.
    """

    messages: int
    accuracy: float
    foreign_refused: float
    learned: dict[str, int]
    kinds: dict[str, float]


def points(
    examples: Sequence[Example],
    said: Sequence[Said],
    held_out: Sequence[Example],
    held_out_said: Sequence[Said],
    lexicon: Ideas,
    *,
    shares: Sequence[float] = SHARES,
    tell: Tell | None = None,
) -> list[Point]:
    """Return a point for each share of `examples`, drawn at random, judged on `held_out`."""
    found = []
    place_of = {id(example): i for i, example in enumerate(examples)}
    for share in shares:
        learned = some(examples, max(round(share * len(examples)), 1))
        if tell:
            tell(f"{len(learned)} messages")
        read = [said[place_of[id(example)]] for example in learned]
        classifier = Recipe().learn(read, learned, lexicon)
        judged = [
            Judged(e.text, e.intent, e.kind, e.lang, tuple(classifier.rank(s)))
            for e, s in zip(held_out, held_out_said, strict=True)
        ]
        summary = figures(judged)
        counts = Counter(e.kind for e in learned)
        found.append(
            Point(
                len(learned),
                round(summary.accuracy.value, 4),
                round(summary.foreign_refused.value, 4),
                {kind: counts[kind] for kind in KINDS},
                {kind: round(s.value, 4) for kind, s in summary.kinds.items()},
            )
        )
    return found


def save(path: Path, found: Sequence[Point]) -> None:
    """Write points as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([p._asdict() for p in found], indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def load(path: Path) -> list[Point]:
    """Return the points that `save` wrote, none where there is no file."""
    if not path.is_file():
        return []
    return [Point(**kept) for kept in json.loads(path.read_text(encoding="utf-8"))]
