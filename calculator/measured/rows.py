"""Published measurements, row by row: what a row of measured.csv asks the calculator, and what it answers itself.

The columns are those of the table of published measurements; more may follow. A row without what a prediction needs
is refused with the reason, never guessed.
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from calculator.catalog import loader
from calculator.errors import CalculatorError
from calculator.measured.layout import layout_of
from calculator.measured.terms import engine_of, kv_of, precision_of, version_of
from calculator.specs.deployment import Deployment

Row = Mapping[str, str]
Mode = Literal["batch", "flight", "arrivals", "saturated"]

NOMINAL = 0.9
"""Mean length over the nominal one where a benchmark draws lengths from 80 to 100 % of it (InferenceX)."""
MOST_SEQUENCES = {"tensorrt-llm": 2048}
"""Sequences that an engine tuned for throughput admits; its default at build time."""
SHORT_PROMPT = "16"
"""Tokens of what a row calls a short prompt without counting it."""


class RefusedError(CalculatorError):
    """A row that cannot be predicted; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One row as a question: a deployment and an operating point."""

    deployment: Deployment
    mode: Mode
    """A static batch, a number in flight, arrivals at a rate, or as many as memory holds."""
    input_tokens: float
    output_tokens: float
    batch: float
    """Sequences over all replicas; 1 where arrivals or memory decide."""
    requests_per_s: float
    is_median: bool
    """The row reports medians."""
    decode_only: bool
    """The row's throughput leaves the prompts out."""


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a file of measurements, in order."""
    with path.open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def figure(row: Row, name: str) -> float | None:
    """A positive number of the row; None where it is blank or is no number."""
    try:
        value = float(row.get(name) or "nan")
    except ValueError:
        return None
    return value if value > 0 else None


def campaign_of(row: Row) -> str:
    """Who measured: points of one campaign that several tables republish stay together."""
    return "InferenceX" if "InferenceX" in row.get("notes", "") else row.get("source_id", "")


def point_of(row: Row) -> Point:
    """The question that a row asks. RefusedError with the reason where it lacks what a prediction needs."""
    mode, batch = _load(row)
    length = NOMINAL if "InferenceX" in row.get("notes", "") else 1.0
    given = row.get("input_tokens", "") or (SHORT_PROMPT if "short prompt" in row.get("notes", "") else "")
    if not given:
        raise RefusedError("missing input_tokens")
    output = figure(row, "output_tokens")
    if output is None and figure(row, "tpot_ms"):
        raise RefusedError("missing output_tokens")
    notes = row.get("notes", "").lower()
    return Point(
        deployment=deployment_of(row, mode),
        mode=mode,
        input_tokens=float(given) * length,
        output_tokens=max((output or 1.0) * length, 1.0),
        batch=batch,
        requests_per_s=figure(row, "request_rate_per_s") or 1.0,
        is_median="median ttft/tpot" in notes,
        decode_only=float(given) <= 0 or bool(re.search(r"prefill excluded|decode (only|excludes|\d+ tokens)", notes)),
    )


def deployment_of(row: Row, mode: Mode) -> Deployment:
    """What served the row."""
    model_key, gpu_key = row.get("model_key", ""), row.get("gpu_key", "")
    if gpu_key not in loader.gpu_keys():
        raise RefusedError(f"unknown GPU: {row.get('gpu') or gpu_key or 'blank'}")
    if model_key not in loader.model_keys():
        raise RefusedError(f"unknown model: {row.get('model') or model_key or 'blank'}")
    if not row.get("weight_precision"):
        raise RefusedError("missing weight_precision")
    model, gpu, engine = loader.model(model_key), loader.gpu(gpu_key), engine_of(row.get("engine", ""))
    precision = precision_of(row["weight_precision"], model.native_precision)
    settings = (
        {"max_num_seqs": MOST_SEQUENCES[engine.key]} if mode == "saturated" and engine.key in MOST_SEQUENCES else {}
    )
    try:
        return Deployment.model_validate(
            {"model": model, "gpu": gpu, "precision": precision, "engine": engine}
            | {"kv_precision": kv_of(row, engine.key), "engine_version": version_of(row, engine.key)}
            | layout_of(row, model, gpu, precision)
            | settings
        )
    except (ValidationError, CalculatorError) as error:
        raise RefusedError(f"no such deployment: {str(error).splitlines()[0]}") from error


def _load(row: Row) -> tuple[Mode, float]:
    """How the row was loaded, and how many sequences that is."""
    kind, notes = row.get("metric_kind", ""), row.get("notes", "")
    batch, clients = figure(row, "batch_size"), figure(row, "concurrency")
    if "not sequences" in notes:
        batch = 1.0
    if "static concurrency" in notes:
        return "flight", clients or batch or 1.0
    if kind == "latency" or (kind == "throughput_max" and batch):
        return "batch", batch or 1.0
    if kind == "throughput_max":
        return "saturated", 1.0
    if clients:
        return "flight", clients
    if figure(row, "request_rate_per_s"):
        return "arrivals", 1.0
    raise RefusedError("missing concurrency or request_rate_per_s")
