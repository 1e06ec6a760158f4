"""How a value is written by people: numbers with magnitudes, durations, rates, dollars, percentages, words.

A Quantity reads text to a value in the unit that the field's name gives, and writes it so that it reads back equal.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MAGNITUDES = {"": 1, "k": 1_000, "thousand": 1_000, "m": 1_000_000, "mn": 1_000_000, "million": 1_000_000}
DIGITS = r"[-+]?(?:\d+(?:[,_]\d+)*(?:\.\d+)?|\.\d+)(?:e[-+]?\d{1,2})?"
NUMBER = rf"{DIGITS}(?:\s?(?:thousand|million|mn|k|m)(?![a-z0-9]))?"
GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
SECONDS_PER = {"s": 1, "sec": 1, "second": 1, "min": 60, "minute": 60, "h": 3600, "hr": 3600, "hour": 3600,
               "d": 86400, "day": 86400, "month": 2_592_000}  # fmt: skip


class UnreadableError(ValueError):
    """The text is no such value; the message says what to write instead."""


@dataclass(frozen=True)
class Quantity:
    """One way of writing values: what it is called, the pattern it looks like, and how it is read and written."""

    what: str
    pattern: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]
    example: str
    bare: str = ""
    """What may stand after the field's own name, where the name gives the unit; the pattern when empty."""
    words: tuple[str, ...] = ()
    """The words to choose from, where it is a choice."""


def decimal(text: str, *, whole: bool = False) -> Decimal:
    """The number that `text` writes, magnitudes included; a comma that could be read two ways is refused.

    `whole` says that the field counts things, so that `1,500` can only mean 1500.
    """
    match = re.fullmatch(rf"({DIGITS})\s?([a-z]*)", text.strip().lower())
    if match is None or match[2] not in MAGNITUDES:
        raise UnreadableError(f"“{text.strip()}” is not a number")
    digits, magnitude = match[1].replace("_", ""), match[2]
    if "," in digits:
        once = digits.count(",") == 1 and "." not in digits
        if not GROUPED.fullmatch(digits) or (once and (magnitude or not whole)):
            plain = digits.replace(",", "")
            raise UnreadableError(
                f"“{text.strip()}” can be read two ways: write {plain} or {digits.replace(',', '.', 1)}"
            )
        digits = digits.replace(",", "")
    return Decimal(digits) * MAGNITUDES[magnitude]


