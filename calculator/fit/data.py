"""Measured rows as what a fit needs: columns, levels, groups, and one target per measured figure."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calculator.errors import CalculatorError
from calculator.fit.plan import EFFECTIVE, GROUP_POWER
from calculator.measured.predictions import MODES, Array, Columns, columns_of, rows_of
from calculator.measured.rows import Point, campaign_of, figure, point_of
from calculator.physics.levels import codes_of, names_of

FIGURES = (
    ("ttft_s", "ttft_ms", 1e-3),
    ("tpot_s", "tpot_ms", 1e-3),
    ("e2e_s", "e2e_latency_ms", 1e-3),
    ("output_tokens_per_s", "output_tokens_per_s_total", 1.0),
)
"""Predicted figure, its column, and what turns the column into seconds or tokens per second."""
FINGERPRINTED = ("gpu_key", "model_key", "engine", "engine_version", "weight_precision", "num_gpus", "tp", "pp",
                 "batch_size", "concurrency", "input_tokens", "output_tokens", *(name for _, name, _ in FIGURES))  # fmt: skip
ARRIVALS_WEIGHT = 0.4
"""Open loops are measured at rates near saturation, where a small error of speed is a large one of waiting."""
BATCH, FLIGHT, ARRIVALS, SATURATED = range(len(MODES))


@dataclass(frozen=True, slots=True)
class Data:
    """Rows to fit."""

    columns: Columns
    levels: tuple[tuple[str, ...], ...]
    """Names of the levels of each row."""
    group: Array
    """Campaign, model, card, engine and precision: what is left out together."""
    card: Array
    model: Array
    campaign: Array
    family: Array
    """Engine family of each row."""
    is_most: Array
    """Whether the row is a throughput at saturation."""
    measured: Array
    """Rows by FIGURES; not-a-number where a figure was not measured."""

    def __len__(self) -> int:
        return len(self.levels)

    def take(self, rows: Array) -> "Data":
        """Some of the rows, by index."""
        levels = tuple(self.levels[row] for row in rows)
        names = ("group", "card", "model", "campaign", "family", "is_most", "measured")
        chosen = {name: getattr(self, name)[rows] for name in names}
        return Data(columns=rows_of(self.columns, rows), levels=levels, **chosen)


@dataclass(frozen=True, slots=True)
class Targets:
    """One entry per figure that is fitted."""

    row: Array
    figure: Array
    log_measured: Array
    weight: Array


def data_of(rows: Iterable[Mapping[str, str]]) -> Data:
    """The rows that are fit for fitting and can be predicted."""
    return data_from(kept_of(rows))


def kept_of(rows: Iterable[Mapping[str, str]]) -> list[tuple[Mapping[str, str], Point]]:
    """Those rows, in order, with what they ask."""
    kept = []
    for row in filter(is_usable, rows):
        try:
            kept.append((row, point_of(row)))
        except CalculatorError:
            continue
    return kept


def refusals_of(rows: Iterable[Mapping[str, str]]) -> Counter[str]:
    """How many rows are refused, by reason."""
    refused: Counter[str] = Counter()
    for row in rows:
        try:
            point_of(row)
        except CalculatorError as error:
            refused[str(error)] += 1
    return refused


def data_from(kept: Sequence[tuple[Mapping[str, str], Point]]) -> Data:
    """Rows with what they ask as columns."""
    columns = columns_of([point for _, point in kept])
    codes = zip(*codes_of(columns.shape), strict=True)
    measured = [[(figure(row, name) or np.nan) * unit for _, name, unit in FIGURES] for row, _ in kept]
    campaign = [campaign_of(row) for row, _ in kept]
    families = [point.deployment.engine.key for _, point in kept]
    names = ("model_key", "gpu_key", "weight_precision")
    groups = [
        "|".join([source, engine, *(row[name] for name in names)])
        for (row, _), source, engine in zip(kept, campaign, families, strict=True)
    ]
    return Data(
        columns,
        tuple(names_of(tuple(map(int, code))) for code in codes),
        np.array(groups),
        np.array([row["gpu_key"] for row, _ in kept]),
        np.array([row["model_key"] for row, _ in kept]),
        np.array(campaign),
        np.array(families),
        np.array([row["metric_kind"] == "throughput_max" for row, _ in kept]),
        np.array(measured),
    )


def is_usable(row: Mapping[str, str]) -> bool:
    """Whether a row is marked clean, or lacks nothing but the exact length of a short prompt."""
    short = "short prompt" in row.get("notes", "") and not row.get("suspect") and not row.get("tags")
    return row.get("clean", "1") == "1" or short


def fingerprint(rows: Iterable[Mapping[str, str]]) -> str:
    """SHA-256 over the columns that the fit reads, of the rows that it may use, in order."""
    digest = hashlib.sha256()
    for row in filter(is_usable, rows):
        digest.update("\x1f".join(row.get(name, "") for name in FINGERPRINTED).encode() + b"\n")
    return digest.hexdigest()


def targets_of(data: Data) -> Targets:
    """What is fitted: no figure that follows from two others, and no group by its number of points alone."""
    mode, measured = data.columns.mode, ~np.isnan(data.measured)
    ttft, tpot, e2e, rate = measured.T
    wanted = np.stack(
        [
            ttft & (mode != SATURATED),
            tpot & (mode != SATURATED),
            e2e & ~((mode == BATCH) & ttft & tpot),
            rate & ((mode == SATURATED) | (mode == FLIGHT) | data.is_most | ((mode == BATCH) & ~e2e & ~tpot)),
        ]
    )
    place, row = np.nonzero(wanted)
    members = Counter(zip(place, data.group[row], strict=True))
    weight = np.array([members[key] ** -GROUP_POWER for key in zip(place, data.group[row], strict=True)])
    weight = np.where(mode[row] == ARRIVALS, ARRIVALS_WEIGHT * weight, weight)
    weight *= EFFECTIVE * len(data) / weight.sum()
    return Targets(row, place, np.log(data.measured[row, place]), weight)
