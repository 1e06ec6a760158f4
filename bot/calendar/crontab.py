"""Crontab's five fields, read as cron reads them: 0 and 7 are Sunday, and either kind of day will do where both are said."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from bot.calendar.problem import problem


class Field(NamedTuple):
    """One of the five: its name among the calendar's fields, how people call it, its range and its names."""

    name: str
    what: str
    low: int
    high: int
    words: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[int, ...]:
        """All of its values."""
        return tuple(range(self.low, self.high + 1))


NUMBER = re.compile(r"[0-9]{1,3}")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MINUTES, HOURS, DAYS = (
    Field("minutes", "minute", 0, 59),
    Field("hours", "hour", 0, 23),
    Field("month_days", "day", 1, 31),
)
YEAR = Field("months", "month", 1, 12, MONTHS)
WEEK = Field("weekdays", "weekday", 0, 6, WEEKDAYS)
FIELDS = (MINUTES, HOURS, DAYS, YEAR, WEEK)
NICKNAMES = {
    "@hourly": "0 * * * *",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@weekly": "0 0 * * 0",
    "@monthly": "0 0 1 * *",
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
}


def read_crontab(parts: Sequence[str]) -> dict[str, Any]:
    """The calendar's fields that the five parts mean."""
    values = {field.name: _read(field, text) for field, text in zip(FIELDS, parts, strict=True)}
    day, weekday = parts[2], parts[4]
    if "*" in {day, weekday}:
        return values
    if day.startswith("*") or weekday.startswith("*"):
        raise problem(
            f"Crons disagree on “{day}” for the day beside “{weekday}” for the weekday. Write the days of "
            "the one as a list, such as 1,8,15, or leave the other `*`."
        )
    if values["month_days"] == DAYS.every or values["weekdays"] == WEEK.every:
        return values | {"month_days": DAYS.every, "weekdays": WEEK.every}  # either will do, and one always does
    return values


def _read(field: Field, text: str) -> tuple[int, ...]:
    found = {value for part in text.lower().split(",") for value in _part(field, part, text)}
    return tuple(sorted({value % 7 for value in found} if field is WEEK else found))


def _part(field: Field, part: str, text: str) -> range:
    """`*`, `5`, `1-5`, `*/15` or `8-18/2` as the numbers it means."""
    span, slash, step = part.partition("/")
    first, dash, last = span.partition("-")
    if slash and (not NUMBER.fullmatch(step) or not int(step)):
        raise _unreadable(field, text, f"after / stands a number from 1: {field.low}-{field.high}/2")
    if span == "*":
        return range(field.low, field.high + 1, int(step or 1))
    if slash and not dash:
        raise _unreadable(field, text, f"a step needs a range: {span or '*'}-{field.high}/{step}" if span else "")
    start, end = _number(field, first, text), _number(field, last, text) if dash else None
    end = start if end is None else 7 if field is WEEK and end == 0 and start > 0 else end
    if end < start:
        raise _unreadable(field, text, f"a range goes up: {field.low}-{end},{start}-{field.high}")
    return range(start, end + 1, int(step or 1))


def _number(field: Field, word: str, text: str) -> int:
    if word[:3] in field.words and len(word) == 3:
        return field.words.index(word) + field.low
    most = 7 if field is WEEK else field.high
    if not (NUMBER.fullmatch(word) and field.low <= int(word) <= most):
        raise _unreadable(field, text, "")
    return int(word)


def _unreadable(field: Field, text: str, why: str) -> Exception:
    names = f" or {field.words[0]} to {field.words[-1]}" if field.words else ""
    known = f"write {field.low} to {field.high}{names}, `*`, `*/2`, ranges and lists"
    return problem(f"“{text}” is no {field.what} of a crontab: {why or known}.")


def write_crontab(values: dict[str, tuple[int, ...]]) -> str:
    """The five fields in their shortest common form."""
    return " ".join(_write(field, values[field.name]) for field in FIELDS)


def _write(field: Field, values: tuple[int, ...]) -> str:
    if values == field.every:
        return "*"
    for step in range(2, 31) if field in (MINUTES, HOURS) else ():
        if len(values) > 1 and values == field.every[::step]:
            return f"*/{step}"
    return ",".join(_runs(values))


def _runs(values: tuple[int, ...]) -> Iterator[str]:
    """Three and more in a row as a range."""
    rest = list(values)
    while rest:
        length = next((n for n in range(1, len(rest)) if rest[n] != rest[0] + n), len(rest))
        length = length if length > 2 else 1
        yield f"{rest[0]}-{rest[length - 1]}" if length > 2 else str(rest[0])
        del rest[:length]
