"""The decision among options: who meets every requirement, who wins, how stable that is.

Among the options that meet every stated requirement the one that costs least to keep wins. Costs in the same step of 5 %
count as equal; then the lower busy-time cost wins, or with low cost sensitivity, in steps of 25 %, the better performance.
Steps are fixed, so that no option changes the order of two others.
"""

import math
from collections.abc import Sequence

from calculator.base import Frozen
from calculator.decisions.criteria import Criterion, Option, criteria_of
from calculator.specs.requirements import Requirements

STEPS = {"low": 1.25, "medium": 1.05, "high": 1.0}
"""Costs in one step count as equal, by cost sensitivity."""

LIMITS = ("latency", "first token", "quality", "budget")
"""What is stated outright: an option of which nobody knows whether it meets one comes after those that do."""


class Judged(Frozen):
    """An option and what it meets."""

    option: Option
    criteria: tuple[Criterion, ...]

    @property
    def works(self) -> bool:
        """Whether it fails nothing; what is unknown does not exclude it."""
        return all(criterion.met is not False for criterion in self.criteria)

    @property
    def doubts(self) -> tuple[Criterion, ...]:
        """What is stated outright and not known of it."""
        return tuple(criterion for criterion in self.unknown if criterion.name in LIMITS)

    @property
    def unknown(self) -> tuple[Criterion, ...]:
        """What is not known of it."""
        return tuple(criterion for criterion in self.criteria if criterion.met is None)

    @property
    def binding(self) -> Criterion | None:
        """The criterion that it fails by most; one that cannot be measured comes first."""
        failed = [criterion for criterion in self.criteria if criterion.met is False]
        return max(failed, key=lambda criterion: criterion.over or math.inf, default=None)


class Rival(Frozen):
    """An option that would win if cost weighed less."""

    name: str
    """The option."""
    cost_weight: float
    """It would win where cost weighs less than this share, performance the rest; costs count in doublings."""


class Decision(Frozen):
    """Options judged, best first."""

    ranked: tuple[Judged, ...]
    """Those that meet everything by the rule above, then the others by how much they miss."""
    rivals: tuple[Rival, ...]
    """Who would win instead of the winner if cost weighed less."""
    pareto: tuple[str, ...]
    """Names of the options that no other one beats in both cost and performance, among those that meet everything."""

    @property
    def winner(self) -> Judged | None:
        """The option to take; None where none meets everything."""
        return self.ranked[0] if self.ranked and self.ranked[0].works else None


def decide(options: Sequence[Option], needs: Requirements) -> Decision:
    """The options in order, best first."""
    judged = sorted(
        (Judged(option=one, criteria=criteria_of(one, needs)) for one in options), key=lambda one: _key(one, needs)
    )
    working = [one.option for one in judged if one.works and not one.doubts]
    working = working or [one.option for one in judged if one.works]
    return Decision(
        ranked=tuple(judged),
        rivals=_rivals(working),
        pareto=tuple(one.name for one in working if not any(_beats(other, one) for other in working)),
    )


def _key(judged: Judged, needs: Requirements) -> tuple[float, ...]:
    """What the order is by; of this option alone."""
    option = judged.option
    cost, busy = option.monthly_usd, option.busy_usd
    if not judged.works:
        return (1.0, _miss(judged), cost if cost is not None else math.inf)
    step, score = STEPS[needs.cost_sensitivity], option.score or 0.0
    kept = math.inf if cost is None else _step(cost, step)
    spent = math.inf if busy is None else busy
    tie = (-score, spent) if needs.cost_sensitivity == "low" else (spent, -score)
    return (0.5 if judged.doubts else 0.0, kept, *tie, cost if cost is not None else math.inf)


def _step(cost: float, step: float) -> float:
    return cost if step == 1 or cost <= 0 else math.floor(math.log(cost) / math.log(step) + 1e-9)


def _miss(judged: Judged) -> float:
    """How far an option is from meeting everything: the product of what it is over, infinite where that has no measure."""
    failed = [criterion for criterion in judged.criteria if criterion.met is False]
    return math.prod(criterion.over if criterion.over and criterion.over > 1 else math.inf for criterion in failed)


def _beats(one: Option, other: Option) -> bool:
    """No worse in cost and in performance, and better in one."""
    a, b = (one.monthly_usd, one.score), (other.monthly_usd, other.score)
    if None in a or None in b:
        return False
    return a != b and a[0] <= b[0] and a[1] >= b[1]  # type: ignore[operator]  # none of them is None


def _rivals(working: Sequence[Option]) -> tuple[Rival, ...]:
    """Options that perform better for more money: below which weight of cost each would win."""
    if not working or working[0].score is None or not working[0].monthly_usd:
        return ()
    winner, found = working[0], []
    for other in working[1:]:
        if (
            other.score is not None
            and other.monthly_usd
            and other.score > (winner.score or 0)
            and other.monthly_usd > (winner.monthly_usd or 0)
        ):
            better = (other.score - (winner.score or 0)) / 100
            doublings = math.log2(other.monthly_usd / (winner.monthly_usd or 1))
            found.append(Rival(name=other.name, cost_weight=better / (better + doublings)))
    return tuple(sorted(found, key=lambda rival: -rival.cost_weight))
