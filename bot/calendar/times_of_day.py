"""Times of the day as people write them: 09:00, 9:30pm, 8am, noon, `at 17`."""

import re
from collections.abc import Iterable
from itertools import product
from typing import Any

from bot.calendar.problem import problem

HALF = r"\s?(?:[ap]\.?m\b\.?)"
TIME = rf"(?:\d{{1,2}}[:.]\d{{1,2}}(?::\d\d)?(?:{HALF})?|\d{{1,2}}{HALF}|(?:12\s?)?(?:noon|midnight)\b)(?![\w:/])"
BARE = r"\d{1,2}(?![\w:./-]|\s?[ap]\.?m\b)"
JOINT = r"(?:\s*[,&]\s*(?:and\s+)?|\s+and\s+)(?:at\s+)?"
TIMES = rf"(?:(?:at|@)\s*(?:{TIME}|{BARE})(?:{JOINT}(?:{TIME}|{BARE}))*|{TIME}(?:{JOINT}{TIME})*)"
PARTS = re.compile(r"(?:(\d{1,2})(?:[:.](\d{1,2})(:\d\d)?)?\s?([ap])?[.m]*)|noon|midnight", re.IGNORECASE)
ONE = re.compile(rf"{TIME}|{BARE}", re.IGNORECASE)


def read_times(text: str) -> dict[str, Any]:
    """The hours and minutes that the list of times means."""
    typed = [match[0] for match in ONE.finditer(text)]
    times = {_time(one) for one in typed}
    halves = {bool(re.search(r"[ap]\.?m", one, re.IGNORECASE)) for one in typed if one[-1].lower() not in "nt"}
    if len(halves) > 1:
        raise problem(f"“{text}” says am or pm at only one of its times. Write it at each, or 24 hours: 09:00.")
    hours, minutes = {hour for hour, _ in times}, {minute for _, minute in times}
    if set(product(hours, minutes)) != times:
        raise problem(f"“{text}” has different minutes at different hours. Make one schedule of each time.")
    return {"hours": tuple(sorted(hours)), "minutes": tuple(sorted(minutes))}


def _time(text: str) -> tuple[int, int]:
    """Hour and minute of one time."""
    word = text.lower()
    if word.endswith(("noon", "midnight")):
        return (12 if word.endswith("noon") else 0), 0
    match = PARTS.fullmatch(word)
    if match is None:
        raise problem(f"“{text}” is no time of the day: write 09:00 or 9am.")
    hour, minute, half = int(match[1]), int(match[2] or 0), match[4]
    if match[3]:
        raise problem(f"“{text}” has seconds; schedules run to the minute: write {match[1]}:{match[2]}.")
    if (match[2] and len(match[2]) < 2) or minute > 59 or hour > (12 if half else 23) or (half and not hour):
        midnight = " Midnight is 00:00." if hour == 24 else ""
        raise problem(f"“{text}” is no time of the day: write 00:00 to 23:59, or 9am.{midnight}")
    return (hour % 12 + (12 if half == "p" else 0) if half else hour), minute


def write_times(hours: Iterable[int], minutes: Iterable[int]) -> str:
    """`09:00`, `09:00 and 17:00`, `09:00, 12:00 and 17:00`."""
    return join(f"{hour:02}:{minute:02}" for hour, minute in product(hours, minutes))


def join(words: Iterable[str]) -> str:
    """Words as a list in a sentence."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
