"""Maximum a posteriori by Gauss-Newton with Levenberg-Marquardt damping, robust by iterative reweighting.

Derivatives with respect to a coefficient are differences, one evaluation of all rows each; those with respect to an
effect follow from them, because an effect adds to the coefficient of its level's rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from calculator.coefficients import NAMES, Coefficients, bounded, unbounded
from calculator.fit_data import FIGURES, Data, Targets, targets_of
from calculator.fit_plan import (
    BASE_DEVIATION,
    PLAN,
    RESIDUAL_DEVIATION,
    ROBUST_FROM,
    SETUP,
    Prior,
    kind_of,
)
from calculator.predictions import Array, predict

STEP = 1e-4
"""Difference of an unbounded coefficient in a derivative."""
ROUNDS = 16
ENOUGH = 4e-4
"""Relative improvement of the loss that ends the fit."""

Effects = dict[str, dict[str, float]]
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Base values by coefficient and effects by level, before the bounds."""

    base: Array
    effects: Effects = field(default_factory=dict)

    def unbounded(self, levels: Sequence[tuple[str, ...]]) -> Array:
        """Rows by NAMES: the base and the effects of each row's levels."""
        sums = {names: self._sum(names) for names in set(levels)}
        return np.array([sums[names] for names in levels])

    def predict(self, data: Data) -> dict[str, Array]:
        """Every figure of every row."""
        with np.errstate(all="ignore"):
            return predict(data.columns, coefficients_from(self.unbounded(data.levels)))

    def _sum(self, names: tuple[str, ...]) -> Array:
        total = self.base.copy()
        for level in names:
            for name, value in self.effects.get(level, {}).items():
                total[NAMES.index(name)] += value
        return total


@dataclass(slots=True)
class _Problem:
    """Rows, targets, and the effects that are sought: column j of `member` says which rows effect j touches."""

    data: Data
    targets: Targets
    start: Array
    """Rows by NAMES, to which effects are added."""
    keys: list[tuple[str, int]]
    """Level and coefficient of each effect."""
    member: Array
    precision: Array
    """One over the prior variance of each unknown: base values first where they are sought."""
    with_base: bool

    @property
    def coefficient(self) -> Array:
        """The coefficient that each effect adds to."""
        return np.array([place for _, place in self.keys], int)

    def values(self, x: Array) -> Array:
        """Rows by NAMES at the unknowns `x`."""
        offset = len(NAMES) if self.with_base else 0
        values = self.start + (x[:offset] if self.with_base else 0)
        place = self.coefficient
        for j in range(len(NAMES)):
            mine = np.flatnonzero(place == j)
            values[:, j] += self.member[:, mine] @ x[offset + mine]
        return values

    def residuals(self, values: Array) -> Array:
        """log(predicted / measured) of every target."""
        with np.errstate(all="ignore"):
            found = predict(self.data.columns, coefficients_from(values))
        table = np.log(np.maximum([found[name] for name, _, _ in FIGURES], 1e-12))
        return np.asarray(table[self.targets.figure, self.targets.row] - self.targets.log_measured)

    def loss(self, residuals: Array, x: Array) -> float:
        """Pseudo-Huber of the residuals, and the prior."""
        bent = 2 * ROBUST_FROM**2 * (np.sqrt(1 + (residuals / ROBUST_FROM) ** 2) - 1)
        return float(self.targets.weight @ bent / RESIDUAL_DEVIATION**2 + self.precision @ x**2)

    def jacobian(self, values: Array, residuals: Array) -> Array:
        """Targets by unknowns."""
        by_name = np.empty((len(residuals), len(NAMES)), np.float32)
        for j in range(len(NAMES)):
            moved = values.copy()
            moved[:, j] += STEP
            by_name[:, j] = (self.residuals(moved) - residuals) / STEP
        by_effect = by_name[:, self.coefficient] * self.member[self.targets.row]
        return np.concatenate([by_name, by_effect], 1) if self.with_base else by_effect


def fit(data: Data, report: Report = lambda _: None) -> Fitted:
    """Everything that deployments share, fitted together; then what each setup adds of its own."""
    start = np.tile([unbounded(name) for name in NAMES], (len(data), 1))
    together = _problem(data, start, lambda level: PLAN.get(kind_of(level)), with_base=True)
    x = _solve(together, report)
    shared = Fitted(start[0] + x[: len(NAMES)], _named(together.keys, x[len(NAMES) :]))
    alone = _problem(data, shared.unbounded(data.levels), _setup_prior, with_base=False)
    return Fitted(shared.base, shared.effects | _named(alone.keys, _solve_apart(alone)))


