"""The form of a recommendation, and what forms of a decision ask for: what every option must meet."""

from collections.abc import Iterable

from bot.reply import Block
from bot.views.kit.form import Input, destination, input_block, modal, more

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


def _fields(inputs: Iterable[Input]) -> list[Block]:
    return [input_block(field, LABELS[field.name]) for field in inputs]
