"""`alerts`: what is raised about deployments, and the hours in which alerts wait; `repost`."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, ClassVar, Self
from zoneinfo import ZoneInfo

from pydantic import Field

from bot.calendar import Calendar
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.phrases import Phrase
from bot.language.shared_words import NUMBER
from bot.reply import Message
from bot.views.tracking.alerts import alerts_view
from bot.views.tracking.schedules import posting_again
from calculator.errors import QuestionError

HOURS = re.compile(
    r"(?:quiet(?: hours)?\s+)?(?:from\s+)?(\S+?(?:\s?[ap]m\b)?)\s*(?:-|\bto\b|\buntil\b)\s*(\S+(?:\s?[ap]m\b)?)\s*(.*)",
    re.IGNORECASE,
)
NONE = re.compile(r"(?:quiet(?: hours)?\s+)(?:none|off|never)", re.IGNORECASE)


class AlertsQuestion(Question):
    """What is raised, and when do alerts wait?"""

    word: ClassVar[str] = "alerts"

    quiet: str = ""
    """Hours in which alerts wait, as typed; `none` for no such hours."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Nothing, or `quiet 22:00-07:00 Europe/Berlin`, or `quiet none`."""
        words = clean(text)
        if NONE.fullmatch(words):
            return cls(quiet="none")
        if words and not words.lower().startswith("quiet"):
            raise QuestionError(
                "alerts",
                f"“{words}” is not understood. Write `alerts`, `alerts quiet 22:00-07:00 Europe/Berlin` or `alerts quiet none`.",
            )
        rest = re.sub(r"^quiet(?: hours)?\s*", "", words, flags=re.IGNORECASE)
        if words and not HOURS.fullmatch(rest):
            raise QuestionError(
                "quiet",
                "When should alerts wait? Write `alerts quiet 22:00-07:00 Europe/Berlin`, or `alerts quiet none`.",
            )
        return cls(quiet=rest)

    def __str__(self) -> str:
        return f"{self.word} quiet {self.quiet}" if self.quiet else self.word


def answer(question: AlertsQuestion, desk: Desk) -> Message:
    """What is raised now, and the quiet hours."""
    if question.quiet:
        desk.rules.set_quiet("" if question.quiet == "none" else spelled_out(question.quiet, desk.zone))
    found = desk.deployments.all("running", "paused")
    raised = desk.deployments.alerts(found)
    return alerts_view(
        [(one.name, raised[one.id]) for one in found if raised[one.id]], desk.rules.quiet(), tracked=len(found)
    )


def spelled_out(text: str, zone: str) -> str:
    """`22:00 to 07:00 Europe/Berlin`."""
    match = HOURS.fullmatch(text)
    assert match
    try:
        times = [_time(part) for part in (match[1], match[2])]
        where = Calendar.from_text(f"daily 00:00 {match[3]}", zone).zone
    except QuestionError as error:
        raise QuestionError("quiet", error.message) from error
    if times[0] == times[1]:
        raise QuestionError("quiet", f"“{text}” begins when it ends. Write two times, such as 22:00-07:00.")
    return f"{times[0]:%H:%M} to {times[1]:%H:%M} {where}"


def _time(text: str) -> time:
    calendar = Calendar.from_text(f"daily at {text} UTC")
    return time(calendar.hours[0], calendar.minutes[0])


def waits_until(quiet: str, now: datetime) -> datetime:
    """When an alert raised now may be posted: at the end of the quiet hours, or now where none are."""
    if not quiet:
        return now
    begin, _, end, zone = quiet.split(" ")
    place = ZoneInfo(zone)
    local = now.astimezone(place)
    first, last = time.fromisoformat(begin), time.fromisoformat(end)
    inside = first <= local.time() < last if first < last else not last <= local.time() < first
    if not inside:
        return now
    day = local.date() + timedelta(days=int(local.time() >= last))
    return datetime.combine(day, last, place).astimezone(UTC)


class RepostQuestion(Question):
    """Post once more what may not have arrived."""

    word: ClassVar[str] = "repost"

    number: Annotated[int, Phrase(NUMBER, "{}")] = Field(ge=1)
    """The post, as the button names it."""


def repost(question: RepostQuestion, desk: Desk) -> Message:
    """It is posted again within seconds."""
    return posting_again(desk.schedules.again(question.number).problem)


ALERTS = Command(
    AlertsQuestion,
    answer,
    "What is raised about tracked deployments, and the hours in which alerts wait.",
    ("alerts", "alerts quiet 22:00-07:00 Europe/Berlin", "alerts quiet none"),
)
REPOST = Command(RepostQuestion, repost, "Post a summary again that may not have arrived.", ("repost 17",))
