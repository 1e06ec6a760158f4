"""A schedule as local days and times of one zone, and the instants it means. `Calendar.from_text(str(c)) == c`."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from bot.calendar.clock import write_times
from bot.calendar.crontab import DAYS, HOURS, WEEK, YEAR, write_crontab
from bot.calendar.days import write_days
from bot.calendar.instants import as_it_flows, includes, midnight, once_each
from bot.calendar.problem import problem
from bot.calendar.reading import understand
from bot.calendar.zones import zone_names

LAST_YEAR = 9998
MOST_LISTED = 4
LEAP = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}


def _sorted(values: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(values)))


def _known(name: str) -> str:
    if name not in zone_names():
        raise ValueError(f"“{name}” is not the IANA name of a time zone")
    return name


def _numbers(low: int, high: int) -> object:
    return Annotated[tuple[Annotated[int, Field(ge=low, le=high)], ...], Field(min_length=1), AfterValidator(_sorted)]
