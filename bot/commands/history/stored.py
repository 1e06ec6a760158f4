"""What one does with a stored answer: `show 12`, `details 12`, `json 12`, `share 12`, `rerun 12`, `delete 12`, `undelete 12`.

Every button of an answer types one of these.
"""

from typing import Annotated, ClassVar

from bot.commands.decisions.ask_again import answer_again
from bot.commands.estimates import stored_answers
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.numbered import NumberedQuestion
from bot.desk.records import StoredAnswer
from bot.language.phrases import Phrase
from bot.language.shared_words import CHANNEL, YES
from bot.reply import Message
from bot.views.answers.answer import details_view, json_view
from bot.views.history.history import ask_before_deleting, deleted
from calculator.errors import QuestionError


class ShowQuestion(NumberedQuestion):
    """Show it again, as it was given."""

    word: ClassVar[str] = "show"


class DetailsQuestion(NumberedQuestion):
    """Everything behind it: memory part by part, all costs, every assumption."""

    word: ClassVar[str] = "details"


class JsonQuestion(NumberedQuestion):
    """The same for programs."""

    word: ClassVar[str] = "json"


class ShareQuestion(NumberedQuestion):
    """Post it where everyone in the channel sees it."""

    word: ClassVar[str] = "share"

    channel: Annotated[str | None, Phrase(CHANNEL, "in {}", "to {}", "{}", joint=" ")] = None
    """Where; in this channel where none is said."""

    def goes_to(self, here: str) -> str | None:
        """This channel, where no other is said."""
        return super().goes_to(here) or here


class RerunQuestion(NumberedQuestion):
    """Ask the same again with today's catalog and prices, and say what changed."""

    word: ClassVar[str] = "rerun"


class DeleteQuestion(NumberedQuestion):
    """Remove one's own answer from every history."""

    word: ClassVar[str] = "delete"

    sure: Annotated[str | None, Phrase(YES, "{}")] = None
    """`yes` deletes; without it the question is asked back."""


class UndeleteQuestion(NumberedQuestion):
    """Take a deletion back."""

    word: ClassVar[str] = "undelete"


def show(question: ShowQuestion, desk: Desk) -> Message:
    """The answer as it was given."""
    return stored_answers.message(desk.answers.get(question.number))


def details(question: DetailsQuestion, desk: Desk) -> Message:
    """Everything behind the answer."""
    stored = desk.answers.get(question.number)
    return details_view(stored_answers.shown_in(stored), number=stored.number)


def as_json(question: JsonQuestion, desk: Desk) -> Message:
    """The answer as JSON, to copy."""
    stored = desk.answers.get(question.number)
    return json_view(stored_answers.shown_in(stored).data, number=stored.number)


def share(question: ShareQuestion, desk: Desk) -> Message:
    """The answer for everyone in the channel."""
    stored = own_answer(question.number, desk)
    message = stored_answers.message(stored, asked_by=stored.user_id)
    where = None if question.channel == "here" else question.channel
    return message.model_copy(update={"audience": "channel", "channel": where, "shares": stored.number})


def own_answer(number: int, desk: Desk) -> StoredAnswer:
    """An answer that the asker may share."""
    stored = desk.answers.get(number)
    if stored.user_id != desk.asker.user_id:
        raise QuestionError(
            "number", f"#{stored.number} was asked by someone else: only they share it. `rerun` asks it anew."
        )
    return stored


def rerun(question: RerunQuestion, desk: Desk) -> Message:
    """The same question answered anew, with the difference."""
    stored = desk.answers.get(question.number)
    return answer_again(stored, desk)


def delete(question: DeleteQuestion, desk: Desk) -> Message:
    """Gone, with a button to undo; asked back first where `yes` was not said."""
    if not question.sure:
        stored = desk.answers.get(question.number)
        return ask_before_deleting(stored.number, stored.question, desk.command)
    desk.answers.delete(question.number)
    return deleted(question.number)


def undelete(question: UndeleteQuestion, desk: Desk) -> Message:
    """Back again."""
    desk.answers.undelete(question.number)
    return stored_answers.message(desk.answers.get(question.number))


STORED = (
    Command(ShowQuestion, show, "Show a stored answer again, as it was given.", ("show 12",)),
    Command(DetailsQuestion, details, "Everything behind a stored answer.", ("details 12",)),
    Command(JsonQuestion, as_json, "A stored answer for programs.", ("json 12",)),
    Command(
        ShareQuestion,
        share,
        "Post a stored answer in this channel, or in another.",
        ("share 12", "share 12 in #llm-costs"),
    ),
    Command(RerunQuestion, rerun, "Ask again with today's prices, and say what changed.", ("rerun 12",)),
    Command(DeleteQuestion, delete, "Delete an answer of yours.", ("delete 12", "delete 12 yes")),
    Command(UndeleteQuestion, undelete, "Take a deletion back.", ("undelete 12",)),
)
