"""An answer in storage: what was shown, word for word, and what it decided."""

from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from bot.answers.decided import Chosen, Decided
from bot.reply import Block
from calculator.base import Frozen


class ShownAnswer(Frozen):
    """An answer in storage: what was shown, word for word. Later programs and catalogs change nothing in it."""

    asked: str
    """The question in its canonical text."""
    compares: bool
    """Whether it is a comparison."""
    verdict: str
    """The verdict as plain text."""
    blocks: tuple[Block, ...]
    """The answer, without its buttons."""
    details: tuple[Block, ...]
    """Everything behind it."""
    figures: tuple[dict[str, str], ...]
    """What and its figure, for each option: what a later answer is held against."""
    data: dict[str, Any]
    """The answer as JSON."""
    decided: Decided
    """What it is and decides."""

    @model_validator(mode="before")
    @classmethod
    def _of_before(cls, values: Any) -> Any:
        """An answer that was stored before this was kept beside its JSON says it there."""
        if isinstance(values, dict) and "decided" not in values:
            return values | {"decided": _decided_in(values["data"])}
        return values


def _decided_in(data: Mapping[str, Any]) -> Decided:
    """What the JSON of an answer says of it."""
    if "break_even" in data:
        return Decided(kind="break-even", options=(_chosen_in(data["own"]), _chosen_in(data["service"])))
    if "options" in data:
        options = tuple(map(_chosen_in, data["options"]))
        return Decided(kind="compare", winner=data.get("recommended_option"), options=options)
    hosted = data.get("deployment_mode") == "api"
    return Decided(kind="hosted" if hosted else "estimate", options=(_chosen_in(data),))


def _chosen_in(data: Mapping[str, Any]) -> Chosen:
    return Chosen(asked=data.get("asked", ""), model=(data.get("resolved") or {}).get("model"))
