"""What a command is: its question, what answers it, and what help says of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.reply import Reply

Q = TypeVar("Q", bound=Question)


@dataclass(frozen=True)
class Command(Generic[Q]):
    """One subcommand: how it is asked, what answers it, and what help says of it."""

    question: type[Q]
    answer: Callable[[Q, Desk], Reply]
    summary: str
    usage: tuple[str, ...]

    @property
    def word(self) -> str:
        """The subcommand's name."""
        return self.question.word

    def reply(self, question: Question, desk: Desk) -> Reply:
        """The answer to a question of its kind."""
        assert isinstance(question, self.question)
        return self.answer(question, desk)
