"""`form`: opens the form, empty or filled in from a question; and reads the form that comes back."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ValidationError

from bot.commands.base import Command, Desk, Question
from bot.commands.compare_question import CompareQuestion
from bot.commands.estimate_question import EstimateQuestion
from bot.commands.resolve import resolve
from bot.grammar import clean, scan
from bot.phrases import Phrase
from bot.reply import Modal
from bot.views.form import ORDER, Input, compare_form, estimate_form
from calculator.errors import QuestionError


class FormQuestion(Question):
    """Open the form, filled in from `about`."""

    word: ClassVar[str] = "form"

    about: str = ""
    """A question to start from."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Everything after the word is the question to start from."""
        return cls(about=clean(text))

    def __str__(self) -> str:
        return f"{self.word} {self.about}".strip()


def answer(question: FormQuestion, desk: Desk) -> Modal:  # noqa: ARG001  # every command is called alike
    """The form."""
    word, _, rest = question.about.partition(" ")
    if word == CompareQuestion.word:
        return Modal(view=compare_form(rest))
    about = EstimateQuestion.from_text(question.about)
    inputs = {phrase.field: _input(phrase, getattr(about, phrase.field)) for phrase in about.phrases()}
    unlisted = about.model_copy(update=dict.fromkeys((*ORDER, "channel")))
    return Modal(view=estimate_form(inputs, unlisted.said(), about.channel))


def _input(phrase: Phrase, value: Any) -> Input:
    hint = EstimateQuestion.model_fields[phrase.field].description or ""
    text = "" if value is None else phrase.quantity.write(value)
    return Input(phrase.field, hint, phrase.sample, phrase.quantity.words, text)


def form_question(view: Mapping[str, Any]) -> Question:
    """The question that a submitted form asks, checked to the end so that errors show under their field."""
    fields = {name: value for name, value in _inputs(view) if value}
    where = _destination(fields)
    if view["callback_id"] == CompareQuestion.word:
        compared = CompareQuestion.from_text(fields.get("options", ""))
        for option in compared.options:
            resolve(option)
        return compared.model_copy(update={"channel": where})
    more = scan(clean(fields.pop("more", "")), EstimateQuestion.phrases())
    question = EstimateQuestion.from_fields(fields)
    question = EstimateQuestion.make({**question.model_dump(exclude_none=True), **more, "channel": where})
    resolve(question)
    return question


def _destination(fields: dict[str, str]) -> str | None:
    choice, other = fields.pop("destination", "me"), fields.pop("channel", None)
    if choice == "other" and not other:
        raise QuestionError("channel", "Choose the channel that the answer goes to.")
    return {"here": "here", "other": other}.get(choice)


class Chosen(BaseModel):
    """The option chosen in a select."""

    value: str = ""


class Entered(BaseModel):
    """What one input holds, whatever its kind."""

    value: str | None = None
    selected_option: Chosen | None = None
    selected_conversation: str | None = None

    def text(self) -> str:
        """The value as text; empty where nothing was entered."""
        chosen = self.selected_option.value if self.selected_option else ""
        return chosen or self.selected_conversation or self.value or ""


class FormState(BaseModel):
    """The inputs of a form by block and action, as Slack sends them."""

    values: dict[str, dict[str, Entered]]


def _inputs(view: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Block id and value of every input."""
    try:
        state = FormState.model_validate(view.get("state"))
    except ValidationError as error:
        raise QuestionError("question", "The form came back incomplete. Close it and open it again.") from error
    return [(block, entered.text()) for block, inputs in state.values.items() for entered in inputs.values()]


FORM = Command(
    FormQuestion, answer, "Open the form, empty or filled in from a question.", ("form", "form 7B on RTX4090, 500 tokens"),
)  # fmt: skip
