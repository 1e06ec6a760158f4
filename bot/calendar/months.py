"""How long months are."""

from calendar import monthrange
from datetime import date

LEAP_YEAR = 2000


def days_in(day: date) -> int:
    """Days in the month of this day."""
    return monthrange(day.year, day.month)[1]


def longest(month: int) -> int:
    """The most days that this month can have."""
    return monthrange(LEAP_YEAR, month)[1]
