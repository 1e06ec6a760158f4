"""Errors of many comparisons in one line, over all rows and by group."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import numpy as np

BATCH_RANGES = ((1, "1"), (8, "2-8"), (32, "9-32"), (128, "33-128"), (float("inf"), "129 and more"))
"""Upper ends of the batch ranges, and their names."""
COLUMNS = {
    "metric_kind": "metric_kind",
    "engine": "engine",
    "gpu": "gpu",
    "model": "model",
    "weight_precision": "weight_precision",
    "source_id": "source_id",
}
"""What rows are grouped by: the group's name and the column."""


class Compared(Protocol):
    """One measured figure, its prediction and interval."""

    @property
    def row(self) -> int: ...
    @property
    def metric(self) -> str: ...
    @property
    def measured(self) -> float: ...
    @property
    def predicted(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


def summary(comparisons: Sequence[Compared]) -> dict[str, float]:
    """Number, errors as fractions of the measured figure, and the share of intervals that hold it."""
    measured = np.array([c.measured for c in comparisons])
    signed = np.array([c.predicted for c in comparisons]) / measured - 1
    held = [c.low <= c.measured <= c.high for c in comparisons]
    return {
        "n": len(comparisons),
        "median_ape": float(np.median(np.abs(signed))),
        "mape": float(np.mean(np.abs(signed))),
        "p90_ape": float(np.quantile(np.abs(signed), 0.9)),
        "median_signed_error": float(np.median(signed)),
        "coverage_80": float(np.mean(held)),
    }


def groups_of(
    comparisons: Sequence[Compared], rows: Sequence[Mapping[str, str]], columns: Mapping[str, str] = COLUMNS
) -> list[dict[str, Any]]:
    """The same by each value of each column, metric by metric, in a stable order."""
    found: dict[tuple[str, str, str], list[Compared]] = defaultdict(list)
    for compared in comparisons:
        for by, value in _groups(rows[compared.row], columns):
            found[by, value, compared.metric].append(compared)
    return [
        {"by": by, "value": value, "metric": metric, **summary(found[by, value, metric])}
        for by, value, metric in sorted(found)
    ]


def _groups(row: Mapping[str, str], columns: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for by, column in columns.items():
        yield by, row.get(column) or "not stated"
    batch = row.get("batch_size") or row.get("concurrency")
    yield "metric_kind and batch", f"{row.get('metric_kind') or 'not stated'} {_batch_range(batch)}"


def _batch_range(batch: str | None) -> str:
    try:
        size = float(batch or "nan")
    except ValueError:
        size = float("nan")
    return next((f"batch {name}" for end, name in BATCH_RANGES if size <= end), "batch not stated")
