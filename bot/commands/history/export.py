"""`export 12 png`: an answer or a summary as a picture, a spreadsheet or JSON, in one's direct messages."""

import json
import re
from collections.abc import Callable
from typing import ClassVar, Literal, Self

from pydantic import Field

from bot.commands.estimates import stored_answers
from bot.commands.tracking import summary
from bot.commands.tracking.summary import SummaryQuestion
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.records import StoredAnswer
from bot.language.cleaning import clean
from bot.language.shared_words import NUMBERED
from bot.reply import File, Message
from bot.views.history.export import Exported, on_its_way, signed, which_file
from bot.views.kit.spreadsheet import csv_of
from calculator.errors import QuestionError

Form = Literal["csv", "json", "png"]
FORMS: dict[str, Form] = {
    "csv": "csv",
    "spreadsheet": "csv",
    "excel": "csv",
    "json": "json",
    "png": "png",
    "picture": "png",
    "image": "png",
}
FORM = rf"(?:(?:as|to|a|an)\s+)*({'|'.join(FORMS)})"
LAST = re.compile(rf"(?:^|(?<=\s)){FORM}$", re.IGNORECASE)
FIRST = re.compile(rf"{FORM}(?=\s|$)(?:\s+of\b)?\s*", re.IGNORECASE)


class ExportQuestion(Question):
    """As a file?"""

    word: ClassVar[str] = "export"

    number: int | None = Field(None, ge=1)
    """The answer's number; the last one here where nothing is said."""
    summary: SummaryQuestion | None = None
    """A summary in place of an answer."""
    form: Form | None = None
    """png, csv or json; asked back where none is said."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`[12|summary …] [csv|json|png]`."""
        words = clean(text)
        found = LAST.search(words) or FIRST.match(words)
        form = FORMS[found[1].lower()] if found else None
        about = f"{words[: found.start()]} {words[found.end() :]}".strip() if found else words
        head, _, rest = about.partition(" ")
        if head.lower() == SummaryQuestion.word:
            return cls.make({"summary": SummaryQuestion.from_text(rest), "form": form})
        if not about:
            return cls.make({"form": form})
        if not (numbered := NUMBERED.fullmatch(about)):
            raise QuestionError(
                "export",
                f"“{about[:60]}” is neither the number of an answer nor a summary. Type `export 12 png` or `export summary csv`.",
            )
        return cls.make({"number": int(numbered[1]), "form": form})

    def __str__(self) -> str:
        about = str(self.summary) if self.summary else str(self.number or "")
        return " ".join(filter(None, (self.word, about, self.form)))


def answer(question: ExportQuestion, desk: Desk) -> Message:
    """The file, or which one it shall be."""
    if question.summary:
        return _summary(question.summary, question.form, desk)
    stored = desk.answers.get(question.number) if question.number else desk.answers.last()
    if stored is None:
        raise QuestionError(
            "number", "You have no answer here yet. Ask a question first, or name one: `export 12 png`."
        )
    if question.form is None:
        return which_file(f"#{stored.number}", str(stored.number))
    return on_its_way(MADE[question.form](_stored(stored)), f"#{stored.number}")


def _stored(stored: StoredAnswer) -> Exported:
    kept = stored_answers.shown_in(stored)
    heading, _, sentence = kept.verdict.partition(": ")
    return Exported(
        name=f"inference-{stored.number}",
        heading=heading,
        sentence=sentence,
        blocks=kept.blocks,
        signed=signed(stored.created_at, stored.number),
        data=kept.data | {"number": stored.number},
        decided=kept.decided,
    )


def _summary(question: SummaryQuestion, form: Form | None, desk: Desk) -> Message:
    """The summary that would be shown now; where nothing is tracked, what it says."""
    told = summary.answer(question, desk)
    if not told.data["deployments"]:
        return told
    if form is None:
        return which_file("this summary", str(question))
    heading = told.blocks[0]["text"]["text"]
    exported = Exported(
        name="model-costs",
        heading=heading,
        sentence=told.text.removeprefix(f"{heading}: "),
        blocks=told.blocks,
        signed=signed(desk.now),
        data=told.data,
    )
    return on_its_way(MADE[form](exported), "the summary")


def _picture(exported: Exported) -> File:
    from bot.views.pictures.picture import picture  # noqa: PLC0415  # only a picture pays for its library

    return picture(exported)


def _csv(exported: Exported) -> File:
    return File(
        name=f"{exported.name}.csv", content=csv_of(exported.data, exported.decided), title=exported.heading[:200]
    )


def _json(exported: Exported) -> File:
    text = json.dumps(exported.data, indent=2, ensure_ascii=False) + "\n"
    return File(name=f"{exported.name}.json", content=text, title=exported.heading[:200])


MADE: dict[Form, Callable[[Exported], File]] = {"png": _picture, "csv": _csv, "json": _json}


EXPORT = Command(
    ExportQuestion,
    answer,
    "An answer or a summary as a picture for slides, a spreadsheet or JSON, in your direct messages.",
    ("export 12 png", "export 12 csv", "export 12 json", "export summary month png"),
)
