"""The searchable selects of the form, over the whole catalog."""

from bot.reply import Block
from bot.views.form import option
from calculator.catalog import search
from calculator.catalog.suggest import Kind

KINDS: dict[str, Kind] = {"model_size": "models", "hardware_type": "gpus"}


def options(action_id: str, typed: str) -> list[Block]:
    """At most a hundred choices for what was typed so far, best first."""
    return [option(key, f"{name} ({key})") for key, name in search(KINDS[action_id], typed, 100)]
