"""The searchable selects of the form, over the whole catalog."""

from collections.abc import Sequence

from bot.reply import Block
from bot.views.kit.form import option
from calculator.catalog import find_gpu, find_model, search
from calculator.catalog.suggest import Kind
from calculator.errors import QuestionError

KINDS: dict[str, Kind] = {"model_size": "models", "hardware_type": "gpus"}
MOST = 100


def options(action_id: str, typed: str, own: Sequence[str] = ()) -> list[Block]:
    """At most a hundred choices for what was typed so far, best first; a short name (`7B`, `A100`) is one itself.

    `own` are the names of the team's own models, which come first.
    """
    found = [option(key, f"{name} ({key})") for key, name in search(KINDS[action_id], typed, MOST)]
    ours = [option(name, f"{name} (your team's own)") for name in own if typed.strip().lower() in name]
    return [*ours, *_as_typed(action_id, typed), *found][:MOST]


def _as_typed(action_id: str, typed: str) -> list[Block]:
    find = find_model if action_id == "model_size" else find_gpu
    try:
        meant = find(typed).spec
    except QuestionError:
        return []
    return [option(typed, f"{typed} ({meant.display_name})")] if typed.strip() != meant.key else []
