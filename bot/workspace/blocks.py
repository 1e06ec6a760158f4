"""Walking through Block Kit blocks: the ids Slack fills in, and the elements in them."""

import secrets
from collections.abc import Iterator, Sequence

from bot.workspace.models import Json

INTERACTIVE = ("actions", "context_actions")


def with_ids(blocks: Sequence[Json]) -> list[Json]:
    """Copy blocks, filling in the block_id and action_id that Slack would generate."""
    return [_with_ids(block) for block in blocks]


def _with_ids(block: Json) -> Json:
    filled = {**block, "block_id": block.get("block_id") or _new_id()}
    kind = block.get("type")
    if kind in INTERACTIVE:
        filled["elements"] = [_with_action_id(element) for element in block["elements"]]
    elif kind == "section" and block.get("accessory"):
        filled["accessory"] = _with_action_id(block["accessory"])
    elif kind == "input":
        filled["element"] = _with_action_id(block["element"])
    elif kind == "card" and block.get("actions"):
        filled["actions"] = [_with_action_id(element) for element in block["actions"]]
    elif kind == "container":
        filled["child_blocks"] = with_ids(block["child_blocks"])
    return filled


def _with_action_id(element: Json) -> Json:
    if element.get("type") == "image":
        return element
    return {**element, "action_id": element.get("action_id") or _new_id()}


def _new_id() -> str:
    return secrets.token_urlsafe(4)


def elements(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Give every interactive element with the block it stands in."""
    for block in blocks:
        kind = block.get("type")
        if kind in INTERACTIVE:
            yield from ((block, element) for element in block["elements"])
        elif kind == "section" and block.get("accessory", {}).get("type", "image") != "image":
            yield block, block["accessory"]
        elif kind == "input":
            yield block, block["element"]
        elif kind == "card":
            yield from ((block, element) for element in block.get("actions") or ())
        elif kind == "container":
            yield from elements(block["child_blocks"])


def inputs(blocks: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    """Give every input block with its element."""
    return ((block, element) for block, element in elements(blocks) if block.get("type") == "input")


def find(blocks: Sequence[Json], block_id: str, action_id: str) -> tuple[Json, Json] | None:
    """Find an element by its two ids."""
    for block, element in elements(blocks):
        if block["block_id"] == block_id and element.get("action_id") == action_id:
            return block, element
    return None
