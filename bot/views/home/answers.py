"""The answers on someone's Home tab: their own, newest first, searched and turned in place, each with its menu."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.desk.records import StoredAnswer
from bot.language.plain import clip
from bot.reply import Block
from bot.views.history.history import answer_item
from bot.views.kit.blocks import actions, button, context, escape, header, plain_text

LOOK = "home-"
"""How the actions begin that change what is looked at; their value is what to look at."""
SEARCH = f"{LOOK}search"
MENU = {
    "Show": "show {}",
    "Share…": "form share {}",
    "Re-run": "rerun {}",
    "Compare with…": "form compare #{}",
    "Delete": "delete {}",
}


class Answers(NamedTuple):
    """A page of someone's answers."""

    items: Sequence[StoredAnswer]
    words: str
    """What they must hold."""
    page: int
    more: bool
    """There are older ones."""


def answers_blocks(found: Answers, command: str) -> list[Block]:
    """The section of the Home tab; for someone who never asked anything there is nothing to search."""
    if not found.items and not found.words and found.page == 1:
        return []
    items = [block for item in found.items for block in _item(item)]
    return [
        header("Your answers"),
        _search(found.words),
        *(items or [context(_nothing(found))]),
        *_turn(found),
        context(f"What others shared is found in its channel, with `{command} history`."),
    ]


def _item(item: StoredAnswer) -> tuple[Block, Block]:
    """Its block keeps its name when the tab is published anew under someone's hand."""
    title, small = answer_item(item, MENU)
    return title | {"block_id": f"answer {item.number}"}, small


def _nothing(found: Answers) -> str:
    return f"No answer of yours holds “{escape(clip(found.words, 200))}”." if found.words else "There is no older one."


def _search(words: str) -> Block:
    """Slack keeps what was typed into a block of the same name, so each search has a block of its own."""
    text = {
        "type": "plain_text_input",
        "action_id": SEARCH,
        "placeholder": plain_text("e.g. llama H100"),
        "max_length": 200,
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    return {
        "type": "input",
        "block_id": clip(f"search {words}", 255),
        "optional": True,
        "dispatch_action": True,
        "label": plain_text("Search"),
        "hint": plain_text("Words of the question or of its answer, and Enter."),
        "element": text | ({"initial_value": words} if words else {}),
    }


def _turn(found: Answers) -> list[Block]:
    newer = button("Newer", f"{LOOK}newer", f"{found.words} page {found.page - 1}") if found.page > 1 else None
    older = button("Older", f"{LOOK}older", f"{found.words} page {found.page + 1}") if found.more else None
    every = button("All of them", f"{LOOK}all", "page 1") if found.words else None
    return [actions(newer, older, every)] if newer or older or every else []
