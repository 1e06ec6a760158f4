"""What one copy of a deployment is given, and what it costs: the step of the staircase that own hardware costs."""

from collections.abc import Sequence
from typing import NamedTuple

from calculator.decisions.break_even import Sides
from calculator.decisions.day import hours_a_day, peak_hours_of
from calculator.estimates.estimate import Estimate
from calculator.estimates.load import COMFORTABLE, LoadEstimate, implied_batch, load_of
from calculator.prices.hosted_cost import HostedCost
from calculator.specs.deployment import Deployment
from calculator.specs.workload import Workload
from calculator.team.correction import NO_CORRECTION, Correction, correction_of
from calculator.team.measurement import OwnMeasurement

ROUNDS = 24
"""Halvings that find the rate which a limit allows: exact to 1 in 10 million."""


class Given(NamedTuple):
    """Requests per hour of one copy, at the peak."""

    planned: float
    """What it is given: 80 % of its capacity, or what the limits allow 95 % of requests."""
    capacity: float
    """The most it can finish."""
    missed: str | None = None
    """Why no number of copies meets the limits; then 80 % of the capacity is planned."""


def sides_of(
    estimate: Estimate, hosted: HostedCost, given: Given, *, peak_hours: float | None = None, private_share: float = 0
) -> Sides:
    """An estimate with a price against a hosted model, copies counted from those of the deployment upwards."""
    d, w, price = estimate.deployment, estimate.workload, estimate.cost.price
    assert price is not None
    peaks = w.peak_factor > 1
    hours = peak_hours_of(w.peak_factor, w.hours_per_month, peak_hours) if peaks else 0
    return Sides(
        usd_per_copy_hour=d.gpus_per_replica * price.usd_per_gpu_hour,
        planned_per_copy=given.planned,
        capacity_per_copy=given.capacity,
        usd_per_request=hosted.cost_per_request,
        least_copies=d.replicas,
        spare_copies=w.spare_replicas,
        peak_factor=w.peak_factor,
        private_share=private_share,
        peak_share=min(hours / hours_a_day(w.hours_per_month), 1 / w.peak_factor) if peaks else 0,
    )


def why_not(estimate: Estimate) -> str | None:
    """Why the hardware has no staircase: it does not hold the model, or its speed or price is not known."""
    memory = estimate.memory
    if not (memory.memory_fits and memory.will_start):
        used = (
            f"the model takes {memory.memory_utilization_percent:.0f} % of the memory"
            if estimate.hypothetical
            else memory.reason
        )
        return "; ".join(filter(None, (used, memory.remedy)))
    if estimate.latency.total_latency_seconds is None:
        return estimate.latency.reason or "its speed is not known"
    return None if estimate.cost.price else estimate.cost.reason or "no price is known"


def given_of(estimate: Estimate, measurements: Sequence[OwnMeasurement] = ()) -> Given | None:
    """What one copy is given, as load_of plans replicas; None where its speed is not known.

    From 16 copies on load_of looks in steps of an eighth and may keep some more; here their number is exact.

    The team's measurements count as they do for one copy at that load, whatever rate the question states.
    """
    one = estimate.deployment.model_copy(update={"replicas": 1})
    w = estimate.workload.model_copy(update={"peak_factor": 1.0})
    alone = _at(one, w, 1.0, NO_CORRECTION)
    if alone is None:
        return None
    correction = NO_CORRECTION
    if measurements:
        busy = w.model_copy(update={"requests_per_hour": alone.capacity_requests_per_hour * COMFORTABLE})
        there = busy.model_copy(update={"batch_size": implied_batch(one, busy, measurements)})
        correction = correction_of(one, there, measurements)
    return _planned(one, w, correction)


def _planned(one: Deployment, w: Workload, correction: Correction) -> Given | None:
    lightly = _at(one, w, 1e-3, correction)
    if lightly is None:
        return None
    capacity = lightly.capacity_requests_per_hour
    limited = any(limit is not None for limit in (w.max_latency_s, w.max_ttft_s, w.max_tpot_s))
    if not limited or lightly.replicas_needed is None:
        return Given(COMFORTABLE * capacity, capacity, lightly.reason)
    low, high = 0.0, capacity
    for _ in range(ROUNDS):
        rate = (low + high) / 2
        found = _at(one, w, rate, correction)
        low, high = (rate, high) if found and found.replicas_needed == 1 else (low, rate)
    return (
        Given(low, capacity) if low else Given(COMFORTABLE * capacity, capacity, "the limits leave room for no request")
    )


def _at(one: Deployment, w: Workload, rate: float, correction: Correction) -> LoadEstimate | None:
    return load_of(one, w.model_copy(update={"requests_per_hour": rate}), correction=correction)
