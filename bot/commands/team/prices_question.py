"""`prices`: the price book, and the team's own prices in it. What can be typed, and how it is read."""

import re
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.names import provider_words
from bot.language.quantities import DIGITS, USD_PER_HOUR, UnreadableError, decimal, plain, squeeze
from bot.language.shared_words import PAGE_WORDS
from calculator.catalog import accelerator_aliases, find_gpu
from calculator.catalog.price_book import providers
from calculator.errors import QuestionError

PARTS = {"set": ("add",), "remove": ("delete", "end"), "history": ()}
EXAMPLE = "prices set H100 $2.10/h"
NOTE = re.compile(r"(?:^|\s)note\b[\s:=,]*(.*)$", re.IGNORECASE)
PRICE = re.compile(rf"(?<![\w.$])(?!(?<=\d[,_])\d){USD_PER_HOUR.pattern}(?![\w/])", re.IGNORECASE)
BARE_PRICE = re.compile(rf"\$\s?{DIGITS}\S*|(?<=\s){DIGITS}$", re.IGNORECASE)
LEADING = re.compile(r"(?:of|for|on|at|the)\s+", re.IGNORECASE)
GLUE = re.compile(r"(?:^|(?<=\s))(?:at|for|of|on|from|the|costs?|is|now|to|[=:])(?=\s|$)|[,;]", re.IGNORECASE)
NUMBERED = re.compile(r"#?(\d{1,9})(?:\s+(yes|sure))?", re.IGNORECASE)


def _accelerator(words: str) -> str:
    find_gpu(words)
    return words


class PricesQuestion(Question):
    """What does an hour of an accelerator cost, and what does it cost us?"""

    word: ClassVar[str] = "prices"

    part: Literal["show", "set", "remove", "history"] = "show"
    """Look, enter a price of the team's own, end one, or see those that ended."""
    hardware_type: Annotated[str, AfterValidator(_accelerator)] | None = None
    """The accelerator; all of them where none is said."""
    price: Decimal | None = Field(None, ge=Decimal("0.0001"), le=100_000)
    """Dollars per accelerator and hour."""
    provider: str | None = None
    """At which provider; any where none is said."""
    note: str = Field("", max_length=200)
    """Why, for people."""
    number: int | None = Field(None, ge=1)
    """Which of the team's own prices to remove."""
    sure: bool = False
    """Removes; without it the question is asked back."""
    page: int = Field(1, ge=1, le=1000)
    """Which page of the list."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`[H100] [page N]`, `set H100 $2.10/h [aws] [note ...]`, `remove 3 [yes]` or `history [page N]`."""
        typed = clean(text)
        first, _, rest = typed.partition(" ")
        part = next((key for key, others in PARTS.items() if first.lower() in {key, *others}), "show")
        if part == "set":
            return cls.make({"part": part, **_rate(rest)})
        if part == "remove":
            return cls.make({"part": part, **_number(rest)})
        return cls.make({"part": part, **_list(typed if part == "show" else rest)})

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.part == "set" and not self.hardware_type:
            raise QuestionError("hardware_type", f"Which accelerator? Type for example `{EXAMPLE}`.")
        if self.part == "set" and self.price is None:
            raise QuestionError("price", f"How much an hour? Type for example `{EXAMPLE}`.")
        if self.part == "remove" and self.number is None:
            raise QuestionError("number", "Which one? `prices` lists yours with their numbers: `prices remove 3`.")
        if self.part == "history" and self.hardware_type:
            raise QuestionError("prices", "`prices history` lists all that ended; it takes only `page 2`.")
        if self.provider is not None and self.provider not in providers():
            raise _no_provider(self.provider)
        return self

    def __str__(self) -> str:
        said = (
            "" if self.part == "show" else self.part,
            self.hardware_type,
            None if self.price is None else f"${plain(self.price)}/h",
            self.provider,
            f"note {self.note}" if self.note else "",
            None if self.number is None else str(self.number),
            "yes" if self.sure else "",
            f"page {self.page}" if self.page > 1 else "",
        )
        return " ".join(filter(None, (self.word, *said)))


def _list(text: str) -> dict[str, Any]:
    """What to look at: an accelerator or all, and which page."""
    page = PAGE_WORDS.search(text)
    words = LEADING.sub("", text[: page.start()] if page else text, count=1).strip()
    name, more = _named(words)
    if more:
        raise QuestionError("prices", f"“{more}” is not understood here: `prices {name}` shows every offer of it.")
    return {"hardware_type": words or None, "page": int(page[1]) if page else 1}


def _number(text: str) -> dict[str, Any]:
    match = NUMBERED.fullmatch(text)
    if text and match is None:
        raise QuestionError(
            "number", f"“{text}” is not the number of a price: `prices` lists yours, `prices remove 3` removes one."
        )
    return {"number": int(match[1]), "sure": bool(match[2])} if match else {}


def _rate(text: str) -> dict[str, Any]:
    """A price of the team's own: the accelerator, the price, perhaps the provider, in any order; a note at the end."""
    note = NOTE.search(text)
    told = text[: note.start()] if note else text
    told, price = _taken("price", PRICE, told)
    told, provider = _taken("provider", re.compile(rf"(?<![\w-]){provider_words().pattern}", re.IGNORECASE), told)
    words = " ".join(GLUE.sub(" ", told).split())
    if price is None and (bare := BARE_PRICE.search(words)) and squeeze(words) not in accelerator_aliases():
        raise QuestionError("price", f"“{bare[0].strip()}” per what? Write it with its hour: `{EXAMPLE}`.")
    if more := _named(words)[1]:
        raise _no_provider(more)
    return {
        "hardware_type": words or None,
        "price": None if price is None else _dollars(price),
        "provider": provider and provider_words().read(provider),
        "note": note[1] if note else "",
    }


def _taken(field: str, pattern: re.Pattern[str], text: str) -> tuple[str, str | None]:
    """The text without what the pattern finds, and that; QuestionError where it is said twice."""
    found = pattern.findall(text)
    if len(found) > 1:
        raise QuestionError(field, f"{field} is said twice: {found[0]} and “{found[1]}”. Say it once.")
    return pattern.sub(" ", text), found[0] if found else None


def _dollars(text: str) -> Decimal:
    digits = re.search(DIGITS, text, re.IGNORECASE)
    assert digits is not None
    try:
        return decimal(digits[0])
    except UnreadableError as error:
        raise QuestionError("price", f"{error}.") from error


def _named(words: str) -> tuple[str, str]:
    """The words that name an accelerator, and what follows them; all of them where none of the first ones do."""
    known, parts = accelerator_aliases(), words.split()
    for count in range(len(parts), 0, -1):
        if squeeze("".join(parts[:count])) in known:
            return " ".join(parts[:count]), " ".join(parts[count:])
    return words, ""


def _no_provider(words: str) -> QuestionError:
    return QuestionError(
        "provider",
        f"“{words}” is not a provider that the price book knows: {', '.join(providers())}. Leave it out for a price at "
        f"any provider; words of your own go after `note`, such as `{EXAMPLE} note {words}`.",
    )
