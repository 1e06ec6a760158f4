"""From a local day and its times to instants in UTC, also on the days on which clocks change."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When the day begins, or would have begun."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def once_each(day: date, times: Iterable[time], zone: ZoneInfo) -> set[datetime]:
    """Each time once: the first where it comes twice, the instant it would have had where the clock skips it."""
    return {datetime.combine(day, at, zone).astimezone(UTC) for at in times}


def as_it_flows(day: date, times: Iterable[time], zone: ZoneInfo) -> set[datetime]:
    """Every instant at which the clock shows one of the times: twice where it comes twice, never where it is skipped."""
    walls = [datetime.combine(day, at.replace(fold=fold), zone) for at in times for fold in (0, 1)]
    return {instant for wall in walls if _shows(wall, instant := wall.astimezone(UTC), zone)}


def _shows(wall: datetime, instant: datetime, zone: ZoneInfo) -> bool:
    return wall.replace(tzinfo=None, fold=0) == instant.astimezone(zone).replace(tzinfo=None, fold=0)


def local_days(after: datetime, zone: ZoneInfo, last_year: int) -> Iterable[date]:
    """The local days that can hold an instant after this one: from the day before, whose skipped times come late."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    while day.year <= last_year:
        yield day
        day += timedelta(days=1)


def oddity(instant: datetime, times: set[time], zone: ZoneInfo) -> str:
    """What is special about a run at this instant: its time was skipped, or comes twice."""
    local = instant.astimezone(zone)
    if local.time() not in times:
        return "the clock skips its time"
    if local.replace(fold=1).utcoffset() != local.replace(fold=0).utcoffset():
        return f"{local:%H:%M} comes twice, {'the second' if local.fold else 'the first'} time"
    return ""
