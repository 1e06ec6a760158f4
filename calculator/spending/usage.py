"""What a deployment was seen to do: requests, tokens and latencies by the hour."""

from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from calculator.base import Frozen

SECONDS_PER_HOUR = 3600
Seen = Literal["typed", "csv", "prometheus"]


class UsageHour(Frozen):
    """One hour of one deployment. What was not measured is None; zero means measured and nothing there."""

    hour: int = Field(ge=0, le=10_000_000)
    """Whole hours since 1970 in UTC: the hour that begins then."""
    requests: float | None = Field(None, ge=0, le=1e12)
    """Requests that were finished."""
    input_tokens: float | None = Field(None, ge=0, le=1e15)
    """Prompt tokens."""
    output_tokens: float | None = Field(None, ge=0, le=1e15)
    """Output tokens."""
    running: float | None = Field(None, ge=0)
    """Requests in flight, on average."""
    waiting: float | None = Field(None, ge=0)
    """Requests in the queue, on average."""
    kv_share: float | None = Field(None, ge=0, le=1)
    """Share of the KV cache in use, on average."""
    ttft_p95_s: float | None = Field(None, ge=0)
    """95 % of first tokens came within."""
    tpot_p95_s: float | None = Field(None, ge=0)
    """95 % of output tokens came within, after the one before."""
    latency_p95_s: float | None = Field(None, ge=0)
    """95 % of whole answers came within."""

    @property
    def start(self) -> datetime:
        """When the hour begins, in UTC."""
        return moment_of(self.hour)


class Usage(Frozen):
    """What was seen over some time. None: nothing of the kind is known."""

    hours: float = 0.0
    """Hours of which something is known."""
    requests: float | None = None
    """Requests."""
    input_tokens: float | None = None
    """Prompt tokens, in the hours that count both kinds."""
    output_tokens: float | None = None
    """Output tokens, likewise."""
    requests_with_tokens: float = 0.0
    """Requests of those hours."""
    peak_requests: float | None = None
    """Requests of the busiest hour."""
    kv_share: float | None = None
    """Share of the KV cache in use, on average."""
    ttft_p95_s: float | None = None
    """95th percentile of the first token in a typical hour."""
    latency_p95_s: float | None = None
    """95th percentile of the whole answer in a typical hour."""

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            hours=self.hours + other.hours,
            requests=_sum(self.requests, other.requests),
            input_tokens=_sum(self.input_tokens, other.input_tokens),
            output_tokens=_sum(self.output_tokens, other.output_tokens),
            requests_with_tokens=self.requests_with_tokens + other.requests_with_tokens,
            peak_requests=max(
                (peak for peak in (self.peak_requests, other.peak_requests) if peak is not None), default=None
            ),
            kv_share=_mean(self.kv_share, self.hours, other.kv_share, other.hours),
            ttft_p95_s=_mean(self.ttft_p95_s, self.hours, other.ttft_p95_s, other.hours),
            latency_p95_s=_mean(self.latency_p95_s, self.hours, other.latency_p95_s, other.hours),
        )


def hour_of(moment: datetime) -> int:
    """The hour, counted from 1970, in which the moment lies."""
    return int(moment.timestamp() // SECONDS_PER_HOUR)


def first_hour(moment: datetime) -> int:
    """The first hour that begins at the moment or after it: hours belong to the time in which they begin."""
    return -int(-moment.timestamp() // SECONDS_PER_HOUR)


def moment_of(hour: int) -> datetime:
    """When an hour, counted from 1970, begins."""
    return datetime.fromtimestamp(hour * SECONDS_PER_HOUR, UTC)


def _sum(one: float | None, other: float | None) -> float | None:
    return other if one is None else one if other is None else one + other


def _mean(one: float | None, weight: float, other: float | None, other_weight: float) -> float | None:
    if one is None or other is None:
        return other if one is None else one
    both = weight + other_weight
    return (one * weight + other * other_weight) / both if both else one
