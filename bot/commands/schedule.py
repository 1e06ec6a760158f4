"""`schedule every monday 09:00 Europe/Berlin in #llm-costs`: a cost summary for a channel, and everything about one.

`schedule preview SPEC` shows when something runs; `schedule 3 pause` and the like act on a schedule; `schedules` lists them.
"""

import re
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar, Literal, Self

from pydantic import AwareDatetime, Field

from bot.calendar import Calendar, understand
from bot.commands.base import Command, Desk, Question
from bot.commands.books import Scheduled
from bot.commands.moments import moment
from bot.commands.selection import selected
from bot.commands.summary import rolling_edges, summary_of
from bot.grammar import clean, did_you_mean
from bot.reply import Message
from bot.views.schedule import Preview, preview_view
from bot.views.schedules import Shown, posting_now, schedule_view, schedules_view
from calculator.errors import QuestionError

Do = Literal["preview", "add", "show", "pause", "resume", "delete", "restore", "run", "becomes"]
ON_ONE: tuple[Do, ...] = ("show", "preview", "pause", "resume", "run", "becomes", "delete", "restore")
EXAMPLE = "schedule every monday 09:00 Europe/Berlin in #llm-costs"
DAY_AND_TIME = r"\d{4}-\d\d-\d\d \d\d?:\d\d\S*"
SETTING = re.compile(rf"(?<!\S)(from|count)\s*=\s*(\"[^\"]*\"|'[^']*'|{DAY_AND_TIME}|\S+)", re.IGNORECASE)
UNKNOWN = re.compile(r"(?<!\S)(?!tz|zone|time)(\w+)\s*=", re.IGNORECASE)
NUMBERED = re.compile(r"#?(\d{1,6})(?:\s+([a-z]+)\b\s*(.*))?", re.IGNORECASE)
CHANNEL = re.compile(r"(?:(?:in|to)\s+)?(?:<#([A-Z0-9]+)(?:\|[^>]*)?>|(?<=in )(here|this channel)\b)", re.IGNORECASE)
ABOUT = re.compile(r"(?<!\S)(?:of|about)\s+(?!(?:(?:the|each|every|a)\s+)*month\b)(.+)$", re.IGNORECASE)


class ScheduleQuestion(Question):
    """When does it run, and what becomes of it?"""

    word: ClassVar[str] = "schedule"

    do: Do = "preview"
    """What to do."""
    number: int | None = Field(None, ge=1)
    """Which schedule, where it is about one."""
    spec: str = ""
    """Days, times and zone, as typed."""
    channel: str | None = None
    """Where its summaries go: a channel's id; here where nothing is said."""
    about: str = ""
    """Which deployments: names, tags, `this channel`; all where nothing is said."""
    after: AwareDatetime | None = None
    """Previewed runs come after this moment; after now where nothing is said."""
    count: int = Field(5, ge=1, le=100)
    """How many runs to preview."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`preview SPEC [from=ISO] [count=N]`, `SPEC [in CHANNEL] [of WHAT]`, or `NUMBER [what to do]`."""
        words = clean(text)
        word, _, rest = words.partition(" ")
        if word.lower() == "preview":
            return cls._previewed(rest)
        numbered = NUMBERED.fullmatch(words)
        if numbered and (not numbered[2] or numbered[2].lower() in ON_ONE):
            return cls._about_one(int(numbered[1]), (numbered[2] or "show").lower(), numbered[3] or "")
        if numbered and numbered[2].lower() != "of":
            hint = did_you_mean(numbered[2], ON_ONE)
            raise QuestionError("schedule", f"There is no `{numbered[2]}` for a schedule. {hint} There is {', '.join(ON_ONE)}.")
        if not words:
            raise QuestionError("schedule", f"`schedule` alone does nothing here. Write `{EXAMPLE}`, or `schedule preview SPEC`.")
        return cls.make({"do": "add", **_parts(words)})

    @classmethod
    def _previewed(cls, text: str) -> Self:
        found = SETTING.findall(text)
        spec = _unquoted(SETTING.sub(" ", text))
        if wrong := UNKNOWN.search(spec):
            hint = did_you_mean(wrong[1], ("from", "count"))
            raise QuestionError("schedule", f"There is no “{wrong[1]}” here, only `from=` and `count=`. {hint}".strip())
        settings = {name.lower(): value.strip("\"'") for name, value in found}
        if len(settings) < len(found):
            raise QuestionError("schedule", f"“{text}” says {found[-1][0].lower()} twice. Say it once.")
        Calendar.from_text(spec)
        return cls.make({"spec": spec, **_settings(settings)})

    @classmethod
    def _about_one(cls, number: int, do: str, rest: str) -> Self:
        if rest and do not in {"becomes", "delete"}:
            raise QuestionError("schedule", f"“{rest}” after `schedule {number} {do}` is not understood.")
        parts = _parts(rest) if do == "becomes" else {"spec": rest}
        return cls.make({"do": do, "number": number, **parts})

    def __str__(self) -> str:
        where = f"in <#{self.channel}>" if self.channel else ""
        about = f"of {self.about}" if self.about else ""
        if self.do == "preview" and self.number is None:
            after = f"from={_iso(self.after)}" if self.after else ""
            count = f"count={self.count}" if self.count != 5 else ""
            return " ".join(filter(None, (self.word, "preview", f'"{self.spec}"', after, count)))
        do = "" if self.do in {"add", "show"} else self.do
        number = "" if self.number is None else str(self.number)
        return " ".join(filter(None, (self.word, number, do, self.spec, where, about)))


def _unquoted(text: str) -> str:
    return " ".join(re.sub(r"[\"']", " ", text).split())


