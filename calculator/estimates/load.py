"""Arrivals against capacity: how many requests are in flight, how long they wait, how many replicas the peak needs.

In flight by Little's law, b = arrivals x end-to-end(b), at most what the KV room and the engine hold. Waiting for
prefill is M/G/1 (Pollaczek-Khinchine), waiting for a place in a full batch is M/M/c in Sakasegawa's approximation.
"""

import math
from collections.abc import Callable, Sequence

from calculator.base import Frozen
from calculator.physics.coefficients import coefficients_of
from calculator.physics.latency import Latency, latency
from calculator.physics.memory import budget, sequences_that_fit
from calculator.physics.shape import Shape
from calculator.physics.shape_from_specs import shape_of
from calculator.specs.deployment import Deployment
from calculator.specs.workload import Workload
from calculator.team.correction import NO_CORRECTION, Correction, correction_of
from calculator.team.measurement import OwnMeasurement

COMFORTABLE = 0.8
"""Utilisation that replicas are planned for where no limit is stated: above it, waits grow fast."""
LATE = 0.05
"""p95: the share of requests that may wait longer."""
MOST_REPLICAS = 4096


class LoadEstimate(Frozen):
    """What the stated arrivals do to the deployment. Seconds; Poisson arrivals, all requests of one length."""

    requests_per_hour: float
    """Arrivals, at the peak."""
    capacity_requests_per_hour: float
    """The most that the deployment can finish."""
    utilization: float
    """Arrivals over capacity; 1 and more cannot be kept up with."""
    overloaded: bool
    """Whether arrivals reach capacity, so that the queue only grows."""
    batch_in_flight: float
    """Sequences in flight that the load implies, over all replicas, at most what fits."""
    queue_wait_seconds: float | None
    """Mean wait for prefill and a place in the batch; None when overloaded."""
    ttft_p50_seconds: float | None
    """Half of the first tokens come sooner."""
    ttft_p95_seconds: float | None
    """95 % of the first tokens come sooner."""
    latency_p50_seconds: float | None
    """Half of the answers are complete sooner."""
    latency_p95_seconds: float | None
    """95 % of the answers are complete sooner."""
    replicas_needed: int | None
    """Copies that keep up with the arrivals within the limits at p95; None where no number of them does."""
    replicas_to_keep_up: int
    """Copies that keep up with the arrivals at a comfortable utilisation, whatever the limits."""
    reason: str | None = None
    """Why no number of replicas is enough."""


class Copy:
    """One replica at a given operating point: its latency at any batch, and the most it holds."""

    def __init__(self, shape: Shape, workload: Workload, correction: Correction) -> None:
        self._shape, self._workload = shape, workload
        self._coefficients, self._correction = coefficients_of(shape), correction
        self._known: dict[float, Latency] = {}
        b = budget(shape, workload.tokens, shape.replicas)
        room = sequences_that_fit(shape, b) / shape.replicas
        most = shape.max_num_seqs * shape.dp
        self.cap = max(min(room, most), 1.0) if room >= 1 else most  # what does not fit is answered as if it did

    def at(self, batch: float) -> Latency:
        """Latency with `batch` sequences in flight on this replica."""
        if batch not in self._known:
            self._known[batch] = self._computed(batch)
        return self._known[batch]

    def _computed(self, batch: float) -> Latency:
        w = self._workload
        point = latency(
            self._shape,
            w.input_tokens,
            w.output_tokens,
            batch * self._shape.replicas,
            w.cache_hit_rate,
            self._coefficients,
        )
        return self._correction.applied(point, w.output_tokens)

    def capacity(self) -> float:
        """Requests per second at the largest batch it can hold: end-to-end grows no faster than the batch."""
        return float(self.cap / self.at(self.cap).e2e_s)

    def in_flight(self, arrivals: float) -> float:
        """Sequences in flight under `arrivals` per second: the solution of b = arrivals x e2e(b), at most the cap."""
        return solve(lambda b: arrivals * self.at(b).e2e_s, self.cap)


def solve(implied: Callable[[float], float], cap: float) -> float:
    """The fixed point of an increasing, nearly straight function between 0 and `cap`; the cap where it lies beyond.

    Each step solves the straight line through the last two points, within the bracket known so far.
    """
    if implied(cap) >= cap:
        return cap
    low, high = 0.0, cap
    before, image_before = cap, implied(cap)
    guess = min(implied(1.0), cap)
    for _ in range(20):
        image = implied(max(guess, 1.0))
        if abs(image - guess) <= 1e-3 * guess:
            break
        low, high = (guess, high) if image > guess else (low, guess)
        slope = (image - image_before) / (guess - before) if guess != before else 1.0
        before, image_before = guess, image
        following = (image - slope * guess) / (1 - slope) if slope < 1 else high
        guess = following if low < following < high else (low + high) / 2
    return guess


