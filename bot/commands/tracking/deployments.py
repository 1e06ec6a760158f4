"""`deployments`: what is tracked, what it costs, and the same as a file for finance."""

import csv
import io
import re
from datetime import timedelta
from typing import ClassVar, Self

from pydantic import Field

from bot.commands.tracking.selection import selected
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.records import State
from bot.language.cleaning import clean
from bot.language.shared_words import PAGE_WORDS
from bot.reply import File, Message
from bot.views.kit.format import plural
from bot.views.kit.spreadsheet import harmless
from bot.views.tracking.deployments import PAGE, deployments_view
from bot.views.tracking.statement_json import export
from calculator.spending.statement import Statement, month_of

HEAD = re.compile(r"(?:(?P<csv>(?:export )?csv|export)(?:\s+|$))?(?:(?P<retired>retired)(?:\s+|$))?", re.IGNORECASE)
FIGURES = ("cost_usd", "planned_usd", "kept_usd", "busy_usd", "busy_planned_usd", "idle_usd", "before_usd", "month_usd", "forecast_usd",
           "budget_usd", "requests", "input_tokens", "output_tokens", "utilization", "usd_per_million_tokens", "hours")  # fmt: skip


class DeploymentsQuestion(Question):
    """What is tracked?"""

    word: ClassVar[str] = "deployments"

    about: str = ""
    """Names, tags or `this channel`; all where nothing is said."""
    retired: bool = False
    """Those that were retired."""
    csv: bool = False
    """As a file: this month so far, with tags and cost centres."""
    page: int = Field(1, ge=1, le=100_000)
    """Which page of the list."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`[csv] [retired] [names, tags or this channel] [page N]`."""
        words = clean(text)
        page = PAGE_WORDS.search(words)
        words = words[: page.start()].strip() if page else words
        head = HEAD.match(words)
        assert head
        rest = re.sub(r"^of\s+", "", words[head.end() :], flags=re.IGNORECASE)
        return cls.make(
            {
                "about": rest,
                "retired": bool(head["retired"]),
                "csv": bool(head["csv"]),
                "page": int(page[1]) if page else 1,
            }
        )

    def __str__(self) -> str:
        page = f"page {self.page}" if self.page > 1 else ""
        parts = (
            self.word,
            "csv" if self.csv else "",
            "retired" if self.retired else "",
            f"of {self.about}" if self.about else "",
            page,
        )
        return " ".join(filter(None, parts))


def answer(question: DeploymentsQuestion, desk: Desk) -> Message:
    """The list with this month's figures, or the file."""
    states: tuple[State, ...] = ("retired",) if question.retired else ("running", "paused")
    found = selected(desk.deployments.all(*states), question.about, desk.asker.channel_id)
    month = month_of(desk.now)
    before = month_of(month.start).start
    if question.csv:
        return _file(desk.deployments.statement(found, [before, month.start, desk.now]))
    shown = found[(question.page - 1) * PAGE : question.page * PAGE]
    statement = desk.deployments.statement(
        shown, [before, month.start, max(desk.now, month.start + timedelta(seconds=1))]
    )
    return deployments_view(question, shown, statement, total=len(found), command=desk.command)


def _file(statement: Statement) -> Message:
    rows = export(statement)["deployments"]
    tags = sorted({name for row in rows for name in row["tags"]})
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["name", "deployment", "state", *(f"tag:{name}" for name in tags), "from", "to", *FIGURES, "price"])
    for row in rows:
        state = "running" if row["running"] else "paused"
        cells = [row["name"], row["deployment"], state, *(row["tags"].get(name, "") for name in tags)]
        times = [statement.start.isoformat(), statement.end.isoformat()]
        writer.writerow(
            [harmless(cell) for cell in [*cells, *times, *(row[figure] for figure in FIGURES), row["price"]]]
        )
    name = f"deployments-{statement.month}.csv"
    said = f"{plural(len(rows), 'deployment')}, {statement.month} so far: see `{name}` in your direct messages with me."
    return Message(
        text=said, file=File(name=name, content=text.getvalue()), data={"file": name, "deployments": len(rows)}
    )


DEPLOYMENTS = Command(
    DeploymentsQuestion,
    answer,
    "What is tracked, with this month's cost; also as CSV with tags for finance.",
    ("deployments", "deployments of team=search", "deployments retired", "deployments csv"),
)
