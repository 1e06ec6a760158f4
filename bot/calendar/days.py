"""Which days: `daily`, `mon-fri`, `every mon and thu`, `weekends`, `monthly on the 15th`, `last day of the month`."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from bot.calendar.crontab import DAYS, WEEK, WEEKDAYS
from bot.calendar.problem import problem
from bot.calendar.times_of_day import join

Fields = dict[str, Any]
EVERY = r"(?:(?:every|each|on|the|weekly)\s+)*"
JOINT = r"(?:\s*[,&/+]\s*(?:and\s+)?|\s+(?:and|or)\s+)(?:(?:every|on|the|day)\s+)*"
WEEKDAY = r"(?:mon|tue(?:s)?|wed(?:nes)?|thu(?:r|rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b"
TO = r"\s*(?:-|\bto\b|\bthrough\b|\buntil\b)\s*"
SOME_WEEKDAYS = rf"{WEEKDAY}(?:{TO}{WEEKDAY})?"
DAY = r"(?:first(?:\s+day)?|last(?:\s+day)?|\d{1,2}(?:st|nd|rd|th)?(?:\s+day)?)(?![\w:.]|\s?[ap]\.?m\b)"
DAY_LIST = rf"(?:(?:day|days)\s+)?{DAY}(?:{JOINT}{DAY})*"
OF_THE_MONTH = r"(?:of|in)\s+(?:(?:the|each|every|a)\s+)*month\b"
FULL_NAMES = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
WORKING, FREE = (1, 2, 3, 4, 5), (0, 6)


def _weekdays(text: str) -> Fields:
    found: set[int] = set()
    for some in re.finditer(SOME_WEEKDAYS, text, re.IGNORECASE):
        first, *last = [WEEKDAYS.index(day[:3].lower()) for day in re.findall(WEEKDAY, some[0], re.IGNORECASE)]
        length = (last[0] - first) % 7 if last else 0
        found |= {(first + more) % 7 for more in range(length + 1)}
    return {"weekdays": tuple(sorted(found))}


def _month_days(text: str) -> Fields:
    """The days; the 29th to 31st are the last day of a month that has fewer."""
    words = [match[0].lower() for match in re.finditer(r"\d+|first|last", text, re.IGNORECASE)]
    days = {{"first": 1, "last": 31}.get(word) or int(word) for word in words}
    if not days <= set(DAYS.every):
        raise problem(f"“{text}”: a month has days 1 to 31. Write `monthly on day 1` or `last day of the month`.")
    return {"month_days": tuple(sorted(days)), "clamp": max(days) > 28 and days != set(DAYS.every)}


PATTERNS: tuple[tuple[str, Callable[[str], Fields]], ...] = (
    (r"daily|(?:every|each)\s?day|all days", lambda _: {}),
    (rf"{EVERY}(?:week|work|working\s|business\s)days?", lambda _: {"weekdays": WORKING}),
    (rf"{EVERY}week-?ends?", lambda _: {"weekdays": FREE}),
    (rf"{EVERY}{SOME_WEEKDAYS}(?:(?:{JOINT}|\s+){SOME_WEEKDAYS})*", _weekdays),
    (rf"(?:monthly|(?:every|each)\s+month)(?:\s+on|\s+the|\s*,)*\s+{DAY_LIST}", _month_days),
    (rf"{EVERY}{DAY_LIST}\s*(?:,\s*)?{OF_THE_MONTH}", _month_days),
    (r"(?:the\s+)?(?:end of (?:the |each |every )?month|month'?s end|month end)", lambda _: _month_days("last")),
)


def write_days(weekdays: tuple[int, ...], month_days: tuple[int, ...], *, clamp: bool) -> str:
    """The days in words; empty where only a crontab says them."""
    if weekdays == WEEK.every and month_days == DAYS.every:
        return "daily"
    if weekdays == WEEK.every:
        return _write_month_days(month_days) if clamp or month_days[-1] <= 28 else ""
    if month_days != DAYS.every:
        return ""
    if weekdays in {WORKING, FREE}:
        return "weekdays" if weekdays == WORKING else "weekends"
    return f"every {join(FULL_NAMES[day] for day in _from_monday(weekdays))}"


def _write_month_days(days: tuple[int, ...]) -> str:
    return "last day of the month" if days == (31,) else f"monthly on day {join(map(str, days))}"


def _from_monday(weekdays: Iterable[int]) -> list[int]:
    return sorted(weekdays, key=lambda day: (day - 1) % 7)
