"""`start`: five things to try, for someone who is new."""

from typing import ClassVar, Self

from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.reply import Message
from bot.views.help.start import start_view
from calculator.errors import QuestionError


class StartQuestion(Question):
    """What is there to try?"""

    word: ClassVar[str] = "start"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Nothing more to say."""
        if clean(text):
            raise QuestionError(
                "start", "`start` stands alone: it shows five things to try. `help` lists every command."
            )
        return cls()


def answer(question: StartQuestion, desk: Desk) -> Message:  # noqa: ARG001  # every command is answered alike
    """The five, each with its button."""
    return start_view(desk.command)


START = Command(StartQuestion, answer, "Five things to try, each with its button.", ("start",))
