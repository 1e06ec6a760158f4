"""What a team requires beside lengths, load and limits: quality, privacy, availability, budget, and how much cost weighs."""

from typing import Literal

from pydantic import Field

from calculator.base import Frozen

Level = Literal["low", "medium", "high", "very high"]
Tier = Literal["small", "basic", "good", "strong", "frontier"]
TIERS: tuple[Tier, ...] = ("small", "basic", "good", "strong", "frontier")
"""Tiers of published scores, from the lowest."""
LEAST_TIER: dict[Level, Tier] = {"low": "small", "medium": "basic", "high": "good", "very high": "strong"}
"""The lowest tier that a quality level accepts."""
BUSINESS_HOURS = 176.0
"""Hours of a month in which business hours are: 22 days of eight."""


class Requirements(Frozen):
    """What an option must be, beside the limits of its workload. Nothing is required where nothing is said."""

    percentile: Literal["typical", "p95"] = "typical"
    """Which latency the limits hold for: of one request in the batch, or of 95 % of requests with the queue."""
    quality: Level | None = None
    """Published scores at least of this level; a model without one is unknown, not excluded."""
    cost_sensitivity: Literal["low", "medium", "high"] = "medium"
    """How much apart two costs must be to count as different: 25 %, 5 % or at all."""
    around_the_clock: bool = False
    """24/7: kept every hour of the month."""
    redundant: bool = False
    """One copy more than the load needs (N+1)."""
    offline: bool = False
    """Nothing leaves the premises: no cloud, no API."""
    budget_usd: float | None = Field(None, gt=0)
    """Dollars a month, for what is kept."""
