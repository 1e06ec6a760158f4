"""Predictions for many measured rows at once: every figure that a row may report, as numpy columns."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from calculator.measured.rows import Point
from calculator.physics.coefficients import Coefficients, coefficients_of
from calculator.physics.latency import batch_latency, latency, of_median
from calculator.physics.saturation import saturated, under_arrivals
from calculator.physics.shape import Shape
from calculator.physics.shape_from_specs import shape_of

Array = np.ndarray[Any, Any]
MODES = ("batch", "flight", "arrivals", "saturated")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Points as columns: one row each."""

    shape: Shape
    mode: Array
    """Place in MODES."""
    input_tokens: Array
    output_tokens: Array
    batch: Array
    requests_per_s: Array
    is_median: Array
    decode_only: Array

    def __len__(self) -> int:
        return len(self.mode)


def columns_of(points: Sequence[Point]) -> Columns:
    """The points as columns."""
    names = ("input_tokens", "output_tokens", "batch", "requests_per_s", "is_median", "decode_only")
    return Columns(
        shape=stacked([shape_of(point.deployment) for point in points]),
        mode=np.array([MODES.index(point.mode) for point in points]),
        **{name: np.array([getattr(point, name) for point in points], float) for name in names},
    )


def stacked(shapes: Sequence[Shape]) -> Shape:
    """Many deployments as one Shape of columns."""
    return Shape(**{f.name: np.array([getattr(shape, f.name) for shape in shapes], float) for f in fields(Shape)})


def rows_of(many: Any, rows: Array) -> Any:
    """Some rows of columns, by mask or index."""
    if isinstance(many, Coefficients):
        return Coefficients(*(value[rows] for value in many))
    values = {f.name: getattr(many, f.name) for f in fields(many)}
    chosen = {name: rows_of(v, rows) if isinstance(v, Shape) else v[rows] for name, v in values.items()}
    return type(many)(**chosen)


def predict(columns: Columns, coefficients: Coefficients | None = None) -> dict[str, Array]:
    """ttft_s, tpot_s, e2e_s, output_tokens_per_s and the batch; not-a-number where a mode has no such figure."""
    k = coefficients or coefficients_of(columns.shape)
    names = ("ttft_s", "tpot_s", "e2e_s", "output_tokens_per_s", "batch")
    found = {name: np.full(len(columns), np.nan) for name in names}
    for place, mode in enumerate(MODES):
        rows = np.flatnonzero(columns.mode == place)
        if len(rows):
            for name, values in zip(names, _PREDICT[mode](rows_of(columns, rows), rows_of(k, rows)), strict=True):
                found[name][rows] = values
    return found


def _batch(c: Columns, k: Coefficients) -> tuple[Array, ...]:
    point = batch_latency(c.shape, c.input_tokens, c.output_tokens, c.batch, k)
    alone = c.batch / point.tpot_s
    whole = c.batch * c.output_tokens / point.e2e_s
    return point.ttft_s, point.tpot_s, point.e2e_s, np.where(c.decode_only > 0, alone, whole), c.batch


def _flight(c: Columns, k: Coefficients) -> tuple[Array, ...]:
    point = latency(c.shape, c.input_tokens, c.output_tokens, c.batch, 0.0, of_median(k, c.is_median))
    return point.ttft_s, point.tpot_s, point.e2e_s, c.batch * c.output_tokens / point.e2e_s, c.batch


def _arrivals(c: Columns, k: Coefficients) -> tuple[Array, ...]:
    batch, point = under_arrivals(c.shape, c.input_tokens, c.output_tokens, c.requests_per_s, k)
    rate = np.minimum(c.requests_per_s * c.output_tokens, batch * c.output_tokens / point.e2e_s)
    return point.ttft_s, point.tpot_s, point.e2e_s, rate, batch


def _saturated(c: Columns, k: Coefficients) -> tuple[Array, ...]:
    most = saturated(c.shape, c.input_tokens, c.output_tokens, k)
    none = np.full(len(c), np.nan)
    return none, none, none, most.output_tokens_per_s, most.batch


_PREDICT = {"batch": _batch, "flight": _flight, "arrivals": _arrivals, "saturated": _saturated}
