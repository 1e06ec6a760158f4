"""Statements and watches: what is stored about deployments, brought together for the formulas."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from calculator.spending.alerts import Watch
from calculator.spending.spend import Piece, Spend, Stretch, bill, pieces, spend
from calculator.spending.statement import (
    DAY,
    RECENT,
    Line,
    Month,
    Statement,
    forecast,
    month_of,
    price_changes,
    usual_day,
)
from calculator.spending.usage import Usage
from storage.deployment_records import Deployment
from storage.sources import UsageSource
from storage.tables import Tables
from storage.usage import Span

HOUR = timedelta(hours=1)
Saver = Callable[[Deployment, Line], Line]
"""Adds what could be saved to a line."""
Edges = Sequence[datetime]
Time = tuple[datetime, datetime]


@dataclass(frozen=True)
class Accounts:
    """What statements are made from."""

    tables: Tables

    def statement(self, found: Sequence[Deployment], edges: Edges) -> Statement:
        """The period between the last two edges, against those before it."""
        end, month = edges[-1], month_of(edges[-1])
        stretches = self.tables.deployments.stretches([one.id for one in found])
        book = self._book(
            found, stretches, [(edges[-2], end)], [*_earlier(edges), (month.start, end), (end - RECENT, end)]
        )
        lines = [_line(one, stretches[one.id], edges, month, book) for one in found if stretches[one.id]]
        known = [line for line in lines if line.this.hours or line.before.hours or line.running or line.month_usd]
        return Statement(
            start=edges[-2],
            end=end,
            month=month.name,
            labels=tuple(edges[:-1]),
            lines=tuple(sorted(known, key=lambda line: (-(line.this.cost_usd or Decimal(0)), line.name))),
        )

    def watch(
        self, found: Sequence[Deployment], sources: Mapping[int, UsageSource], now: datetime
    ) -> Mapping[int, Watch]:
        """What alerts look at, by deployment."""
        month = month_of(now)
        days = [(now - (number + 1) * DAY, now - number * DAY) for number in range(8)]
        stretches = self.tables.deployments.stretches([one.id for one in found])
        last_hour = now.replace(minute=0, second=0, microsecond=0)
        book = self._book(
            found, stretches, [(last_hour - HOUR, last_hour)], [(month.start, now), (now - RECENT, now), *days]
        )
        known = [one for one in found if stretches[one.id]]  # one that is forgotten meanwhile has no plans
        return {one.id: _watch(one, stretches[one.id], sources.get(one.id), book, now) for one in known}

    def _book(
        self,
        found: Sequence[Deployment],
        stretches: Mapping[int, Sequence[Stretch]],
        told: Collection[Time],
        billed: Sequence[Time],
    ) -> "_Book":
        """Times cut where plans change, with what was seen: in those that are told, and in all where use makes the bill."""
        cut = {(one.id, *time): pieces(stretches[one.id], *time) for one in found for time in (*told, *billed)}
        metered = {one.id for one in found if any(stretch.terms.hosted for stretch in stretches[one.id])}
        read = (span for span in cut if span[0] in metered or span[1:] in told)
        spans = dict.fromkeys((span[0], piece.start, piece.end) for span in read for piece in cut[span])
        return _Book(cut, self.tables.usage.usage(tuple(spans)))


@dataclass(frozen=True)
class _Book:
    """Pieces of plans and what was seen in them, by deployment and time."""

    cut: Mapping[Span, tuple[Piece, ...]]
    seen: Mapping[Span, Usage]

    def spend(self, deployment_id: int, start: datetime, end: datetime) -> Spend:
        """The cost of a deployment over one of the times."""
        return spend(self.cut[deployment_id, start, end], self._seen(deployment_id, start, end))

    def bill(self, deployment_id: int, start: datetime, end: datetime) -> Decimal | None:
        """What that comes to."""
        return bill(self.cut[deployment_id, start, end], self._seen(deployment_id, start, end))

    def ran(self, deployment_id: int, start: datetime, end: datetime) -> bool:
        """Whether it ran at any time between."""
        return any(piece.stretch.running for piece in self.cut[deployment_id, start, end])

    def usage(self, deployment_id: int, start: datetime, end: datetime) -> Usage:
        """What was seen of it while it ran, where that was read."""
        running = {piece.key for piece in self.cut[deployment_id, start, end] if piece.stretch.running}
        return sum((usage for key, usage in self._seen(deployment_id, start, end).items() if key in running), Usage())

    def _seen(self, deployment_id: int, start: datetime, end: datetime) -> dict[Time, Usage]:
        keys = ((deployment_id, *piece.key) for piece in self.cut[deployment_id, start, end])
        return {key[1:]: self.seen[key] for key in keys if key in self.seen}


def _earlier(edges: Edges) -> list[Time]:
    return list(pairwise(edges[:-1]))


def _line(one: Deployment, stretches: Sequence[Stretch], edges: Edges, month: Month, book: _Book) -> Line:
    start, end = edges[-2], edges[-1]
    so_far, earlier = book.bill(one.id, month.start, end), _earlier(edges)
    this = book.spend(one.id, start, end)
    in_force = [stretch for stretch in stretches if stretch.since < end] or stretches[:1]
    return Line(
        name=one.name,
        key=one.key,
        tags=one.tags,
        running=in_force[-1].running,
        terms=in_force[-1].terms,
        this=this,
        before=book.spend(one.id, *earlier[-1]) if earlier else spend([], {}),
        budget_usd=one.budget_usd,
        month_usd=so_far,
        forecast_usd=forecast(stretches, so_far, end, book.usage(one.id, end - RECENT, end)),
        trend=(*(book.bill(one.id, *time) for time in earlier), this.cost_usd),
        price_changes=price_changes(stretches, start, end),
    )


def _heard(stretches: Sequence[Stretch], source: UsageSource | None) -> datetime | None:
    """Since when it is silent where it is fetched: last seen, or running again, or never reached; None where it need not speak."""
    asked = source is not None and (source.fetched_hour or source.failing_since)
    if source is None or not asked or not stretches[-1].running:
        return None
    paused = [stretch.since for stretch in stretches if not stretch.running]
    began = next(stretch.since for stretch in stretches if not paused or stretch.since > paused[-1])
    unreached = None if source.fetched_hour else source.failing_since
    return max(moment for moment in (source.seen_at, began, unreached) if moment)


def _watch(
    one: Deployment, stretches: Sequence[Stretch], source: UsageSource | None, book: _Book, now: datetime
) -> Watch:
    month = month_of(now)
    so_far = book.bill(one.id, month.start, now)
    today, *week = [(one.id, now - (number + 1) * DAY, now - number * DAY) for number in range(8)]
    hour = now.replace(minute=0, second=0, microsecond=0)
    last = book.usage(one.id, hour - HOUR, hour)
    terms, heard = stretches[-1].terms, _heard(stretches, source)
    return Watch(
        month=month.name,
        budget_usd=one.budget_usd,
        month_usd=so_far,
        forecast_usd=forecast(stretches, so_far, now, book.usage(one.id, now - RECENT, now)),
        day_usd=book.bill(*today),
        usual_day_usd=usual_day([book.bill(*day) for day in week if book.ran(*day)]),
        silent_hours=(now - heard) / HOUR if heard else None,
        ttft_p95_s=last.ttft_p95_s,
        max_ttft_s=terms.max_ttft_s,
        latency_p95_s=last.latency_p95_s,
        max_latency_s=terms.max_latency_s,
    )
