"""Time zones as people name them: the IANA name in any case, or just its city."""

import re
from functools import cache
from importlib.resources import files

from bot.calendar.problem import EXAMPLE, problem
from bot.language.quantities import squeeze

REGIONS = {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
NOT_PLACES = {"Factory", "localtime"}
CITIES = {
    "z": "UTC", "san francisco": "America/Los_Angeles", "seattle": "America/Los_Angeles", "boston": "America/New_York",
    "washington": "America/New_York", "austin": "America/Chicago", "montreal": "America/Toronto",
    "munich": "Europe/Berlin", "hamburg": "Europe/Berlin", "frankfurt": "Europe/Berlin", "geneva": "Europe/Zurich",
    "barcelona": "Europe/Madrid", "milan": "Europe/Rome", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata",
    "bangalore": "Asia/Kolkata", "bengaluru": "Asia/Kolkata", "beijing": "Asia/Shanghai", "tel aviv": "Asia/Jerusalem",
    "abu dhabi": "Asia/Dubai", "rio de janeiro": "America/Sao_Paulo", "cape town": "Africa/Johannesburg",
}  # fmt: skip
ABBREVIATIONS = {
    "America/New_York": "et edt",
    "America/Chicago": "ct cst cdt",
    "America/Denver": "mt mdt",
    "America/Los_Angeles": "pt pst pdt",
    "Europe/London": "bst",
    "Europe/Berlin": "cest",
    "Europe/Athens": "eest",
    "Asia/Kolkata": "ist",
    "Asia/Tokyo": "jst",
    "Asia/Singapore": "sgt",
    "Australia/Sydney": "aest aedt aet",
}
SHORT = {word: name for name, words in ABBREVIATIONS.items() for word in words.split()}
FIXED = {"EST": "America/New_York", "MST": "America/Denver", "HST": "Pacific/Honolulu"}
OFFSET = re.compile(r"(?:utc|gmt)?([-+])(\d{1,2})(?::?(\d\d))?", re.IGNORECASE)


@cache
def zone_names() -> frozenset[str]:
    """Every IANA name."""
    listed = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset(listed) - NOT_PLACES


@cache
def _by_spelling() -> dict[str, str]:
    """Names without capitals, blanks and signs, to the name; cities alone too."""
    named = [(_spelling(name), name) for name in sorted(zone_names())]
    cities = [(_spelling(name.rpartition("/")[2]), name) for _, name in named if name.partition("/")[0] in REGIONS]
    return dict(reversed([*named, *((_spelling(city), name) for city, name in CITIES.items()), *cities]))


def _spelling(name: str) -> str:
    """`Etc/GMT-2` and `Etc/GMT+2` stay apart."""
    return re.sub(r"[\s_]+", "", name.lower())


def find_zone(text: str) -> str:
    """The IANA name that the words mean; QuestionError suggests one where they mean none."""
    words = re.sub(r"^(?:in|time ?zone|zone|tz)[\s:=]+|\s+time(?: ?zone)?$", "", text.strip(), flags=re.IGNORECASE)
    if found := _by_spelling().get(_spelling(words)):
        return found
    if meant := SHORT.get(words.lower()):
        raise problem(f"“{words}” has more than one meaning or leaves out the summer time. Write {meant}.")
    if offset := OFFSET.fullmatch(words):
        raise problem(f"“{words}” is an offset. Write a place, such as Europe/Berlin{_fixed(*offset.groups())}.")
    raise problem(f"“{words}” is neither a time zone I know nor a day or a time. {_did_you_mean(words)}")


def _fixed(sign: str, hours: str, minutes: str | None) -> str:
    """The zone that keeps this offset all year, where there is one; IANA counts them from the other side."""
    name = f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}"
    return f", or `{name}` for this offset all year" if name in zone_names() and int(minutes or 0) == 0 else ""


def _did_you_mean(words: str) -> str:
    from rapidfuzz import fuzz, process  # noqa: PLC0415  # only an error pays for it

    by_spelling = {squeeze(spelling): name for spelling, name in _by_spelling().items() if len(spelling) > 3}
    found = process.extractOne(squeeze(words), list(by_spelling), scorer=fuzz.ratio, score_cutoff=75)
    if found:
        return f"Did you mean `{by_spelling[found[0]]}`?"
    return f"Write days, a time and a zone, such as `{EXAMPLE}`."


def zone_note(text: str, zone: str) -> str:
    """What to show of how the zone was understood; nothing where it is as typed."""
    if zone in FIXED:
        return f"{zone} keeps its winter time all year; {FIXED[zone]} is the place"
    return "" if text in {zone, "Z", "utc"} else f"{text} -> {zone}"
