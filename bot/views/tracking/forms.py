"""The forms for tracked deployments, their usage, scheduled summaries and measurements."""

from collections.abc import Sequence

from bot.language.plain import clip
from bot.reply import Block
from bot.views.kit.blocks import context, plain_text
from bot.views.kit.form import file_input, modal, option
from calculator.base import Frozen


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
        _text("name", "Name", "Letters, digits, dots and dashes.", filled.name, "support-bot", required=True),
        _text(
            "question",
            "What it is",
            "As you would ask it: model, hardware, load, limits, price.",
            filled.question,
            "7B on 2xL4 cloud aws 1000/h",
            required=True,
            lines=True,
        ),
        _text(
            "budget",
            "Budget",
            "Dollars a calendar month in UTC; alerts come at 50, 80 and 100 %.",
            filled.budget,
            "$500",
        ),
        {"type": "input", "block_id": "price", "label": plain_text("Price"), "element": radio},
        _text("tags", "Tags", "For filters and for finance.", filled.tags, "team=search cost-centre=R42"),
    ]
    if filled.known:
        return modal("deployment", clip(f"Change {filled.known}", 24), blocks, "Change", filled.known)
    since = _text("since", "Running since", "From now on where you leave it out.", "", "2026-11-01")
    note = "Its cost is summed up from then on, and its alerts go to the channel where you track it."
    return modal("track", "Track a deployment", [*blocks, since, context(note)], "Track")


def usage_form(name: str) -> Block:
    """Say what a deployment really does, paste it, or attach it."""
    blocks = [
        _text(
            "requests_per_hour",
            "Requests per hour",
            "What arrives now; it holds until you say otherwise.",
            "",
            "1240/h",
        ),
        _text("input_tokens", "Prompt tokens of one", "On average; the plan's where you leave it out.", "", "800"),
        _text("output_tokens", "Output tokens of one", "Likewise.", "", "200"),
        _text("since", "Since", "From when on; from this hour where you leave it out.", "", "2026-11-20"),
        _text(
            "table",
            "Or paste CSV",
            "Columns hour (or day), requests, input_tokens, output_tokens; times in UTC.",
            "",
            "hour,requests,input_tokens,output_tokens",
            lines=True,
        ),
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
        _text(
            "schedule",
            "When",
            "Days, a time and a time zone, or crontab text. Without a zone, yours.",
            spec,
            "every monday 09:00 Europe/Berlin",
            required=True,
        ),
        {"type": "input", "block_id": "channel", "label": plain_text("Channel"), "element": select},
        _text("deployments", "Which deployments", "Names or tags; all where you leave it out.", about, "team=search"),
        context(clip(known, 2000)),
    ]
    title, submit = ("Schedule a summary", "Schedule") if number is None else (f"Change schedule {number}", "Change")
    return modal("schedule", title, blocks, submit, "" if number is None else str(number))


def _text(  # noqa: PLR0913 - the parts of an input
    name: str,
    label: str,
    hint: str,
    value: str,
    example: str,
    *,
    required: bool = False,
    lines: bool = False,
) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "placeholder": plain_text(f"e.g. {example}")}
    element |= {"multiline": True} if lines else {}
    element |= {"initial_value": clip(value, 3000)} if value else {}
    return {
        "type": "input",
        "block_id": name,
        "optional": not required,
        "label": plain_text(label),
        "hint": plain_text(hint, 2000),
        "element": element,
    }


def calibrate_form(about: str) -> Block:
    """Say what was measured, paste it, or attach it."""
    blocks = [
        _text(
            "question",
            "What was measured",
            "Model, precision, hardware, engine; with figures of your own also tokens and batch.",
            about,
            "llama-3.1-8b fp8 on 2xL4, 512 in, 128 out, batch 8",
            required=True,
            lines=True,
        ),
        _text(
            "figures",
            "What you measured",
            "One speed or time, or time to the first token and per token after it.",
            "",
            "ttft 180ms, tpot 24ms",
        ),
        _text(
            "table",
            "Or paste what a benchmark printed",
            "Text or JSON of vllm bench serve, llama-bench or genai-perf; lengths and batch are in it.",
            "",
            "============ Serving Benchmark Result ============",
            lines=True,
        ),
        file_input("calibrate", "Or its file", "The same as a file, 2 MiB at most."),
    ]
    return modal("calibrate", "What you measured", blocks, "Keep")
