"""Messages as sparse vectors: TF-IDF of each block of pieces, side by side.

Each block has length one before its weight, so that no block drowns the others. Written out rather
than taken from scikit-learn because the server sees one message at a time, and there a dictionary
and two arrays are several times faster.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, repeat
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from nlu.components.pieces import PIECES, Blocks

LEAST = 3
"""Training messages that must hold a piece for it to count: rarer ones are most of all pieces and
add nothing that cross-validation sees."""


class Vector(NamedTuple):
    """One message: the columns that are not zero, their values, and the share of pieces known."""

    columns: np.ndarray
    values: np.ndarray
    known: float


class Features:
    """Turns messages into vectors, once it has seen the training messages.

    `read` gives the words of a message block by block, `weights` what each block counts for.
    """

    def __init__(self, read: Callable[[Any], Blocks], weights: Mapping[str, float]) -> None:
        self.read = read
        self.weights = dict(weights)
        self.length = float(np.sqrt(sum(w * w for w in self.weights.values())))
        self._columns: dict[str, dict[str, int]] = {}
        self._idf = np.zeros(0, np.float32)

    def learn(self, messages: Sequence[Any]) -> tuple[csr_matrix, list[float]]:
        """Take the pieces of `messages` as the known ones.

        Returns a row for each message and the share of its pieces that are known.
        """
        counted = [self._count(message) for message in messages]
        idf: list[float] = []
        for name in self.weights:
            frequency = Counter(chain.from_iterable(blocks[name] for blocks in counted))
            kept = [piece for piece, n in frequency.items() if n >= LEAST]
            self._columns[name] = {piece: len(idf) + i for i, piece in enumerate(kept)}
            idf += [np.log((1 + len(messages)) / (1 + frequency[p])) + 1 for p in kept]
        self._idf = np.asarray(idf, np.float32)
        return self._rows(counted)

    def of_blocks(self, names: Sequence[str]) -> np.ndarray:
        """Return which columns are of the blocks `names`."""
        marks = [np.full(len(self._columns[n]), n in names) for n in self.weights]
        return np.concatenate(marks)

    def vector(self, message: Any) -> Vector:
        """Return one message's vector."""
        return self._vector(self._count(message))

    def save(self, path: Path) -> None:
        """Write everything `load` needs into the file at `path`."""
        kept = {
            "weights": self.weights,
            "known": {name: list(columns) for name, columns in self._columns.items()},
            "idf": [round(float(x), 5) for x in self._idf],
        }
        path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path, read: Callable[[Any], Blocks]) -> Features:
        """Return the features saved at `path`; `read` must be the one they learned with."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        features = cls(read, kept["weights"])
        start = 0
        for name, known in kept["known"].items():
            features._columns[name] = dict(
                zip(known, range(start, start + len(known)), strict=True)
            )
            start += len(known)
        features._idf = np.asarray(kept["idf"], np.float32)
        return features

    def _count(self, message: Any) -> dict[str, Counter[str]]:
        words = self.read(message)
        return {name: Counter(PIECES[name](words[name])) for name in self.weights}

    def _rows(
        self, counted: Sequence[Mapping[str, Counter[str]]]
    ) -> tuple[csr_matrix, list[float]]:
        """Do for many messages at once what `_vector` does for one."""
        blocks = []
        pieces = np.zeros(len(counted))
        known = np.zeros(len(counted))
        for name, weight in self.weights.items():
            columns = self._columns[name]
            start = min(columns.values(), default=0)
            sizes = np.array([len(c[name]) for c in counted])
            total = int(sizes.sum())
            pieces_said = chain.from_iterable(c[name] for c in counted)
            place = np.fromiter(map(columns.get, pieces_said, repeat(-1)), np.int32, total)
            times = chain.from_iterable(c[name].values() for c in counted)
            often = np.fromiter(times, np.float32, total)
            is_known = place >= 0
            message = np.repeat(np.arange(len(counted)), sizes)[is_known]
            place = place[is_known]
            value = (1 + np.log(often[is_known])) * self._idf[place]
            square = np.bincount(message, value.astype(np.float64) ** 2, len(counted))
            value *= (weight / np.sqrt(square[message])).astype(np.float32)
            found = np.bincount(message, minlength=len(counted))
            ends = np.concatenate([[0], np.cumsum(found)])
            shape = (len(counted), len(columns))
            blocks.append(csr_matrix((value, place - start, ends), shape=shape))
            pieces += sizes
            known += found
        return hstack(blocks, format="csr"), list(known / np.maximum(pieces, 1))

    def _vector(self, blocks: Mapping[str, Counter[str]]) -> Vector:
        places: list[int] = []
        often: list[int] = []
        sizes, weights = [], []
        for name, counts in blocks.items():
            columns, before = self._columns[name], len(places)
            for piece, n in counts.items():
                if (place := columns.get(piece)) is not None:
                    places.append(place)
                    often.append(n)
            if len(places) > before:
                sizes.append(len(places) - before)
                weights.append(self.weights[name])
        if not places:
            return Vector(np.zeros(0, np.int32), np.zeros(0, np.float32), 0.0)
        columns_of_all = np.array(places, np.int32)
        values = (1 + np.log(np.array(often, np.float32))) * self._idf[columns_of_all]
        starts = np.cumsum([0, *sizes[:-1]])
        lengths = np.sqrt(np.add.reduceat(values * values, starts))
        values *= np.repeat((np.array(weights) / lengths).astype(np.float32), sizes)
        return Vector(columns_of_all, values, len(places) / sum(map(len, blocks.values())))
