"""`what if fp8`: one's last answer with something different. What can be said, and how."""

import re
from typing import ClassVar, Literal, Self

from pydantic import Field

from bot.commands.decisions.wanted import Wanted
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.language.cleaning import clean
from bot.language.grammar import scan
from calculator.errors import QuestionError

NUMBERED = re.compile(r"(?:#(\d{1,9})\s*[:,]?|(\d{1,9})\s*:)(?=\s|$)\s*")
LETTERED = re.compile(r"(?:option\s+([A-Fa-f])|([A-Fb-f]))(?:\s*:|(?=\s))\s*(?=\S)")
BESIDE = re.compile(
    r"(?:(?:we|i|you|it|they)\s+)?(?:use|used|take|took|run|ran|had|have|is|was|were)\s+(?=\S)", re.IGNORECASE
)
"""What people say before what is different: `what if we used fp8`."""
WISHED = re.compile(r"(?:(cheaper|less expensive)|faster|quicker)(?!\s+than)\b", re.IGNORECASE)
EXAMPLES = "`what if fp8`, `what if on 2xL40S`, `what if at 5000/h` or `what if cheaper`"


class WhatIfQuestion(Wanted):
    """What would be different?"""

    word: ClassVar[str] = "what if"

    number: int | None = Field(None, ge=1)
    """The answer that it is asked of; the last one here where none is said."""
    option: Literal["A", "B", "C", "D", "E", "F"] | None = None
    """The option of a comparison that changes; all of them where none is said."""
    wish: Literal["cheaper", "faster"] | None = None
    """To be looked for, in place of a change that is said."""
    gpus: int | None = Field(None, ge=1, le=4096)
    """How many accelerators, of the hardware that was named before."""
    about: EstimateQuestion = Field(default_factory=EstimateQuestion)
    """What is different."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`[NUMBER:] [OPTION] what is different`, which is said as in any question."""
        said: dict[str, object] = {}
        text = clean(text)
        if numbered := NUMBERED.match(text):
            said["number"], text = int(numbered[1] or numbered[2]), text[numbered.end() :]
        if beside := BESIDE.match(text):
            text = text[beside.end() :]
        if lettered := LETTERED.match(text):
            said["option"], text = (lettered[1] or lettered[2]).upper(), text[lettered.end() :]
        return cls.make({**said, **_different(text)})

    def change(self) -> str:
        """What is different, as one would type it."""
        cards = "" if self.gpus is None else f"{self.gpus} gpus"
        rest = ", ".join(filter(None, (self.wish, str(self.about), cards, self.said())))
        return f"option {self.option}: {rest}" if self.option else rest

    def __str__(self) -> str:
        return f"{self.word} {'' if self.number is None else f'{self.number}: '}{self.change()}".strip()


def _different(text: str) -> dict[str, object]:
    """The fields that are said; QuestionError where nothing is, or a wish is not said alone."""
    text = text.rstrip(" ?.!,")
    if wished := WISHED.fullmatch(text):
        return {"wish": "cheaper" if wished[1] else "faster"}
    if WISHED.search(text):
        raise QuestionError(
            "change", "`cheaper` and `faster` stand alone: I look for a change myself. `what if cheaper`."
        )
    values = scan(text, [*EstimateQuestion.phrases(), *Wanted.phrases()])
    if not values:
        raise QuestionError("change", f"What is different? For example {EXAMPLES}.")
    found: dict[str, object] = {name: values.pop(name) for name in Wanted.model_fields if name in values}
    if "gpus" in values and "hardware_type" not in values:
        found["gpus"] = values.pop("gpus")
    return {"about": EstimateQuestion.make(values), **found}
