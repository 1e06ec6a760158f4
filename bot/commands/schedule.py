"""`schedule preview "every monday 09:00 Europe/Berlin"`: when something that is scheduled will run."""

import re
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, AwareDatetime, Field

from bot.calendar import Calendar, understand
from bot.commands.base import Command, Desk, Question
from bot.grammar import clean, did_you_mean
from bot.reply import Message
from bot.views.schedule import Preview, preview_view
from calculator.errors import QuestionError

PARTS = ("preview",)
EXAMPLE = 'schedule preview "every monday 09:00 Europe/Berlin"'
DAY_AND_TIME = r"\d{4}-\d\d-\d\d \d\d?:\d\d\S*"
SETTING = re.compile(rf"(?<!\S)(from|count)\s*=\s*(\"[^\"]*\"|'[^']*'|{DAY_AND_TIME}|\S+)", re.IGNORECASE)
UNKNOWN = re.compile(r"(?<!\S)(?!tz|zone|time)(\w+)\s*=", re.IGNORECASE)
YEARS = range(1970, 2201)


def _readable(spec: str) -> str:
    Calendar.from_text(spec)
    return spec


class ScheduleQuestion(Question):
    """When does it run?"""

    word: ClassVar[str] = "schedule"

    part: Literal["preview"] = "preview"
    """What to do with the schedule."""
    spec: Annotated[str, AfterValidator(_readable)]
    """The schedule, as typed."""
    after: AwareDatetime | None = None
    """Runs after this moment; after now where nothing is said."""
    count: int = Field(5, ge=1, le=100)
    """How many runs."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`preview SPEC [from=ISO] [count=N]`, the SPEC with or without quotes."""
        part, _, rest = clean(text).partition(" ")
        if part.lower() not in PARTS:
            raise _no_such_part(part)
        found = SETTING.findall(rest)
        spec = " ".join(re.sub(r"[\"']", " ", SETTING.sub(" ", rest)).split())
        if wrong := UNKNOWN.search(spec):
            hint = did_you_mean(wrong[1], ("from", "count"))
            raise QuestionError("schedule", f"There is no “{wrong[1]}” here, only `from=` and `count=`. {hint}".strip())
        settings = {name.lower(): value.strip("\"'") for name, value in found}
        if len(settings) < len(found):
            raise QuestionError("schedule", f"“{rest}” says {found[-1][0].lower()} twice. Say it once.")
        return cls.make({"spec": spec, **_settings(settings)})

    def __str__(self) -> str:
        after = f"from={_iso(self.after)}" if self.after else ""
        count = f"count={self.count}" if self.count != 5 else ""
        return " ".join(filter(None, (self.word, self.part, f'"{self.spec}"', after, count)))


def _no_such_part(part: str) -> QuestionError:
    typed = f"There is no `schedule {part}`" if part else "`schedule` alone does nothing"
    return QuestionError("schedule", f"{typed}. There is `schedule preview`, such as `{EXAMPLE}`.")


def _settings(typed: dict[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    if "from" in typed:
        values["after"] = _moment(typed["from"])
    if "count" in typed:
        if not re.fullmatch(r"-?[0-9]{1,9}", typed["count"]):
            raise QuestionError("count", f"“{typed['count']}” is not a number of runs: write count=5, at most 100.")
        values["count"] = int(typed["count"])
    return values


def _moment(text: str) -> datetime:
    """The moment in UTC, which is also the zone where none is said."""
    example = "write from=2026-03-07T00:00:00Z"
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise QuestionError("from", f"“{text}” is not a moment: {example}.") from error
    if moment.year not in YEARS:
        raise QuestionError("from", f"“{text}” is not between {YEARS[0]} and {YEARS[-1]}: {example}.")
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def answer(question: ScheduleQuestion, desk: Desk) -> Message:
    """The next runs, in the schedule's zone and in UTC."""
    calendar = Calendar.from_text(question.spec)
    after = question.after or desk.now
    runs = calendar.next_runs(after, question.count)
    later = question.model_copy(update={"after": runs[-1]})
    return preview_view(
        Preview(
            schedule=str(calendar),
            zone=calendar.zone,
            after=after,
            runs=tuple((run, calendar.oddity(run)) for run in runs),
            notes=understand(question.spec).notes,
            asked=str(question),
            later=str(later),
        )
    )


SCHEDULE = Command(
    ScheduleQuestion,
    answer,
    "When a schedule runs next, in its own time zone and in UTC.",
    (
        EXAMPLE,
        "schedule preview weekdays at 17:30 Australia/Lord_Howe",
        'schedule preview "daily 00:00 America/New_York" from=2026-03-07T00:00:00Z count=10',
        'schedule preview "0 9 * * 0 UTC"',
    ),
)
