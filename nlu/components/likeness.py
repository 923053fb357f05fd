"""How like the training messages a message is: the cosine to the nearest on topic and off it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix

from nlu.components.features import Vector

_COMMON = 0.01
"""Pieces that more training messages hold than this share are left out: they make everything a
little like everything, and take most of the time."""


class Likeness(NamedTuple):
    """The training messages, a column each: first `on_topic` of them, then those off topic."""

    examples: csr_matrix
    on_topic: int

    @classmethod
    def of(cls, rows: csr_matrix, foreign: np.ndarray, alike: np.ndarray) -> Likeness:
        """Return the likeness to the messages in `rows`.

        `foreign` marks those off topic, `alike` the columns that count.
        """
        columns = rows[np.argsort(foreign, kind="stable")].tocsc()
        common = np.diff(columns.indptr) > max(_COMMON * rows.shape[0], 2)
        columns.data[np.repeat(common | ~alike, np.diff(columns.indptr))] = 0
        columns.eliminate_zeros()
        return cls(columns.T.tocsr(), int(np.count_nonzero(~foreign)))

    def nearest(self, vector: Vector) -> tuple[float, float]:
        """Return the highest product with a message on topic, and with one off topic."""
        starts = self.examples.indptr[vector.columns]
        sizes = self.examples.indptr[vector.columns + 1] - starts
        # Where each column's entries stand, one column after the other.
        places = np.arange(sizes.sum()) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
        near = np.bincount(
            self.examples.indices[places],
            self.examples.data[places] * np.repeat(vector.values, sizes),
            self.examples.shape[1],
        )
        return (
            float(near[: self.on_topic].max(initial=0.0)),
            float(near[self.on_topic :].max(initial=0.0)),
        )
