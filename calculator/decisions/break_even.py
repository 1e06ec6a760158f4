"""From which volume own hardware is cheaper than a hosted API, and what a mix of both costs.

Own hardware is a staircase: (copies that the peak needs + spare ones) x dollars of a copy and hour. An API is a straight
line: requests x dollars of a request. A mix keeps copies for the base load and sends the overflow of busy hours to the
API, or keeps the private share and sends the rest (section 6 of the physics page). All of it is exact on the staircase.
"""

import math
from typing import NamedTuple

from pydantic import Field

from calculator.base import Frozen
from calculator.estimates.load import MOST_REPLICAS

NOISE = 1e-9
"""What a float may be off by and still count as a whole number of copies."""


class Plan(NamedTuple):
    """One way to answer all requests at one rate."""

    copies: int
    """Copies kept, spare ones included."""
    own_share: float
    """Share of requests that own copies answer."""
    usd_per_hour: float
    """Dollars in an hour of the month that is paid for."""


class BreakEven(NamedTuple):
    """Where own hardware becomes cheaper than the API for good."""

    requests_per_hour: float
    """The lowest average rate from which it stays cheaper."""
    copies: int
    """Copies kept there, spare ones included."""
    busy: float
    """Share of their capacity that is used there on average."""
    first: float
    """The lowest rate at which it is cheaper at all; below `requests_per_hour` the next copy makes it dearer again."""

    @property
    def steady(self) -> bool:
        """Whether the API is cheaper everywhere below, own hardware everywhere above."""
        return self.first >= self.requests_per_hour * (1 - NOISE)


