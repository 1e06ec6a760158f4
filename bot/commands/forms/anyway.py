"""`anyway QUESTION`: what another organisation would read, posted all the same; a button says it after the warning."""

from typing import ClassVar, Self

from bot.commands import command_of, read
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.reply import Reply
from calculator.errors import QuestionError

EXAMPLE = "anyway share 12"


class AnywayQuestion(Question):
    """Do it, although another organisation reads along."""

    word: ClassVar[str] = "anyway"

    asked: str
    """The question, as typed."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Everything after the word is the question."""
        if not text.strip():
            raise QuestionError("question", f"`anyway` needs a question after it, such as `{EXAMPLE}`.")
        question = read(text)
        if isinstance(question, AnywayQuestion):
            raise QuestionError("question", "Once is enough: `anyway` is said twice.")
        return cls(asked=str(question))

    def goes_to(self, here: str) -> str | None:
        """Where the question's answer goes."""
        return read(self.asked).goes_to(here)

    def __str__(self) -> str:
        return f"{self.word} {self.asked}"


def answer(question: AnywayQuestion, desk: Desk) -> Reply:
    """The answer to the question."""
    asked = read(question.asked)
    return command_of(asked).reply(asked, desk)


COMMAND = Command(
    AnywayQuestion,
    answer,
    "Post in a channel that is shared with another organisation, after the warning.",
    (EXAMPLE,),
)
