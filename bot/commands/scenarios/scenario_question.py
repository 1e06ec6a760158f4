"""`scenario`: questions that a channel keeps under a name. What can be typed, and how it is read."""

import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from bot.commands.scenarios.scenario_words import (
    PARTS,
    Asked,
    line,
    nowhere,
    saved,
    scenario_name,
    scenario_names,
    without_yes,
)
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.shared_words import PAGE_WORDS
from calculator.errors import QuestionError

EXAMPLE = "scenario save support-chatbot: compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h, within 2s"
FIRST = re.compile(r"\s*([A-Za-z]+)(?=[\s:,]|$)[\s:,]*")


class ScenarioQuestion(Question):
    """What do we decide on in this channel, and how does it stand?"""

    word: ClassVar[str] = "scenario"

    part: Literal["list", "show", "save", "remove", "restore", "report", "reference"] = "list"
    """List all, ask one again, save, remove or restore one, a report of several, or the reference use cases."""
    name: Annotated[str, AfterValidator(scenario_name)] = ""
    """What you call it: letters, digits, dots and dashes."""
    names: Annotated[tuple[str, ...], AfterValidator(scenario_names)] = ()
    """Those of the report; all of the channel where none is named."""
    asks: Annotated[Asked, AfterValidator(nowhere)] | None = None
    """The comparison or recommendation that is kept."""
    number: int | None = Field(None, ge=1)
    """A stored answer whose question is kept; your last one of this channel where nothing is said."""
    title: Annotated[str, line("title", 100, ";")] = ""
    """Its name in the report."""
    about: Annotated[str, line("about", 600)] = ""
    """What it is about, in a sentence or two."""
    sure: bool = False
    """Replaces or removes; without it the question is asked back."""
    measured: bool = False
    """The reference use cases with the document's own latencies and prices."""
    page: int = Field(1, ge=1, le=1000)
    """Which page of the list."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`NAME`, `save NAME[: QUESTION][; title T][; about A] [yes]`, `remove NAME [yes]`, `report [NAMES]` and the like."""
        first = FIRST.match(text)
        part = PARTS.get(first[1].lower(), "") if first else ""
        rest = text[first.end() :] if first and part else text
        return cls.make({"part": part or "show", **(saved(rest) if part == "save" else _read(part, clean(rest)))})

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.part in {"show", "save", "remove", "restore"} and not self.name:
            example = EXAMPLE if self.part == "save" else f"scenario {self.part} support-chatbot"
            raise QuestionError(
                "name", f"Which scenario? `scenarios` lists those of this channel. For example `{example}`."
            )
        return self

    def __str__(self) -> str:
        if self.part == "save":
            return f"{self.word} save {self.name}{self._saved()}"
        part = "" if self.part == "show" else self.part
        said = (
            part,
            self.name,
            ", ".join(self.names),
            "measured" if self.measured else "",
            "yes" if self.sure else "",
            f"page {self.page}" if self.page > 1 else "",
        )
        return " ".join(filter(None, (self.word, *said)))

    def _saved(self) -> str:
        """What is saved under the name."""
        what = f": {self.asks}" if self.asks else f" {self.number}" if self.number else ""
        told = "".join(f"; {field} {text}" for field in ("title", "about") if (text := getattr(self, field)))
        return f"{what}{told}{('; yes' if told else ' yes') if self.sure else ''}"


def _read(part: str, words: str) -> dict[str, Any]:
    """What a part other than `save` says."""
    if part == "report":
        named = (word for word in re.split(r"[\s,;]+", words) if word.lower() not in {"", "and", "all"})
        return {"names": tuple(named)}
    if part == "reference":
        return _measured(words)
    if part == "list" or (not part and (not words or PAGE_WORDS.fullmatch(words))):
        return {"part": "list", **_page(words)}
    if not part and ":" in words:
        raise QuestionError(
            "name", f"To keep a question under a name, write `scenario save {words.partition(':')[0]}: …`."
        )
    name, sure = without_yes(words) if part == "remove" else (words, False)
    return {"name": name, "sure": sure}


def _measured(words: str) -> dict[str, Any]:
    if words.lower() not in {"", "measured"}:
        raise QuestionError(
            "reference", f"“{words}” is not understood here: `scenario reference` or `scenario reference measured`."
        )
    return {"measured": bool(words)}


def _page(words: str) -> dict[str, Any]:
    page = PAGE_WORDS.fullmatch(words)
    if words and page is None:
        raise QuestionError(
            "page", f"“{words}” is not understood here: `scenarios` lists all of this channel; it takes only `page 2`."
        )
    return {"page": int(page[1])} if page else {}
