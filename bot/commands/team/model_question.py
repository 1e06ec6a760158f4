"""`model`: the team's own models. What can be typed or pasted, and how it is read."""

import re
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from bot.commands.team.pasted_config import AROUND, read_config
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.shared_words import PAGE_WORDS
from calculator.errors import QuestionError
from calculator.team.own import OWN_NAME, PREFIX

PARTS = {"list": "list", "remove": "remove", "delete": "remove", "restore": "restore", "add": "add"}
MEANT = re.compile(rf"[ \t:,]*(?:\n|[^{{]*\{{|[^\s{{]*\s*(?:\n|$)|(?:{'|'.join(PARTS)})\b)", re.IGNORECASE)
"""What follows the word where it is about own models; anything else is a question about one (`model 7B on L4`)."""
SURE = re.compile(r"(?<!\s)\s+(?:yes|sure)$", re.IGNORECASE)
FENCE = re.compile(r"`+(?:json\b)?", re.IGNORECASE)
NAME = Annotated[str, Field(pattern=rf"^(?:{PREFIX}[a-z0-9][a-z0-9.-]*)?$", max_length=len(PREFIX) + 60)]


class ModelQuestion(Question):
    """Which models do we have of our own?"""

    word: ClassVar[str] = "model"

    part: Literal["show", "add", "list", "remove", "restore"] = "show"
    """Look at one, add one, list all, remove one, or take the removal back."""
    name: NAME = ""
    """What questions call it: our/acme-13b; found in the file where none is said."""
    config: str = ""
    """Its config.json."""
    sure: bool = False
    """Removes; without it the question is asked back."""
    page: int = Field(1, ge=1, le=1000)
    """Which page of the list."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`NAME`, `[NAME] {...}`, `list [page N]`, `remove NAME [yes]` or `restore NAME`."""
        typed, pasted = _split(text)
        first, _, rest = typed.partition(" ")
        part = PARTS.get(first.lower(), "show")
        if pasted:
            return cls.make(
                {"part": "add", "name": own_name(rest if part == "add" else typed), "config": read_config(pasted)}
            )
        if part == "list":
            return cls.make({"part": part, **_page(rest)})
        if part in {"remove", "restore"}:
            sure = SURE.search(rest)
            return cls.make(
                {"part": part, "name": own_name(SURE.sub("", rest)), "sure": bool(sure) and part == "remove"}
            )
        return cls.make({"part": part, "name": own_name(rest if part == "add" else typed)})

    @model_validator(mode="after")
    def _is_complete(self) -> Self:
        if self.part in {"remove", "restore"} and not self.name:
            raise QuestionError("name", f"Which one? `model list` lists yours: `model {self.part} our/acme-13b`.")
        if self.part == "add" and not self.config:
            raise QuestionError("config", "Paste the config.json below the name, or attach it.")
        return self

    def __str__(self) -> str:
        said = (
            "" if self.part in {"show", "add"} else self.part,
            self.name,
            "yes" if self.sure else "",
            f"page {self.page}" if self.page > 1 else "",
        )
        line = " ".join(filter(None, (self.word, *said)))
        return f"{line}\n{self.config}" if self.config else line


def own_name(words: str) -> str:
    """The name as questions write it, `our/` before it; QuestionError where it is none."""
    name = words.strip().lower()
    name = name if not name or name.startswith(PREFIX) else f"{PREFIX}{name}"
    if name and not OWN_NAME.fullmatch(name):
        raise QuestionError(
            "name",
            f"“{words.strip()[:80]}” is no name of a model of your own: letters, digits, dots and dashes, at most 60, such as "
            "`our/acme-13b`.",
        )
    return name


def _split(text: str) -> tuple[str, str]:
    """What was typed, and the file that was pasted below or behind it."""
    head, _, below = text.strip(" \t\r`:,").partition("\n")
    typed, brace, behind = head.partition("{")
    pasted = f"{brace}{behind}\n{below}".strip(AROUND) if brace else below.strip(AROUND)
    typed = clean(FENCE.sub(" ", typed))
    return ("" if typed.lower() == "json" and pasted else typed), pasted


def _page(text: str) -> dict[str, Any]:
    page = PAGE_WORDS.search(f" {text}")
    if text and not (page and not f" {text}"[: page.start()].strip()):
        raise QuestionError(
            "model", f"“{text}” is not understood here: `model list` lists all; it takes only `page 2`."
        )
    return {"page": int(page[1])} if page else {}
