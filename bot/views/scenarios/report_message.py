"""The scenario report in Slack: a summary in the message, the document in a file."""

from typing import Any

from bot.language.plain import clip
from bot.reply import File, Message
from bot.views.kit.blocks import escape, fitting, section, table
from bot.views.kit.format import plural
from bot.views.scenarios.beside_document import differences
from bot.views.scenarios.report import document
from bot.views.scenarios.report_parts import requirements
from bot.views.scenarios.report_summary import Report, UseCase, summary

CELL = 160
MOST_ROWS = 12
CUT = "The table is longer than one message holds: the file has all of it."


def report_view(report: Report, name: str) -> Message:
    """The summary table, and the document for the asker's direct messages."""
    rows = summary(report)
    what = f"Scenario report of {plural(len(report.cases), 'use case')}"
    where = f"The whole document is `{name}`, in your direct messages with me."
    told = "; ".join(f"{row[0]}: {row[1]}" for row in rows[1:])
    shown = [tuple(clip(cell, CELL) for cell in row) for row in rows[: MOST_ROWS + 1]]
    more = [section(f"_{CUT}_")] if len(rows) > MOST_ROWS + 1 else []
    blocks = fitting([section(f"*{what}.* {escape(where)}"), table(shown), *more], CUT)
    return Message(
        text=clip(f"{what}. {where} {told}", 3000),
        blocks=tuple(blocks),
        file=File(name=name, content=document(report)),
        data=_data(report, name),
    )


def _data(report: Report, name: str) -> dict[str, Any]:
    head, *rows = summary(report)
    keys = [title.lower().replace("'", "").replace(" ", "_") for title in head]
    return {
        "file": name,
        "generated_at": report.now.isoformat(),
        "about": list(report.about),
        "use_cases": [_case(case) for case in report.cases],
        "summary": [dict(zip(keys, row, strict=True)) for row in rows],
    }


def _case(case: UseCase) -> dict[str, Any]:
    """A use case for programs: its answer's JSON, not rounded, and what the report says beside it."""
    found: dict[str, Any] = {"name": case.name, "title": case.title, "about": case.about}
    if case.answer is None:
        return found | {"problem": case.problem}
    words = dict(requirements(case.answer, case.hours))
    found |= {"requirements_analysis": words, "news": case.news, **case.answer.export()}
    if case.document:
        theirs = {
            "recommended_option": case.document.recommended,
            "figures": list(differences(case.document, case.answer)),
        }
        found["document"] = theirs
    return found
