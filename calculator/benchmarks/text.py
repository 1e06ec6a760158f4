"""A pasted benchmark output as text: what Slack made of it undone, its numbers and JSON objects found."""

import html
import json
import re
from typing import Any

from calculator.errors import QuestionError

PRINTED = r"([-+]?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:(?<=\.\d\d)|(?=[\s,\"*]))|nan|inf)"
"""A printed number that is whole: it has two decimals or something follows, so that a cut paste gives no wrong one."""
_GROUPED = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_SLACK = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "—": "--", "–": "--", "\xa0": " "})


def tidied(text: str) -> str:
    """A pasted text without what Slack made of it: typographic quotes, dashes, &amp;."""
    return html.unescape(text).translate(_SLACK)


def flat(text: str) -> str:
    """A text with a single blank for every white space."""
    return re.sub(r"\s+", " ", text)


def refusal(message: str) -> QuestionError:
    """The error about a benchmark; the message says what to paste instead."""
    return QuestionError("benchmark", message)


def number(value: object) -> float | None:
    """A JSON or printed number, also 1,071.2; None for other text, booleans and null."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, str) and _GROUPED.fullmatch(value):
        value = value.replace(",", "")
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def records(text: str) -> list[dict[str, Any]]:
    """The JSON objects of a text: one, an array, or one a line, up to a cut. QuestionError if none is whole."""
    found: list[dict[str, Any]] = []
    at = text.find("{")
    while at >= 0:
        try:
            value, end = json.JSONDecoder().raw_decode(text, at)
        except (ValueError, RecursionError):
            break
        found.append(value)
        at = text.find("{", end)
    if not found:
        raise refusal("The JSON is cut off or changed: attach the file instead.")
    return found
