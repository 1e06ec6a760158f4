"""The vocabulary in which Block Kit's shapes are written: small checks that compose.

A check takes a value and its JSON pointer and yields problems, worded as Slack words them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Problems = Iterator[str]
Check = Callable[[Any, str], Problems]


def problem(message: str, pointer: str) -> str:
    return f"[ERROR] {message} [json-pointer:{pointer}]"


def anything(value: Any, pointer: str) -> Problems:  # noqa: ARG001
    """Accept any value."""
    yield from ()


def boolean(value: Any, pointer: str) -> Problems:
    if not isinstance(value, bool):
        yield problem("must be a valid boolean", pointer)


def string(most: int, least: int = 1) -> Check:
    """Check a string between `least` and `most` characters."""

    def check(value: Any, pointer: str) -> Problems:
        if not isinstance(value, str):
            yield problem("must provide a string", pointer)
        elif len(value) < least:
            yield problem(f"must be more than {least - 1} characters", pointer)
        elif len(value) > most:
            yield problem(f"must be less than {most + 1} characters", pointer)

    return check


def pattern(expression: str, message: str, most: int = 3000, least: int = 1) -> Check:
    """Check a string that the whole expression matches."""
    within, shape = string(most, least), re.compile(expression)

    def check(value: Any, pointer: str) -> Problems:
        found = list(within(value, pointer))
        yield from found
        if not found and not shape.fullmatch(value):
            yield problem(message, pointer)

    return check


def number(least: float | None = None, most: float | None = None) -> Check:
    """Check a number between `least` and `most`."""

    def check(value: Any, pointer: str) -> Problems:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield problem("must be a valid number", pointer)
        elif least is not None and value < least:
            yield problem(f"must be greater than or equal to {least}", pointer)
        elif most is not None and value > most:
            yield problem(f"must be less than or equal to {most}", pointer)

    return check


def choice(*allowed: str) -> Check:
    """Check one of a few words."""

    def check(value: Any, pointer: str) -> Problems:
        if value not in allowed:
            yield problem(f"must be a valid enum value: {', '.join(allowed)}", pointer)

    return check


def items(each: Check, most: int, least: int = 1) -> Check:
    """Check a list of `least` to `most` things that all pass `each`."""

    def check(value: Any, pointer: str) -> Problems:
        if not isinstance(value, (list, tuple)):
            yield problem("must provide an array", pointer)
            return
        if len(value) > most:
            yield problem(f"no more than {most} items allowed", pointer)
        if len(value) < least:
            yield problem(f"no less than {least} items allowed", pointer)
        for index, item in enumerate(value):
            yield from each(item, f"{pointer}/{index}")

    return check


def optional_null(check: Check) -> Check:
    """Let null pass, and anything that passes `check`."""

    def nullable(value: Any, pointer: str) -> Problems:
        if value is not None:
            yield from check(value, pointer)

    return nullable


def record(
    required: Mapping[str, Check], optional: Mapping[str, Check] | None = None, *also: Callable[[Any, str], Problems]
) -> Check:
    """Check an object with these keys and no others; the checks `also` see it whole."""
    fields = {"type": anything, **(optional or {}), **required}

    def check(value: Any, pointer: str) -> Problems:
        if not isinstance(value, Mapping):
            yield problem("must provide an object", pointer)
            return
        for key in required:
            if value.get(key) is None:
                yield problem(f"missing required field: {key}", pointer)
        for key, field in value.items():
            yield from _field(fields, key, field, pointer)
        for rule in also:
            yield from rule(value, pointer)

    return check


def _field(fields: Mapping[str, Check], key: str, value: Any, pointer: str) -> Problems:
    if key not in fields:
        yield problem(f"invalid additional property: {key}", pointer)
    elif value is not None:
        yield from fields[key](value, f"{pointer}/{key}")


def by_type(kinds: Mapping[str, Check]) -> Check:
    """Check an object with the check that its `type` names; unknown types are refused."""

    def check(value: Any, pointer: str) -> Problems:
        kind = value.get("type") if isinstance(value, Mapping) else None
        if not isinstance(value, Mapping):
            yield problem("must provide an object", pointer)
        elif kind is None:
            yield problem("missing required field: type", pointer)
        elif kind not in kinds:
            yield problem(f"unsupported type: {kind}", f"{pointer}/type")
        else:
            yield from kinds[str(kind)](value, pointer)

    return check


def either(first: str, second: str) -> Check:
    """Check that an object defines exactly one of two keys."""

    def check(value: Any, pointer: str) -> Problems:
        if (value.get(first) is None) == (value.get(second) is None):
            yield problem(f"must define either `{first}` or `{second}`", pointer)

    return check


def any_of(*keys: str) -> Check:
    """Check that an object defines at least one of some keys."""

    def check(value: Any, pointer: str) -> Problems:
        if all(value.get(key) is None for key in keys):
            yield problem(f"must define one of {', '.join(f'`{key}`' for key in keys)}", pointer)

    return check


def plain(most: int) -> Check:
    """Check a plain_text object."""
    return by_type({"plain_text": record({"text": string(most)}, {"emoji": boolean})})


def text(most: int) -> Check:
    """Check a text object, plain_text or mrkdwn."""
    return by_type(
        {
            "plain_text": record({"text": string(most)}, {"emoji": boolean}),
            "mrkdwn": record({"text": string(most)}, {"verbatim": boolean}),
        }
    )
