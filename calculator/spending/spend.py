"""What a deployment cost over some time: the rates in force, hour by hour, against what was seen.

Four figures that are never mixed. Kept (provisioned) is the invoice of hardware: every card for every hour that it ran.
Busy is the time that requests used. Each is told as it was and as it was planned. Hardware counts by the second; use
counts by the hour, and an hour where it begins, so that however the time is cut, no part is lost or counted twice.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from calculator.base import Frozen
from calculator.spending.terms import MILLION, Terms, exact
from calculator.spending.usage import Usage, first_hour

CENT = Decimal("0.01")
HOUR = timedelta(hours=1)


class Stretch(Frozen):
    """A plan in force, from `since` until the next one's."""

    since: datetime
    """When it came into force."""
    running: bool
    """Whether the deployment ran; while it is paused or retired it costs nothing."""
    terms: Terms
    """Its rates."""
    why: str = ""
    """What brought it: tracked, edited, price, paused, resumed, retired, restored."""


class Piece(Frozen):
    """A time in which one plan was in force."""

    start: datetime
    end: datetime
    stretch: Stretch

    @property
    def hours(self) -> Decimal:
        """Its length, exactly."""
        span = self.end - self.start
        return Decimal(span.days * 86_400 + span.seconds) / 3600 + Decimal(span.microseconds) / 3_600_000_000

    @property
    def running_hours(self) -> Decimal:
        """Its length where it ran, else zero."""
        return self.hours if self.stretch.running else Decimal(0)

    @property
    def begun(self) -> int:
        """The hours that begin in it."""
        return first_hour(self.end) - first_hour(self.start)

    @property
    def key(self) -> tuple[datetime, datetime]:
        """What its usage is looked up by."""
        return self.start, self.end


class Spend(Frozen):
    """What a deployment cost over some time. Money in cents; None where it is not known."""

    cost_usd: Decimal | None
    """The bill: kept hardware, or use where the model is hosted."""
    planned_usd: Decimal | None
    """The bill if the plan had run all the time with its planned load."""
    kept_usd: Decimal | None
    """Hardware for every hour that it ran; zero where the model is hosted."""
    busy_usd: Decimal | None
    """Busy time of the requests that were seen."""
    busy_planned_usd: Decimal | None
    """Busy time of the planned requests."""
    idle_usd: Decimal | None
    """The share of the kept hardware that nobody used."""
    hours: Decimal
    """Hours that it ran."""
    usage: Usage
    """What was seen."""
    utilization: float | None
    """Requests seen over what could have been finished in the hours seen."""
    usd_per_million_tokens: Decimal | None
    """The bill of the hours seen over the tokens seen; by plan where nothing was seen."""


def cents(value: Decimal | None) -> Decimal | None:
    """Rounded to the cent, halves up: what is shown, and what sums are made of."""
    return None if value is None else value.quantize(CENT, ROUND_HALF_UP)


def pieces(stretches: Sequence[Stretch], start: datetime, end: datetime) -> tuple[Piece, ...]:
    """The time from `start` to `end`, cut where plans change; before the first plan there is nothing."""
    return tuple(_pieces(stretches, start, end))


def _pieces(stretches: Sequence[Stretch], start: datetime, end: datetime) -> Iterator[Piece]:
    ordered = sorted(stretches, key=lambda one: one.since)
    for index, stretch in enumerate(ordered):
        until = ordered[index + 1].since if index + 1 < len(ordered) else end
        begin, finish = max(stretch.since, start), min(until, end)
        if begin < finish:
            yield Piece(start=begin, end=finish, stretch=stretch)


def spend(cut: Iterable[Piece], seen: Mapping[tuple[datetime, datetime], Usage]) -> Spend:
    """The cost of the pieces of one deployment, given what was seen in each."""
    parts = [_part(piece, seen.get(piece.key, Usage())) for piece in cut]
    usage = sum((part.usage for part in parts), Usage())
    known = [part for part in parts if part.usage.requests is not None]
    billed = [part.cost for part in parts if not (known and part.blank)]
    return Spend(
        cost_usd=cents(_total(billed)),
        planned_usd=cents(_total(part.planned for part in parts)),
        kept_usd=cents(_total(part.kept for part in parts)),
        busy_usd=cents(_total(part.busy for part in known)) if known else None,
        busy_planned_usd=cents(_total(part.busy_planned for part in parts)),
        idle_usd=cents(_total(part.idle for part in parts)),
        hours=sum((part.hours for part in parts), Decimal(0)),
        usage=usage,
        utilization=_ratio(sum(part.finished for part in known), sum(part.capacity for part in known)),
        usd_per_million_tokens=_per_million(known or parts),
    )


def bill(cut: Sequence[Piece], seen: Mapping[tuple[datetime, datetime], Usage]) -> Decimal | None:
    """The bill alone, as `spend` has it: of hardware it follows from the hours, whatever was seen."""
    if any(piece.stretch.terms.hosted for piece in cut):
        return spend(cut, seen).cost_usd
    return cents(_total(_times(piece.stretch.terms.kept_usd_per_hour, piece.running_hours) for piece in cut))


