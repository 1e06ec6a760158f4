"""When a deployment deserves an alert, and when that is over: thresholds with a gap between them, so that nothing flickers."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from calculator.base import Frozen

BUDGET_STEPS = (50, 80, 100)
"""Per cent of a month's budget that are told, once a month each."""
FORECAST_CLEARS = Decimal("0.95")
"""A forecast over budget is over once it falls below this share of it."""
JUMP, JUMP_CLEARS = Decimal("1.5"), Decimal("1.2")
"""A day that costs this many times the usual day of the week before; and when that is over."""
SMALLEST_JUMP_USD = Decimal(5)
"""A day's cost that jumps by less is nobody's business."""
SILENT_HOURS, HEARD_HOURS = 3.0, 1.5
"""Hours without a sign of life; and when it counts as heard again."""
SLO_CLEARS = 0.9
"""A limit that was missed is met again below this share of it."""


class Raised(NamedTuple):
    """An alert that is raised: its kind, and the month where it is about a budget."""

    kind: str
    """budget-50, budget-80, budget-100, forecast, jump, silent, ttft or latency."""
    period: str = ""


class Alert(NamedTuple):
    """Something to tell."""

    raised: Raised
    sentence: str
    """For people; the deployment's name stands before it."""


class Watch(Frozen):
    """What is known of a deployment at a moment. None: not known, or not limited."""

    month: str
    """The calendar month in UTC: 2026-11."""
    budget_usd: Decimal | None = None
    month_usd: Decimal | None = None
    """The bill of the month so far."""
    forecast_usd: Decimal | None = None
    """The bill of the whole month, as it goes on."""
    day_usd: Decimal | None = None
    """The bill of the last 24 hours."""
    usual_day_usd: Decimal | None = None
    """The median of the seven days before those."""
    silent_hours: float | None = None
    """Hours since anything was heard of it; None where nothing is fetched."""
    ttft_p95_s: float | None = None
    """95th percentile of the first token in the last hour."""
    max_ttft_s: float | None = None
    latency_p95_s: float | None = None
    """95th percentile of the whole answer in the last hour."""
    max_latency_s: float | None = None


class News(NamedTuple):
    """What became of the alerts of a deployment."""

    told: tuple[Alert, ...]
    """To tell now."""
    untold: tuple[Raised, ...]
    """Raised too, but a higher step of the same budget tells it."""
    over: tuple[Raised, ...]
    """Raised before, and over."""


def alerts(watch: Watch, raised: Sequence[Raised]) -> News:
    """What to tell now, given what is raised already."""
    open_ = {one.kind: one for one in raised}
    levels = list(_levels(watch))
    new = [level for level in levels if level.on and open_.get(level.raised.kind) != level.raised]
    over = [
        open_[level.raised.kind]
        for level in levels
        if level.raised.kind in open_ and level.ends(open_[level.raised.kind])
    ]
    steps = [level for level in new if level.raised.kind.startswith("budget")][:-1]
    told = tuple(Alert(level.raised, level.sentence) for level in new if level not in steps)
    return News(told, tuple(level.raised for level in steps), tuple(over))


class _Level(NamedTuple):
    """One threshold: whether it is passed, and whether it is left far enough again."""

    raised: Raised
    on: bool
    off: bool
    sentence: str

    def ends(self, open_: Raised) -> bool:
        """Whether an open alert of this kind is over: left behind, or of another month."""
        return self.off or open_.period != self.raised.period


def _unlimited(kind: str) -> _Level:
    """Without a limit there is nothing to pass, and what was raised about it is over."""
    return _Level(Raised(kind), on=False, off=True, sentence="")


def _levels(watch: Watch) -> Iterator[_Level]:
    yield from _budget(watch)
    yield from _forecast(watch)
    yield from _jump(watch)
    yield from _silent(watch)
    for kind, what, value, limit in (
        ("ttft", "first token", watch.ttft_p95_s, watch.max_ttft_s),
        ("latency", "whole answer", watch.latency_p95_s, watch.max_latency_s),
    ):
        if limit is None:
            yield _unlimited(kind)
        elif value is not None:
            sentence = (
                f"misses its limit: 95 % of requests had the {what} within {value:.3g} s, the limit is {limit:g} s"
            )
            yield _Level(Raised(kind), value > limit, value < limit * SLO_CLEARS, sentence)


def _budget(watch: Watch) -> Iterator[_Level]:
    if not watch.budget_usd:
        yield from (_unlimited(f"budget-{step}") for step in BUDGET_STEPS)
    elif watch.month_usd is not None:
        used = watch.month_usd / watch.budget_usd * 100
        for step in BUDGET_STEPS:
            sentence = (
                f"has used {used:.0f} % of its ${watch.budget_usd:,.2f} for {watch.month}: ${watch.month_usd:,.2f}"
            )
            yield _Level(Raised(f"budget-{step}", watch.month), used >= step, used < step, sentence)


def _forecast(watch: Watch) -> Iterator[_Level]:
    if not watch.budget_usd:
        yield _unlimited("forecast")
    elif watch.forecast_usd is not None:
        over = watch.forecast_usd - watch.budget_usd
        sentence = f"is on its way to ${watch.forecast_usd:,.2f} in {watch.month}, ${over:,.2f} over its budget"
        off = watch.forecast_usd < watch.budget_usd * FORECAST_CLEARS
        yield _Level(Raised("forecast", watch.month), over > 0, off, sentence)


def _jump(watch: Watch) -> Iterator[_Level]:
    if watch.day_usd is not None and watch.usual_day_usd is not None:
        more = watch.day_usd - watch.usual_day_usd
        on = watch.day_usd > watch.usual_day_usd * JUMP and more >= SMALLEST_JUMP_USD
        sentence = f"cost ${watch.day_usd:,.2f} in the last 24 hours; ${watch.usual_day_usd:,.2f} is usual"
        yield _Level(Raised("jump"), on, watch.day_usd < watch.usual_day_usd * JUMP_CLEARS, sentence)


def _silent(watch: Watch) -> Iterator[_Level]:
    if watch.silent_hours is None:
        yield _unlimited("silent")
    else:
        hours = watch.silent_hours
        sentence = f"has been silent for {hours:.0f} hours: no usage was seen"
        yield _Level(Raised("silent"), hours >= SILENT_HOURS, hours <= HEARD_HOURS, sentence)
