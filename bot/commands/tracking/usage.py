"""`usage NAME 1240/h`: what a deployment really does: said, pasted as CSV, or shown."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Self

from pydantic import Field

from bot.commands.tracking.usage_csv import AROUND, read_csv
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.records import Deployment
from bot.language.cleaning import clean
from bot.language.grammar import scan
from bot.language.phrases import Phrase
from bot.language.quantities import COUNT, RATE
from bot.language.shared_words import MOMENT
from bot.reply import Message
from bot.views.tracking.usage import said_view, usage_view
from calculator.errors import QuestionError

NONE = re.compile(r"(?:none|off|unknown|stop)", re.IGNORECASE)
DAYS = timedelta(days=7)


class UsageQuestion(Question):
    """What does this deployment really do?"""

    word: ClassVar[str] = "usage"

    name: str
    """The tracked deployment."""
    requests_per_hour: Annotated[float | None, Phrase(RATE, "{}", names=("rph", "rate", "load"))] = Field(
        None, ge=0, le=1e9
    )
    """Requests that really arrive in an hour."""
    input_tokens: Annotated[
        int | None, Phrase(COUNT, "{} in", "{} input", "{} prompt", "{} prompt tokens", names=("isl",))
    ] = Field(None, ge=0)
    """Prompt tokens of one, on average."""
    output_tokens: Annotated[int | None, Phrase(COUNT, "{} out", "{} output", "{} output tokens", names=("osl",))] = (
        Field(None, ge=0)
    )
    """Output tokens of one, on average."""
    since: Annotated[datetime | None, Phrase(MOMENT, "since {}", "from {}")] = None
    """From when on; from this hour where nothing is said."""
    stop: bool = False
    """What was said holds no longer."""
    table: str = ""
    """Hours and their requests as CSV."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`NAME`, `NAME 1240/h [800 in 200 out] [since 2026-11-20]`, `NAME none`, or `NAME` and lines of CSV."""
        first, _, table = text.strip(AROUND).partition("\n")
        name, _, rest = clean(first).partition(" ")
        if not name:
            raise QuestionError("name", "Whose usage? Write `usage support-bot 1240/h`; `deployments` lists the names.")
        if table.strip() or rest.lower().startswith(("hour,", "time,", "date,")):
            return cls.make(
                {"name": name, "table": (f"{rest}\n{table}" if rest.lower() != "csv" else table).strip(AROUND)}
            )
        if NONE.fullmatch(rest):
            return cls.make({"name": name, "stop": True})
        return cls.make({"name": name, **scan(rest, cls.phrases())})

    def __str__(self) -> str:
        head = f"{self.word} {self.name}"
        return (
            f"{head}\n{self.table}" if self.table else f"{head} none" if self.stop else f"{head} {self.said()}".strip()
        )

    @property
    def says(self) -> bool:
        """Whether it says what the deployment does."""
        return self.requests_per_hour is not None or self.stop


def answer(question: UsageQuestion, desk: Desk) -> Message:
    """What is known, or that it is kept now."""
    found = (
        desk.deployments.get(question.name)
        if not (question.says or question.table)
        else desk.deployments.mine(question.name)
    )
    if question.table:
        hours = read_csv(question.table, desk.now)
        written = desk.deployments.see(found, hours)
        return said_view(
            found.name,
            f"{written:,} hours of usage are kept, {hours[0].start:%Y-%m-%d %H:%M} to {hours[-1].start:%Y-%m-%d %H:%M} UTC.",
        )
    if question.says:
        return _say(found, question, desk)
    if question.input_tokens is not None or question.output_tokens is not None or question.since:
        raise QuestionError(
            "requests_per_hour", f"How many requests? Write for example `usage {found.name} 1240/h, 800 in, 200 out`."
        )
    return usage_view(
        found.name, desk.deployments.seen(found, desk.now - DAYS, desk.now), desk.deployments.source(found), desk.now
    )


def _say(found: Deployment, question: UsageQuestion, desk: Desk) -> Message:
    """Keep what the person says, from the hour that they say."""
    if (question.input_tokens is None) != (question.output_tokens is None):
        raise QuestionError(
            "tokens", "Say both lengths, such as `800 in, 200 out`, or neither: then the plan's stand in."
        )
    since = (question.since or desk.now).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if since > desk.now:
        raise QuestionError("since", f"{since:%Y-%m-%d %H:%M} UTC is still to come: usage is what was seen, up to now.")
    desk.deployments.say(found, since, question.requests_per_hour, (question.input_tokens, question.output_tokens))
    if question.stop:
        return said_view(
            found.name,
            f"From {since:%Y-%m-%d %H:%M} UTC on nothing is taken as said; the plan stands in, and what is measured counts.",
        )
    load = UsageQuestion.phrases()[0].say(question)
    return said_view(
        found.name,
        f"{load} from {since:%Y-%m-%d %H:%M} UTC on, until you say otherwise. Hours that are measured count as measured.",
    )


USAGE = Command(
    UsageQuestion,
    answer,
    "What a tracked deployment really does: said, pasted as CSV, or shown.",
    (
        "usage support-bot",
        "usage support-bot 1240/h",
        "usage support-bot 1240/h, 800 in, 200 out, since 2026-11-20",
        "usage support-bot none",
    ),
)
