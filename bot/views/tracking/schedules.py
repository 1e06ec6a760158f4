"""Scheduled summaries: one, with its next runs in the reader's own time zone and its last ones; or the list of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk.records import Post, Schedule
from bot.reply import Block, Message
from bot.views.kit.blocks import actions, button, confirm, context, escape, plain_text, section
from bot.views.kit.format import date, plural
from calculator.base import Frozen

STATES = {
    "due": "is being posted",
    "sending": "is being posted",
    "sent": "was posted",
    "unsettled": "may not have been posted",
    "failed": "could not be posted",
    "skipped": "was skipped",
}
AGAIN = {"unsettled", "failed", "skipped"}


class Shown(Frozen):
    """What is shown of a schedule."""

    schedule: Schedule
    runs: tuple[datetime, ...] = ()
    """Its next runs; none while it is paused."""
    zone: str = ""
    past: tuple[Post, ...] = ()
    """Its newest runs, newest first."""
    news: str = ""
    """What has just become of it."""
    notes: tuple[str, ...] = ()
    """How its text was understood."""


def schedule_view(shown: Shown, command: str) -> Message:
    """One schedule, with its buttons."""
    one = shown.schedule
    title = f"*Schedule {one.number}* {escape(shown.news) or 'posts a cost summary'}\n{_what(one)}"
    blocks: list[Block] = [section(title)]
    if one.deleted_at:
        return Message(
            text=f"Schedule {one.number} is deleted",
            data=_json(shown),
            blocks=(*blocks, actions(button("Undo", "undo", f"schedule {one.number} restore"))),
        )
    blocks.append(section(_next(shown)))
    blocks += [section("\n".join(_past(run) for run in shown.past))] if shown.past else []
    notes = f"Understood: {escape('; '.join(shown.notes))}" if shown.notes else ""
    owner = "you" if one.user_id == "local" else f"<@{one.user_id}>"
    blocks.append(
        context(notes, f"Owner {owner}; times are yours. `{command} schedule {one.number} becomes …` changes it")
    )
    first = f", next {shown.runs[0]:%Y-%m-%d %H:%M} UTC" if shown.runs else ""
    return Message(
        text=f"Schedule {one.number} {shown.news or 'posts a cost summary'}: {one.spec}{first}",
        blocks=(*blocks, _buttons(one), *_again(shown.past)),
        data=_json(shown),
    )


def _what(one: Schedule) -> str:
    about = f" of {escape(one.about)}" if one.about else ""
    where = "here" if one.channel_id == "local" else f"<#{one.channel_id}>"
    return f"`{escape(one.spec)}` in {where}{about}"


def _next(shown: Shown) -> str:
    one = shown.schedule
    if one.paused:
        why = f": {escape(one.paused_why)}" if one.paused_why else ""
        return f":double_vertical_bar: Paused{why}."
    if not shown.runs:
        return "It never runs again."
    zone = f" ({shown.runs[0].astimezone(ZoneInfo(shown.zone)):%a %d %b %H:%M %Z} there)" if shown.zone else ""
    return f"Next: {date(shown.runs[0])}{zone}" + "".join(f", then {date(run)}" for run in shown.runs[1:])


def _past(run: Post) -> str:
    why = f": {escape(run.problem)}" if run.problem else ""
    return f"{date(run.due_at)} {STATES[run.state]}{why}"


def _buttons(one: Schedule) -> Block:
    turn = "resume" if one.paused else "pause"
    ask = confirm(f"Delete schedule {one.number}?", "It posts no more. An Undo button brings it back.", "Delete")
    return actions(
        button("Preview", "preview", f"schedule {one.number} preview"),
        button("Run now", "run", f"schedule {one.number} run"),
        button("Edit", "edit", f"form schedule {one.number}"),
        button(turn.title(), turn, f"schedule {one.number} {turn}"),
        button("Delete", "delete", f"schedule {one.number} delete", style="danger", confirm=ask),
    )


def _again(past: Sequence[Post]) -> list[Block]:
    """A button for a run that may be missing from the channel."""
    lost = [run for run in past if run.state in AGAIN][:3]
    if not lost:
        return []
    return [
        actions(*(button(f"Post {run.due_at:%d %b %H:%M} UTC", f"again-{run.id}", f"repost {run.id}") for run in lost))
    ]


def schedules_view(found: Sequence[Shown], command: str, rules: str) -> Message:
    """Every schedule, each with its menu; `rules` is the version of the time zones."""
    if not found:
        text = "No summary is scheduled yet. Schedule one:"
        return Message(
            text=text,
            data={"schedules": []},
            blocks=(
                section(f"{text}\n`{command} schedule every monday 09:00 Europe/Berlin in #llm-costs`"),
                actions(button("Schedule a summary", "schedule", "form schedule")),
            ),
        )
    blocks: list[Block] = [section(f"*Scheduled summaries*: {len(found)}")]
    blocks += [block for shown in found[:15] for block in schedule_item(shown)]
    more = [context(f"{len(found) - 15} more; `schedule 16` and on show them")] if len(found) > 15 else []
    more.append(context(f"Time zones by IANA {rules}"))
    listed = "; ".join(f"{one.schedule.number} {one.schedule.spec}" for one in found)
    return Message(
        text=f"{plural(len(found), 'scheduled summary', 'scheduled summaries')}: {listed}"[:3000],
        data={"schedules": [_json(one) for one in found]},
        blocks=(*blocks, *more, actions(button("Schedule another", "schedule", "form schedule"))),
    )


def schedule_item(shown: Shown) -> list[Block]:
    """One schedule with its menu, in a list or on a Home tab."""
    one = shown.schedule
    turn = ("Resume", "resume") if one.paused else ("Pause", "pause")
    words = (("Show", ""), ("Preview", "preview"), ("Run now", "run"), turn, ("Delete", "delete"))
    options = [{"text": plain_text(label), "value": f"schedule {one.number} {word}".strip()} for label, word in words]
    menu = {"type": "overflow", "action_id": f"more-schedule-{one.number}", "options": options}
    return [
        section(f"*{one.number}*  {_what(one)}\n{_next(shown)}", accessory=menu),
        *(context(_past(run)) for run in shown.past),
    ]


def posting_now(number: int, channel: str) -> Message:
    """Accepted; the clock posts it within seconds."""
    where = "here" if channel == "local" else f"in <#{channel}>"
    return Message(
        text=f"Schedule {number} is being posted.",
        blocks=(section(f"The summary of schedule {number} is being posted {where}."),),
        data={"posting": number},
    )


def posting_again(problem: str = "") -> Message:
    """Accepted; the clock posts it within seconds."""
    return Message(
        text=f"It is being posted again. {problem}".strip(),
        blocks=(section("It is being posted again."),),
        data={"posting": True},
    )


def _json(shown: Shown) -> dict[str, Any]:
    one = shown.schedule
    return {
        "number": one.number,
        "spec": one.spec,
        "channel": one.channel_id,
        "about": one.about,
        "paused": one.paused,
        "paused_why": one.paused_why,
        "next_runs": [f"{run:%Y-%m-%dT%H:%M:%SZ}" for run in shown.runs],
        "past": [
            {"due": f"{run.due_at:%Y-%m-%dT%H:%M:%SZ}", "state": run.state, "problem": run.problem}
            for run in shown.past
        ],
    }
