"""Messages as sparse vectors: TF-IDF of each block of pieces, side by side.

Each block has length one before its weight, so that no block drowns the others. Written out rather
than taken from scikit-learn because the server sees one message at a time, and there a dictionary
and two arrays are several times faster.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import compress, count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from nlu.components.pieces import CUTS, Blocks, Cut

LEAST = 3
"""Training messages that must hold a piece for it to count: rarer ones are most of all pieces and
add nothing that cross-validation sees."""
_TINY = 1e-12


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
        self._columns: dict[str, dict[str, int]] = {}
        self._idf = np.zeros(0, np.float32)

    def learn(self, messages: Sequence[Any]) -> tuple[csr_matrix, np.ndarray]:
        """Take the pieces of `messages` as the known ones.

        Returns a row for each message and the share of its pieces that are known.
        """
        read = [self.read(message) for message in messages]
        blocks, idfs = [], []
        pieces, known = np.zeros(len(messages)), np.zeros(len(messages))
        start = 0
        for name, weight in self.weights.items():
            often, names = _counted([words[name] for words in read], CUTS[name])
            held = np.bincount(often.indices, minlength=len(names))
            pieces += np.diff(often.indptr)
            often = often[:, held >= LEAST]
            known += np.diff(often.indptr)
            kept = list(compress(names, held >= LEAST))
            self._columns[name] = {piece: start + i for i, piece in enumerate(kept)}
            start += len(kept)
            idf = np.log((1 + len(messages)) / (1 + held[held >= LEAST])) + 1
            idfs.append(idf.astype(np.float32))
            blocks.append(_scaled(often, idfs[-1], weight))
        self._idf = np.concatenate(idfs)
        return hstack(blocks, format="csr"), known / np.maximum(pieces, 1)

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
        return {name: Counter(CUTS[name].of(words[name])) for name in self.weights}

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


def _counted(messages: Sequence[Sequence[str]], cut: Cut) -> tuple[csr_matrix, Sequence[str]]:
    """Return how often each message, a row, holds each piece, a column; and the pieces.

    Messages share most of their units, so each unit is cut once.
    """
    units, names = _table(map(cut.units, messages))
    parts, pieces = _table(map(cut.pieces, names))
    return units @ parts, pieces


def _table(rows: Iterable[Iterable[str]]) -> tuple[csr_matrix, Sequence[str]]:
    """Return how often each row holds each string, a column; and the strings."""
    columns: defaultdict[str, int] = defaultdict(count().__next__)
    places: list[int] = []
    ends = [0]
    for row in rows:
        places.extend(map(columns.__getitem__, row))
        ends.append(len(places))
    shape = (len(ends) - 1, len(columns))
    table = csr_matrix((np.ones(len(places), np.float32), places, ends), shape=shape)
    table.sum_duplicates()
    return table, list(columns)


def _scaled(often: csr_matrix, idf: np.ndarray, weight: float) -> csr_matrix:
    """Do for the rows of one block what `_vector` does for one message."""
    values = (1 + np.log(often.data)) * idf[often.indices]
    sizes = np.diff(often.indptr)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    squares = np.bincount(rows, values.astype(np.float64) ** 2, len(sizes))
    values *= np.repeat((weight / np.sqrt(np.maximum(squares, _TINY))).astype(np.float32), sizes)
    return csr_matrix((values, often.indices, often.indptr), shape=often.shape)
