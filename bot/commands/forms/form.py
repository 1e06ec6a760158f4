"""`form`: opens the form, empty or filled in from a question; and reads the form that comes back."""

from collections.abc import Mapping
from typing import Any, ClassVar, Self

from bot.commands import form_of
from bot.commands.decisions.compare_form_opened import NUMBER, question_of
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.registry import FORMS
from bot.desk.submitted import inputs
from bot.language.cleaning import clean
from bot.reply import Block, Modal
from bot.views.kit.form import origin_of, taken_from
from calculator.team.own import NOTHING, Own

FROM = "from the message:"
"""What stands between a question and the message that it was taken from."""
ESTIMATE = "estimate"
"""The form that opens from a question without the word of another."""


class FormQuestion(Question):
    """Open the form, filled in from `about`."""

    word: ClassVar[str] = "form"

    about: str = ""
    """A question to start from."""
    message: str = ""
    """The message that it was taken from, where it says more."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Everything after the word is the question to start from, or the answer to one: `#12`."""
        about, _, message = clean(text).partition(f"{FROM} ")
        return cls(about=about.strip(), message=message)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.word, self.about, FROM if self.message else "", self.message)))


def answer(question: FormQuestion, desk: Desk) -> Modal:
    """The form."""
    view = _opened(question.about, desk)
    return Modal(view=taken_from(view, question.message) if question.message else view)


def _opened(asked: str, desk: Desk) -> Block:
    if numbered := NUMBER.fullmatch(asked):
        return _opened(question_of(desk.answers.get(int(numbered[1]))), desk)
    word, _, rest = asked.partition(" ")
    if word in FORMS and word != ESTIMATE:
        return form_of(word).opened(rest.strip(), desk)
    return form_of(ESTIMATE).opened(asked, desk)


def form_question(view: Mapping[str, Any], own: Own = NOTHING) -> Question:
    """The question that a submitted form asks, checked to the end so that errors show under their field."""
    fields = {name: value for name, value in inputs(view) if value}
    return form_of(view["callback_id"]).asks(fields, origin_of(view).subject, own)


FORM = Command(
    FormQuestion,
    answer,
    "Open the form, empty or filled in from a question.",
    ("form", "form 7B on RTX4090, 500 tokens", "form track", "form schedule"),
)
