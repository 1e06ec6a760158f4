"""The values of interactive elements, shaped as Slack shapes `state.values` and actions."""

from collections.abc import Callable, Sequence
from typing import Any

from bot.workspace.blocks import elements
from bot.workspace.errors import PersonError
from bot.workspace.models import Json, Values

# The key that holds an element's value in the state, and the key that holds its initial value.
KEYS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "file_input": ("files", "-"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
MANY = ("files", "selected_options", "selected_users", "selected_conversations", "selected_channels")

Lookup = Callable[[str, str], str]


def initial(element: Json) -> Json | None:
    """Give an element's state before anyone touches it; None where it has no state (a button)."""
    if element["type"] not in KEYS:
        return None
    key, first = KEYS[element["type"]]
    return {"type": element["type"], key: element.get(first, [] if key in MANY else None)}


def values_of(blocks: Sequence[Json], before: Values) -> Values:
    """Give the state of a surface, keeping what was entered under the same two ids."""
    values: Values = {}
    for block, element in elements(blocks):
        start = initial(element)
        if start is None:
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        kept = before.get(block_id, {}).get(action_id)
        same = kept is not None and kept["type"] == element["type"]
        values.setdefault(block_id, {})[action_id] = kept if kept is not None and same else start
    return values


def is_empty(state: Json) -> bool:
    return state[KEYS[state["type"]][0]] in (None, "", [])


def entered(element: Json, raw: Any, offered: Sequence[Json], lookup: Lookup) -> Json:
    """Shape what a person entered or chose; options are named by value or by label."""
    kind = element["type"]
    key = KEYS[kind][0]
    if raw in (None, "", []):
        return {"type": kind, key: [] if key in MANY else None}
    return {"type": kind, key: _shaped(key, element, raw, offered, lookup)}


def _shaped(key: str, element: Json, raw: Any, offered: Sequence[Json], lookup: Lookup) -> Any:
    if key in ("selected_option", "selected_options"):
        options = [*offered, *options_of(element)]
        return _option(raw, options) if key == "selected_option" else [_option(one, options) for one in _listed(raw)]
    if key in ("selected_user", "selected_conversation", "selected_channel"):
        return lookup(key, raw)
    if key == "files":
        return list(raw)
    if key in MANY:
        return [lookup(key.removesuffix("s"), one) for one in _listed(raw)]
    if key == "rich_text_value":
        return raw if isinstance(raw, dict) else rich_text([{"type": "text", "text": str(raw)}])
    return int(raw) if key == "selected_date_time" else str(raw)


def _listed(raw: Any) -> list[Any]:
    return list(raw) if isinstance(raw, (list, tuple)) else [raw]


def _option(raw: Any, options: Sequence[Json]) -> Json:
    for option in options:
        if str(raw) == option["value"]:
            return option
    for option in options:
        if str(raw).strip() == option["text"]["text"].strip():
            return option
    names = ", ".join(option["text"]["text"] for option in options[:20])
    raise PersonError(f"There is no option {raw!r}; there are: {names or 'none'}.")


def options_of(element: Json) -> list[Json]:
    """Give an element's own options, those of groups and the initial ones included."""
    groups = [option for group in element.get("option_groups") or () for option in group["options"]]
    first = [element["initial_option"]] if element.get("initial_option") else element.get("initial_options") or []
    return [*(element.get("options") or ()), *groups, *first]


def rich_text(runs: Sequence[Json]) -> Json:
    """Give runs of text as a rich text block."""
    section = {"type": "rich_text_section", "elements": list(runs)}
    return {"type": "rich_text", "elements": [section]}


def action(block: Json, element: Json, state: Json | None, raw: Any, ts: str) -> Json:
    """Give the entry of `actions` for a click, a choice or an entered text."""
    base = {"type": element["type"], "action_id": element.get("action_id"), "block_id": block["block_id"]}
    if state is not None:
        extra: Json = {key: element[key] for key in ("placeholder", "initial_option", "initial_date") if key in element}
        return {**base, **extra, **state, "action_ts": ts}
    if element["type"] == "overflow":
        return {**base, "selected_option": _option(raw, element["options"]), "action_ts": ts}
    if element["type"] == "feedback_buttons":
        sides = [element["positive_button"], element["negative_button"]]
        chosen = next((side for side in sides if raw in (side["value"], side["text"]["text"])), sides[0])
        return {**base, "text": chosen["text"], "value": chosen["value"], "action_ts": ts}
    shown: Json = {key: element[key] for key in ("text", "value", "style", "url") if key in element}
    return {**base, **shown, "action_ts": ts}