def load_of(
    deployment: Deployment, workload: Workload, *, correction: Correction = NO_CORRECTION
) -> LoadEstimate | None:
    """The deployment under the workload's arrivals; None where no load is stated or the speed is unknown.

    `correction`, of the workload's own operating point, counts at every number in flight.
    """
    if workload.requests_per_hour is None:
        return None
    copy = Copy(shape_of(deployment), workload, correction)
    capacity = copy.capacity()
    if not math.isfinite(capacity):
        return None
    at_peak = workload.requests_per_hour * workload.peak_factor
    arrivals = at_peak / 3600
    point = _Queue(copy, arrivals / deployment.replicas, capacity)
    needed, reason = _replicas(copy, arrivals, capacity, workload, {deployment.replicas: point})
    waits = None if point.overloaded else point
    return LoadEstimate(
        requests_per_hour=at_peak,
        capacity_requests_per_hour=capacity * deployment.replicas * 3600,
        utilization=point.utilization,
        overloaded=point.overloaded,
        batch_in_flight=point.batch * deployment.replicas,
        queue_wait_seconds=waits and waits.mean_wait,
        ttft_p50_seconds=waits and waits.ttft(0.5),
        ttft_p95_seconds=waits and waits.ttft(LATE),
        latency_p50_seconds=waits and waits.e2e(0.5),
        latency_p95_seconds=waits and waits.e2e(LATE),
        replicas_needed=needed,
        replicas_to_keep_up=max(1, math.ceil(arrivals / capacity / COMFORTABLE)),
        reason=reason,
    )


def implied_batch(deployment: Deployment, workload: Workload, measurements: Sequence[OwnMeasurement] = ()) -> int:
    """Sequences in flight that the workload's arrivals imply, at least one; for a batch size that nobody stated.

    Where the team has measured, the number is found with what holds near it.
    """
    load = load_of(deployment, workload)
    batch = max(1, math.ceil(load.batch_in_flight)) if load else 1
    if measurements and load:
        there = workload.model_copy(update={"batch_size": batch})
        correction = correction_of(deployment, there, measurements)
        load = load_of(deployment, workload, correction=correction)
        batch = max(1, math.ceil(load.batch_in_flight)) if load else batch
    return batch


class _Queue:
    """Waits on one replica under `arrivals` per second."""

    def __init__(self, copy: Copy, arrivals: float, capacity: float) -> None:
        self.utilization = arrivals / capacity
        self.overloaded = self.utilization >= 1
        self.batch = copy.cap if self.overloaded else copy.in_flight(arrivals)
        self._point = copy.at(max(self.batch, 1.0))
        self._prefill_use = min(arrivals * self._point.prefill_s, 0.999)
        prefill_wait = self._prefill_use / (1 - self._prefill_use) * self._point.prefill_s / 2
        spread = math.sqrt(2 * (copy.cap + 1))
        full = min(self.utilization, 0.999)
        place_wait = self._point.e2e_s / copy.cap * full ** (spread - 1) / (1 - full)
        self._waits: tuple[tuple[float, float], ...] = ((prefill_wait, self._prefill_use), (place_wait, full**spread))
        self.mean_wait = float(prefill_wait + place_wait)

    def ttft(self, late: float) -> float:
        """First token for all but the share `late` of requests."""
        return float(self._point.ttft_s) + self._wait(late)

    def e2e(self, late: float) -> float:
        """Whole answer for all but the share `late` of requests."""
        return float(self._point.e2e_s) + self._wait(late)

    def tpot(self) -> float:
        """Time per output token under this load."""
        return float(self._point.tpot_s)

    def _wait(self, late: float) -> float:
        """Wait that only the share `late` exceeds: an exponential tail for those who wait at all."""
        return sum((mean / some * math.log(some / late) for mean, some in self._waits if some > late), 0.0)


def _replicas(
    copy: Copy, arrivals: float, capacity: float, w: Workload, known: dict[int, "_Queue"]
) -> tuple[int | None, str | None]:
    """The fewest copies whose p95 meets every limit, and why there are none."""
    alone = copy.at(1.0)
    limits = (
        (w.max_latency_s, alone.e2e_s, "answer"),
        (w.max_ttft_s, alone.ttft_s, "first token"),
        (w.max_tpot_s, alone.tpot_s, "token"),
    )
    for limit, best, what in limits:
        if limit is not None and best > limit:
            return None, f"one request alone takes {best:.3g} s per {what}, more than {limit:g} s: replicas do not help"
    count = max(1, math.ceil(arrivals / capacity / (1.0 if _limited(w) else COMFORTABLE)))
    while count <= MOST_REPLICAS:
        queue = known.get(count) or _Queue(copy, arrivals / count, capacity)
        if not queue.overloaded and _within(queue, w):
            return count, None
        count += max(1, count // 8)
    return None, f"more than {MOST_REPLICAS} replicas"


def _limited(w: Workload) -> bool:
    return any(limit is not None for limit in (w.max_latency_s, w.max_ttft_s, w.max_tpot_s))


def _within(queue: _Queue, w: Workload) -> bool:
    if not _limited(w):
        return queue.utilization <= COMFORTABLE
    pairs = ((w.max_latency_s, queue.e2e(LATE)), (w.max_ttft_s, queue.ttft(LATE)), (w.max_tpot_s, queue.tpot()))
    return all(limit is None or value <= limit for limit, value in pairs)
