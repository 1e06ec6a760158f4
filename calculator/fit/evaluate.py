"""What a fit evaluates: predictions at unbounded coefficients, and squares that bend into lines (pseudo-Huber)."""

import numpy as np

from calculator.fit.data import FIGURES
from calculator.measured.predictions import Array, Columns, predict
from calculator.physics.coefficients import NAMES, Coefficients, bounded

STEP = 1e-4
"""Difference of an unbounded coefficient in a derivative."""


def logs(columns: Columns, values: Array) -> Array:
    """Logarithms of what is predicted, FIGURES by rows."""
    with np.errstate(all="ignore"):
        found = predict(columns, coefficients_from(values))
    return np.asarray(np.log(np.maximum([found[name] for name, _, _ in FIGURES], 1e-12)))


def bend(values: Array, start: Array | float) -> Array:
    """What a square is divided by so that it grows linearly from `start` on."""
    return np.asarray(np.sqrt(1 + (values / start) ** 2))


def bent(values: Array, start: Array | float) -> Array:
    """Pseudo-Huber: squares near zero, linear from `start` on."""
    return 2 * start**2 * (bend(values, start) - 1)


def moved_by_step(values: Array, j: int) -> Array:
    """The values with one coefficient moved by STEP."""
    moved = values.copy()
    moved[:, j] += STEP
    return moved


def coefficients_from(values: Array) -> Coefficients:
    """Columns of coefficients from rows of unbounded values."""
    return Coefficients(*(bounded(name, values[:, j], np.exp) for j, name in enumerate(NAMES)))
