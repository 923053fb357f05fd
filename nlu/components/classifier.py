"""The intent classifier itself, without Rasa: messages in, ranked intents with confidences out.

Two linear models read the same vector, and the mean of their probabilities ranks the intents. How
sure to be is learned apart, on messages the models had not seen: from the first and second
probabilities and from the likeness to the nearest training message.
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
LIKENESS_FLOOR = 0.12
"""Below this cosine to every training message, a message is foreign whatever the models say."""

WEIGHTS = {"letters": 1.0, "words": 0.6, "bones": 0.7, "bone_words": 0.4, "ideas": 0.5}
"""What each block of features counts for; chosen by cross-validation, see nlu/evaluate.py."""

_FOLDS = 4
_SHARPNESS = 4.0
_LEAST = 1e-6


class Ranked(NamedTuple):
    """An intent and the confidence it has, 0 to 1."""

    name: str
    confidence: float


class Weights(NamedTuple):
    """Both models' weights side by side, and their constants."""

    pieces: np.ndarray
    constants: np.ndarray


class Classifier:
    """Ranks the intents of one message; made by `learn` or `load`."""

    def __init__(
        self,
        features: Features,
        intents: Sequence[str],
        weights: Weights,
        examples: csr_matrix,
        sureness: Sequence[float],
        floor: float = LIKENESS_FLOOR,
    ) -> None:
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
        right: list[np.ndarray] = []
        folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=1)
        for taught, kept in folds.split(labels, labels):
            trial = cls._fit([messages[i] for i in taught], labels[taught], ideas, floor)
            chances, likeness = trial._judge_all([messages[i] for i in kept])
            evidence.append(_evidence(chances, likeness))
            right.append(np.asarray(trial._intents)[chances.argmax(1)] == labels[kept])
        judge = LogisticRegression(C=100.0).fit(np.vstack(evidence), np.concatenate(right))
        whole = cls._fit(messages, labels, ideas, floor)
        whole._sureness = np.append(judge.coef_[0], judge.intercept_)
        return whole

    @classmethod
    def _fit(
        cls, messages: Sequence[Said], labels: np.ndarray, ideas: Ideas, floor: float
    ) -> Classifier:
        features = Features(Reader(ideas), WEIGHTS)
        rows = features.learn(messages)
        margins = LinearSVC(C=1.0, random_state=1).fit(rows, labels)
        chances = LogisticRegression(
            C=30.0, solver="liblinear", multi_class="ovr", random_state=1
        ).fit(rows, labels)
        pieces = np.hstack([margins.coef_.T, chances.coef_.T]).astype(np.float32)
        constants = np.append(margins.intercept_, chances.intercept_).astype(np.float32)
        weights = Weights(np.ascontiguousarray(pieces), constants)
        return cls(features, list(margins.classes_), weights, rows.T.tocsr(), (), floor)

    def rank(self, said: Said) -> list[Ranked]:
        """Return every intent with its confidence, best first."""
        vector = self._features.vector(said)
        likeness = self._likeness(vector)
        chances = self._chances(vector)
        sure = self._sure(chances, likeness)
        order = np.argsort(-chances)
        if likeness < self._floor:
            foreign = self._intents.index(OUT_OF_SCOPE)
            order = np.append(foreign, order[order != foreign])
            sure = max(1.0 - sure, 0.5)
        others = chances[order[1:]]
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
            "ideas": self._features.read.ideas.lexicon,
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
        features = Features.load(folder / "features.json", Reader(Ideas(kept["ideas"])))
        return cls(features, kept["intents"], weights, examples, kept["sureness"], kept["floor"])

    def _chances(self, vector: Vector) -> np.ndarray:
        """Return the mean of both models' probabilities, an intent each."""
        scores = vector.values @ self._weights.pieces[vector.columns] + self._weights.constants
        margins, logits = np.split(scores.astype(np.float64), 2)
        one = np.exp(_SHARPNESS * (margins - margins.max()))
        other = 1.0 / (1.0 + np.exp(-logits))
        return (one / one.sum() + other / other.sum()) / 2

    def _likeness(self, vector: Vector) -> float:
        """Return the cosine to the nearest training message."""
        if not len(vector.columns):
            return 0.0
        ends = np.array([0, len(vector.columns)])
        shape = (1, self._examples.shape[0])
        row = csr_matrix((vector.values, vector.columns, ends), shape=shape)
        near = row @ self._examples
        return float(near.data.max()) / self._features.length**2 if near.nnz else 0.0

    def _judge_all(self, messages: Sequence[Said]) -> tuple[np.ndarray, np.ndarray]:
        vectors = [self._features.vector(said) for said in messages]
        chances = np.array([self._chances(vector) for vector in vectors])
        return chances, np.array([self._likeness(vector) for vector in vectors])

    def _sure(self, chances: np.ndarray, likeness: float) -> float:
        """Return how often a message judged like this one was judged rightly."""
        seen = _evidence(chances[None], np.array([likeness]))[0]
        return float(1.0 / (1.0 + np.exp(-(seen @ self._sureness[:-1] + self._sureness[-1]))))


def _evidence(chances: np.ndarray, likeness: np.ndarray) -> np.ndarray:
    """Return what sureness is judged on, a row a message."""
    top = np.sort(chances, axis=1)[:, -2:]
    return np.column_stack(
        [
            np.log(top[:, 1] / (1 - top[:, 1] + _LEAST) + _LEAST),
            np.log(top[:, 1] / (top[:, 0] + _LEAST)),
            likeness,
        ]
    )
