"""`schedule every monday 09:00 Europe/Berlin in #llm-costs`: a cost summary for a channel, and everything about one.

`schedule preview SPEC` shows when something runs; `schedule 3 pause` and the like act on a schedule; `schedules` lists them.
"""

from collections.abc import Callable
from typing import ClassVar, Self

from bot.calendar import RULES, Calendar, understand
from bot.commands.tracking.schedule_question import EXAMPLE, ScheduleQuestion
from bot.commands.tracking.selection import selected
from bot.commands.tracking.summary import Asked, rolling_edges, summary_of
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.records import Schedule
from bot.language.cleaning import clean
from bot.reply import Message
from bot.views.tracking.schedule_preview import Preview, preview_view
from bot.views.tracking.schedules import Shown, posting_now, schedule_view, schedules_view
from calculator.errors import QuestionError


def answer(question: ScheduleQuestion, desk: Desk) -> Message:
    """The next runs, a new schedule, or what became of one."""
    if question.number is None:
        return _preview(question, desk) if question.do == "preview" else _add(question, desk)
    if question.do in {"show", "preview"}:
        found = desk.schedules.get(question.number)
        return _shown(found, desk) if question.do == "show" else _previewed(found, desk)
    return ACTIONS[question.do](desk.schedules.mine(question.number, stopping=question.do in STOPPING), question, desk)


def _preview(question: ScheduleQuestion, desk: Desk) -> Message:
    """The next runs, in the schedule's zone and in UTC."""
    zone = desk.zone
    calendar = Calendar.from_text(question.spec, zone)
    after = question.after or desk.now
    runs = calendar.next_runs(after, question.count)
    later = question.model_copy(update={"after": runs[-1]})
    return preview_view(
        Preview(
            schedule=str(calendar),
            zone=calendar.zone,
            after=after,
            runs=tuple((run, calendar.oddity(run)) for run in runs),
            notes=understand(question.spec, zone).notes,
            asked=str(question),
            later=str(later),
        )
    )


def _add(question: ScheduleQuestion, desk: Desk) -> Message:
    """A new schedule; which deployments it is about is checked now."""
    calendar = Calendar.from_text(question.spec, desk.zone)
    channel = question.channel or desk.asker.channel_id
    _check(channel, question.about, desk)
    _at_most_hourly(calendar)
    added = desk.schedules.add(channel, str(calendar), question.about, calendar.next_run(desk.now))
    return _shown(added, desk, "is set", understand(question.spec, desk.zone).notes)


def _check(channel: str, about: str, desk: Desk) -> None:
    if channel == "local":
        raise QuestionError(
            "channel",
            "Summaries are posted in Slack: schedule them there. Here, `summary` prints one, and "
            "`schedule preview SPEC` shows when one would run.",
        )
    if not desk.rules.posts_in(channel):
        raise QuestionError("channel", "An admin does not let me post summaries there. `channels` lists where I may.")
    selected(desk.deployments.seen_in(channel), about, channel)


def _at_most_hourly(calendar: Calendar) -> None:
    if len(calendar.minutes) > 1:
        raise QuestionError(
            "schedule", f"“{calendar}” is more often than hourly. Write `hourly`, or one minute of the hour."
        )


def _shown(found: Schedule, desk: Desk, news: str = "", notes: tuple[str, ...] = ()) -> Message:
    calendar = Calendar.from_text(found.spec)
    runs = () if found.paused else tuple(calendar.next_runs(desk.now, 3))
    shown = Shown(
        schedule=found, runs=runs, zone=calendar.zone, past=tuple(desk.schedules.runs(found)), news=news, notes=notes
    )
    return schedule_view(shown, desk.command)


def _previewed(found: Schedule, desk: Desk) -> Message:
    """What it would post now, for the asker alone."""
    calendar = Calendar.from_text(found.spec)
    what = f"Preview of schedule {found.number}: what it would post now"
    edges = rolling_edges(calendar, desk.now)
    return summary_of(desk, Asked(edges, calendar.zone, what, found.about, found.channel_id))


def _pause(found: Schedule, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001  # every action is called alike
    return _shown(desk.schedules.change(found, "paused", paused=True, paused_why=""), desk, "is paused")


def _resume(found: Schedule, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001
    following = Calendar.from_text(found.spec).next_run(desk.now)
    changed = desk.schedules.change(found, "resumed", paused=False, paused_why="", next_run_at=following)
    return _shown(changed, desk, "runs again")


def _run(found: Schedule, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001
    desk.schedules.run_now(found)
    return posting_now(found.number, found.channel_id)


def _delete(found: Schedule, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001
    return _shown(desk.schedules.change(found, "deleted", deleted_at=desk.now), desk, "is deleted")


def _restore(found: Schedule, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001
    _check(found.channel_id, "", desk)
    following = Calendar.from_text(found.spec).next_run(desk.now)
    return _shown(desk.schedules.change(found, "restored", deleted_at=None, next_run_at=following), desk, "is back")


def _becomes(found: Schedule, question: ScheduleQuestion, desk: Desk) -> Message:
    """Other days, another channel, other deployments."""
    calendar = Calendar.from_text(question.spec, desk.zone)
    channel = question.channel or found.channel_id
    _check(channel, question.about, desk)
    _at_most_hourly(calendar)
    changed = desk.schedules.change(
        found,
        "changed",
        spec=str(calendar),
        channel_id=channel,
        about=question.about,
        next_run_at=calendar.next_run(desk.now),
    )
    return _shown(changed, desk, "is changed", understand(question.spec, desk.zone).notes)


STOPPING = {"pause", "delete"}
ACTIONS: dict[str, Callable[[Schedule, ScheduleQuestion, Desk], Message]] = {
    "pause": _pause,
    "resume": _resume,
    "run": _run,
    "delete": _delete,
    "restore": _restore,
    "becomes": _becomes,
}


class SchedulesQuestion(Question):
    """Which summaries are scheduled?"""

    word: ClassVar[str] = "schedules"

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Nothing more to say."""
        if clean(text):
            raise QuestionError("schedules", "`schedules` lists them all; `schedule 3` shows one.")
        return cls()


def answer_list(question: SchedulesQuestion, desk: Desk) -> Message:  # noqa: ARG001
    """Every schedule that the asker may see, each with its next three runs."""
    found = desk.schedules.all()
    runs = [() if one.paused else tuple(Calendar.from_text(one.spec).next_runs(desk.now, 3)) for one in found]
    shown = [
        Shown(schedule=one, runs=next_, past=tuple(desk.schedules.runs(one)[:1]))
        for one, next_ in zip(found, runs, strict=True)
    ]
    return schedules_view(shown, desk.command, RULES.version)


SCHEDULE = Command(
    ScheduleQuestion,
    answer,
    "Post a cost summary in a channel regularly; preview, change, pause, resume, run or delete one.",
    (
        EXAMPLE,
        "schedule first of the month 08:00 UTC in #llm-costs of team=search",
        'schedule preview "every monday 09:00 Europe/Berlin"',
        'schedule preview "daily 00:00 America/New_York" from=2026-03-07T00:00:00Z count=10',
        'schedule preview "0 9 * * 0 UTC"',
        "schedule 3",
        "schedule 3 becomes weekdays at 17:30",
        "schedule 3 preview",
        "schedule 3 run",
        "schedule 3 pause",
        "schedule 3 delete",
    ),
)
SCHEDULES = Command(
    SchedulesQuestion,
    answer_list,
    "The scheduled summaries, each with its next three runs in your time zone.",
    ("schedules",),
)
