"""The floor: how far apart measurements of one configuration are. No prediction errs by much less than half of it."""

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence

import numpy as np

from calculator.accuracy.compare import FIGURES, THROUGHPUT
from calculator.accuracy.table import DECIMALS, METRICS, Spread
from calculator.measured.rows import Point, figure

SAME = 1e-3
"""Figures nearer than this are one measurement, published twice."""


def floor_of(kept: Sequence[tuple[Mapping[str, str], Point]]) -> tuple[Spread, ...]:
    """Spread by metric over configurations that were measured more than once, whatever the engine's version."""
    found: dict[tuple[str, Hashable], list[float]] = defaultdict(list)
    for row, point in kept:
        for column in FIGURES:
            measured = figure(row, column)
            if measured:
                is_most = column == THROUGHPUT and row.get("metric_kind") == "throughput_max"
                found[f"max_{column}" if is_most else column, _configuration(point)].append(measured)
    spreads: dict[str, list[float]] = defaultdict(list)
    for (metric, _), values in found.items():
        spread = max(values) / min(values) - 1
        if spread > SAME:
            spreads[metric].append(spread)
    return tuple(_spread(metric, spreads[metric]) for metric in METRICS if spreads[metric])


def _spread(metric: str, values: Sequence[float]) -> Spread:
    median, p90 = (round(float(share), DECIMALS) for share in np.quantile(values, (0.5, 0.9)))
    return Spread(metric, len(values), median, p90)


def _configuration(point: Point) -> Hashable:
    d = point.deployment
    return (
        d.model.key,
        d.gpu.key,
        d.precision.key,
        d.kv_precision,
        d.engine.key,
        d.tp,
        d.pp,
        d.dp,
        d.replicas,
        point.mode,
        point.input_tokens,
        point.output_tokens,
        point.batch,
        point.requests_per_s,
    )
