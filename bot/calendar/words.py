"""A schedule in words: its days, its times and its zone, in any order."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from bot.calendar.crontab import HOURS
from bot.calendar.days import PATTERNS
from bot.calendar.problem import EXAMPLE, FORMS, problem
from bot.calendar.refused import REFUSED
from bot.calendar.times_of_day import TIMES, read_times

Fields = dict[str, Any]
END = r"(?![\w/])"
PAST = r"(?:\s+at)?\s+(?::(\d\d)|(?:minute\s+)(\d{1,2})|(\d{1,2})\s+(?:minutes?\s+)?past)"
GLUE = re.compile(r"(?:at|on|in|and|the|every|each|@)(?![\w/])|[\s,;.()\"'-]+", re.IGNORECASE)
CHUNK = re.compile(r"[^\s,;()\"']+")


class Piece(NamedTuple):
    """What one stretch of the text says."""

    kind: str
    """`days`, `times`, or `rhythm` for times in every hour, which need no days."""
    text: str
    fields: Fields


class Words(NamedTuple):
    """What the whole text says."""

    days: Fields
    times: Fields
    zone: str
    """As typed; empty where none is said."""


def _hourly(text: str) -> Fields:
    minute = re.search(r"\d+", text)
    if minute and int(minute[0]) > 59:
        raise problem(f"“{text}”: an hour has minutes :00 to :59.")
    return {"hours": HOURS.every, "minutes": (int(minute[0]) if minute else 0,)}


def _parts(text: str) -> Fields:
    """`every 15 minutes`, `every 6 hours`: equal parts of an hour or a day."""
    number, unit = re.findall(r"\d+|[a-z]+", text.lower())[1:3]
    step, whole = int(number), 60 if unit.startswith("m") else 24
    if not step or whole % step:
        parts = "1, 5, 10, 15, 20 or 30" if whole == 60 else "1, 2, 3, 4, 6, 8 or 12"
        raise problem(f"“{text}” does not divide {'an hour' if whole == 60 else 'a day'} evenly: write {parts}.")
    every = tuple(range(0, whole, step))
    return {"hours": HOURS.every, "minutes": every} if whole == 60 else {"hours": every, "minutes": (0,)}


Reader = Callable[[str], Fields]
READERS: tuple[tuple[str, str, Reader], ...] = (
    ("times", TIMES, read_times),
    ("rhythm", rf"(?:hourly|(?:every|each)\s+hour)(?:{PAST})?", _hourly),
    ("rhythm", r"every\s+\d{1,4}\s*(?:m|mins?|minutes?|h|hrs?|hours?)\b", _parts),
    *(("days", pattern, reader) for pattern, reader in (*PATTERNS, *REFUSED)),
)


@cache
def _compiled() -> list[tuple[str, re.Pattern[str], Reader]]:
    return [(kind, re.compile(f"(?:{pattern}){END}", re.IGNORECASE), reader) for kind, pattern, reader in READERS]


def read_words(text: str) -> Words:
    """What the text says; QuestionError for days or times that are missing or said twice."""
    pieces = list(_pieces(text))
    said = {"days": _one(pieces, "days"), "times": _one(pieces, "times", "rhythm")}
    if said["days"] is None and not any(piece.kind == "rhythm" for piece in pieces):
        if said["times"]:
            time = said["times"].text
            raise problem(
                f"“{text}”: on which days? Write `daily {time}`, `every monday {time}` or `monthly on day 1 {time}`."
            )
        raise problem(f"“{text}” is not understood as a schedule. {FORMS}")
    unknown = [piece.text for piece in pieces if piece.kind == "zone"]
    if len(unknown) > 1:
        raise problem(f"“{'” and “'.join(unknown)}” cannot both be the time zone. Write for example `{EXAMPLE}`.")
    days, times = (piece.fields if piece else {} for piece in (said["days"], said["times"]))
    return Words(days, times, unknown[0] if unknown else "")


def _one(pieces: list[Piece], *kinds: str) -> Piece | None:
    found = [piece for piece in pieces if piece.kind in kinds]
    if len(found) > 1:
        both = "” and “".join(piece.text for piece in found)
        raise problem(f"“{both}” are two schedules: make one of each.")
    return found[0] if found else None


def _pieces(text: str) -> Iterator[Piece]:
    """The stretches that are understood, and what is left between them: the zone."""
    position, start, end = 0, 0, 0
    while position < len(text):
        piece = _longest(text, position)
        if piece:
            yield from _zone(text[start:end])
            yield piece
            position += len(piece.text)
            start = end = position
        elif glue := GLUE.match(text, position):
            position = glue.end()
            start, end = (position, position) if start == end else (start, end)
        elif chunk := CHUNK.match(text, position):
            position = end = chunk.end()
    yield from _zone(text[start:end])


def _zone(text: str) -> Iterator[Piece]:
    if text.strip():
        yield Piece("zone", text.strip(), {})


def _longest(text: str, position: int) -> Piece | None:
    """The longest reading from here; its reader may refuse it."""
    found = [
        (match[0], kind, reader) for kind, pattern, reader in _compiled() if (match := pattern.match(text, position))
    ]
    if not found:
        return None
    words, kind, reader = max(found, key=lambda one: len(one[0]))
    return Piece(kind, words, reader(words))
