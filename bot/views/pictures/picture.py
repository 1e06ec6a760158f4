"""An answer as a picture for slides: its verdict, its table, its chart, and in small print what was asked and at which price."""

import re
from collections.abc import Callable, Iterable, Mapping

from bot.language.plain import unmarked
from bot.reply import Block, File
from bot.views.history.export import Exported
from bot.views.kit.blocks import cells_of, table_of
from bot.views.pictures.chart import chart_part
from bot.views.pictures.page import (
    COLOURS,
    INSIDE,
    LEAST_HEIGHT,
    MARGIN,
    SOFT,
    Box,
    Item,
    Part,
    Text,
    painted,
    paragraph,
)
from bot.views.pictures.table import table_part

HEADING, SENTENCE, SMALL = 44, 28, 19
SPACE = 34
"""Pixels between parts."""
LEVELS = {":x:": COLOURS[5], ":warning:": COLOURS[1]}


def picture(shown: Exported) -> File:
    """The picture as a file."""
    items, height = laid_out(shown)
    title = f"{shown.heading} {shown.sentence}".strip()
    return File(
        name=f"{shown.name}.png",
        content=painted(items, height),
        title=shown.heading[:200],
        alt=f"{title} {_told(shown)}"[:900],
    )


def laid_out(shown: Exported) -> tuple[list[Item], int]:
    """Everything in its place, and the height of the page."""
    items: list[Item] = []
    head = _head(shown)
    items += head.items
    y = head.bottom + SPACE
    for block in shown.blocks:
        if draw := DRAWN.get(block["type"]):
            part = draw(block, y, shown)
            items += part.items
            y = part.bottom + SPACE
    foot = _foot(shown, y)
    items += foot.items
    return items, max(LEAST_HEIGHT, round(foot.bottom) + MARGIN)


def _head(shown: Exported) -> Part:
    """The heading, a bar beside it in the verdict's colour, and the sentence."""
    first = next((_words(block) for block in shown.blocks if block["type"] == "section"), "")
    colour = next((colour for mark, colour in LEVELS.items() if first.startswith(mark)), COLOURS[0])
    heading = paragraph(Text(shown.heading, MARGIN, MARGIN, HEADING, INSIDE, bold=True))
    sentence = paragraph(Text(shown.sentence, MARGIN, heading.bottom + 8, SENTENCE, INSIDE))
    bottom = sentence.bottom if shown.sentence else heading.bottom
    bar = Box(MARGIN - 32, MARGIN + 6, MARGIN - 20, bottom, colour)
    return Part((bar, *heading.items, *(sentence.items if shown.sentence else ())), bottom)


def _foot(shown: Exported, y: float) -> Part:
    """What was asked, the prices and what was assumed; then the number."""
    texts = [_plain(one["text"]) for block in shown.blocks if block["type"] == "context" for one in block["elements"]]
    items: list[Item] = []
    for text in (*texts, shown.signed):
        part = paragraph(Text(text, MARGIN, y, SMALL, INSIDE, colour=SOFT))
        items += part.items
        y = part.bottom + 4
    return Part(tuple(items), y)


def _table(block: Block, y: float, shown: Exported) -> Part:
    settings = table_of(block).get("column_settings", [])
    right = {column for column, one in enumerate(settings) if one.get("align") == "right"}
    rows = [[_plain(cell) for cell in row] for row in cells_of(block)]
    best = f"{shown.decided and shown.decided.winner}: "
    taken = next((column for column, cell in enumerate(rows[0]) if cell.startswith(best)), None)
    return table_part(rows, right, y, taken)


def _chart(block: Block, y: float, shown: Exported) -> Part:  # noqa: ARG001  # every block is drawn alike
    return chart_part(block, y)


DRAWN: Mapping[str, Callable[[Block, float, Exported], Part]] = {
    "table": _table,
    "data_table": _table,
    "data_visualization": _chart,
}


def _words(block: Block) -> str:
    return str(block.get("text", {}).get("text", ""))


def _plain(text: str) -> str:
    """Without markup and signs that the type lacks."""
    return re.sub(r":[a-z_]+:", "", unmarked(text)).strip()


def _told(shown: Exported) -> str:
    """What else there is to see, for those who do not."""
    return " ".join(_described(shown.blocks))


def _described(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        if block["type"] in {"table", "data_table"}:
            yield f"A table of {len(block['rows']) - 1} figures."
        elif block["type"] == "data_visualization":
            yield f"A {block['chart']['type']} chart: {block['title']}."