def coefficients_from(values: Array) -> Coefficients:
    """Columns of coefficients from rows of unbounded values."""
    return Coefficients(*(bounded(name, values[:, j], np.exp) for j, name in enumerate(NAMES)))


def _setup_prior(level: str) -> Prior | None:
    return SETUP if kind_of(level) == "setup" else None


def _problem(data: Data, start: Array, prior: Callable[[str], Prior | None], *, with_base: bool) -> _Problem:
    rows: dict[str, list[int]] = {}
    for row, names in enumerate(data.levels):
        for name in names:
            rows.setdefault(name, []).append(row)
    found = [(level, own) for level in sorted(rows) if (own := prior(level))]
    keys = [(level, NAMES.index(name)) for level, own in found for name in own.names]
    member = np.zeros((len(data), len(keys)), np.float32)
    for j, (level, _) in enumerate(keys):
        member[rows[level], j] = 1
    precision = np.array([own.deviation**-2 for _, own in found for _ in own.names])
    base = np.full(len(NAMES), BASE_DEVIATION**-2) if with_base else np.empty(0)
    return _Problem(data, targets_of(data), start, keys, member, np.concatenate([base, precision]), with_base)


def _solve(problem: _Problem, report: Report) -> Array:
    x, damping = np.zeros(len(problem.precision)), 1e-2
    values = problem.values(x)
    residuals = problem.residuals(values)
    loss = problem.loss(residuals, x)
    for number in range(ROUNDS):
        hessian, gradient = _normal(problem, problem.jacobian(values, residuals), residuals, x)
        for _ in range(6):
            tried = x + np.clip(np.linalg.solve(hessian + damping * np.diag(np.diag(hessian)), -gradient), -1, 1)
            new_values = problem.values(tried)
            new_residuals = problem.residuals(new_values)
            new_loss = problem.loss(new_residuals, tried)
            if new_loss < loss:
                break
            damping *= 5
        else:
            break
        gained, damping = 1 - new_loss / loss, max(damping / 4, 1e-6)
        x, values, residuals, loss = tried, new_values, new_residuals, new_loss
        report(f"round {number + 1}: loss {loss:.1f}")
        if gained < ENOUGH:
            break
    return x


def _normal(problem: _Problem, jacobian: Array, residuals: Array, x: Array) -> tuple[Array, Array]:
    """Normal matrix and gradient of the reweighted squares and the prior."""
    weight = problem.targets.weight / np.sqrt(1 + (residuals / ROBUST_FROM) ** 2) / RESIDUAL_DEVIATION**2
    root = np.sqrt(weight).astype(np.float32)[:, None]
    weighted = jacobian * root
    hessian = (weighted.T @ weighted).astype(float) + np.diag(problem.precision)
    return hessian, (weighted.T @ (residuals[:, None] * root)).ravel() + problem.precision * x


def _solve_apart(problem: _Problem) -> Array:
    """Setups share no row, so each is a small problem: one matrix per setup, all evaluated together."""
    size = len(SETUP.names)
    x = np.zeros(len(problem.keys))
    places = [NAMES.index(name) for name in SETUP.names]
    row_setup = np.where(problem.member[:, ::size].any(1), problem.member[:, ::size].argmax(1), -1)
    setup = row_setup[problem.targets.row]
    for _ in range(4):
        values = problem.values(x)
        residuals = problem.residuals(values)
        slopes = [(problem.residuals(_moved(values, j)) - residuals) / STEP for j in places]
        weight = problem.targets.weight / np.sqrt(1 + (residuals / ROBUST_FROM) ** 2) / RESIDUAL_DEVIATION**2
        jacobian = np.stack(slopes, 1)
        for number in range(len(x) // size):
            mine, own = setup == number, slice(number * size, (number + 1) * size)
            j, w = jacobian[mine], weight[mine, None]
            hessian = j.T @ (j * w) + np.diag(problem.precision[own])
            gradient = j.T @ (residuals[mine] * w[:, 0]) + problem.precision[own] * x[own]
            x[own] -= np.clip(np.linalg.solve(hessian, gradient), -0.3, 0.3)
    return x


def _moved(values: Array, j: int) -> Array:
    moved = values.copy()
    moved[:, j] += STEP
    return moved


def _named(keys: list[tuple[str, int]], values: Array) -> Effects:
    effects: Effects = {}
    for (level, place), value in zip(keys, values, strict=True):
        effects.setdefault(level, {})[NAMES[place]] = float(value)
    return effects
