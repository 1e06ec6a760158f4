"""Measured figures beside predicted ones, in the columns' units, whatever the prediction and its interval rest on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from calculator.base import GB
from calculator.estimates.interval_factors import Factors, Figure
from calculator.measured.predictions import MODES, Array, Columns
from calculator.measured.rows import Point, Row, figure
from calculator.physics.peak_memory import peak_bytes

THROUGHPUT, PEAK = "output_tokens_per_s_total", "peak_memory_gb"
FIGURES: dict[str, tuple[Figure, float]] = {
    "ttft_ms": ("ttft_s", 1e3),
    "tpot_ms": ("tpot_s", 1e3),
    "e2e_latency_ms": ("e2e_s", 1e3),
    THROUGHPUT: ("output_tokens_per_s", 1.0),
    PEAK: ("peak_memory_bytes", 1 / GB),
}
"""Column to the predicted figure and what converts it."""

Interval = Callable[[Figure, float], Factors]
"""The interval of a row's figure with this many sequences in flight per replica."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One measured figure and its prediction, in the column's unit."""

    row: int
    metric: str
    measured: float
    predicted: float
    low: float
    high: float


def peaks(c: Columns) -> Array:
    """Peak memory of static batches, bytes per accelerator; not-a-number elsewhere."""
    found = peak_bytes(c.shape, c.input_tokens, c.output_tokens, c.batch)
    return np.where(c.mode == MODES.index("batch"), found, np.nan)


def compared(number: int, row: Row, point: Point, values: Mapping[str, float], interval: Interval) -> list[Comparison]:
    """One comparison per figure that the row reports and `values` predict."""
    found = []
    for column, (name, scale) in FIGURES.items():
        measured, predicted = figure(row, column), values[name] * scale
        if measured is None or np.isnan(predicted):
            continue
        is_most = column == THROUGHPUT and row.get("metric_kind") == "throughput_max"
        regime: Figure = "max_output_tokens_per_s" if is_most else name
        low, high = interval(regime, values["batch"] / point.deployment.replicas).around(predicted)
        found.append(Comparison(number, f"max_{column}" if is_most else column, measured, predicted, low, high))
    return found
