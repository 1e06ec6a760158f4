"""The forms of a decision: options or needs, what every option must meet, where the answer goes."""

from collections.abc import Iterable

from bot.reply import Block
from bot.views.blocks import clip, plain_text
from bot.views.form import Input, destination, input_block, modal, more

LABELS = {
    "use_case": "Use case",
    "requests_per_hour": "Requests per hour",
    "peak_factor": "Peak, times that",
    "tokens": "Tokens per request",
    "max_latency_seconds": "Latency limit",
    "percentile": "Whom the limit holds for",
    "quality": "Quality",
    "cost_sensitivity": "Cost sensitivity",
    "availability": "Availability",
    "redundancy": "Redundancy",
    "privacy": "Privacy",
    "budget_usd": "Budget",
}
NEEDED = ("use_case", "requests_per_hour", "peak_factor", "tokens", "max_latency_seconds", "percentile", "quality", "cost_sensitivity",
          "availability", "redundancy", "privacy", "budget_usd")  # fmt: skip
"""What the form of a recommendation asks for."""
REQUIRED = (
    "percentile",
    "peak_factor",
    "quality",
    "cost_sensitivity",
    "availability",
    "redundancy",
    "privacy",
    "budget_usd",
)
"""What the form of a comparison asks for beside its options."""


def recommend_form(inputs: Iterable[Input], said: str, channel: str | None) -> Block:
    """What one needs; anything else as text."""
    return modal("recommend", "What serves this best?", [*_fields(inputs), more(said), *destination(channel)])


def compare_form(options: str, inputs: Iterable[Input], channel: str | None) -> Block:
    """One option a line, and what all of them must meet."""
    lines = "\n".join(part.strip() for part in options.split(" vs ")) + "\n"
    element = {"type": "plain_text_input", "action_id": "options", "multiline": True, "initial_value": clip(lines, 3000),
               "placeholder": plain_text("7B on RTX4090, 500 tokens, 1000 req/h, within 2s")}  # fmt: skip
    hint = "Two to six options, one a line. What a line leaves out it takes from the others: “13B on A100” is enough."
    first = {
        "type": "input",
        "block_id": "options",
        "label": plain_text("Options"),
        "hint": plain_text(hint, 2000),
        "element": element,
    }
    return modal("compare", "Compare options", [first, *_fields(inputs), *destination(channel)])


def _fields(inputs: Iterable[Input]) -> list[Block]:
    return [input_block(field, LABELS[field.name]) for field in inputs]
