"""Slack's limits on messages and views, checked before anything is sent.

Each problem is a sentence as Slack's `response_metadata.messages` has it, for example
`[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]`.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from bot.limits.blocks import BLOCKS, SURFACES
from bot.limits.shapes import Check, by_type, problem, record, string
from bot.limits.shapes import anything as _anything
from bot.limits.shapes import boolean as _boolean
from bot.limits.shapes import plain as _plain

Surface = Literal["message", "modal", "home"]

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_MESSAGE_TEXT = 40_000
MOST_BLOCKS_JSON = 13_200
MOST_MARKDOWN = 12_000
MOST_VIEW_BYTES = 250_000
MOST_CHARTS = 2


def check_message(payload: Mapping[str, Any]) -> list[str]:
    """Find what Slack would refuse in a message."""
    blocks = payload.get("blocks") or []
    found = list(check_blocks(blocks, "message"))
    text = payload.get("text")
    if isinstance(text, str) and len(text) > MOST_MESSAGE_TEXT:
        found.append(problem(f"must be less than {MOST_MESSAGE_TEXT + 1} characters", "/text"))
    if not text and not blocks and not payload.get("attachments"):
        found.append(problem("missing required field: text", ""))
    if blocks_too_long(blocks):
        found.append(problem(f"msg_blocks_too_long: more than {MOST_BLOCKS_JSON} characters of JSON", "/blocks"))
    return found


def check_view(view: Mapping[str, Any]) -> list[str]:
    """Find what Slack would refuse in a modal or a Home tab."""
    kind = view.get("type")
    if kind not in ("modal", "home"):
        return [problem(f"unsupported type: {kind}", "/view/type")]
    surface: Surface = "modal" if kind == "modal" else "home"
    found = list(_VIEWS[surface](view, "/view"))
    found += check_blocks(view.get("blocks") or [], surface, "/view/blocks")
    has_input = any(isinstance(block, Mapping) and block.get("type") == "input" for block in view.get("blocks") or ())
    if surface == "modal" and has_input and not view.get("submit"):
        found.append(problem("missing required field: submit", "/view"))
    if len(json.dumps(view)) > MOST_VIEW_BYTES:
        found.append(problem(f"view_too_large: more than {MOST_VIEW_BYTES} bytes", "/view"))
    return found


def check_blocks(blocks: Sequence[Mapping[str, Any]], surface: Surface, pointer: str = "/blocks") -> list[str]:
    """Find what Slack would refuse in the blocks of one surface."""
    if not isinstance(blocks, (list, tuple)):
        return [problem("must provide an array", pointer)]
    found: list[str] = []
    if len(blocks) > MOST_BLOCKS[surface]:
        found.append(problem(f"no more than {MOST_BLOCKS[surface]} items allowed", pointer))
    check = by_type({name: BLOCKS[name] for name in SURFACES[surface]})
    for index, block in enumerate(blocks):
        found += check(block, f"{pointer}/{index}")
    sound = [(index, block) for index, block in enumerate(blocks) if isinstance(block, Mapping)]
    for rule in (_unique_block_ids, _unique_action_ids, _one_table, _few_charts, _little_markdown):
        found += rule(sound, pointer)
    return found


def blocks_too_long(blocks: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether Slack would answer `msg_blocks_too_long`."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) > MOST_BLOCKS_JSON


Numbered = list[tuple[int, Mapping[str, Any]]]


def _unique_block_ids(blocks: Numbered, pointer: str) -> Iterator[str]:
    seen = Counter[str]()
    for index, block in blocks:
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            seen[block_id] += 1
            if seen[block_id] > 1:
                yield problem(f"block_id `{block_id}` already exists", f"{pointer}/{index}/block_id")


def _elements(block: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    if block.get("type") in ("actions", "context_actions"):
        listed = block.get("elements")
        return [(f"elements/{i}", e) for i, e in enumerate(listed or ()) if isinstance(e, Mapping)]
    return []


def _unique_action_ids(blocks: Numbered, pointer: str) -> Iterator[str]:
    for index, block in blocks:
        seen = Counter[str]()
        for place, element in _elements(block):
            action_id = element.get("action_id")
            if isinstance(action_id, str):
                seen[action_id] += 1
                if seen[action_id] > 1:
                    yield problem(f"action_id `{action_id}` already exists", f"{pointer}/{index}/{place}/action_id")


def _one_table(blocks: Numbered, pointer: str) -> Iterator[str]:
    tables = [index for index, block in blocks if block.get("type") in ("table", "data_table")]
    for index in tables[1:]:
        yield problem("only_one_table_allowed", f"{pointer}/{index}")


def _few_charts(blocks: Numbered, pointer: str) -> Iterator[str]:
    charts = [index for index, block in blocks if block.get("type") == "data_visualization"]
    for index in charts[MOST_CHARTS:]:
        yield problem(f"no more than {MOST_CHARTS} data_visualization blocks allowed", f"{pointer}/{index}")


def _little_markdown(blocks: Numbered, pointer: str) -> Iterator[str]:
    total = sum(len(str(block.get("text", ""))) for _, block in blocks if block.get("type") == "markdown")
    if total > MOST_MARKDOWN:
        yield problem(f"must be less than {MOST_MARKDOWN + 1} characters in all markdown blocks", pointer)


_COMMON: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_VIEWS = {
    "modal": record(
        {"title": _plain(24), "blocks": _anything},
        {
            **_COMMON,
            "submit": _plain(24),
            "close": _plain(24),
            "clear_on_close": _boolean,
            "notify_on_close": _boolean,
            "submit_disabled": _boolean,
        },
    ),
    "home": record({"blocks": _anything}, _COMMON),
}
