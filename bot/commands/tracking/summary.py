"""`summary`: what the tracked deployments cost, now and for oneself; and the message behind every scheduled summary."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Literal, NamedTuple, Self

from bot.calendar import Calendar
from bot.commands.estimates.stored_answers import own
from bot.commands.tracking.saving import with_saving
from bot.commands.tracking.selection import selected
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.records import Schedule
from bot.language.cleaning import clean
from bot.reply import Message
from bot.views.history.export import offering
from bot.views.tracking.summary import Summary, summary_view
from calculator.errors import QuestionError
from calculator.spending.statement import Statement

PERIODS = {"day": 1, "week": 7, "month": 30}
SHOWN = 8
"""Periods in a chart."""
LOOKED_INTO = 3
"""Deployments that are looked into for a saving: the dearest."""


class SummaryQuestion(Question):
    """What do the tracked deployments cost?"""

    word: ClassVar[str] = "summary"

    period: Literal["day", "week", "month"] = "week"
    """The last 24 hours, 7 days or 30 days."""
    about: str = ""
    """Names, tags or `this channel`; all where nothing is said."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`[day|week|month] [of names, tags or this channel]`."""
        match = re.fullmatch(
            r"(?:(?:the |last |past )*(day|week|month)\b)?\s*(?:(?:of|about)\s+)?(.*)", clean(text), re.IGNORECASE
        )
        assert match
        return cls.make({"period": (match[1] or "week").lower(), "about": match[2].strip()})

    def __str__(self) -> str:
        period = "" if self.period == "week" else self.period
        return " ".join(filter(None, (self.word, period, f"of {self.about}" if self.about else "")))


def answer(question: SummaryQuestion, desk: Desk) -> Message:
    """The period up to now, for the asker alone."""
    length = timedelta(days=PERIODS[question.period])
    edges = [desk.now - length * number for number in range(SHOWN, -1, -1)]
    days = PERIODS[question.period]
    what = f"The last {f'{days} days' if days > 1 else '24 hours'}, each bar as long"
    found = summary_of(desk, Asked(edges, desk.zone, what, question.about, desk.asker.channel_id))
    return offering(found, str(question))


def scheduled_summary(schedule: Schedule, due: datetime, desk: Desk, notes: tuple[str, ...] = ()) -> Message:
    """What a schedule posts for the run that is due; QuestionError where its text is not understood any more."""
    calendar = Calendar.from_text(schedule.spec)
    edges = scheduled_edges(calendar, due) or rolling_edges(calendar, due)
    what = f"Schedule {schedule.number}: {schedule.spec}"
    return summary_of(desk, Asked(edges, calendar.zone, what, schedule.about, schedule.channel_id, notes))


GONE = "What this schedule is about is not seen here any more: its owner may change it."


class Asked(NamedTuple):
    """Which summary: when it is about, what it is about, and who reads it."""

    edges: Sequence[datetime]
    """The ends of its periods, the oldest first; the last period is the one that is summed up."""
    zone: str
    what: str
    """How the summary says what it is."""
    about: str
    channel: str
    """Where it is read: what may be seen there is summed up."""
    notes: tuple[str, ...] = ()


def summary_of(desk: Desk, asked: Asked) -> Message:
    """The summary of the last period, for what may be seen in the channel."""
    notes = asked.notes
    seen = desk.deployments.all("running", "paused")
    try:
        found = selected(seen, asked.about, asked.channel)
    except QuestionError as error:
        public = not desk.asker.user_id  # everyone in the channel reads it: what it is about may be hidden by now
        found, notes = (), (*notes, GONE if public else error.message)
        asked = asked._replace(about="") if public else asked
    statement = desk.deployments.statement(found, list(asked.edges))
    tracked = {one.key: one for one in found}
    ours = own(desk)
    lines = tuple(
        with_saving(line, tracked[line.key], ours) if index < LOOKED_INTO else line
        for index, line in enumerate(statement.lines)
    )
    statement = statement.model_copy(update={"lines": lines})
    first = min((one.created_at for one in found), default=statement.start)
    shown = _since(statement, first)
    fresh = not seen and bool(desk.asker.user_id)  # a schedule asks for nobody
    return summary_view(
        Summary(statement=shown, zone=asked.zone, what=asked.what, about=asked.about, notes=notes, fresh=fresh),
        desk.command,
    )


def _since(statement: Statement, first: datetime) -> Statement:
    """The trend from the period in which the first deployment was tracked: nothing was known before."""
    ends = [*statement.labels[1:], statement.end]
    skipped = next((index for index, end in enumerate(ends) if end > first), len(ends) - 1)
    lines = tuple(line.model_copy(update={"trend": line.trend[skipped:]}) for line in statement.lines)
    return statement.model_copy(update={"labels": statement.labels[skipped:], "lines": lines})


def scheduled_edges(calendar: Calendar, due: datetime) -> list[datetime]:
    """The runs up to the one that is due, the oldest first; none where the schedule has no such run."""
    edges = calendar.last_runs(due, SHOWN + 1)
    if due not in edges:
        return []
    return edges if len(edges) > 1 else [due - timedelta(days=7), due]


def rolling_edges(calendar: Calendar, now: datetime) -> list[datetime]:
    """Times as long as one of the schedule's, up to now, the oldest first."""
    last = calendar.last_run(now) or now - timedelta(days=7)
    following = calendar.next_run(now)
    length = following - last if following else timedelta(days=7)
    return [now - length * number for number in range(SHOWN, -1, -1)]


SUMMARY = Command(
    SummaryQuestion,
    answer,
    "What the tracked deployments cost: the bill, what moved, what is idle, what to save.",
    ("summary", "summary month", "summary of team=search", "summary day of support-bot"),
)
