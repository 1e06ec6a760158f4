"""A question about one stored answer, by its number."""

from typing import Annotated

from pydantic import Field

from bot.desk.question import Question
from bot.language.phrases import Phrase
from bot.language.shared_words import NUMBER


class NumberedQuestion(Question):
    """A question about one stored answer."""

    number: Annotated[int, Phrase(NUMBER, "{}")] = Field(ge=1)
    """The answer's number, as the history lists it."""
