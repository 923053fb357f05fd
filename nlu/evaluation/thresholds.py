"""From which confidence to answer, to ask "did you mean…?" and to refuse, by what mistakes cost.

The three thresholds in order: a message whose chance of being off topic reaches `refuse` is told
so; else one whose best intent on topic reaches `answer` is answered, unless the second is `CLOSE`;
else one whose best reaches `ask` is asked back with three choices; the rest is told that it was
not understood (or that it is off topic, where that is likeliest: too few to count apart). What is
chosen is the cheapest by the table of costs, on cross-validation.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from nlu.evaluation.judging import Judged

STEP = 0.05
"""Thresholds are chosen to this: finer ones follow the chance of these very messages."""

CHOICES = 3
"""Intents that "did you mean…?" offers."""


@dataclass(frozen=True)
class Thresholds:
    """Three confidences, and the lead below which two intents are both possible; all 0 to 1."""

    answer: float
    ask: float
    refuse: float
    close: float = 0.12


IN_USE = Thresholds(answer=0.7, ask=0.2, refuse=0.65)
"""What the assistant runs with: `ANSWER`, `SUGGEST` and `REFUSE` of bot/questions.py, which a test
compares with these. The cheapest, but for asking: below 0.2 the cost hardly changes, and choices
that are likely wrong serve nobody."""


@dataclass(frozen=True)
class Costs:
    """What each outcome costs the person who wrote; a right answer costs nothing."""

    wrong_answer: float = 1.0
    """An answer to another question misleads, and nobody notices: the dearest mistake."""
    asked_with: float = 0.25
    """One more tap on the right choice."""
    asked_without: float = 0.6
    """Three choices to read, none of them right, then writing it again."""
    real_refused: float = 0.8
    """People believe we can't help and leave; but they are not misled."""
    real_missed: float = 0.7
    """"I did not understand" invites to write it again, or to take the menu; still a failure."""
    foreign_answered: float = 0.7
    """An answer nobody asked for puzzles, but is seldom acted upon."""
    foreign_asked: float = 0.3
    """Three useless choices, soon put aside."""
    foreign_missed: float = 0.1
    """"I did not understand" is nearly what being off topic deserves."""
    foreign_refused: float = 0.0
    """What is wanted."""


COSTS = Costs()


@dataclass(frozen=True)
class Outcomes:
    """What thresholds make of messages: the mean cost of one, and shares of each sort, 0 to 1.

    The first five are shares of messages on topic, the last of those off topic.
    """

    cost: float
    answered_right: float
    answered_wrong: float
    asked: float
    missed: float
    refused: float
    foreign_answered: float
    foreign_asked: float


class Priced:
    """Judged messages with what answering, asking, missing and refusing each would cost."""

    def __init__(self, judged: Sequence[Judged], costs: Costs = COSTS) -> None:
        self.foreign = np.array([j.foreign for j in judged], bool)
        self.off = np.array([j.off_topic_chance for j in judged])
        best = [[r.confidence for r in j.on_topic[:2]] + [0.0, 0.0] for j in judged]
        self.first = np.array([b[0] for b in best])
        self.lead = np.array([b[0] - b[1] for b in best])
        self.right = np.array([j.meant(1) for j in judged], bool)
        meant = np.array([j.meant(CHOICES) for j in judged], bool)
        real_answer = np.where(self.right, 0.0, costs.wrong_answer)
        real_ask = np.where(meant, costs.asked_with, costs.asked_without)
        self._answer = np.where(self.foreign, costs.foreign_answered, real_answer)
        self._ask = np.where(self.foreign, costs.foreign_asked, real_ask)
        self._miss = np.where(self.foreign, costs.foreign_missed, costs.real_missed)
        self._refuse = np.where(self.foreign, costs.foreign_refused, costs.real_refused)

    def done(self, at: Thresholds) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return which messages are refused, answered and asked back; the rest is missed."""
        refused = self.off >= at.refuse
        answered = ~refused & (self.first >= at.answer) & (self.lead >= at.close)
        asked = ~refused & ~answered & (self.first >= min(at.ask, at.answer))
        return refused, answered, asked

    def cost(self, at: Thresholds) -> float:
        """Return the mean cost of a message."""
        refused, answered, asked = self.done(at)
        return float(
            np.select(
                [refused, answered, asked], [self._refuse, self._answer, self._ask], self._miss
            ).mean()
        )

    def outcomes(self, at: Thresholds) -> Outcomes:
        """Return the mean cost and the shares of what happens."""
        refused, answered, asked = self.done(at)
        real, foreign = max(int((~self.foreign).sum()), 1), max(int(self.foreign.sum()), 1)

        def share(which: np.ndarray, of: int) -> float:
            return float(which.sum()) / of

        return Outcomes(
            self.cost(at),
            share(answered & self.right & ~self.foreign, real),
            share(answered & ~self.right & ~self.foreign, real),
            share(asked & ~self.foreign, real),
            share(~refused & ~answered & ~asked & ~self.foreign, real),
            share(refused & ~self.foreign, real),
            share(answered & self.foreign, foreign),
            share(asked & self.foreign, foreign),
        )

    def cheapest(self, close: float = Thresholds.close) -> Thresholds:
        """Return the thresholds that cost least, in steps of `STEP`; `close` is kept."""
        grid = [round(float(x), 2) for x in np.arange(STEP, 1.0, STEP)]
        every = (
            Thresholds(answer, ask, refuse, close)
            for refuse, answer, ask in itertools.product(grid, grid, grid)
            if ask <= answer
        )
        return min(every, key=self.cost)

    def curves(self, at: Thresholds) -> dict[str, list[tuple[float, float]]]:
        """Return the cost as one threshold moves and the two others stay: (threshold, cost)."""
        grid = [round(float(x), 2) for x in np.arange(0.02, 1.0, 0.02)]
        moved = {
            "answer": [(x, replace(at, answer=x, ask=min(at.ask, x))) for x in grid],
            "ask": [(x, replace(at, ask=x)) for x in grid if x <= at.answer],
            "refuse": [(x, replace(at, refuse=x)) for x in grid],
        }
        return {name: [(x, self.cost(t)) for x, t in steps] for name, steps in moved.items()}
