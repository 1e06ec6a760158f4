"""What forms share: a field of a question as an input, and where the answer goes."""

from typing import Any

from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.language.field_docs import field_docs
from bot.language.phrases import Phrase
from bot.views.kit.form import Input
from calculator.errors import QuestionError


def input_of(phrase: Phrase, value: Any, *more: type[Question]) -> Input:
    """The input of a field, with its documentation and what it says now."""
    return input_saying(phrase, "" if value is None else phrase.quantity.write(value), *more)


def input_saying(phrase: Phrase, text: str, *more: type[Question]) -> Input:
    """The input of a field, of an estimate or of `more` questions, with what was entered there."""
    docs = {name: doc for question in (EstimateQuestion, *more) for name, doc in field_docs(question).items()}
    return Input(phrase.field, docs.get(phrase.field, ""), phrase.sample, phrase.quantity.words, text)


def destination_of(fields: Fields) -> str | None:
    """Who sees the answer: None for the person alone, `here`, or a channel."""
    choice, other = fields.pop("destination", "me"), fields.pop("channel", None)
    if choice == "other" and not other:
        raise QuestionError("channel", "Choose the channel that the answer goes to.")
    return {"here": "here", "other": other}.get(choice)
