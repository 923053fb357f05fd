"""Messages as sparse vectors: TF-IDF of each block of pieces, side by side.

Each block has length one before its weight, so that no block drowns the others. Written out rather
than taken from scikit-learn because the server sees one message at a time, and there a dictionary
and two arrays are several times faster.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import compress, count
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack

from nlu.components.pieces import CUTS, Blocks, Cut
from nlu.components.remembered import Remembered

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
        self._blocks: dict[str, _Block] = {}
        self._bounds = [0]
        self._idf = np.zeros(0, np.float32)

    def learn(self, messages: Sequence[Any]) -> tuple[csr_matrix, np.ndarray]:
        """Take the pieces of `messages` as the known ones.

        Returns a row for each message and the share of its pieces that are known.
        """
        read = [self.read(message) for message in messages]
        blocks, idfs, kept = [], [], {}
        pieces, known = np.zeros(len(messages)), np.zeros(len(messages))
        for name, weight in self.weights.items():
            often, names = _counted([words[name] for words in read], CUTS[name])
            held = np.bincount(often.indices, minlength=len(names))
            pieces += np.diff(often.indptr)
            often = often[:, held >= LEAST]
            known += np.diff(often.indptr)
            kept[name] = list(compress(names, held >= LEAST))
            idf = np.log((1 + len(messages)) / (1 + held[held >= LEAST])) + 1
            idfs.append(idf.astype(np.float32))
            blocks.append(_scaled(often, idfs[-1], weight))
        self._know(kept)
        self._idf = np.concatenate(idfs)
        return hstack(blocks, format="csr"), known / np.maximum(pieces, 1)

    def of_blocks(self, names: Sequence[str]) -> np.ndarray:
        """Return which columns are of the blocks `names`."""
        marks = [np.full(len(self._blocks[n].columns), n in names) for n in self.weights]
        return np.concatenate(marks)

    def vector(self, message: Any) -> Vector:
        """Return one message's vector."""
        words = self.read(message)
        held: list[int] = []
        unknown = 0
        for name, block in self._blocks.items():
            known, strange = block.find(words[name])
            held += known
            unknown += strange
        columns, often = np.unique(np.array(held, np.int32), return_counts=True)
        values = (1 + np.log(often.astype(np.float32))) * self._idf[columns]
        starts = np.searchsorted(columns, self._bounds)
        sizes = np.diff(starts)
        filled = sizes > 0
        if not filled.any():
            return Vector(columns, values, 0.0)
        lengths = np.sqrt(np.add.reduceat(values * values, starts[:-1][filled]))
        weights = np.array(list(self.weights.values()))[filled]
        values *= np.repeat((weights / lengths).astype(np.float32), sizes[filled])
        return Vector(columns, values, len(columns) / (len(columns) + unknown))

    def save(self, path: Path) -> None:
        """Write everything `load` needs into the file at `path`."""
        kept = {
            "weights": self.weights,
            "known": {name: list(block.columns) for name, block in self._blocks.items()},
            "idf": [round(float(x), 5) for x in self._idf],
        }
        path.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, path: Path, read: Callable[[Any], Blocks]) -> Features:
        """Return the features saved at `path`; `read` must be the one they learned with."""
        kept = json.loads(path.read_text(encoding="utf-8"))
        features = cls(read, kept["weights"])
        features._know(kept["known"])
        features._idf = np.asarray(kept["idf"], np.float32)
        return features

    def _know(self, pieces: Mapping[str, Sequence[str]]) -> None:
        """Give the pieces of each block their columns, one block after the other."""
        self._bounds = [0]
        for name, known in pieces.items():
            self._blocks[name] = _Block(CUTS[name], known, self._bounds[-1])
            self._bounds.append(self._bounds[-1] + len(known))


class _Block:
    """The known pieces of one block, and the column of each, from `first` on."""

    def __init__(self, cut: Cut, pieces: Sequence[str], first: int) -> None:
        self.columns = {piece: first + i for i, piece in enumerate(pieces)}
        self._units = cut.units
        self._of_unit = Remembered(partial(self._find, cut.pieces)) if cut.pieces else None

    def find(self, words: Sequence[str]) -> tuple[list[int], int]:
        """Return the columns of what `words` hold, as often as they hold it.

        Beside them, how many pieces of theirs have no column.
        """
        known: list[int] = []
        others: set[str] = set()
        # Pairs of words are too many to be kept at hand, and a pair is one piece only.
        if self._of_unit is None:
            for unit in self._units(words):
                if (column := self.columns.get(unit)) is None:
                    others.add(unit)
                else:
                    known.append(column)
        else:
            for columns, strange in map(self._of_unit.__getitem__, self._units(words)):
                known += columns
                others.update(strange)
        return known, len(others)

    def _find(
        self, pieces_of: Callable[[str], Sequence[str]], unit: str
    ) -> tuple[Sequence[int], Sequence[str]]:
        """Return the columns of a unit's pieces, and its pieces that have none."""
        pieces = pieces_of(unit)
        known = [self.columns[piece] for piece in pieces if piece in self.columns]
        return known, [piece for piece in pieces if piece not in self.columns]


def _counted(messages: Sequence[Sequence[str]], cut: Cut) -> tuple[csr_matrix, Sequence[str]]:
    """Return how often each message, a row, holds each piece, a column; and the pieces.

    Messages share most of their units, so each unit is cut once.
    """
    units, names = _table(map(cut.units, messages))
    if cut.pieces is None:
        return units, names
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
    """Do for the rows of one block what `vector` does for one message."""
    values = (1 + np.log(often.data)) * idf[often.indices]
    sizes = np.diff(often.indptr)
    rows = np.repeat(np.arange(len(sizes)), sizes)
    squares = np.bincount(rows, values.astype(np.float64) ** 2, len(sizes))
    values *= np.repeat((weight / np.sqrt(np.maximum(squares, _TINY))).astype(np.float32), sizes)
    return csr_matrix((values, often.indices, often.indptr), shape=often.shape)