class _Part(Frozen):
    """One piece, in numbers."""

    hours: Decimal
    kept: Decimal | None
    cost: Decimal | None
    planned: Decimal | None
    busy: Decimal | None
    busy_planned: Decimal | None
    idle: Decimal | None
    blank: bool
    """A hosted model of which neither a plan nor anyone says what was used: unknown, and nothing beside what was seen."""
    tokens: Decimal
    """Tokens seen, or planned where nothing was seen."""
    tokens_cost: Decimal | None
    """What these tokens cost."""
    finished: float
    capacity: float
    usage: Usage


def _part(piece: Piece, seen: Usage) -> _Part:
    """The piece in numbers. While it is paused nothing counts, whatever is said or seen of it."""
    terms, running = piece.stretch.terms, piece.stretch.running
    usage, hours, begun = (seen, piece.hours, piece.begun) if running else (Usage(), Decimal(0), 0)
    known = usage.requests is not None
    kept, planned_kept = _times(terms.kept_usd_per_hour, hours), _times(terms.kept_usd_per_hour, piece.hours)
    share = _seen_share(usage, hours)
    planned = terms.planned_per_calendar_hour
    busy_planned = _times(terms.busy_usd_per_request, _times(planned, piece.hours))
    busy = _busy(terms, usage)
    used = _used(terms, busy, max(begun - exact(usage.hours), Decimal(0)) if known else Decimal(begun))
    capacity = (terms.capacity_requests_per_hour or 0.0) * terms.kept_share * usage.hours
    use = None if usage.requests is None else _ratio(usage.requests, capacity)
    return _Part(
        hours=hours,
        kept=kept,
        cost=used if terms.hosted else kept,
        planned=busy_planned if terms.hosted else planned_kept,
        busy=busy,
        busy_planned=busy_planned,
        idle=_idle(terms, kept, use, share),
        usage=usage,
        capacity=capacity,
        blank=terms.hosted and not known and planned is None and terms.busy_usd_per_request is not None,
        tokens=_tokens(terms, usage)
        if known
        else (planned or Decimal(0)) * (begun if terms.hosted else hours) * terms.tokens,
        tokens_cost=busy
        if terms.hosted and known
        else used
        if terms.hosted
        else _times(kept, share if known else Decimal(1)),
        finished=usage.requests or 0.0 if use is not None else 0.0,
    )


def _seen_share(usage: Usage, hours: Decimal) -> Decimal:
    """The share of the time of which requests are known; planned figures stand in for the rest."""
    return Decimal(0) if usage.requests is None or not hours else min(exact(usage.hours) / hours, Decimal(1))


def _used(terms: Terms, busy: Decimal | None, unseen: Decimal) -> Decimal | None:
    """What was used in the hours seen and, by plan, in the others; without a plan, what was seen."""
    planned = _times(terms.planned_per_calendar_hour, unseen) if unseen else Decimal(0)
    rest = _times(terms.busy_usd_per_request, planned)
    return rest if busy is None else busy + (rest or 0)


def _busy(terms: Terms, usage: Usage) -> Decimal | None:
    """Busy time of what was seen; requests whose tokens nobody counted have the planned lengths."""
    if usage.requests is None:
        return None
    counted = terms.busy_usd(exact(usage.input_tokens or 0), exact(usage.output_tokens or 0))
    rest = _times(terms.busy_usd_per_request, exact(max(usage.requests - usage.requests_with_tokens, 0)))
    return None if counted is None or rest is None else counted + rest


def _tokens(terms: Terms, usage: Usage) -> Decimal:
    """Tokens seen; requests whose tokens nobody counted have the planned lengths."""
    rest = exact(max((usage.requests or 0) - usage.requests_with_tokens, 0)) * terms.tokens
    return exact(usage.input_tokens or 0) + exact(usage.output_tokens or 0) + rest


def _idle(terms: Terms, kept: Decimal | None, use: float | None, share: Decimal) -> Decimal | None:
    """Kept in the hours seen and not used in them; nothing is idle of which nothing is known."""
    if use is None or terms.hosted:
        return Decimal(0)
    return _times(kept, share * exact(1 - min(use, 1.0)))


def _per_million(parts: Sequence[_Part]) -> Decimal | None:
    """Dollars per million of the tokens that the parts know of."""
    cost, tokens = _total(part.tokens_cost for part in parts), sum((part.tokens for part in parts), Decimal(0))
    return cost / tokens * MILLION if cost is not None and tokens else None


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _times(rate: Decimal | None, amount: Decimal | None) -> Decimal | None:
    return None if rate is None or amount is None else rate * amount


def _total(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum; None as soon as one part is unknown, zero where there are none."""
    known = list(values)
    return (
        None
        if any(value is None for value in known)
        else sum((value for value in known if value is not None), Decimal(0))
    )
