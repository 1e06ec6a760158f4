"""The text of a schedule to its fields, with what was filled in or resolved on the way."""

import re
from typing import Any, NamedTuple

from bot.calendar.crontab import FIELDS, NICKNAMES, read_crontab
from bot.calendar.problem import FORMS, problem
from bot.calendar.words import read_words
from bot.calendar.zones import find_zone, zone_note
from bot.language.cleaning import clean

LONGEST = 400
CRONTAB = re.compile(r"[\d*][\d*,/-]*(?:\s+[\d*][\d*,/-]*(?:\s|$)|$)|@[a-z]+", re.IGNORECASE)
NINE = {"hours": (9,), "minutes": (0,)}


class Understood(NamedTuple):
    """What a text means."""

    fields: dict[str, Any]
    """The calendar's fields."""
    notes: tuple[str, ...]
    """What was not said, or was said otherwise: `Berlin -> Europe/Berlin`, `no time zone said: UTC`."""


def understand(text: str, zone: str = "UTC") -> Understood:
    """What the text means, in `zone` where it says none; QuestionError says what to type instead."""
    words = re.sub(r"\s*[\"']+\s*", " ", clean(text)).strip()
    if not words:
        raise problem(f"The schedule is empty. {FORMS}")
    if len(words) > LONGEST:
        raise problem(f"“{words[:60]}…” is too long for a schedule. {FORMS}")
    return _crontab(words, zone) if CRONTAB.match(words) else _words(words, zone)


def _words(text: str, default: str) -> Understood:
    said = read_words(text)
    zone, notes = _zone(said.zone, default)
    times = said.times or NINE
    note = () if said.times else ("no time said: 09:00",)
    return Understood({**said.days, **times, "zone": zone}, (*note, *notes))


def _crontab(text: str, default: str) -> Understood:
    nickname, _, rest = text.partition(" ")
    line = f"{NICKNAMES[nickname.lower()]} {rest}" if nickname.lower() in NICKNAMES else text
    parts = line.split()
    if len(parts) < len(FIELDS) or (len(parts) > len(FIELDS) and parts[5][0] in "0123456789*"):
        raise problem(
            f"“{text}”: crontab text has five fields (minute, hour, day, month, weekday) and then a zone, "
            "such as `0 9 * * 1 Europe/Berlin`."
        )
    zone, notes = _zone(" ".join(parts[5:]), default)
    return Understood({**read_crontab(parts[:5]), "zone": zone}, notes)


def _zone(text: str, default: str) -> tuple[str, tuple[str, ...]]:
    """The zone's name, and the note where it is not what was typed."""
    if not text:
        return default, (f"no time zone said: {default}",)
    zone = find_zone(text)
    note = zone_note(text, zone)
    return zone, (note,) if note else ()
