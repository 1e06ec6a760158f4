"""How a team's own measurements correct predictions of the same setup.

At the measured point the answer equals the measurement; elsewhere predicted times are multiplied by (measured /
predicted) ^ exp(-distance), where distance is the sum of |log2| of the ratios of sequences in flight per replica and of
tokens per request. Another model, precision, accelerator, split or engine is not corrected at all.
"""

import math
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from calculator.base import Frozen
from calculator.physics.coefficients import coefficients_of
from calculator.physics.decode_step import weights_read_s
from calculator.physics.latency import Latency, latency
from calculator.physics.shape_from_specs import shape_of
from calculator.specs.deployment import Deployment
from calculator.specs.workload import Workload
from calculator.team.measurement import Figures, OwnMeasurement

NEGLIGIBLE = 0.01
"""A measurement whose correction has faded to less than this is not mentioned."""


class Correction(Frozen):
    """What predicted times are multiplied with, and the measurements that say so."""

    ttft: float = 1.0
    """Factor of everything up to the first token."""
    tpot: float = 1.0
    """Factor of everything after it."""
    ttft_nearness: float = 0.0
    """exp(-distance) of the measurement behind the first: 1 at the measured point, 0 where nothing was measured."""
    tpot_nearness: float = 0.0
    """The same for the second."""
    measurements: tuple[OwnMeasurement, ...] = ()
    """What it rests on, nearest first."""

    @property
    def nearness(self) -> float:
        """How near the measurements are: 1 at the measured point."""
        return max(self.ttft_nearness, self.tpot_nearness)

    def applied(self, point: Latency, output_tokens: float) -> Latency:
        """The predicted latency, corrected."""
        ttft, tpot = point.ttft_s * self.ttft, point.tpot_s * self.tpot
        after = {name: getattr(point, name) * self.tpot for name in point._fields[4:]}
        e2e, prefill = ttft + (output_tokens - 1) * tpot, point.prefill_s * self.ttft
        return Latency(ttft_s=ttft, tpot_s=tpot, e2e_s=e2e, prefill_s=prefill, **after)


NO_CORRECTION = Correction()


def correction_of(d: Deployment, w: Workload, measurements: Sequence[OwnMeasurement]) -> Correction:
    """What the team's measurements of this setup say at this workload's operating point."""
    points = sorted(_points(d, measurements), key=lambda point: _distance(d, w, point.at))
    ratios = cache(lambda place: _ratios(d, points[place]))
    fields: dict[str, Any] = {}
    used: list[OwnMeasurement] = []
    for name, figure in (("ttft", 0), ("tpot", 1)):
        places = range(len(points))
        best = next(((points[place], ratio) for place in places if (ratio := ratios(place)[figure])), None)
        nearness = math.exp(-_distance(d, w, best[0].at)) if best else 0.0
        if best and nearness >= NEGLIGIBLE:
            fields |= {name: best[1] ** nearness, f"{name}_nearness": nearness}
            used += best[0].measurements
    return Correction(**fields, measurements=tuple(dict.fromkeys(used)))


def fastest_tpot_s(d: Deployment, batch: float) -> float:
    """Seconds in which the weights that one step touches can be read at the data sheet's bandwidth: no step is shorter."""
    shape = shape_of(d)
    ideal = coefficients_of(shape)._replace(bandwidth_weights=1.0)
    return float(weights_read_s(shape, ideal, batch / d.replicas))


class _Point(NamedTuple):
    """One operating point, and what all its measurements say together."""

    at: OwnMeasurement
    figures: Figures
    measurements: tuple[OwnMeasurement, ...]


def _points(d: Deployment, measurements: Sequence[OwnMeasurement]) -> Iterable[_Point]:
    """The operating points of this setup; where one was measured twice, the newer figures count."""
    at: dict[tuple[float, ...], list[OwnMeasurement]] = {}
    for one in sorted(measurements, key=lambda one: -one.number):
        if _setup(one) == _setup_of(d):
            at.setdefault((one.input_tokens, one.output_tokens, _in_flight(one), one.cache_hit_rate), []).append(one)
    return (_together(here) for here in at.values())


def _together(newest_first: Sequence[OwnMeasurement]) -> _Point:
    """What the measurements of one operating point say, until nothing more is to be known."""
    figures, used = Figures(), []
    for one in newest_first:
        for name, value in one.figures._asdict().items():
            if value is not None and getattr(figures, name) is None and not figures.determined:
                figures = figures._replace(**{name: value}).complete(one.output_tokens)
                used.append(one)
    return _Point(newest_first[0], figures, tuple(dict.fromkeys(used)))


def _ratios(d: Deployment, point: _Point) -> Figures:
    """Measured over predicted, for the first token and after it; None where nothing was measured or predicted."""
    m, measured = point.at, point.figures
    batch = _in_flight(m) * d.replicas
    predicted = latency(shape_of(d), m.input_tokens, m.output_tokens, batch, m.cache_hit_rate)
    if measured.total_s is not None:
        whole = _ratio(measured.total_s, float(predicted.e2e_s))
        return Figures(whole, whole)
    return Figures(_ratio(measured.ttft_s, float(predicted.ttft_s)), _ratio(measured.tpot_s, float(predicted.tpot_s)))


def _ratio(measured: float | None, predicted: float) -> float | None:
    return measured / predicted if measured and predicted > 0 and math.isfinite(predicted) else None


def _distance(d: Deployment, w: Workload, m: OwnMeasurement) -> float:
    in_flight = abs(math.log2(max(w.batch_size / d.replicas, 1.0) / max(_in_flight(m), 1.0)))
    return in_flight + abs(math.log2(w.tokens / (m.input_tokens + m.output_tokens)))


def _in_flight(m: OwnMeasurement) -> float:
    return m.batch_size / m.replicas


def _setup(m: OwnMeasurement) -> tuple[Any, ...]:
    return (m.model, m.precision, m.kv_precision, m.gpu, m.tp, m.pp, m.dp, m.engine)


def _setup_of(d: Deployment) -> tuple[Any, ...]:
    return (d.model.key, d.precision.key, d.kv_precision, d.gpu.key, d.tp, d.pp, d.dp, d.engine.key)
