"""Answers stored, shown again and asked again."""

from typing import Literal

from bot.answers import ANSWERS, Answer, CompareAnswer, EstimateAnswer, HostedAnswer
from bot.commands.base import Desk, Record
from bot.commands.compare_question import CompareQuestion
from bot.commands.estimate_question import EstimateQuestion
from bot.commands.resolve import resolve
from bot.reply import Message
from bot.views.answer import answer_view
from bot.views.change import changes
from bot.views.verdict import verdict


def store(answer: Answer, desk: Desk, channel: str | None = None, note: str = "") -> Message:
    """Keep the answer and show it; in `channel` it is posted for everyone there, as in a thread that asked in public."""
    channel = channel or ("here" if desk.asker.thread_ts else None)
    headline = verdict(answer).text
    try:
        kept = desk.stored.add(_kind(answer), answer.asked, answer.spelled_out, headline, answer.model_dump_json())
        number, warning = kept.number, ""
    except desk.cannot_store as error:
        number, warning = None, f":warning: This answer is not in your history: {error}"
    message = answer_view(answer, number=number, notes=tuple(filter(None, (note, warning))))
    if channel is None:
        return message
    return message.model_copy(
        update={"audience": "channel", "channel": None if channel == "here" else channel, "shares": number}
    )


def answer_of(stored: Record) -> Answer:
    """A stored answer as it was given."""
    return ANSWERS.validate_json(stored.results)


def message(stored: Record, asked_by: str = "") -> Message:
    """A stored answer as a message; `asked_by` where it is shown to others."""
    by = f"Asked by <@{asked_by}>" if asked_by and asked_by != "local" else ""
    return answer_view(answer_of(stored), number=stored.number, notes=(by,) if by else ())


def answer_again(stored: Record, desk: Desk) -> Message:
    """The same question with today's catalog and prices, stored anew, with what changed."""
    old = answer_of(stored)
    new = ask(old.asked)
    return store(new, desk, note=f"*Since #{stored.number}*: {changes(old, new)}")


def ask(text: str) -> Answer:
    """The answer to an estimate or a comparison in its canonical text."""
    word, _, rest = text.partition(" ")
    if word == CompareQuestion.word:
        return compared(CompareQuestion.from_text(rest))
    return resolve(EstimateQuestion.from_text(text).model_copy(update={"channel": None}))


def compared(question: CompareQuestion) -> CompareAnswer:
    """Every option's answer."""
    options = tuple(resolve(option) for option in question.options)
    spelled_out = f"{question.word} {' vs '.join(option.spelled_out for option in options)}"
    return CompareAnswer(asked=str(question), spelled_out=spelled_out, options=options)


def _kind(answer: EstimateAnswer | HostedAnswer | CompareAnswer) -> Literal["estimate", "compare"]:
    return "compare" if isinstance(answer, CompareAnswer) else "estimate"
