"""`defaults`: what is taken for granted where a question leaves it out. What can be typed, and how it is read."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar, Self

from pydantic import Field, model_validator

from bot.calendar.zones import find_zone
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.grammar import with_hint
from bot.language.names import provider_words
from bot.language.quantities import SHARE, UnreadableError, decimal, plain
from calculator.errors import QuestionError

NONE = "none"
"""The value that takes a default away."""
MOST_HOURS = 744
RATE = re.compile(r"([a-z]{3})\b[\s:=@]*(?:at\s+)?(\S+)?(?:\s+(?:a|per|to the)\s+dollar)?", re.IGNORECASE)
HOURS = re.compile(r"(\S+?)(?:\s*h(?:ours?)?)?(?:\s*(?:a|per|/)\s*month)?", re.IGNORECASE)
DOLLARS = "Figures are US dollars, since prices are. A label alone would make them wrong: say your rate too, such as `currency EUR at 0.92`."


def _hours(text: str) -> str:
    match = HOURS.fullmatch(text)
    hours = decimal(match[1] if match else text)
    if not 0 < hours <= MOST_HOURS:
        raise UnreadableError(f"a month has more than 0 and at most {MOST_HOURS} hours; you wrote {text}")
    return plain(hours)


def _discount(text: str) -> str:
    share: float = SHARE.read(text)
    if not 0 < share < 1:
        raise UnreadableError(f"a discount is more than 0 % and less than 100 %; you wrote {text}")
    return SHARE.write(share)


def _currency(text: str) -> str:
    match = RATE.fullmatch(text)
    if match is None or (match[2] is None and match[1].upper() != "USD"):
        raise UnreadableError(DOLLARS.removesuffix("."))
    if match[1].upper() == "USD":
        return NONE
    rate = decimal(match[2])
    if not Decimal("0.000001") <= rate <= 10_000_000:
        raise UnreadableError(f"{match[2]} is no rate: how much {match[1].upper()} is one dollar, such as 0.92")
    return f"{match[1].upper()} at {plain(rate)}"


def _zone(text: str) -> str:
    try:
        return find_zone(text)
    except QuestionError as error:
        if "neither" not in error.message:
            raise
        raise UnreadableError(f"“{text}” is no time zone that I know: write a place, such as Europe/Berlin") from error


def _provider(text: str) -> str:
    return str(provider_words().read(text))


READ: dict[str, Callable[[str], str]] = {
    "hours": _hours,
    "provider": _provider,
    "discount": _discount,
    "zone": _zone,
    "currency": _currency,
}
"""Each default by its name: how its value is read, to the text that is kept."""
EXAMPLES = {"hours": "730", "provider": "aws", "discount": "20%", "zone": "Europe/Berlin", "currency": "EUR at 0.92"}
NAMES = tuple(READ)
NAMED = re.compile(
    r"(?:^|(?<=[\s,;]))(?:(?P<zone>time\s?zone|zone|tz)|(?P<hours>(?<!\d\s)hours(?:[ _](?:a|per)[ _]month)?)|(?P<provider>provider|cloud)"
    r"|(?P<discount>discount)|(?P<currency>currency))(?=[\s:=]|$)[\s:=]*",
    re.IGNORECASE,
)
RESET = re.compile(r"(?:reset|clear)\b[\s:,]*", re.IGNORECASE)
WORKSPACE = re.compile(r"(?:the\s+)?(?:workspace|team)(?:'s)?\b[\s:,]*", re.IGNORECASE)


class DefaultsQuestion(Question):
    """What is taken for granted where a question leaves it out?"""

    word: ClassVar[str] = "defaults"

    workspace: bool = False
    """Those of the whole workspace, which admins set; else one's own."""
    values: dict[str, str] = Field(default_factory=dict)
    """What to set, by its name; `none` takes a default away."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`[workspace] [hours 730, provider aws, ...]`, or `[workspace] reset [hours]`."""
        typed = clean(text)
        whose = WORKSPACE.match(typed)
        rest = typed[whose.end() :] if whose else typed
        reset = RESET.match(rest)
        values = _dropped(rest[reset.end() :]) if reset else _said(rest)
        return cls.make({"workspace": bool(whose), "values": values})

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        for name, value in self.values.items():
            if value != NONE and read_default(name, value) != value:
                raise QuestionError(name, f"“{value}” is not how {name} is kept.")
        return self

    def __str__(self) -> str:
        said = ", ".join(f"{name} {self.values[name]}" for name in NAMES if name in self.values)
        return " ".join(filter(None, (self.word, "workspace" if self.workspace else "", said)))


def read_default(name: str, text: str) -> str:
    """The value as it is kept; QuestionError, under its name, where it is none."""
    words = text.strip(" ,;")
    if words.lower() in {NONE, "off", "no", "reset"}:
        return NONE
    if not words:
        raise QuestionError(name, f"{name} needs a value, such as `defaults {name} {EXAMPLES[name]}`, or `none`.")
    try:
        return READ[name](words)
    except UnreadableError as error:
        raise QuestionError(name, f"{error}.") from error
    except QuestionError as error:
        raise QuestionError(name, error.message) from error


def _said(text: str) -> dict[str, str]:
    found = list(NAMED.finditer(text))
    before = text[: found[0].start()] if found else text
    if before.strip(" ,;"):
        raise _unknown(before.strip(" ,;"))
    values: dict[str, str] = {}
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=False):
        name = str(match.lastgroup)
        if name in values:
            raise QuestionError(name, f"{name} is said twice. Say it once.")
        values[name] = read_default(name, text[match.end() : end])
    return values


def _dropped(text: str) -> dict[str, str]:
    """All of them where none is named."""
    found = [str(match.lastgroup) for match in NAMED.finditer(text)]
    if rest := NAMED.sub("", text).strip(" ,;"):
        raise _unknown(rest)
    return dict.fromkeys(found or NAMES, NONE)


def _unknown(words: str) -> QuestionError:
    first = words.split(maxsplit=1)[0][:40]
    if first.lower() in {"price", "prices"}:
        return QuestionError("defaults", "Prices of your own are entered with `prices set H100 $2.10/h`.")
    hint = f"There is {', '.join(NAMES)}: `defaults hours 730, provider aws`."
    return QuestionError("defaults", with_hint(f"There is no default `{first}`.", first, NAMES, hint))
