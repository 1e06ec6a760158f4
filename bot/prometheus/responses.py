"""What a Prometheus answers, read: series, usage by the hour, or what is wrong in words for people.

https://prometheus.io/docs/prometheus/latest/querying/api/. Nothing in an answer is taken on trust: what is no number, negative
or absurd counts as not measured.
"""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.prometheus.engine_metrics import QUANTITIES
from calculator.spending.usage import SECONDS_PER_HOUR, UsageHour

_LONGEST = 200
_MOST = {"requests": 1e12, "input_tokens": 1e15, "output_tokens": 1e15, "kv_share": 1.0}


class PrometheusError(Exception):
    """Nothing was fetched. The message is a sentence for people; `reason` is a word or two of ours, for the log."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class Series(BaseModel):
    """One series of an answer."""

    metric: dict[str, str] = {}
    """Its labels."""
    values: list[tuple[float, float]] = []
    """Of a range: seconds since 1970, and the value then."""
    value: tuple[float, float] = (0.0, 0.0)
    """Of an instant: likewise."""


class _Data(BaseModel):
    result: list[Series]


class _Answer(BaseModel):
    status: str
    error: str = ""
    data: _Data | None = None


def read_answer(status: int, body: bytes, secret: str = "") -> list[Series]:
    """The series of an answer; PrometheusError where there are none to read. The secret is never repeated."""
    if status in {401, 403}:
        raise PrometheusError("refused", f"Prometheus refused the bot (HTTP {status}): it wants a token that may read.")
    if 300 <= status < 400:
        raise PrometheusError(
            "redirected", f"Prometheus sends the bot elsewhere (HTTP {status}), where it does not follow."
        )
    try:
        answer = _Answer.model_validate_json(body)
    except ValidationError:
        raise PrometheusError("not Prometheus", f"What answers there is no Prometheus (HTTP {status}).") from None
    if answer.status != "success" or answer.data is None:
        raise PrometheusError("error", f"Prometheus says: {clipped(answer.error or 'nothing', secret)}")
    return answer.data.result


def clipped(text: str, secret: str = "") -> str:
    """Foreign text on one line, without the secret and not too long."""
    line = " ".join((text.replace(secret, "[secret]") if secret else text).split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


def usage_hours(series: Iterable[Series], first: int, last: int) -> tuple[UsageHour, ...]:
    """Each hour from the first to the last of which anything was measured; a value describes the hour that ends then."""
    found: dict[int, dict[str, Any]] = {}
    for one in series:
        quantity = one.metric.get("quantity", "")
        for moment, value in one.values if quantity in QUANTITIES else ():
            hour = _hour_before(moment)
            if (
                hour is not None
                and first <= hour <= last
                and 0 <= value <= _MOST.get(quantity, math.nextafter(math.inf, 0))
            ):
                found.setdefault(hour, {})[quantity] = value
    return tuple(UsageHour(hour=hour, **found[hour]) for hour in sorted(found))


def series_counts(series: Iterable[Series]) -> Mapping[str, int]:
    """How many series each metric has, of an answer to a census."""
    return {one.metric.get("__name__", ""): int(one.value[1]) for one in series if 0 < one.value[1] < 1e9}


def _hour_before(moment: float) -> int | None:
    """The hour that ends then; None between hours."""
    return int(moment) // SECONDS_PER_HOUR - 1 if math.isfinite(moment) and moment % SECONDS_PER_HOUR == 0 else None
