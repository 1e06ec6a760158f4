"""What Slack's own form checks before it sends a submission to the app."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from bot.workspace.blocks import inputs
from bot.workspace.models import Json, Values
from bot.workspace.values import KEYS, is_empty

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
URL = re.compile(r"https?://\S+")


def form_errors(blocks: Sequence[Json], values: Values) -> dict[str, str]:
    """Give the errors that the person sees without the app being asked, by block_id."""
    found = {}
    for block, element in inputs(blocks):
        state = values[block["block_id"]][element["action_id"]]
        if is_empty(state):
            error = "" if block.get("optional") else "Please complete this required field."
        else:
            error = _error(element, state)
        if error:
            found[block["block_id"]] = error
    return found


def _error(element: Json, state: Json) -> str:
    kind, value = element["type"], state[KEYS[element["type"]][0]]
    if kind == "number_input":
        return _number_error(element, value)
    if kind == "email_text_input" and not EMAIL.fullmatch(value):
        return "Please enter a valid email address."
    if kind == "url_text_input" and not URL.fullmatch(value):
        return "Please enter a valid URL."
    if kind == "plain_text_input":
        return _length_error(element, value)
    most = element.get("max_selected_items")
    return f"Please choose no more than {most} items." if most and len(value) > most else ""


def _number_error(element: Json, value: str) -> str:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    if "min_value" in element and number < Decimal(element["min_value"]):
        return f"Please enter a number greater than or equal to {element['min_value']}."
    if "max_value" in element and number > Decimal(element["max_value"]):
        return f"Please enter a number less than or equal to {element['max_value']}."
    return ""


def _length_error(element: Json, value: str) -> str:
    if len(value) < element.get("min_length", 0):
        return f"Please enter at least {element['min_length']} characters."
    if len(value) > element.get("max_length", 3000):
        return f"Please enter no more than {element.get('max_length', 3000)} characters."
    return ""
