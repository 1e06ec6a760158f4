"""What people say that a schedule cannot keep, each with what to type instead."""

import re
from collections.abc import Callable
from typing import Any, NoReturn

from bot.calendar.crontab import MONTHS
from bot.calendar.days import WEEKDAY
from bot.calendar.problem import problem

ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
NTH = r"(?:first|second|third|fourth|fifth|last|\d(?:st|nd|rd|th))"
MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b"
EVERY = r"(?:(?:every|each|on|the)\s+)*"
LONGEST = {"feb": 29, "apr": 30, "jun": 30, "sep": 30, "nov": 30}


def _refuse(advice: str) -> Callable[[str], NoReturn]:
    def refuse(text: str) -> NoReturn:
        raise problem(f"“{text}” {advice}")

    return refuse


def _date(text: str) -> NoReturn:
    """A day of one month of the year."""
    month = re.search(MONTH, text, re.IGNORECASE)
    day = re.search(r"\d+", text)
    name = month[0][:3].lower() if month else ""
    most = LONGEST.get(name, 31)
    if day and not 1 <= int(day[0]) <= most:
        raise problem(
            f"“{text}”: that month never has a day {day[0]}. Write a day from 1 to {most}, or `monthly on day 31`"
            " for the last day of every month."
        )
    line = f"0 9 {day[0] if day else 1} {MONTHS.index(name) + 1} *"
    raise problem(f"“{text}” is one month of the year; that is written as crontab text: `{line} UTC` is at 09:00.")


REFUSED: tuple[tuple[str, Callable[[str], dict[str, Any]]], ...] = (
    (
        r"bi-?weekly|fortnightly|(?:every|each)\s+(?:\d+|two|three|four|other|second|third|alternate)\s+(?:days?|weeks?|months?|years?|"
        + WEEKDAY
        + ")",
        _refuse(
            "needs a first day to count from, which a schedule does not keep. Write `every monday 09:00`, or "
            "`monthly on day 1 and 15`."
        ),
    ),
    (rf"{EVERY}{NTH}\s+{WEEKDAY}", _refuse("is not kept: write `every monday` or a day such as `monthly on day 1`.")),
    (rf"{EVERY}(?:{ORDINAL}\s+(?:of\s+)?{MONTH}|{MONTH}(?:\s+{ORDINAL}(?![:.\d]))?)", _date),
    (r"weekly|(?:every|each) week", _refuse("is on which weekday? Write `every monday 09:00`.")),
    (r"monthly|(?:every|each) month", _refuse("is on which day? Write `monthly on day 1 at 09:00`.")),
    (
        r"quarterly|yearly|annually|(?:every|each) (?:quarter|year)",
        _refuse(
            "is on which day? Write crontab text: `0 9 1 1,4,7,10 * UTC` is every quarter, `0 9 1 1 * UTC` every year."
        ),
    ),
    (
        r"(?:every|each) (?:\d+ )?(?:minutes?|seconds?)|minutely",
        _refuse("is too often for people to read. Write `hourly`."),
    ),
)
