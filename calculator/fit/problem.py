"""What a fit seeks and how far off it is: unknowns, residuals, and the normal equations that move the unknowns.

Rows of the same levels share all their unknowns and are one cell. Derivatives with respect to a coefficient are
differences, one evaluation of all rows each; those with respect to an effect follow from them, because an effect adds
to the coefficient of its level's rows. So the normal matrix is a sum of one small matrix per cell.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from calculator.fit.data import ARRIVALS, FIGURES, Data, Targets, targets_of
from calculator.fit.evaluate import STEP, bend, bent, logs, moved_by_step
from calculator.fit.plan import (
    BASE_DEVIATION,
    NEVER,
    ODD,
    OUTLIER_FROM,
    RESIDUAL_DEVIATION,
    ROBUST_FROM,
    WIDER,
    Prior,
    kind_of,
)
from calculator.measured.predictions import Array, rows_of
from calculator.physics.coefficients import NAMES

Key = tuple[str, int]
"""Level and coefficient of an effect; a base value has the level "base"."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Rows that share all their levels: the unknowns that they depend on, and the coefficient that each adds to."""

    unknowns: Array
    coefficients: Array
    targets: Array


@dataclass(frozen=True, slots=True)
class Problem:
    """Rows, targets, and the unknowns that are sought."""

    data: Data
    targets: Targets
    start: Array
    """Rows by NAMES, to which the unknowns add."""
    keys: tuple[Key, ...]
    precision: Array
    """One over the prior variance of each unknown."""
    outlier: Array
    """Standard deviations from which each unknown counts linearly."""
    cells: tuple[Cell, ...]
    cell: Array
    """Place in `cells` of each row."""

    def values(self, x: Array) -> Array:
        """Rows by NAMES at the unknowns `x`."""
        added = np.zeros((len(self.cells), len(NAMES)))
        for place, cell in enumerate(self.cells):
            np.add.at(added[place], cell.coefficients, x[cell.unknowns])
        return np.asarray(self.start + added[self.cell])

    def residuals(self, values: Array) -> Array:
        """log(predicted / measured) of every target."""
        return np.asarray(logs(self.data.columns, values)[self._places] - self.targets.log_measured)

    def loss(self, residuals: Array, x: Array) -> float:
        """Pseudo-Huber of the residuals, and the prior."""
        errors = self.targets.weight @ bent(residuals, ROBUST_FROM) / RESIDUAL_DEVIATION**2
        return float(errors + bent(np.sqrt(self.precision) * x, self.outlier).sum())

    def slopes(self, values: Array, residuals: Array) -> Array:
        """Derivatives of the residuals, targets by NAMES; zero for a coefficient that no unknown adds to."""
        moved, slopes = sorted({place for _, place in self.keys}), np.zeros((len(residuals), len(NAMES)))
        slow = self.data.columns.mode == ARRIVALS
        quick, waiting = np.flatnonzero(~slow), np.flatnonzero(slow)
        columns, queued = rows_of(self.data.columns, quick), self._queued(values, waiting, moved)
        table = np.empty((len(FIGURES), len(values)))
        for j, queue in zip(moved, queued, strict=True):
            table[:, quick], table[:, waiting] = logs(columns, moved_by_step(values[quick], j)), queue
            slopes[:, j] = (table[self._places] - self.targets.log_measured - residuals) / STEP
        return slopes

    def _queued(self, values: Array, rows: Array, moved: Sequence[int]) -> Array:
        """Open loops are few rows in many rounds, so all their derivatives are evaluated together."""
        every = np.concatenate([moved_by_step(values[rows], j) for j in moved])
        found = logs(rows_of(self.data.columns, np.tile(rows, len(moved))), every)
        return found.reshape(len(FIGURES), len(moved), len(rows)).swapaxes(0, 1)

    @property
    def _places(self) -> tuple[Array, Array]:
        return self.targets.figure, self.targets.row

    def weight(self, residuals: Array) -> Array:
        """Weight of each target in the reweighted squares."""
        return np.asarray(self.targets.weight / bend(residuals, ROBUST_FROM) / RESIDUAL_DEVIATION**2)

    def normal(self, slopes: Array, residuals: Array, x: Array) -> tuple[Array, Array]:
        """Normal matrix and gradient of the reweighted squares and the prior."""
        precision = self.precision / bend(np.sqrt(self.precision) * x, self.outlier)
        hessian, gradient = np.diag(precision), precision * x
        weight = self.weight(residuals)
        for cell in self.cells:
            own, unknowns, names = slopes[cell.targets], cell.unknowns, cell.coefficients
            weighted = own * weight[cell.targets, None]
            hessian[np.ix_(unknowns, unknowns)] += (own.T @ weighted)[np.ix_(names, names)]
            gradient[unknowns] += (weighted.T @ residuals[cell.targets])[names]
        return hessian, gradient


def problem_of(data: Data, start: Array, prior: Callable[[str], Prior | None], *, with_base: bool) -> Problem:
    """The problem of the effects that have a prior, and of the base values where they are sought."""
    levels = sorted({level for names in data.levels for level in names})
    planned = [(level, own) for level in levels if (own := prior(level))]
    if with_base:
        planned = [("base", Prior(BASE_DEVIATION, NAMES)), *planned]
    keys = tuple((level, NAMES.index(name)) for level, own in planned for name in own.names)
    precision = np.array([(own.deviation * WIDER.get(name, 1.0)) ** -2 for _, own in planned for name in own.names])
    outlier = np.array([OUTLIER_FROM if kind_of(level) in ODD else NEVER for level, _ in keys])
    targets = targets_of(data)
    places = {names: place for place, names in enumerate(sorted(set(data.levels)))}
    cell = np.array([places[names] for names in data.levels])
    return Problem(data, targets, start, keys, precision, outlier, _cells(places, keys, cell[targets.row]), cell)


def _cells(
    levels: Sequence[tuple[str, ...]] | dict[tuple[str, ...], int], keys: Sequence[Key], cell: Array
) -> tuple[Cell, ...]:
    """One cell for each set of levels; `cell` is the place of each target."""
    of_level: dict[str, list[int]] = {}
    for unknown, (level, _) in enumerate(keys):
        of_level.setdefault(level, []).append(unknown)
    coefficient = np.array([place for _, place in keys], int)
    found = []
    for place, names in enumerate(levels):
        unknowns = np.array([u for level in ("base", *names) for u in of_level.get(level, ())], int)
        found.append(Cell(unknowns, coefficient[unknowns], np.flatnonzero(cell == place)))
    return tuple(found)
