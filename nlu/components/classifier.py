"""The intent classifier itself, without Rasa: messages in, ranked intents with confidences out.

One linear machine ranks the intents on topic, another tells messages on topic from the others. How
far to trust either is learned in a trial, on messages that the trial's machines had not read, so
that a confidence of 0.8 means right eight times in ten. Whether a message is off topic is judged by
more than the second machine: by how clearly the first one chose, how like any training message it
is, and how much of it is known at all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlu.components.beside import Beside
from nlu.components.features import LEAST, Features, Vector
from nlu.components.ideas import Ideas
from nlu.components.likeness import Likeness
from nlu.components.machine import Machine
from nlu.components.pieces import Reader, Said

OUT_OF_SCOPE = "out_of_scope"
REFUSE_FROM = 0.5
"""A message likelier than this to be off topic has `out_of_scope` first in its ranking."""

WEIGHTS = {"letters": 1.0, "words": 0.6, "bones": 1.0, "ideas": 0.7, "concepts": 0.9}
"""What each block of features counts for; chosen by cross-validation, see docs/understanding."""

ALIKE = ("ideas", "concepts")
"""The blocks by which messages are compared: the others add a tenth of a point of refusal for four
times the size."""

_COST, _FOREIGN_COST = 1.0, 0.3
"""What a mistake costs each machine, chosen on people who were not read: the subjects of those off
topic are many, and what is learned of some must not be trusted too much about others."""
_TRIAL = 4
"""One message in so many is kept from the machines of the trial, to learn how far to trust them."""
_SHARPNESS = 4.0
_LEAST = 1e-6
_ON_TOPIC = "on_topic"


class Ranked(NamedTuple):
    """An intent and the confidence it has, 0 to 1."""

    name: str
    confidence: float


class Judge(NamedTuple):
    """A logistic regression: the chance of something, by the evidence for it."""

    slopes: np.ndarray
    constant: float

    @classmethod
    def learn(cls, evidence: np.ndarray, outcomes: np.ndarray) -> Judge:
        """Return what tells how often the evidence went with the outcome."""
        if len(set(outcomes)) == 1:
            return cls(np.zeros(evidence.shape[1]), 6.0 if outcomes[0] else -6.0)
        judge = LogisticRegression(C=100.0, max_iter=1000).fit(evidence, outcomes)
        return cls(judge.coef_[0], float(judge.intercept_[0]))

    def chance(self, evidence: np.ndarray) -> float:
        """Return a number between 0 and 1."""
        return float(1.0 / (1.0 + np.exp(-(evidence @ self.slopes + self.constant))))


class Machines(NamedTuple):
    """What was learned from labelled rows."""

    intents: Machine
    foreign: Machine
    likeness: Likeness

    @classmethod
    def fit(cls, rows: csr_matrix, labels: np.ndarray, alike: np.ndarray) -> Machines:
        """Return the machines that `rows` and their labels teach; `alike`: see `Likeness`."""
        foreign = labels == OUT_OF_SCOPE
        topic = np.where(foreign, OUT_OF_SCOPE, _ON_TOPIC)
        return cls(
            Machine.fit(rows[~foreign], labels[~foreign], cost=_COST),
            Machine.fit(rows, topic, cost=_FOREIGN_COST),
            Likeness.of(rows, foreign, alike),
        )

    def look(self, vector: Vector, length: int) -> Look:
        """Return what the machines see in a message of `length` words."""
        scores = self.intents.scores(vector)
        shares = np.exp(_SHARPNESS * (scores - scores.max()).astype(np.float64))
        shares /= shares.sum()
        second, first = np.maximum(np.sort(shares)[-2:], _LEAST)
        top = float(scores.max())
        near, near_foreign = self.likeness.nearest(vector)
        clear = np.log(first / (1.0 - first + _LEAST)), np.log(first / second)
        off = float(self.foreign.scores(vector)[self.foreign.labels.index(OUT_OF_SCOPE)])
        return Look(
            shares,
            np.array([*clear, top, near, np.log1p(length)]),
            np.array([off, top, clear[1], near, near_foreign, vector.known]),
        )


class Look(NamedTuple):
    """The share of each intent, and the evidence that the first is right and that none is."""

    shares: np.ndarray
    for_first: np.ndarray
    for_foreign: np.ndarray


class Classifier:
    """Ranks the intents of one message; made by `learn` or `load`."""

    def __init__(
        self,
        features: Features,
        ideas: Ideas,
        machines: Machines,
        judges: tuple[Judge, Judge],
        refuse_from: float = REFUSE_FROM,
    ) -> None:
        self._features = features
        self._ideas = ideas
        self._machines = machines
        self._right, self._foreign = judges
        self._refuse_from = refuse_from

    @classmethod
    def learn(
        cls,
        messages: Sequence[Said],
        intents: Sequence[str],
        ideas: Ideas,
        *,
        refuse_from: float = REFUSE_FROM,
        weights: Mapping[str, float] | None = None,
    ) -> Classifier:
        """Return a classifier that has learned `messages` and the intents they express."""
        labels = np.asarray(intents)
        features = Features(Reader(ideas), weights or WEIGHTS)
        rows, known = features.learn(messages)
        alike = features.of_blocks(ALIKE)
        lengths = [message.length for message in messages]
        # The trial takes nearly as long as the learning, and needs nothing of it.
        trial = Beside(tried, rows, known, labels, lengths, alike)
        machines = Machines.fit(rows, labels, alike)
        return cls(features, ideas, machines, trial.result(), refuse_from)

    def rank(self, said: Said) -> list[Ranked]:
        """Return every intent with its confidence, best first."""
        look = self._machines.look(self._features.vector(said), said.length)
        foreign = self._foreign.chance(look.for_foreign)
        first = (1.0 - foreign) * self._right.chance(look.for_first)
        order = np.argsort(-look.shares)
        left = look.shares[order[1:]]
        left = np.minimum(left * (1.0 - foreign - first) / max(left.sum(), _LEAST), first)
        names, confidences = self._machines.intents.labels, (first, *left.tolist())
        ranked = [Ranked(names[i], c) for i, c in zip(order.tolist(), confidences, strict=True)]
        if foreign >= self._refuse_from:
            cap = [Ranked(n, min(c, foreign)) for n, c in ranked]
            return [Ranked(OUT_OF_SCOPE, foreign), *cap]
        ranked.append(Ranked(OUT_OF_SCOPE, min(foreign, first)))
        return sorted(ranked, key=itemgetter(1), reverse=True)

    def save(self, folder: Path) -> None:
        """Write everything `load` needs into `folder`."""
        self._features.save(folder / "features.json")
        intents, foreign, likeness = self._machines
        np.savez_compressed(
            folder / "weights.npz",
            intents=intents.weights.astype(np.float16),
            intent_constants=intents.constants,
            foreign=foreign.weights.astype(np.float16),
            foreign_constants=foreign.constants,
            example_values=likeness.examples.data.astype(np.float16),
            example_columns=likeness.examples.indices,
            example_ends=likeness.examples.indptr,
            examples=(*likeness.examples.shape, likeness.on_topic),
        )
        kept = {
            "intents": intents.labels,
            "judges": [[*map(float, j.slopes), j.constant] for j in (self._right, self._foreign)],
            "refuse_from": self._refuse_from,
            "ideas": self._ideas.lexicon,
        }
        (folder / "classifier.json").write_text(
            json.dumps(kept, ensure_ascii=False), encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Return the classifier saved in `folder`."""
        kept = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        ideas = Ideas(kept["ideas"])
        features = Features.load(folder / "features.json", Reader(ideas))
        with np.load(folder / "weights.npz") as arrays:
            values = arrays["example_values"].astype(np.float32)
            placed = (values, arrays["example_columns"], arrays["example_ends"])
            *shape, on_topic = map(int, arrays["examples"])
            machines = Machines(
                Machine(
                    tuple(kept["intents"]),
                    arrays["intents"].astype(np.float32),
                    arrays["intent_constants"],
                ),
                Machine(
                    (_ON_TOPIC, OUT_OF_SCOPE),
                    arrays["foreign"].astype(np.float32),
                    arrays["foreign_constants"],
                ),
                Likeness(csr_matrix(placed, shape=shape), on_topic),
            )
        right, off = (Judge(np.array(j[:-1]), j[-1]) for j in kept["judges"])
        return cls(features, ideas, machines, (right, off), kept["refuse_from"])


