"""What to try first: the one list behind `start`, the help and the Home tab."""

from typing import NamedTuple

from bot.reply import Block, Message
from bot.views.kit.blocks import button, context, header, section


class First(NamedTuple):
    """Something to try."""

    label: str
    """On its button."""
    gives: str
    """What one gets, in a line."""
    text: str
    """What the button types."""


FIRST = (
    First("Estimate", "A support chatbot on one card: does it fit, how fast is it, what does it cost?",
          "7B on RTX4090 local, 500 tokens, batch 4, 1000 req/h"),
    First("Compare", "The same chatbot in three ways: which meets every limit, which costs least, and why.",
          "compare 7B on RTX4090 local batch 4 vs fp8 vs 13B on A100 cloud batch 8, 500 tokens, 1000 req/h, within 2s, "
          "high quality, 24/7"),
    First("Search", "A code assistant, no model named: the best of the whole catalog for what it needs.",
          "code assistant, 5000 req/h, within 500ms, high quality, must work offline"),
    First("Open the form", "Any question by form: fields to fill in instead of words.", "form"),
    First("Add samples", "Three sample deployments with two weeks of usage: what they cost, now and every week.",
          "samples"),
)  # fmt: skip
OFFER = "Nothing to track yet? `samples` adds three deployments to look at; `samples remove` takes them away again."


def add_samples() -> Block:
    """The button that adds the sample deployments."""
    return button("Add samples", "samples", "samples")


def first_steps(command: str) -> list[Block]:
    """Each thing to try, with the button that types it."""
    return [
        section(f"{one.gives}\n`{command} {one.text}`", accessory=button(one.label, f"try-{number}", one.text))
        for number, one in enumerate(FIRST)
    ]


def start_view(command: str) -> Message:
    """The first message of all."""
    return Message(
        text=f"Five things to try, such as {command} {FIRST[0].text}",
        blocks=(
            header("LLM inference calculator"),
            section(
                "What it takes to serve a language model: does it fit, how fast is it, what does it cost? "
                "Five things to try; each button types the command beside it."
            ),
            *first_steps(command),
            context(f"`{command} help` lists every command; `{command} start` shows this again."),
        ),
        data={"try": [one._asdict() for one in FIRST]},
    )
