"""A linear support vector machine: rows and labels in, a score for each label out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from nlu.components.features import Vector

_TOLERANCE = 0.5
"""Finer tolerances gain nothing on people who were not read, and take longer."""


class Machine(NamedTuple):
    """A row of weights for each column of the vectors, a column for each label; its constants."""

    labels: tuple[str, ...]
    weights: np.ndarray
    constants: np.ndarray

    @classmethod
    def fit(cls, rows: csr_matrix, labels: Sequence[str], *, cost: float) -> Machine:
        """Return what tells `labels` apart; `cost` is what a mistake costs (C of the machine)."""
        machine = LinearSVC(C=cost, tol=_TOLERANCE, random_state=1).fit(rows, labels)
        coefficients, constants = machine.coef_, machine.intercept_
        if len(constants) == 1:  # of two labels, scikit-learn scores the second only
            coefficients = np.vstack([-coefficients, coefficients])
            constants = np.concatenate([-constants, constants])
        weights = np.ascontiguousarray(coefficients.T, np.float32)
        return cls(tuple(machine.classes_), weights, constants.astype(np.float32))

    def scores(self, vector: Vector) -> np.ndarray:
        """Return the score of each label, above zero where it is likelier than not."""
        return np.asarray(vector.values @ self.weights[vector.columns] + self.constants)
