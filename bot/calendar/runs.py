"""A schedule as local days and times of one zone, and the runs it means. `Calendar.from_text(str(c)) == c`."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice, product, takewhile
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.calendar.crontab import DAYS, HOURS, WEEK, YEAR, write_crontab
from bot.calendar.days import write_days
from bot.calendar.instants import as_it_flows, local_days, midnight, oddity, once_each
from bot.calendar.months import days_in, longest
from bot.calendar.problem import problem
from bot.calendar.reading import understand
from bot.calendar.times_of_day import write_times
from bot.calendar.zones import zone_names

LAST_YEAR = 9998
LISTED = 4
MOST_CLAMPED = 24
LOOKED_BACK = (2, 9, 40, 400, 3300)
"""Days, in growing steps: 29 February comes again within eight years."""


def _sorted(values: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(values)))


def _known(name: str) -> str:
    if name not in zone_names():
        raise ValueError(f"“{name}” is not the IANA name of a time zone")
    return name


Several = (Field(min_length=1), AfterValidator(_sorted))


class Calendar(BaseModel):
    """A schedule, spelled out: no default and no abbreviation is left in it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    minutes: Annotated[tuple[Annotated[int, Field(ge=0, le=59)], ...], *Several]
    hours: Annotated[tuple[Annotated[int, Field(ge=0, le=23)], ...], *Several]
    """All 24 mean that it follows real time."""
    month_days: Annotated[tuple[Annotated[int, Field(ge=1, le=31)], ...], *Several] = DAYS.every
    months: Annotated[tuple[Annotated[int, Field(ge=1, le=12)], ...], *Several] = YEAR.every
    weekdays: Annotated[tuple[Annotated[int, Field(ge=0, le=6)], ...], *Several] = WEEK.every
    """0 is Sunday. Where days of the month are chosen too, either will do, as cron means it."""
    clamp: bool = False
    """A day that a month does not have is its last one; otherwise the month is left out, as cron does."""
    zone: Annotated[str, AfterValidator(_known)]
    """IANA name."""

    @model_validator(mode="after")
    def _possible(self) -> Self:
        some = self.month_days[-1] > 28 and self.month_days != DAYS.every
        if self.clamp and not (some and self.months == YEAR.every and self.weekdays == WEEK.every):
            raise ValueError("clamp is for some days, one of them after the 28th, of every month")
        if self.clamp and len(self.hours) * len(self.minutes) > MOST_CLAMPED:
            raise problem("That is too often for days of the month. Write at most 24 times of the day.")
        if self.weekdays == WEEK.every and self.month_days[0] > max(map(longest, self.months)):
            raise problem(f"“{self}” never comes: no such month has a day {self.month_days[0]}. Write another day.")
        return self

    @classmethod
    def from_text(cls, text: str, zone: str = "UTC") -> Self:
        """The schedule that the text means, in `zone` where it says none; QuestionError says what to type instead."""
        return cls(**understand(text, zone).fields)

    def __str__(self) -> str:
        values: dict[str, tuple[int, ...]] = self.model_dump(exclude={"zone", "clamp"})
        return f"{self._words() or write_crontab(values)} {self.zone}"

    def _words(self) -> str:
        """In words where they are short; empty otherwise."""
        days = write_days(self.weekdays, self.month_days, clamp=self.clamp) if self.months == YEAR.every else ""
        if days == "daily" and self.hours == HOURS.every and len(self.minutes) == 1:
            return f"hourly at :{self.minutes[0]:02}"
        few = len(self.hours) * len(self.minutes) <= LISTED
        return f"{days} at {write_times(self.hours, self.minutes)}" if days and (few or self.clamp) else ""

    def next_run(self, after: datetime) -> datetime | None:
        """The first run after this moment, in UTC; None where none is left before the year 9999."""
        return next(self._runs(after), None)

    def next_runs(self, after: datetime, count: int) -> list[datetime]:
        """The next runs after this moment, in UTC, at most `count`."""
        return list(islice(self._runs(after), count))

    def last_run(self, at: datetime) -> datetime | None:
        """The newest run at this moment or before it, in UTC; None where there was none in the last nine years."""
        return next(reversed(self.last_runs(at, 1)), None)

    def last_runs(self, at: datetime, count: int) -> list[datetime]:
        """The newest runs up to this moment, in UTC and in order, at most `count`, none nine years before the next."""
        found: list[datetime] = []
        while len(found) < count and (before := self._newest(found[0] - timedelta.resolution if found else at)):
            found = [*before, *found]
        return found[-count:]

    def _newest(self, at: datetime) -> list[datetime]:
        """Runs up to this moment, as many as the shortest look back finds."""
        looks = (self._runs(at - timedelta(days=days)) for days in LOOKED_BACK)
        found = (list(takewhile(lambda run: run <= at, runs)) for runs in looks)
        return next(filter(None, found), [])

    def oddity(self, run: datetime) -> str:
        """What is special about a run on a day when clocks change; mostly nothing."""
        return oddity(run, set(self._times()), ZoneInfo(self.zone))

    def _runs(self, after: datetime) -> Iterator[datetime]:
        """Every run after this moment, in order; a day's runs wait for the next day's, which may come before them."""
        zone = ZoneInfo(self.zone)
        waiting: set[datetime] = set()
        for day in local_days(after, zone, LAST_YEAR):
            if self._includes(day):
                waiting |= {run for run in self._on(day, zone) if run > after}
            if waiting:
                begins = midnight(day, zone)
                ready = {run for run in waiting if run < begins}
                yield from sorted(ready)
                waiting -= ready

    def _on(self, day: date, zone: ZoneInfo) -> set[datetime]:
        return (as_it_flows if self.hours == HOURS.every else once_each)(day, self._times(), zone)

    def _times(self) -> list[time]:
        return [time(hour, minute) for hour, minute in product(self.hours, self.minutes)]

    def _includes(self, day: date) -> bool:
        """Whether it runs on this local day."""
        if day.month not in self.months:
            return False
        chosen = [day.isoweekday() % 7 in self.weekdays] if self.weekdays != WEEK.every else []
        chosen += [self._has_month_day(day)] if self.month_days != DAYS.every else []
        return any(chosen) if chosen else True

    def _has_month_day(self, day: date) -> bool:
        last = self.clamp and day.day == days_in(day) and self.month_days[-1] > day.day
        return day.day in self.month_days or last