class Sides(Frozen):
    """Copies of one's own against an API, and how requests come. Rates are averages over the hours that are paid for."""

    usd_per_copy_hour: float = Field(ge=0)
    """Dollars for the accelerators of one copy for one hour."""
    planned_per_copy: float = Field(gt=0)
    """Requests per hour that one copy is given at the peak."""
    capacity_per_copy: float = Field(gt=0)
    """The most requests per hour that one copy can finish."""
    usd_per_request: float = Field(ge=0)
    """Dollars per request at the API."""
    least_copies: int = Field(1, ge=1)
    """Copies kept whatever the load: those that were said."""
    spare_copies: int = Field(0, ge=0)
    """Copies kept beyond what the load needs (N+1)."""
    peak_factor: float = Field(1, ge=1)
    """Arrivals at the peak over the average."""
    peak_share: float = Field(0, ge=0, le=1)
    """Share of the hours in which the peak lasts; at most 1 / peak_factor."""
    private_share: float = Field(0, ge=0, le=1)
    """Share of requests that own copies must answer."""

    @property
    def worth_of_copy(self) -> float:
        """Dollars per hour that the API asks for the requests that one copy is kept for."""
        return self.usd_per_request * self.planned_per_copy / self.peak_factor

    @property
    def pays_when_full(self) -> bool:
        """Whether a copy with all the requests that it is kept for is cheaper than the API."""
        return self.worth_of_copy > self.usd_per_copy_hour

    @property
    def highest_rate(self) -> float:
        """The highest average rate that is looked at: what the most copies take."""
        return MOST_REPLICAS * self.planned_per_copy / self.peak_factor

    def own(self, rate: float) -> Plan:
        """Everything on own copies."""
        copies = self._needed(rate * self.peak_factor) + self.spare_copies
        return Plan(copies, 1.0, copies * self.usd_per_copy_hour)

    def api(self, rate: float) -> Plan:
        """Everything at the API."""
        return Plan(0, 0.0, rate * self.usd_per_request)

    def overflow(self, rate: float) -> Plan:
        """Base load on the best number of own copies, what is beyond them at the API; the private share stays on them.

        The cost is convex in the number of copies with kinks at the quiet and the peak rate, so the best whole number
        stands beside a kink or at the least. The API stands in for a copy that fails, except for what is private.
        """
        private = self.private_share > 0
        least = max(self.least_copies, self._needed(self.private_share * rate * self.peak_factor))
        kinks = (self._quiet(rate) / self.planned_per_copy, rate * self.peak_factor / self.planned_per_copy)
        counts = {max(least, whole) for kink in kinks for whole in (math.floor(kink), self._up(kink))} | {least}
        plans = [self._with(copies, rate) for copies in counts]
        plans += [] if private else [self.api(rate)]
        return min(plans, key=lambda plan: (plan.usd_per_hour, plan.copies))

    def split(self, rate: float) -> Plan:
        """The private share on own copies, the rest at the API."""
        copies = self._needed(self.private_share * rate * self.peak_factor) + self.spare_copies
        at_api = (1 - self.private_share) * rate * self.usd_per_request
        return Plan(copies, self.private_share, copies * self.usd_per_copy_hour + at_api)

    def plans(self, rate: float) -> dict[str, Plan]:
        """Every plan that keeps the private share at home: own, API, overflow and split, where they are allowed."""
        found = {"own": self.own(rate), "overflow": self.overflow(rate)}
        return found | ({"split": self.split(rate)} if self.private_share else {"api": self.api(rate)})

    def break_even(self) -> BreakEven | None:
        """Where own hardware becomes cheaper than the API for good; None where it never does within `highest_rate`.

        Copy n starts at (n - 1) x planned / peak. From the first n on with (n + spare) x copy <= (n - 1) x worth every
        step starts cheaper than the API, so the break-even lies on the step before, where its cost equals the API's.
        """
        if not self.pays_when_full:
            return None
        margin = self.worth_of_copy - self.usd_per_copy_hour
        spare_usd = self.spare_copies * self.usd_per_copy_hour
        last = max(self.least_copies, self._up((self.worth_of_copy + spare_usd) / margin) - 1)
        first = max(self.least_copies, self._up(spare_usd / margin))
        if last > MOST_REPLICAS:
            return None
        kept, rate = last + self.spare_copies, self._equal(last)
        return BreakEven(rate, kept, rate / (kept * self.capacity_per_copy), self._equal(min(first, last)))

    def mix_from(self) -> float | None:
        """The lowest average rate at which some overflow plan is cheaper than the API alone; None where none is.

        The fewest copies pay off first: what they answer grows with the rate, and with it what they save.
        """
        cost, full = self.least_copies * self.usd_per_copy_hour, self.least_copies * self.planned_per_copy
        if self.private_share or full * self.usd_per_request <= cost:
            return None
        paid = cost / self.usd_per_request
        if paid <= full / self.peak_factor:
            return paid
        quiet_share = 1 - self.peak_share * self.peak_factor
        return (paid - self.peak_share * full) / quiet_share if quiet_share > NOISE else None

    def _equal(self, copies: int) -> float:
        """The rate at which the API costs as much as this many copies and the spare ones."""
        return (copies + self.spare_copies) * self.usd_per_copy_hour / self.usd_per_request

    def _with(self, copies: int, rate: float) -> Plan:
        """This many copies for what they can take, the rest at the API."""
        taken = copies * self.planned_per_copy
        peak, quiet = max(0.0, rate * self.peak_factor - taken), max(0.0, self._quiet(rate) - taken)
        over = self.peak_share * peak + (1 - self.peak_share) * quiet
        kept = copies + (self.spare_copies if self.private_share else 0)
        usd = kept * self.usd_per_copy_hour + over * self.usd_per_request
        return Plan(kept, 1 - over / rate, usd)

    def _quiet(self, rate: float) -> float:
        """Requests per hour outside the peak, so that the day has the average."""
        rest = 1 - self.peak_share
        return rate * max(0.0, 1 - self.peak_share * self.peak_factor) / rest if rest > NOISE else rate

    def _needed(self, rate: float) -> int:
        return max(self.least_copies, self._up(rate / self.planned_per_copy))

    @staticmethod
    def _up(copies: float) -> int:
        return math.ceil(copies * (1 - NOISE))