def tried(
    rows: csr_matrix,
    known: np.ndarray,
    labels: np.ndarray,
    lengths: Sequence[int],
    alike: np.ndarray,
) -> tuple[Judge, Judge]:
    """Return how far to trust machines that learned most `rows`, by the rows they did not read.

    The first judges whether the likeliest intent is right, the second whether none is.
    """
    kept = np.random.default_rng(1).random(len(labels)) < 1 / _TRIAL
    then, known_then = known_by(~kept, rows, known)
    trial = Machines.fit(then[~kept], labels[~kept], alike)
    looks, right = [], []
    for i in np.flatnonzero(kept):
        look = trial.look(_row(then, i, known_then[i]), lengths[i])
        looks.append(look)
        right.append(trial.intents.labels[look.shares.argmax()] == labels[i])
    foreign = labels[kept] == OUT_OF_SCOPE
    for_first = np.vstack([look.for_first for look in looks])
    return (
        Judge.learn(for_first[~foreign], np.array(right)[~foreign]),
        Judge.learn(np.vstack([look.for_foreign for look in looks]), foreign),
    )


def known_by(
    was_read: np.ndarray, rows: csr_matrix, known: np.ndarray
) -> tuple[csr_matrix, np.ndarray]:
    """Return `rows` without what the messages marked in `was_read` don't hold, and what is known.

    Else the messages kept from the trial would be known better than those that people send. What
    is left keeps its values.
    """
    held = np.diff(rows[was_read].tocsc().indptr)
    then = rows.copy()
    then.data[held[then.indices] < LEAST] = 0
    then.eliminate_zeros()
    left = np.diff(then.indptr) / np.maximum(np.diff(rows.indptr), 1)
    return then, known * left


def _row(rows: csr_matrix, index: int, known: float) -> Vector:
    start, end = rows.indptr[index : index + 2]
    return Vector(rows.indices[start:end], rows.data[start:end], known)
