"""Block Kit's interactive elements and their limits, as a table from type to check."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.limits.data import RICH_TEXT
from bot.limits.shapes import (
    Check,
    any_of,
    anything,
    boolean,
    by_type,
    choice,
    either,
    items,
    number,
    pattern,
    plain,
    problem,
    record,
    string,
    text,
)

IDENTIFIER = string(255)
URL = string(3000)
DATE = pattern(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "must be in format YYYY-MM-DD")
TIME = pattern(r"([01]\d|2[0-3]):[0-5]\d", "must be in format HH:mm")
LAST_MOMENT = 9_999_999_999
LABEL = string(75)

CONFIRM = record(
    {"title": plain(100), "text": text(300)},
    {"confirm": plain(30), "deny": plain(30), "style": choice("primary", "danger")},
)
OPTION = record({"text": plain(75), "value": string(150)}, {"description": plain(75)})
TICK = record({"text": text(75), "value": string(150)}, {"description": text(75)})
ENTRY = record({"text": plain(75), "value": string(150)}, {"description": plain(75), "url": URL})
GROUP = record({"label": plain(75), "options": items(OPTION, 100)})
DISPATCH = record({"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2)})
FILTER = record(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    any_of("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

ACTION: dict[str, Check] = {"action_id": IDENTIFIER}
FIELD = {**ACTION, "focus_on_load": boolean, "placeholder": plain(150)}
TYPED = {**FIELD, "initial_value": string(3000, 0), "dispatch_action_config": DISPATCH}
PICKED = {**FIELD, "confirm": CONFIRM}
MANY = {**PICKED, "max_selected_items": number(1)}


def _choices(value: Mapping[str, Any]) -> list[Any]:
    groups = value.get("option_groups") or [value]
    return [option for group in groups if isinstance(group, Mapping) for option in group.get("options") or []]


def _initial_is_offered(value: Mapping[str, Any], pointer: str) -> Iterator[str]:
    offered = _choices(value)
    initial = value.get("initial_options") or [value.get("initial_option")]
    if any(option is not None and option not in offered for option in initial):
        key = "initial_options" if value.get("initial_options") else "initial_option"
        yield problem("must exactly match one of the options", f"{pointer}/{key}")


def _static(base: Mapping[str, Check], initial: Mapping[str, Check]) -> Check:
    lists = {"options": items(OPTION, 100), "option_groups": items(GROUP, 100)}
    return record({}, {**base, **lists, **initial}, either("options", "option_groups"), _initial_is_offered)


def _ticks(initial: Mapping[str, Check]) -> Check:
    base = {**ACTION, "confirm": CONFIRM, "focus_on_load": boolean}
    return record({"options": items(TICK, 10)}, {**base, **initial}, _initial_is_offered)


def _ordered(low: str, high: str) -> Check:
    def check(value: Mapping[str, Any], pointer: str) -> Iterator[str]:
        try:
            wrong = float(value[low]) > float(value[high])
        except (KeyError, TypeError, ValueError):
            return
        if wrong:
            yield problem(f"must be less than or equal to `{high}`", f"{pointer}/{low}")

    return check


def _typed(**more: Check) -> Check:
    return record({}, {**TYPED, **more}, _ordered("min_length", "max_length"))


IMAGE = record(
    {"alt_text": string(2000)},
    {"image_url": URL, "slack_file": anything},
    either("image_url", "slack_file"),
)
FEEDBACK = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": LABEL})

BUTTONS: dict[str, Check] = {
    "button": record(
        {"text": plain(75)},
        {
            **ACTION,
            "url": URL,
            "value": string(2000, 0),
            "style": choice("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": LABEL,
            "agent_prompt": string(4000),
            "agent_prompt_display": string(4000),
            "visible_to_user_ids": items(IDENTIFIER, 100),
        },
    ),
    "workflow_button": record(
        {"text": plain(75), "workflow": anything},
        {**ACTION, "style": choice("primary", "danger"), "accessibility_label": LABEL},
    ),
    "overflow": record({"options": items(ENTRY, 5)}, {**ACTION, "confirm": CONFIRM}),
}

CHOICES: dict[str, Check] = {
    "checkboxes": _ticks({"initial_options": items(TICK, 10)}),
    "radio_buttons": _ticks({"initial_option": TICK}),
    "datepicker": record({}, {**PICKED, "initial_date": DATE}),
    "timepicker": record({}, {**PICKED, "initial_time": TIME, "timezone": string(100)}),
    "datetimepicker": record({}, {**PICKED, "initial_date_time": number(0, LAST_MOMENT)}),
    "static_select": _static(PICKED, {"initial_option": OPTION}),
    "external_select": record({}, {**PICKED, "initial_option": OPTION, "min_query_length": number(0)}),
    "users_select": record({}, {**PICKED, "initial_user": IDENTIFIER}),
    "conversations_select": record(
        {},
        {
            **PICKED,
            "initial_conversation": IDENTIFIER,
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": FILTER,
        },
    ),
    "channels_select": record({}, {**PICKED, "initial_channel": IDENTIFIER, "response_url_enabled": boolean}),
    "multi_static_select": _static(MANY, {"initial_options": items(OPTION, 100)}),
    "multi_external_select": record({}, {**MANY, "initial_options": items(OPTION, 100), "min_query_length": number(0)}),
    "multi_users_select": record({}, {**MANY, "initial_users": items(IDENTIFIER, 100, 0)}),
    "multi_conversations_select": record(
        {},
        {
            **MANY,
            "initial_conversations": items(IDENTIFIER, 100, 0),
            "default_to_current_conversation": boolean,
            "filter": FILTER,
        },
    ),
    "multi_channels_select": record({}, {**MANY, "initial_channels": items(IDENTIFIER, 100, 0)}),
}

INPUTS: dict[str, Check] = {
    "plain_text_input": _typed(multiline=boolean, min_length=number(0, 3000), max_length=number(1, 3000)),
    "email_text_input": _typed(),
    "url_text_input": _typed(),
    "number_input": record(
        {"is_decimal_allowed": boolean},
        {**TYPED, "min_value": string(100), "max_value": string(100)},
        _ordered("min_value", "max_value"),
    ),
    "rich_text_input": record(
        {},
        {
            **FIELD,
            "initial_value": by_type({"rich_text": RICH_TEXT}),
            "dispatch_action_config": DISPATCH,
            "min_lines": number(1, 100),
            "max_lines": number(1, 100),
        },
    ),
    "file_input": record({}, {**ACTION, "filetypes": items(string(50), 100), "max_files": number(1, 10)}),
}

ACCESSORY = by_type({**BUTTONS, **CHOICES, "image": IMAGE})
ACTIONS_ELEMENT = by_type({**BUTTONS, **CHOICES})
INPUT_ELEMENT = by_type({**CHOICES, **INPUTS})
CONTEXT_ELEMENT = by_type(
    {
        "image": IMAGE,
        "plain_text": record({"text": string(3000)}, {"emoji": boolean}),
        "mrkdwn": record({"text": string(3000)}, {"verbatim": boolean}),
    }
)
CONTEXT_ACTION = by_type(
    {
        "feedback_buttons": record({"positive_button": FEEDBACK, "negative_button": FEEDBACK}, ACTION),
        "icon_button": record(
            {"icon": choice("trash"), "text": plain(75)},
            {
                **ACTION,
                "value": string(2000, 0),
                "confirm": CONFIRM,
                "accessibility_label": LABEL,
                "visible_to_user_ids": items(IDENTIFIER, 100),
            },
        ),
    }
)
