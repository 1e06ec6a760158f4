"""How well a deployment suits a workload: a score against the requirement, and what to change."""

from calculator.base import Frozen
from calculator.estimates.latency import LatencyEstimate
from calculator.estimates.load import LoadEstimate
from calculator.estimates.memory import MemoryEstimate
from calculator.specs.workload import Workload

WEIGHTS = {"memory": 0.3, "latency": 0.4, "capacity": 0.3}
"""Share of each part in the score; a part without a requirement drops out and the others take its share."""


class ScoreParts(Frozen):
    """Each between 0 and 1; None where there is nothing to hold it against."""

    memory: float
    """Headroom: 1 empty, 0.5 exactly full."""
    latency: float | None
    """Against the tightest limit: 0.7 exactly at it."""
    capacity: float | None
    """Spare capacity at the stated arrivals: 0.5 fully used."""


class Compatibility(Frozen):
    """The document's `compatibility`."""

    performance_score: float
    """0 to 100: exactly 0 where it does not fit, at least 1 where it does. About performance, not about cost."""
    parts: ScoreParts
    """What it is made of."""
    recommendations: tuple[str, ...]
    """What to change, with figures; what is good, where nothing needs changing."""


def score(parts: ScoreParts, *, fits: bool) -> float:
    """1 + 99 x the weighted mean of the known parts; 0 where it does not fit."""
    if not fits:
        return 0.0
    known: dict[str, float] = {name: value for name, value in parts if value is not None}
    total = sum(WEIGHTS[name] for name in known)
    return 1 + 99 * sum(WEIGHTS[name] * value for name, value in known.items()) / total


def score_parts(memory: MemoryEstimate, latency: LatencyEstimate, load: LoadEstimate | None, w: Workload) -> ScoreParts:
    """Each falls steadily with what it measures: memory use, latency over its limit, utilisation."""
    used = memory.memory_utilization_percent / 100
    ratio = worst_ratio(latency, w)
    return ScoreParts(
        memory=max(1 - 0.5 * used**4, 0.0) if used <= 1 else 0.5 / used**4,
        latency=None if ratio is None else (1 - 0.3 * ratio**2 if ratio <= 1 else 0.7 / ratio**2),
        capacity=None if load is None else _spare(load.utilization),
    )


def worst_ratio(latency: LatencyEstimate, w: Workload) -> float | None:
    """The figure furthest over its limit, as a multiple of it; None where no limit is stated or nothing is known."""
    pairs = (
        (latency.total_latency_seconds, w.max_latency_s),
        (latency.ttft_seconds, w.max_ttft_s),
        (latency.tpot_seconds, w.max_tpot_s),
    )
    ratios = [value / limit for value, limit in pairs if value is not None and limit is not None]
    return max(ratios, default=None)


def _spare(utilization: float) -> float:
    return 1 - 0.5 * utilization**2 if utilization <= 1 else 0.5 / utilization**2
