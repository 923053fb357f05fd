"""The intent classifier itself, without Rasa: messages in, ranked intents with confidences out.

A linear support vector machine ranks the intents. How sure to be is learned apart, on messages
the machine had not seen, so that a confidence of 0.8 means right eight times in ten. A message
unlike every training message is out of scope, whatever the machine finds in it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from nlu.components.features import Features, Vector
from nlu.components.ideas import Ideas
from nlu.components.pieces import Reader, Said

OUT_OF_SCOPE = "out_of_scope"
LIKENESS_FLOOR = 0.15
"""Below this cosine to every training message, a message is foreign whatever the models say."""

WEIGHTS = {"letters": 1.0, "words": 0.6, "bones": 1.0, "bone_words": 0.7, "ideas": 0.4}
"""What each block of features counts for; chosen by cross-validation, see nlu/evaluate.py."""

_FOLDS = 4
_SHARPNESS = 4.0
_LEAST = 1e-6


class Ranked(NamedTuple):
    """An intent and the confidence it has, 0 to 1."""

    name: str
    confidence: float


class Weights(NamedTuple):
    """A row for each piece and a column for each intent, and each intent's constant."""

    pieces: np.ndarray
    constants: np.ndarray


class Classifier:
    """Ranks the intents of one message; made by `learn` or `load`."""

    def __init__(
        self,
        ideas: Ideas,
        features: Features,
        intents: Sequence[str],
        weights: Weights,
        examples: csr_matrix,
        *,
        sureness: Sequence[float] = (),
        floor: float = LIKENESS_FLOOR,
    ) -> None:
        self._ideas = ideas
        self._features = features
        self._intents = list(intents)
        self._weights = weights
        self._examples = examples
        self._sureness = np.asarray(sureness)
        self._floor = floor

    @classmethod
    def learn(
        cls,
        messages: Sequence[Said],
        intents: Sequence[str],
        ideas: Ideas,
        floor: float = LIKENESS_FLOOR,
    ) -> Classifier:
        """Return a classifier that has learned `messages` and the intents they express."""
        labels = np.asarray(intents)
        evidence: list[np.ndarray] = []
        right: list[bool] = []
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=1)
        for taught, kept in folds.split(labels, labels):
            trial = cls._fit([messages[i] for i in taught], labels[taught], ideas, floor)
            for i in kept:
                shares = trial._shares(trial._features.vector(messages[i]))
                evidence.append(_evidence(shares))
                right.append(trial._intents[shares.argmax()] == labels[i])
        judge = LogisticRegression(C=100.0).fit(np.vstack(evidence), right)
        whole = cls._fit(messages, labels, ideas, floor)
        whole._sureness = np.append(judge.coef_[0], judge.intercept_)
        return whole

    @classmethod
    def _fit(
        cls, messages: Sequence[Said], labels: np.ndarray, ideas: Ideas, floor: float
    ) -> Classifier:
        features = Features(Reader(ideas), WEIGHTS)
        rows = features.learn(messages)
        heavier = {OUT_OF_SCOPE: 2.0} if OUT_OF_SCOPE in labels else None
        machine = LinearSVC(C=2.0, class_weight=heavier, random_state=1).fit(rows, labels)
        pieces = np.ascontiguousarray(machine.coef_.T, np.float32)
        weights = Weights(pieces, machine.intercept_.astype(np.float32))
        examples = rows.T.tocsr()
        return cls(ideas, features, list(machine.classes_), weights, examples, floor=floor)

    def rank(self, said: Said) -> list[Ranked]:
        """Return every intent with its confidence, best first."""
        vector = self._features.vector(said)
        likeness = self._likeness(vector)
        shares = self._shares(vector)
        sure = self._sure(shares)
        order = np.argsort(-shares)
        if likeness < self._floor:
            foreign = self._intents.index(OUT_OF_SCOPE)
            order = np.append(foreign, order[order != foreign])
            sure = max(1.0 - sure, 0.5)
        others = shares[order[1:]]
        others = np.minimum(others * ((1.0 - sure) / max(others.sum(), _LEAST)), sure)
        confidences = np.append(sure, others)
        return [Ranked(self._intents[i], float(c)) for i, c in zip(order, confidences, strict=True)]

    def save(self, folder: Path) -> None:
        """Write everything `load` needs into `folder`."""
        self._features.save(folder / "features.json")
        np.savez(
            folder / "weights.npz",
            pieces=self._weights.pieces.astype(np.float16),
            constants=self._weights.constants,
            example_values=self._examples.data.astype(np.float16),
            example_columns=self._examples.indices,
            example_ends=self._examples.indptr,
            example_shape=self._examples.shape,
        )
        kept = {
            "intents": self._intents,
            "sureness": [float(x) for x in self._sureness],
            "floor": self._floor,
            "ideas": self._ideas.lexicon,
        }
        (folder / "classifier.json").write_text(
            json.dumps(kept, ensure_ascii=False), encoding="utf-8"
        )

    @classmethod
    def load(cls, folder: Path) -> Classifier:
        """Return the classifier saved in `folder`."""
        kept = json.loads((folder / "classifier.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz") as arrays:
            weights = Weights(arrays["pieces"].astype(np.float32), arrays["constants"])
            values = arrays["example_values"].astype(np.float32)
            placed = (values, arrays["example_columns"], arrays["example_ends"])
            examples = csr_matrix(placed, shape=tuple(arrays["example_shape"]))
        ideas = Ideas(kept["ideas"])
        features = Features.load(folder / "features.json", Reader(ideas))
        return cls(
            ideas,
            features,
            kept["intents"],
            weights,
            examples,
            sureness=kept["sureness"],
            floor=kept["floor"],
        )

    def _shares(self, vector: Vector) -> np.ndarray:
        """Return the scores as shares of one, an intent each."""
        scores = vector.values @ self._weights.pieces[vector.columns] + self._weights.constants
        shares = np.exp(_SHARPNESS * (scores - scores.max()).astype(np.float64))
        return shares / shares.sum()

    def _likeness(self, vector: Vector) -> float:
        """Return the cosine to the nearest training message."""
        if not len(vector.columns):
            return 0.0
        ends = np.array([0, len(vector.columns)])
        shape = (1, self._examples.shape[0])
        row = csr_matrix((vector.values, vector.columns, ends), shape=shape)
        near = row @ self._examples
        return float(near.data.max()) / self._features.length**2 if near.nnz else 0.0

    def _sure(self, shares: np.ndarray) -> float:
        """Return how often a message judged like this one was judged rightly."""
        *slopes, constant = self._sureness
        return float(1.0 / (1.0 + np.exp(-(_evidence(shares) @ slopes + constant))))


def _evidence(shares: np.ndarray) -> np.ndarray:
    """Return what sureness is judged on: the first share, and how far the second is from it."""
    second, first = np.maximum(np.sort(shares)[-2:], _LEAST)
    return np.array([np.log(first / (1.0 - first + _LEAST)), np.log(first / second)])
