"""Maximum a posteriori by Gauss-Newton with Levenberg-Marquardt damping, robust by iterative reweighting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.linalg import solve

from calculator.fit.data import Data
from calculator.fit.evaluate import coefficients_from
from calculator.fit.plan import PLAN, SETUP, Prior, kind_of
from calculator.fit.problem import Key, Problem, problem_of
from calculator.measured.predictions import Array, predict
from calculator.physics.coefficients import NAMES, unbounded

ROUNDS = 30
ENOUGH = 1e-4
"""Relative improvement of the loss that ends the fit."""
TRIES = 14
"""Of a round: each damps five times more, so that a step too long for a bent model is shortened until it fits."""
SETUP_ROUNDS = 4

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


def fit(data: Data, report: Report = lambda _: None) -> Fitted:
    """Everything that deployments share, fitted together; then what each setup adds of its own."""
    start = np.tile([unbounded(name) for name in NAMES], (len(data), 1))
    together = problem_of(data, start, lambda level: PLAN.get(kind_of(level)), with_base=True)
    x = _solve(together, report)
    base = start[0] + x[: len(NAMES)]
    shared = Fitted(base, _named(together.keys[len(NAMES) :], x[len(NAMES) :]))
    alone = problem_of(data, shared.unbounded(data.levels), _setup_prior, with_base=False)
    return Fitted(base, shared.effects | _named(alone.keys, _solve_apart(alone)))


def _setup_prior(level: str) -> Prior | None:
    return SETUP if kind_of(level) == "setup" else None


def _solve(problem: Problem, report: Report) -> Array:
    x, damping = np.zeros(len(problem.precision)), 1e-2
    values = problem.values(x)
    residuals = problem.residuals(values)
    loss = problem.loss(residuals, x)
    for number in range(ROUNDS):
        hessian, gradient = problem.normal(problem.slopes(values, residuals), residuals, x)
        for _ in range(TRIES):
            tried = x - np.clip(_step(hessian, gradient, damping), -1, 1)
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


def _step(hessian: Array, gradient: Array, damping: float) -> Array:
    damped = hessian.copy()
    damped[np.diag_indices_from(damped)] *= 1 + damping
    return np.asarray(solve(damped, gradient, assume_a="pos", overwrite_a=True, check_finite=False))


def _solve_apart(problem: Problem) -> Array:
    """Setups share no row, so the normal matrix falls apart into one small block for each."""
    size, x = len(SETUP.names), np.zeros(len(problem.keys))
    for _ in range(SETUP_ROUNDS):
        values = problem.values(x)
        residuals = problem.residuals(values)
        hessian, gradient = problem.normal(problem.slopes(values, residuals), residuals, x)
        for number in range(len(x) // size):
            own = slice(number * size, (number + 1) * size)
            x[own] -= np.clip(np.linalg.solve(hessian[own, own], gradient[own]), -0.3, 0.3)
    return x


def _named(keys: Sequence[Key], values: Array) -> Effects:
    effects: Effects = {}
    for (level, place), value in zip(keys, values, strict=True):
        effects.setdefault(level, {})[NAMES[place]] = float(value)
    return effects
