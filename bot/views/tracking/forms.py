"""The forms for tracked deployments, their usage and scheduled summaries."""

from collections.abc import Sequence

from bot.language.plain import clip
from bot.reply import Block
from bot.views.kit.blocks import context, plain_text
from bot.views.kit.form import TextInput, file_input, modal, option, text_input
from calculator.base import Frozen

NAME = TextInput("name", "Name", "Letters, digits, dots and dashes.", "support-bot", required=True)
QUESTION = TextInput(
    "question",
    "What it is",
    "As you would ask it: model, hardware, load, limits, price.",
    "7B on 2xL4 cloud aws 1000/h",
    required=True,
    lines=True,
)
BUDGET = TextInput("budget", "Budget", "Dollars a calendar month in UTC; alerts come at 50, 80 and 100 %.", "$500")
TAGS = TextInput("tags", "Tags", "For filters and for finance.", "team=search cost-centre=R42")
SINCE_WHEN = TextInput("since", "Running since", "From now on where you leave it out.", "2026-11-01")
REQUESTS_PER_HOUR = TextInput(
    "requests_per_hour", "Requests per hour", "What arrives now; it holds until you say otherwise.", "1240/h"
)
INPUT_TOKENS = TextInput(
    "input_tokens", "Prompt tokens of one", "On average; the plan's where you leave it out.", "800"
)
OUTPUT_TOKENS = TextInput("output_tokens", "Output tokens of one", "Likewise.", "200")
SINCE = TextInput("since", "Since", "From when on; from this hour where you leave it out.", "2026-11-20")
TABLE = TextInput(
    "table",
    "Or paste CSV",
    "Columns hour (or day), requests, input_tokens, output_tokens; times in UTC.",
    "hour,requests,input_tokens,output_tokens",
    lines=True,
)
SCHEDULE = TextInput(
    "schedule",
    "When",
    "Days, a time and a time zone, or crontab text. Without a zone, yours.",
    "every monday 09:00 Europe/Berlin",
    required=True,
)
DEPLOYMENTS = TextInput("deployments", "Which deployments", "Names or tags; all where you leave it out.", "team=search")


class PlanFilled(Frozen):
    """What the form of a deployment starts with."""

    name: str = ""
    question: str = ""
    budget: str = ""
    pinned: bool = False
    tags: str = ""
    known: str = ""
    """The deployment that is being changed; empty for a new one."""


def plan_form(filled: PlanFilled) -> Block:
    """Track a deployment, or change one."""
    prices = [option("floating", "Follows the price book"), option("pinned", "Stays what it is today")]
    radio = {"type": "radio_buttons", "action_id": "price", "options": prices, "initial_option": prices[filled.pinned]}
    blocks = [
        text_input(NAME, filled.name),
        text_input(QUESTION, filled.question),
        text_input(BUDGET, filled.budget),
        {"type": "input", "block_id": "price", "label": plain_text("Price"), "element": radio},
        text_input(TAGS, filled.tags),
    ]
    if filled.known:
        return modal("deployment", clip(f"Change {filled.known}", 24), blocks, "Change", filled.known)
    since = text_input(SINCE_WHEN)
    note = "Its cost is summed up from then on, and its alerts go to the channel where you track it."
    return modal("track", "Track a deployment", [*blocks, since, context(note)], "Track")


def usage_form(name: str) -> Block:
    """Say what a deployment really does, paste it, or attach it."""
    blocks = [
        text_input(REQUESTS_PER_HOUR),
        text_input(INPUT_TOKENS),
        text_input(OUTPUT_TOKENS),
        text_input(SINCE),
        text_input(TABLE),
        file_input("usage", "Or a CSV file", "The same columns, 2 MiB at most."),
    ]
    return modal("usage", clip(f"Usage of {name}", 24), blocks, "Keep", name)


def schedule_form(spec: str, about: str, channel: str, number: int | None, names: Sequence[str]) -> Block:
    """Schedule a summary, or change one."""
    select: Block = {
        "type": "conversations_select",
        "action_id": "channel",
        "placeholder": plain_text("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if channel.startswith(("C", "G")):
        select["initial_conversation"] = channel
    known = (
        f"Tracked: {', '.join(names[:20])}."
        if names
        else "Nothing is tracked yet; summaries say so until something is."
    )
    blocks: list[Block] = [
        text_input(SCHEDULE, spec),
        {"type": "input", "block_id": "channel", "label": plain_text("Channel"), "element": select},
        text_input(DEPLOYMENTS, about),
        context(clip(known, 2000)),
    ]
    title, submit = ("Schedule a summary", "Schedule") if number is None else (f"Change schedule {number}", "Change")
    return modal("schedule", title, blocks, submit, "" if number is None else str(number))
