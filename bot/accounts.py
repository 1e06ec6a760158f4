"""Statements and watches: what is stored about deployments, brought together for the formulas."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from calculator.alarms import Watch
from calculator.spend import Piece, Spend, Stretch, pieces, spend
from calculator.statement import DAY, RECENT, Line, Month, Statement, forecast, month_of, price_changes, usual_day
from calculator.usage import Usage
from storage.deployments import Deployment, Deployments
from storage.sources import Source
from storage.usage import Span, UsageBook

HOUR = timedelta(hours=1)
Saver = Callable[[Deployment, Line], Line]
"""Adds what could be saved to a line."""
Edges = Sequence[datetime]


@dataclass(frozen=True)
class Accounts:
    """The books that statements are made from."""

    deployments: Deployments
    usage: UsageBook

    def statement(self, found: Sequence[Deployment], edges: Edges) -> Statement:
        """The period between the last two edges, against those before it."""
        end, month = edges[-1], month_of(edges[-1])
        stretches = self.deployments.stretches([one.id for one in found])
        spans = [(edges[-2], end), *_earlier(edges), (month.start, end), (end - RECENT, end)]
        book = self._book(found, stretches, spans)
        lines = [_line(one, stretches[one.id], edges, month, book) for one in found if stretches[one.id]]
        known = [line for line in lines if line.this.hours or line.before.hours or line.running]
        return Statement(
            start=edges[-2], end=end, month=month.name, labels=tuple(edges[:-1]),
            lines=tuple(sorted(known, key=lambda line: (-(line.this.cost_usd or Decimal(0)), line.name))),
        )  # fmt: skip

    def watch(self, found: Sequence[Deployment], sources: Mapping[int, Source], now: datetime) -> Mapping[int, Watch]:
        """What alarms look at, by deployment."""
        month = month_of(now)
        days = [(now - (number + 1) * DAY, now - number * DAY) for number in range(8)]
        stretches = self.deployments.stretches([one.id for one in found])
        last_hour = now.replace(minute=0, second=0, microsecond=0)
        book = self._book(found, stretches, [(month.start, now), (now - RECENT, now), (last_hour - HOUR, last_hour), *days])
        return {one.id: _watch(one, stretches[one.id], sources.get(one.id), book, now) for one in found}

    def _book(self, found: Sequence[Deployment], stretches: Mapping[int, Sequence[Stretch]], times: Iterable[tuple[datetime, datetime]]) -> "_Book":
        """Everything that was seen in these times, cut where plans change, in one reading."""
        wanted = list(dict.fromkeys(times))
        cut = {(one.id, *time): pieces(stretches[one.id], *time) for one in found for time in wanted}
        spans = dict.fromkeys((span[0], piece.start, piece.end) for span, parts in cut.items() for piece in parts)
        return _Book(cut, self.usage.usage(tuple(spans)))


@dataclass(frozen=True)
class _Book:
    """Pieces of plans and what was seen in them, by deployment and time."""

    cut: Mapping[Span, tuple[Piece, ...]]
    seen: Mapping[Span, Usage]

    def spend(self, deployment_id: int, start: datetime, end: datetime) -> Spend:
        """The cost of a deployment over one of the times."""
        parts = self.cut[deployment_id, start, end]
        return spend(parts, {piece.key: self.seen[deployment_id, piece.start, piece.end] for piece in parts})


def _earlier(edges: Edges) -> list[tuple[datetime, datetime]]:
    return list(zip(edges[:-2], edges[1:-1], strict=True))


def _line(one: Deployment, stretches: Sequence[Stretch], edges: Edges, month: Month, book: _Book) -> Line:
    start, end = edges[-2], edges[-1]
    so_far = book.spend(one.id, month.start, end).cost_usd
    past = [book.spend(one.id, *time) for time in _earlier(edges)]
    this = book.spend(one.id, start, end)
    in_force = [stretch for stretch in stretches if stretch.since < end] or stretches[:1]
    return Line(
        name=one.name, tags=one.tags, running=in_force[-1].running, terms=in_force[-1].terms, this=this,
        before=past[-1] if past else spend([], {}), budget_usd=one.budget_usd, month_usd=so_far,
        forecast_usd=forecast(stretches, so_far, end, book.spend(one.id, end - RECENT, end).usage),
        trend=(*(spent.cost_usd for spent in past), this.cost_usd),
        price_changes=price_changes(stretches, start, end),
    )  # fmt: skip


def _watch(one: Deployment, stretches: Sequence[Stretch], source: Source | None, book: _Book, now: datetime) -> Watch:
    month = month_of(now)
    so_far = book.spend(one.id, month.start, now).cost_usd
    day, *week = (book.spend(one.id, now - (number + 1) * DAY, now - number * DAY) for number in range(8))
    hour = now.replace(minute=0, second=0, microsecond=0)
    last = book.spend(one.id, hour - HOUR, hour).usage
    terms = stretches[-1].terms
    heard = source and (source.seen_at or stretches[0].since)
    return Watch(
        month=month.name, budget_usd=one.budget_usd, month_usd=so_far,
        forecast_usd=forecast(stretches, so_far, now, book.spend(one.id, now - RECENT, now).usage),
        day_usd=day.cost_usd, usual_day_usd=usual_day([spent.cost_usd for spent in week if spent.hours]),
        silent_hours=(now - heard) / HOUR if heard and stretches[-1].running else None,
        ttft_p95_s=last.ttft_p95_s, max_ttft_s=terms.max_ttft_s, latency_p95_s=last.latency_p95_s, max_latency_s=terms.max_latency_s,
    )  # fmt: skip
