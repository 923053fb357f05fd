"""What judged messages amount to: shares with their intervals, by kind, by intent, by confidence.

On topic is every message but those labelled `out_of_scope`; accuracy is counted on topic only, and
how messages off topic fare is counted apart, so that neither hides the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nlu.evaluation.examples import KINDS
from nlu.evaluation.judging import Judged

_DRAWS = 2000
_BINS = 10


class Share(NamedTuple):
    """So many `times` out of so many; `value` is between 0 and 1."""

    times: int
    of: int

    @property
    def value(self) -> float:
        """Return the share, 0 to 1; 0 of nothing is 0."""
        return self.times / self.of if self.of else 0.0

    def interval(self, seed: int = 0) -> tuple[float, float]:
        """Return the 95 % bootstrap interval of the share, 0 to 1.

        Drawing messages with replacement and counting is drawing from a binomial.
        """
        if not self.of:
            return 0.0, 1.0
        means = np.random.default_rng(seed).binomial(self.of, self.value, _DRAWS) / self.of
        low, high = np.percentile(means, [2.5, 97.5])
        return float(low), float(high)

    @classmethod
    def counted(cls, outcomes: Iterable[bool]) -> Share:
        """Return how many outcomes are true, of all."""
        all_of_them = list(outcomes)
        return cls(sum(all_of_them), len(all_of_them))


@dataclass(frozen=True)
class Figures:
    """The summary of one judging; every share is 0 to 1.

    `accuracy`: on topic, the intent found is right; `kinds`: the same for each kind; `in_three`:
    on topic, one of the first three on topic is right; `foreign_refused`: off topic, found to be
    so; `real_refused`: on topic, wrongly found to be off topic; `language`: the language found is
    right, where one was looked for and the message has letters.
    """

    accuracy: Share
    kinds: Mapping[str, Share]
    in_three: Share
    foreign_refused: Share
    real_refused: Share
    language: Share
    calibration_error: float


def figures(judged: Sequence[Judged]) -> Figures:
    """Return the summary of judged messages."""
    real = [j for j in judged if not j.foreign]
    return Figures(
        accuracy=Share.counted(j.right for j in real),
        kinds={k: Share.counted(j.right for j in real if j.kind == k) for k in KINDS},
        in_three=Share.counted(j.meant() for j in real),
        foreign_refused=Share.counted(j.refused for j in judged if j.foreign),
        real_refused=Share.counted(j.refused for j in real),
        language=language(judged),
        calibration_error=calibration_error(calibration(judged)),
    )


def language(judged: Sequence[Judged]) -> Share:
    """Return how often the language found is right, of messages in which one was found."""
    return Share.counted(j.language == j.lang for j in judged if j.language)


class OfIntent(NamedTuple):
    """How one intent fares: messages that have it, and three shares, 0 to 1.

    `precision`: of those it was found in, the share that have it; `recall`: of those that have it,
    the share it was found in; `f1`: their harmonic mean.
    """

    intent: str
    messages: int
    precision: float
    recall: float
    f1: float


def by_intent(judged: Sequence[Judged]) -> list[OfIntent]:
    """Return the intents that messages have, the weakest first."""
    has = Counter(j.intent for j in judged)
    found = Counter(j.found for j in judged)
    right = Counter(j.intent for j in judged if j.right)
    rows = [
        OfIntent(
            intent,
            has[intent],
            right[intent] / max(found[intent], 1),
            right[intent] / has[intent],
            2 * right[intent] / (has[intent] + found[intent]),
        )
        for intent in has
    ]
    return sorted(rows, key=lambda row: (row.f1, row.intent))


def confusion(judged: Sequence[Judged]) -> tuple[list[str], np.ndarray]:
    """Return the intents in the order of the alphabet and a matrix of counts.

    Row i, column j: messages that have intent i in which intent j was found. Messages in which
    nothing was found are left out.
    """
    names = sorted({j.intent for j in judged} | {j.found for j in judged if j.found})
    place = {name: i for i, name in enumerate(names)}
    counts = np.zeros((len(names), len(names)), int)
    for j in judged:
        if j.found:
            counts[place[j.intent], place[j.found]] += 1
    return names, counts


class Bin(NamedTuple):
    """A band of confidence, from `low` to `high`: how many messages, mean confidence, share right.

    All but `messages` are 0 to 1.
    """

    low: float
    high: float
    messages: int
    confidence: float
    right: float


def calibration(judged: Sequence[Judged], number: int = _BINS) -> list[Bin]:
    """Return the bands of confidence that hold messages, the lowest first, all equally wide."""
    confidences = np.array([j.confidence for j in judged])
    right = np.array([j.right for j in judged], float)
    bands = np.minimum((confidences * number).astype(int), number - 1)
    return [
        Bin(
            band / number,
            (band + 1) / number,
            int((bands == band).sum()),
            float(confidences[bands == band].mean()),
            float(right[bands == band].mean()),
        )
        for band in range(number)
        if (bands == band).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return how far confidence is from how often it is right, 0 to 1, in the mean of messages."""
    messages = sum(b.messages for b in bins)
    return sum(b.messages * abs(b.confidence - b.right) for b in bins) / max(messages, 1)


def worst(judged: Sequence[Judged], most: int = 50) -> list[Judged]:
    """Return the mistakes made with most confidence, the worst first."""
    return sorted((j for j in judged if not j.right), key=lambda j: -j.confidence)[:most]
