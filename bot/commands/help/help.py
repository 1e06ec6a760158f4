"""`help [topic]`: what can be asked and how, generated from the commands and the fields themselves."""

from typing import ClassVar, Self

from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.field_docs import field_docs
from bot.language.grammar import did_you_mean
from bot.reply import Message
from bot.views.help.help import command_help, fields_help, overview
from calculator.errors import QuestionError

FIELDS = "words"


class HelpQuestion(Question):
    """How does this work?"""

    word: ClassVar[str] = "help"

    topic: str = ""
    """A command, or `words` for every word that a question may hold."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Everything after the word is the topic; no topic has an ampersand, which would be read anew as something else."""
        return cls(topic=clean(clean(text).lower().replace("&", " ")))

    def __str__(self) -> str:
        return f"{self.word} {self.topic}".strip()


def answer(question: HelpQuestion, desk: Desk) -> Message:
    """The overview, one command, or every word of a question."""
    from bot.commands import commands  # noqa: PLC0415  # the registry lists this command too

    named = {command.word or "estimate": command for command in commands()}
    if not question.topic:
        return overview([(command.word or "estimate", command.summary) for command in commands()], desk.command)
    if question.topic in named:
        command = named[question.topic]
        fields = [(phrase.field, phrase.example()) for phrase in command.question.phrases()]
        return command_help(question.topic, command.summary, command.usage, fields, desk.command)
    if question.topic == FIELDS:
        return _all_words()
    hint = did_you_mean(question.topic, [*named, FIELDS])
    raise QuestionError("help", f"There is no help on “{question.topic}”. {hint} `help` lists everything.")


def _all_words() -> Message:
    from bot.commands.estimates.estimate_question import EstimateQuestion  # noqa: PLC0415  # only this topic needs the fields

    docs = field_docs(EstimateQuestion)
    return fields_help(
        [(phrase.field, phrase.example(), docs.get(phrase.field, "")) for phrase in EstimateQuestion.phrases()]
    )


HELP = Command(HelpQuestion, answer, "What can be asked, and how.", ("help", "help compare", "help words"))
