"""Messages as sparse vectors: TF-IDF of each block of pieces, side by side.

Each block has length one before its weight, so that no block drowns the others, and pieces never
seen count in that length: a message of strange words is a short vector. Written out rather than
taken from scikit-learn because the server sees one message at a time, and there a dictionary and
two arrays are several times faster.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from nlu.components.pieces import PIECES, Blocks


class Vector(NamedTuple):
    """One message: the columns that are not zero, and their values."""

    columns: np.ndarray
    values: np.ndarray


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
        self._strange = 0.0

    def learn(self, messages: Sequence[Any]) -> csr_matrix:
        """Take the pieces of `messages` as the known ones and return a row for each message."""
        counted = [self._count(message) for message in messages]
        idf: list[float] = []
        for name in self.weights:
            frequency = Counter(piece for blocks in counted for piece in blocks[name])
            self._columns[name] = {p: len(idf) + i for i, p in enumerate(frequency)}
            idf += [np.log((1 + len(messages)) / (1 + n)) + 1 for n in frequency.values()]
        self._keep(idf)
        vectors = [self._vector(blocks) for blocks in counted]
        ends = np.cumsum([0] + [len(v.columns) for v in vectors])
        columns = np.concatenate([v.columns for v in vectors])
        values = np.concatenate([v.values for v in vectors])
        return csr_matrix((values, columns, ends), shape=(len(vectors), len(idf)))

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
            features._columns[name] = {piece: start + i for i, piece in enumerate(known)}
            start += len(known)
        features._keep(kept["idf"])
        return features

    def _keep(self, idf: Sequence[float]) -> None:
        self._idf = np.asarray(idf, np.float32)
        self._strange = float(self._idf.max()) ** 2

    def _count(self, message: Any) -> dict[str, Counter[str]]:
        words = self.read(message)
        return {name: Counter(PIECES[name](words[name])) for name in self.weights}

    def _vector(self, blocks: Mapping[str, Counter[str]]) -> Vector:
        columns = [np.zeros(0, np.int32)]
        values = [np.zeros(0, np.float32)]
        for name, counts in blocks.items():
            known = self._columns[name]
            found = [(known[piece], n) for piece, n in counts.items() if piece in known]
            if not found:
                continue
            place, often = np.array(found, np.int32).T
            value = (1 + np.log(often.astype(np.float32))) * self._idf[place]
            unknown = (len(counts) - len(found)) * self._strange
            columns.append(place)
            values.append(value * np.float32(self.weights[name] / np.sqrt(value @ value + unknown)))
        return Vector(np.concatenate(columns), np.concatenate(values))
