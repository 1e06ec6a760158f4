"""Answers stored, and shown again as they were given."""

from typing import Literal

from bot.answers.kinds import AnyAnswer
from bot.answers.shown import ShownAnswer
from bot.desk.desk import Desk
from bot.desk.records import StoredAnswer
from bot.reply import Message
from bot.views.answers.answer import answer_view, shown_of
from bot.views.answers.difference import difference_line
from bot.views.kit.blocks import escape
from calculator.team.own import NOTHING, Own


def store(
    answer: AnyAnswer,
    desk: Desk,
    channel: str | None = None,
    since: StoredAnswer | None = None,
    news: tuple[str, ...] = (),
) -> Message:
    """Keep the answer and show it; in `channel` it is posted for everyone there, as in a thread that asked in public.

    `since` is an earlier answer to the same question: what changed is told. `news` stands above the answer.
    """
    channel = channel or ("here" if desk.asker.thread_ts else None)
    kept = shown_of(answer)
    notes = [*news, *([] if since is None else [f"*Since #{since.number}*: {difference_line(shown_in(since), kept)}"])]
    number = None
    try:
        kind: Literal["estimate", "compare"] = "compare" if kept.compares else "estimate"
        number = desk.answers.add(kind, answer.asked, answer.spelled_out, kept.verdict, kept.model_dump_json()).number
    except desk.cannot_store as error:
        notes.append(f":warning: This answer is not in your history: {escape(str(error))}")
    message = answer_view(kept, number=number, notes=tuple(notes))
    if channel is None:
        return message
    where = None if channel == "here" else channel
    return message.model_copy(update={"audience": "channel", "channel": where, "shares": number})


def shown_in(stored: StoredAnswer) -> ShownAnswer:
    """A stored answer as it was given."""
    return ShownAnswer.model_validate_json(stored.results)


def message(stored: StoredAnswer, asked_by: str = "") -> Message:
    """A stored answer as a message; `asked_by` where it is shown to others."""
    by = f"Asked by <@{asked_by}>" if asked_by and asked_by != "local" else ""
    return answer_view(shown_in(stored), number=stored.number, notes=(by,) if by else ())


def own(desk: Desk) -> Own:
    """What the team has of its own; nothing where the database refuses, so that the catalog answers alone."""
    try:
        return Own(rates=desk.rates.current(), measurements=desk.calibrations.current(), models=desk.own_models.specs())
    except desk.cannot_store:
        return NOTHING
