"""A statement of what deployments cost over a period: line by line, and in all. Totals are sums of the cents shown."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from calculator.base import Frozen
from calculator.spending.spend import Piece, Spend, Stretch, bill, cents
from calculator.spending.terms import MILLION, Terms
from calculator.spending.usage import Usage

DAY = timedelta(days=1)
RECENT = timedelta(days=7)
"""A hosted model's forecast goes on as these days went."""


class Month(Frozen):
    """A calendar month in UTC, as invoices have it."""

    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        """2026-11."""
        return f"{self.start:%Y-%m}"


def month_of(moment: datetime) -> Month:
    """The month that was going on just before the moment: at midnight of the first, the one that ends."""
    before = moment.astimezone(UTC) - timedelta(microseconds=1)
    start = before.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return Month(start=start, end=(start + 32 * DAY).replace(day=1))


class Line(Frozen):
    """One deployment in a statement."""

    name: str
    key: str
    """Which one it is: what is private may have the name of what is open."""
    tags: dict[str, str]
    running: bool
    terms: Terms
    """The plan in force at the end."""
    this: Spend
    """The period."""
    before: Spend
    """The period before it."""
    budget_usd: Decimal | None
    month_usd: Decimal | None
    """The bill of the calendar month up to the end of the period."""
    forecast_usd: Decimal | None
    """The bill of the whole month, as it goes on."""
    trend: tuple[Decimal | None, ...]
    """The bill of each period, the oldest first, this one last."""
    price_changes: tuple[str, ...] = ()
    """New prices in the period, in words."""
    saving_usd: Decimal | None = None
    """What the cheapest alternative for the same load would save in a month."""
    saving: str = ""
    """That alternative, in words: `1x L40S`."""

    @property
    def change_usd(self) -> Decimal | None:
        """This period's bill less the one before; None where either is unknown."""
        now, before = self.this.cost_usd, self.before.cost_usd
        return None if now is None or before is None else now - before


class Statement(Frozen):
    """Lines over one period."""

    start: datetime
    end: datetime
    month: str
    labels: tuple[datetime, ...]
    """When each period of the trend began."""
    lines: tuple[Line, ...]
    """Dearest first."""

    def total(self, figures: Iterable[Decimal | None]) -> Decimal:
        """The sum of what is known."""
        return sum((figure for figure in figures if figure is not None), Decimal(0))

    @property
    def cost_usd(self) -> Decimal:
        """The bill of the period."""
        return self.total(line.this.cost_usd for line in self.lines)

    @property
    def before_usd(self) -> Decimal:
        """The bill of the period before."""
        return self.total(line.before.cost_usd for line in self.lines)

    @property
    def forecast_usd(self) -> Decimal:
        """The bill of the month, as it goes on."""
        return self.total(line.forecast_usd for line in self.lines)

    @property
    def month_usd(self) -> Decimal:
        """The bill of the month so far."""
        return self.total(line.month_usd for line in self.lines)

    @property
    def budget_usd(self) -> Decimal | None:
        """All budgets together; None where there is none."""
        budgets = [line.budget_usd for line in self.lines if line.budget_usd is not None]
        return sum(budgets, Decimal(0)) if budgets else None

    @property
    def idle_usd(self) -> Decimal:
        """Kept and not used."""
        return self.total(line.this.idle_usd for line in self.lines)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Deployments whose bill is not known, and so is in no total."""
        return tuple(line.name for line in self.lines if line.this.cost_usd is None)

    def trend(self) -> tuple[Decimal, ...]:
        """The bill of each period."""
        return tuple(self.total(line.trend[index] for line in self.lines) for index in range(len(self.labels)))

    def movers(self, most: int = 3) -> tuple[Line, ...]:
        """The lines that changed most, in dollars."""
        moved = [line for line in self.lines if line.change_usd]
        return tuple(sorted(moved, key=lambda line: -abs(line.change_usd or Decimal(0)))[:most])


def forecast(stretches: Sequence[Stretch], so_far: Decimal | None, end: datetime, recent: Usage) -> Decimal | None:
    """The bill of the month that is going on at `end`: what it cost so far, and the rest at the present rate.

    `recent` is what was seen over the last seven days.
    """
    current = [stretch for stretch in stretches if stretch.since <= end]
    if so_far is None or not current:
        return so_far
    rest = month_of(end).end - end
    last = current[-1]
    if not last.running:
        return so_far
    piece = Piece(start=end, end=end + rest, stretch=last)
    ahead = Usage() if recent.requests is None else _scaled(recent, piece.begun)
    going_on = bill([piece], {piece.key: ahead}) if rest else Decimal(0)
    return None if going_on is None else cents(so_far + going_on)


def _scaled(seen: Usage, hours: float) -> Usage:
    """The same rate over other hours."""
    factor = hours / seen.hours if seen.hours else 0.0
    counts = {
        name: value and value * factor
        for name in ("requests", "input_tokens", "output_tokens", "requests_with_tokens")
        if (value := getattr(seen, name)) is not None
    }
    return seen.model_copy(update={**counts, "hours": hours})


def price_changes(stretches: Sequence[Stretch], start: datetime, end: datetime) -> tuple[str, ...]:
    """`$0.80/h -> $0.74/h on 2026-11-20` for each new price in the period; of a hosted model, per million tokens."""
    found = []
    for before, after in pairwise(stretches):
        old, new = _price(before.terms), _price(after.terms)
        if after.why == "price" and start <= after.since < end and old != new:
            found.append(f"{old} -> {new} on {after.since:%Y-%m-%d}")
    return tuple(found)


def _price(terms: Terms) -> str:
    """The price in a few words."""
    if not terms.hosted:
        return "unknown" if terms.usd_per_gpu_hour is None else f"{_dollars(terms.usd_per_gpu_hour)}/h"
    rates = (terms.usd_per_input_token, terms.usd_per_output_token)
    prompt, output = ("unknown" if rate is None else _dollars(rate * MILLION) for rate in rates)
    return f"{prompt} in, {output} out per million tokens"


def _dollars(price: Decimal) -> str:
    """`$0.80`: the cents, and up to two digits more where there are any."""
    dollars, _, part = f"{price:,.4f}".partition(".")
    return f"${dollars}.{part.rstrip('0'):0<2}"


def usual_day(days: Sequence[Decimal | None]) -> Decimal | None:
    """The median of the days whose cost is known; None where fewer than three are."""
    known = sorted(day for day in days if day is not None)
    return known[len(known) // 2] if len(known) > 2 else None


def planned_peak(terms: Terms, seen: Usage) -> float | None:
    """Requests of the busiest hour: seen, or planned where nothing was."""
    return terms.requests_per_hour if seen.peak_requests is None else seen.peak_requests