def _parts(text: str) -> dict[str, object]:
    """The schedule, the channel and the deployments that the text says; the schedule is read to the end, so that errors come now."""
    about = ABOUT.search(text)
    rest = text[: about.start()] if about else text
    channel = CHANNEL.search(rest)
    spec = _unquoted(rest[: channel.start()] + " " + rest[channel.end() :] if channel else rest)
    spec = re.sub(r"^(?:a |the )?(?:cost )?summary\s+|\s+(?:in|to)$", "", spec, flags=re.IGNORECASE)
    if hashed := re.search(r"#\S+", spec):
        raise QuestionError("channel", f"“{hashed[0]}” is no channel that Slack told me of. In Slack, pick it from the list that `#` opens.")
    understand(spec)
    where = channel[1] if channel else None
    return {"spec": spec, "channel": where, "about": about[1].strip() if about else ""}


def _settings(typed: dict[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    if "from" in typed:
        values["after"] = moment(typed["from"], "from")
    if "count" in typed:
        if not re.fullmatch(r"-?[0-9]{1,9}", typed["count"]):
            raise QuestionError("count", f"“{typed['count']}” is not a number of runs: write count=5, at most 100.")
        values["count"] = int(typed["count"])
    return values


def _iso(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


def answer(question: ScheduleQuestion, desk: Desk) -> Message:
    """The next runs, a new schedule, or what became of one."""
    if question.number is None:
        return _preview(question, desk) if question.do == "preview" else _add(question, desk)
    if question.do in {"show", "preview"}:
        found = desk.agenda.get(question.number)
        return _shown(found, desk) if question.do == "show" else _previewed(found, desk)
    return ACTIONS[question.do](desk.agenda.mine(question.number), question, desk)


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
    added = desk.agenda.add(channel, str(calendar), question.about, calendar.next_run(desk.now))
    return _shown(added, desk, "is set", understand(question.spec, desk.zone).notes)


def _check(channel: str, about: str, desk: Desk) -> None:
    if channel == "local":
        raise QuestionError("channel", "Summaries are posted in Slack: schedule them there. Here, `summary` prints one, and "
                            "`schedule preview SPEC` shows when one would run.")  # fmt: skip
    allowed = desk.rules.channels()
    if allowed and channel not in allowed:
        names = ", ".join(f"<#{one}>" for one in allowed)
        raise QuestionError("channel", f"An admin lets me post summaries only in {names}. Choose one of them, or ask an admin.")
    selected(desk.fleet.all("running", "paused"), about, channel)


def _shown(found: Scheduled, desk: Desk, news: str = "", notes: tuple[str, ...] = ()) -> Message:
    calendar = Calendar.from_text(found.spec)
    runs = () if found.paused else tuple(calendar.next_runs(desk.now, 3))
    shown = Shown(schedule=found, runs=runs, zone=calendar.zone, past=tuple(desk.agenda.runs(found)), news=news, notes=notes)
    return schedule_view(shown, desk.command)


def _previewed(found: Scheduled, desk: Desk) -> Message:
    """What it would post now, for the asker alone."""
    calendar = Calendar.from_text(found.spec)
    what = f"Preview of schedule {found.number}: what it would post now"
    return summary_of(desk, rolling_edges(calendar, desk.now), calendar.zone, what, found.about, found.channel_id)


def _pause(found: Scheduled, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001  # every action is called alike
    return _shown(desk.agenda.change(found, "paused", paused=True, paused_why=""), desk, "is paused")


def _resume(found: Scheduled, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001
    following = Calendar.from_text(found.spec).next_run(desk.now)
    changed = desk.agenda.change(found, "resumed", paused=False, paused_why="", next_run_at=following)
    return _shown(changed, desk, "runs again")


def _run(found: Scheduled, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001
    desk.agenda.run_now(found)
    return posting_now(found.number, found.channel_id)


def _delete(found: Scheduled, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001
    return _shown(desk.agenda.change(found, "deleted", deleted_at=desk.now), desk, "is deleted")


def _restore(found: Scheduled, question: ScheduleQuestion, desk: Desk) -> Message:  # noqa: ARG001
    following = Calendar.from_text(found.spec).next_run(desk.now)
    return _shown(desk.agenda.change(found, "restored", deleted_at=None, next_run_at=following), desk, "is back")


def _becomes(found: Scheduled, question: ScheduleQuestion, desk: Desk) -> Message:
    """Other days, another channel, other deployments."""
    calendar = Calendar.from_text(question.spec, desk.zone)
    channel = question.channel or found.channel_id
    _check(channel, question.about, desk)
    changed = desk.agenda.change(
        found, "changed", spec=str(calendar), channel_id=channel, about=question.about, next_run_at=calendar.next_run(desk.now)
    )
    return _shown(changed, desk, "is changed", understand(question.spec, desk.zone).notes)


ACTIONS: dict[str, Callable[[Scheduled, ScheduleQuestion, Desk], Message]] = {
    "pause": _pause, "resume": _resume, "run": _run, "delete": _delete, "restore": _restore, "becomes": _becomes,
}  # fmt: skip


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
    found = desk.agenda.all()
    runs = [() if one.paused else tuple(Calendar.from_text(one.spec).next_runs(desk.now, 3)) for one in found]
    shown = [Shown(schedule=one, runs=next_, past=tuple(desk.agenda.runs(one)[:1])) for one, next_ in zip(found, runs, strict=True)]
    return schedules_view(shown, desk.command)


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
SCHEDULES = Command(SchedulesQuestion, answer_list, "The scheduled summaries, each with its next three runs in your time zone.", ("schedules",))
