"""What a schedule means, found the slow way: walk through real time in quarters of an hour and look at the clock.

It knows nothing of folds: a time was skipped where the clock jumped over it, and comes twice where it was seen before.
All offsets and changes of the zones in these tests are multiples of a quarter of an hour.
"""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
Says = Callable[[datetime], bool]


@cache
def seen(zone: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime, bool]]:
    """Each quarter of an hour of the zone's clock: when, what it shows, whether it shows it for the first time."""
    place, shown, rows = ZoneInfo(zone), set(), []
    instant = start
    while instant < end:
        wall = instant.astimezone(place).replace(tzinfo=None, fold=0)
        rows.append((instant, wall, wall not in shown))
        shown.add(wall)
        instant += QUARTER
    return rows


@cache
def skipped(zone: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The times that the clock jumps over, each with the instant it would have had."""
    rows = seen(zone, start, end)
    found = []
    for (_, before, _), (instant, after, _) in pairwise(rows):
        wall, late = before + QUARTER, instant
        while wall < after:
            found.append((late, wall))
            wall, late = wall + QUARTER, late + QUARTER
    return found


@cache
def by_time(zone: str, start: datetime, end: datetime) -> dict[time, list[tuple[datetime, datetime, bool]]]:
    """What was seen, by the time that the clock shows."""
    found: dict[time, list[tuple[datetime, datetime, bool]]] = {}
    for row in seen(zone, start, end):
        found.setdefault(row[1].time(), []).append(row)
    return found


def once_each(zone: str, start: datetime, end: datetime, times: set[time], says: Says) -> list[datetime]:
    """The runs of a schedule by times of the day: each local time once."""
    rows = [row for at in times for row in by_time(zone, start, end)[at]]
    runs = {instant for instant, wall, first in rows if first and says(wall)}
    late = {instant for instant, wall in skipped(zone, start, end) if wall.time() in times and says(wall)}
    return sorted(runs | late)


def as_it_flows(zone: str, start: datetime, end: datetime, times: set[time], says: Says) -> list[datetime]:
    """The runs of a schedule in every hour: whenever the clock shows it."""
    return sorted(instant for at in times for instant, wall, _ in by_time(zone, start, end)[at] if says(wall))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)
