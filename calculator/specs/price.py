"""A price per accelerator and hour, with everything that it rests on; or the reason why there is none."""

from datetime import datetime
from decimal import Decimal

from pydantic import Field

from calculator.base import Frozen


class Price(Frozen):
    """A price per accelerator and hour, and everything that it rests on."""

    usd_per_gpu_hour: float
    """Dollars per accelerator and hour."""
    basis: str
    """cloud, local, hybrid, own (what the team says it pays) or stated."""
    providers: tuple[str, ...] = ()
    """Providers behind it."""
    region: str | None = None
    """Region, where one was asked for or all offers share it."""
    date: str | None = None
    """Date of the offers, or first and last: `2026-05-24 to 2026-08-21`."""
    source: str
    """Where from."""
    low: float
    """Cheapest of the offers considered."""
    high: float
    """Dearest of the offers considered."""
    count: int = 1
    """Providers considered."""
    note: str | None = None
    """What to know: the choice, the discount, or that it is old."""
    parts: dict[str, float] = Field(default_factory=dict)
    """What it is made of, dollars per hour, for owned and mixed hardware."""
    assumptions: dict[str, float] = Field(default_factory=dict)
    """The adjustable numbers behind it, by name."""

    def discounted(self, share: float) -> "Price":
        """The price less a discount, said so."""
        kept = 1 - share
        note = f"{self.note}; " if self.note else ""
        return self.model_copy(
            update={
                "usd_per_gpu_hour": self.usd_per_gpu_hour * kept,
                "low": self.low * kept,
                "high": self.high * kept,
                "note": f"{note}{share:.0%} discount",
                "parts": {name: value * kept for name, value in self.parts.items()},
            }
        )


class NoPrice(Frozen):
    """No price, and why; the cost is null with this reason."""

    reason: str
    """Why, and what to type instead."""


class OwnRate(Frozen):
    """What a team itself pays for an hour of an accelerator; it overrides the catalog's prices."""

    number: int
    """What people call it by: `prices remove 3`."""
    gpu: str
    """The accelerator's key in the catalog."""
    provider: str = ""
    """At which provider; any where none is said."""
    usd_per_gpu_hour: Decimal
    """Dollars per accelerator and hour."""
    note: str = ""
    """Why, for people: a contract, a quote."""
    user_id: str
    """Who entered it."""
    since: datetime
    """From when it holds."""
    until: datetime | None = None
    """When it was ended; None while it holds."""