def plain(value: float | Decimal) -> str:
    """The shortest text without an exponent that reads back to the same number."""
    text = format(Decimal(repr(float(value))) if not isinstance(value, Decimal) else value, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _read_count(text: str) -> int:
    value = decimal(text, whole=True)
    if value != value.to_integral_value():
        raise UnreadableError(f"“{text.strip()}” is not a whole number")
    return int(value)


def _read_number(text: str) -> float:
    return float(decimal(text))


COUNT = Quantity("a whole number", NUMBER, _read_count, str, "500")
FACTOR = Quantity("a number", NUMBER, _read_number, plain, "1.3")


DURATION = rf"{DIGITS}\s?(?:ms|milliseconds?|s|secs?|seconds?|min|minutes?)(?![a-z0-9])"


def _read_seconds(text: str) -> float:
    match = re.fullmatch(rf"({DIGITS})\s?([a-z]*)", text.strip().lower())
    if match is None:
        raise UnreadableError(f"“{text.strip()}” is not a time: write 2s or 500ms")
    unit = match[2].rstrip("s") or "s"
    scale = Decimal("0.001") if unit in {"m", "millisecond"} else Decimal(SECONDS_PER.get(unit, 0))
    if not scale:
        raise UnreadableError(f"“{match[2]}” is not a unit of time: write 2s or 500ms")
    return float(decimal(match[1]) * scale)


def _write_seconds(value: float) -> str:
    exact = Decimal(repr(value))
    return f"{plain(exact * 1000)}ms" if abs(exact) < 1 else f"{plain(exact)}s"


SECONDS = Quantity("a time", DURATION, _read_seconds, _write_seconds, "2s", bare=rf"(?:{DURATION}|{DIGITS})")

PERIOD = r"(?:seconds?|sec|s|minutes?|min|hours?|hr|h|days?|d|months?)(?![a-z0-9])"
RATE_UNIT = (
    rf"\s?(?:(?:requests?|reqs?|r|queries|q|calls?|messages?)?\s?(?:/|per|an?|every)\s?{PERIOD}|[rq]p[smhd](?![a-z]))"
)
RATE_SHORT = {"s": "s", "m": "min", "h": "h", "d": "day"}


def _read_rate(text: str) -> float:
    """Requests per hour. A bare number is taken per hour, as the field's name says."""
    match = re.fullmatch(rf"({NUMBER})(.*)", text.strip().lower())
    if match is None:
        raise UnreadableError(f"“{text.strip()}” is not a rate: write 1000/h")
    unit = match[2].strip()
    short = re.fullmatch(r"[rq]p([smhd])", unit)
    period = RATE_SHORT[short[1]] if short else (re.findall(r"[a-z]+", unit) or ["h"])[-1]
    seconds = SECONDS_PER.get(period, SECONDS_PER.get(period.rstrip("s"), 0))
    if not seconds:
        raise UnreadableError(f"“{unit}” is not a rate: write 1000/h, 0.5 req/s or 1.2M/day")
    return float(decimal(match[1], whole=True) * 3600 / seconds)


RATE = Quantity(
    "a rate",
    NUMBER + RATE_UNIT,
    _read_rate,
    lambda v: f"{plain(v)} req/h",
    "1000 req/h",
    bare=rf"{NUMBER}(?:{RATE_UNIT})?",
)


def _read_share(text: str) -> float:
    value = re.sub(r"\s*percent$", "%", text.strip().lower())
    return float(decimal(value[:-1]) / 100) if value.endswith("%") else float(decimal(value))


SHARE = Quantity(
    "a share",
    rf"{DIGITS}(?:\s?(?:%|percent))?",
    _read_share,
    lambda v: f"{plain(Decimal(repr(v)) * 100)}%",
    "60%",
)

USD_MARK = r"(?:us)?\$"


def _read_usd(text: str, *, whole: bool = True) -> float:
    number = re.sub(r"(?i)(us)?\$|usd|dollars?|/.*|per .*|an? hour", "", text).strip()
    return float(decimal(number, whole=whole))


USD = Quantity(
    "an amount in dollars",
    rf"{USD_MARK}?\s?{NUMBER}(?:\s?(?:usd|dollars))?",
    _read_usd,
    lambda v: f"${plain(v)}",
    "$1599",
)
PER_HOUR = r"\s?(?:/|per|an?)\s?(?:gpu[-/ ]?)?(?:hours?|hr|h)(?![a-z0-9])"
USD_PER_HOUR = Quantity(
    "a price in dollars per GPU-hour",
    rf"(?:{USD_MARK}\s?{DIGITS}(?:{PER_HOUR})|{DIGITS}\s?(?:\$|usd|dollars){PER_HOUR})",
    lambda text: _read_usd(text, whole=False),
    lambda v: f"${plain(v)}/h",
    "$0.51/h",
    bare=rf"{USD_MARK}?\s?{DIGITS}(?:\s?(?:usd|dollars))?(?:{PER_HOUR})?",
)
PER_KWH = r"\s?(?:/|per|a)\s?kwh"
USD_PER_KWH = Quantity(
    "a price in dollars per kWh",
    rf"{USD_MARK}?\s?{DIGITS}(?:\s?(?:usd|\$))?{PER_KWH}",
    lambda text: _read_usd(text, whole=False),
    lambda v: f"${plain(v)}/kWh",
    "$0.15/kWh",
    bare=rf"{USD_MARK}?\s?{DIGITS}(?:{PER_KWH})?",
)


def choice(what: str, words: Mapping[str, Iterable[str]]) -> Quantity:
    """One of some words, each with the ways people write it; separators and capitals do not matter."""
    meaning = {squeeze(word): key for key, others in words.items() for word in (key, *others)}
    spellings = sorted((word for key, others in words.items() for word in (key, *others)), key=len, reverse=True)

    def read(text: str) -> str:
        found = meaning.get(squeeze(text))
        if found is None:
            raise UnreadableError(f"“{text.strip()}” is not {what}: write one of {', '.join(words)}")
        return found

    pattern = (
        "(?:"
        + "|".join(
            re.sub(r"[-_\s]+", r"[-_\\s]*", re.escape(w).replace(r"\-", "-").replace(r"\ ", " ")) for w in spellings
        )
        + ")(?![a-z0-9])"
    )
    return Quantity(what, pattern, read, str, next(iter(words), ""), words=tuple(words))


def squeeze(text: str) -> str:
    """Letters and digits only, in lower case: what remains of a name when its spelling is ignored."""
    return re.sub(r"[^a-z0-9]", "", text.lower())
