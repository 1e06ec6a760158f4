"""Small builders of Block Kit. Text from people goes through `escape`; markup is ours alone."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from bot.language.plain import clip
from bot.reply import Block

SECTION = 3000
BUTTON_VALUE = 2000
MESSAGE = 11_000
"""Characters of JSON that a message's blocks may take, with room for its buttons; Slack refuses near 13,200."""


class Figure(NamedTuple):
    """A number in a table, and how it is shown."""

    value: float
    text: str


def escape(text: str) -> str:
    """Text from people or data as Slack shows it literally: no markup, no mention."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def literal(text: str) -> str:
    """Escaped, with the characters that start Slack's markup made harmless, for names inside a sentence of ours."""
    return re.sub(r"([*_~`])", "\u200b\\1", escape(text))


def plain_text(text: str, limit: int = 150) -> Block:
    """A plain_text object."""
    return {"type": "plain_text", "text": clip(text, limit), "emoji": True}


def mrkdwn(text: str, limit: int = SECTION) -> Block:
    """A mrkdwn object; user mentions and links are not made from bare text."""
    return {"type": "mrkdwn", "text": clip(text, limit), "verbatim": True}


def section(text: str, **more: Any) -> Block:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(text), **more}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain_text(text)}


def context(*texts: str) -> Block:
    """Small print, at most ten pieces."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts if text][:10]}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def button(label: str, action: str, value: str, **more: Any) -> Block:
    """A button. Its value is the command that pressing it types."""
    return {"type": "button", "text": plain_text(label, 75), "action_id": action, "value": value, **more}


def actions(*elements: Block | None) -> Block:
    """A row of buttons; those that are None are left out."""
    return {"type": "actions", "elements": [element for element in elements if element]}


def confirm(title: str, text: str, yes: str) -> Block:
    """The question before something is destroyed."""
    return {
        "title": plain_text(title, 100),
        "text": mrkdwn(text, 300),
        "confirm": plain_text(yes, 30),
        "deny": plain_text("Keep it", 30),
        "style": "danger",
    }


def table(rows: Sequence[Sequence[str]], right: Iterable[int] = ()) -> Block:
    """A table; the first row is its heading, `right` the columns that hold numbers."""
    right = set(right)
    settings = [{"align": "right" if column in right else "left", "is_wrapped": True} for column in range(len(rows[0]))]
    return {
        "type": "table",
        "column_settings": settings,
        "rows": [[{"type": "raw_text", "text": cell or "–"} for cell in row] for row in rows],
    }


def data_table(caption: str, rows: Sequence[Sequence[str | Figure]], page: int = 20) -> Block:
    """A table that people sort and turn the pages of; the first row is its heading, a figure sorts by its number."""
    return {
        "type": "data_table",
        "caption": caption,
        "page_size": page,
        "row_header_column_index": 0,
        "rows": [[_cell(cell) for cell in row] for row in rows],
    }


def _cell(cell: str | Figure) -> Block:
    if isinstance(cell, str):
        return {"type": "raw_text", "text": cell or "–"}
    return {"type": "raw_number", "value": cell.value, "text": cell.text}


def table_of(block: Block) -> Block:
    """A data table as a table, its figures to the right; anything else as it is."""
    if block["type"] != "data_table":
        return block
    right = (column for row in block["rows"] for column, cell in enumerate(row) if cell["type"] == "raw_number")
    return table(cells_of(block), right)


def preformatted(text: str) -> Block:
    """Text in a fixed-width font, as it is."""
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text or " "}]},
        ],
    }


def without_tables(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The same blocks for a workspace that refuses tables and charts: each becomes aligned text."""
    return tuple(preformatted(text) if (text := block_text(block)) else block for block in blocks)


def block_text(block: Block) -> str:
    """A table or a chart as aligned text; empty for anything else."""
    if block["type"] in {"table", "data_table"}:
        return columns(cells_of(block))
    return chart_text(block) if block["type"] == "data_visualization" else ""


def chart_text(block: Block) -> str:
    """The numbers of a bar, line or area chart under its title."""
    chart = block["chart"]
    values = [{point["label"]: point["value"] for point in one["data"]} for one in chart["series"]]
    rows = [(label, *(f"{points[label]:,.2f}" for points in values)) for label in chart["axis_config"]["categories"]]
    return f"{block['title']}\n{columns([('', *(one['name'] for one in chart['series'])), *rows])}"


def cells_of(block: Block) -> list[list[str]]:
    """The texts of a table or a data table."""
    return [[cell["text"] for cell in row] for row in block["rows"]]


def fitting(blocks: Iterable[Block], note: str) -> list[Block]:
    """As many of the blocks as one message holds; where some are left out, the note says where they are."""
    kept: list[Block] = []
    size = len(json.dumps(note))
    for block in blocks:
        size += len(json.dumps(block))
        if size > MESSAGE:
            return [*kept, context(note)]
        kept.append(block)
    return kept


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Rows as aligned columns of text."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
