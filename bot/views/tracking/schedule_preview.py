"""The next runs of a schedule as a table."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.reply import Block, Message
from bot.views.kit.blocks import actions, button, columns, context, escape, preformatted, section, table
from calculator.base import Frozen

ROWS = 50
"""A longer table would be more JSON than Slack takes."""
UTC_FORMAT = "%Y-%m-%d %H:%M UTC"


class Preview(Frozen):
    """What is shown of a schedule."""

    schedule: str
    """Spelled out."""
    zone: str
    after: datetime
    runs: tuple[tuple[datetime, str], ...]
    """Each in UTC, with what is special about it."""
    notes: tuple[str, ...]
    """How the text was understood."""
    asked: str
    later: str
    """The question that shows the runs after these."""


def preview_view(preview: Preview) -> Message:
    """The next runs, in the schedule's zone and in UTC."""
    after = f"{preview.after:{UTC_FORMAT}}"
    runs = "The next run" if len(preview.runs) == 1 else f"The next {len(preview.runs)} runs"
    title = f"`{escape(preview.schedule)}`\n{runs} after {after}:"
    understood = f"Understood: {escape('; '.join(preview.notes))}" if preview.notes else ""
    first = f"{preview.runs[0][0]:{UTC_FORMAT}}"
    return Message(
        text=f"{preview.schedule} runs next at {first}",
        blocks=(
            section(title),
            _table(preview),
            context(f"Asked: {escape(preview.asked)}", understood),
            actions(button("Later runs", "later", preview.later)),
        ),
        data={"next_runs": [f"{run:%Y-%m-%dT%H:%M:%SZ}" for run, _ in preview.runs]},
    )


def _table(preview: Preview) -> Block:
    """A third column where clocks change."""
    zone = ZoneInfo(preview.zone)
    rows = [(f"{run.astimezone(zone):%a %d %b %Y %H:%M %Z}", f"{run:{UTC_FORMAT}}", why) for run, why in preview.runs]
    shown = 3 if any(why for *_, why in rows) else 2
    head = (f"In {preview.zone}", "In UTC", "Because clocks change")
    lines = [row[:shown] for row in (head, *rows)]
    return table(lines) if len(rows) <= ROWS else preformatted(columns(lines))
