"""A table in a picture: columns as wide as they need, cells in as many lines as they take."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.views.pictures.page import INK, INSIDE, LEADING, MARGIN, RULE, TINT, Box, Item, Part, Text, paragraph, width_of

SIZE, SMALLEST = 24, 16
GAP, AIR = 28, 9
"""Pixels between columns, and above and below a row's text."""
Rows = Sequence[Sequence[str]]


def table_part(rows: Rows, right: set[int], top: float, taken: int | None = None) -> Part:
    """The table; its first row is the heading, `right` the columns that hold numbers, `taken` the one to point out."""
    size = _size(rows)
    widths = column_widths(rows, size)
    items: list[Item] = []
    y = top
    for number, row in enumerate(rows):
        drawn = _row(row, widths, right, Lettering(y + AIR, size, number == 0))
        y = drawn.bottom + AIR
        items += [
            *drawn.items,
            Box(MARGIN, y, MARGIN + INSIDE, y + (3 if number == 0 else 1), INK if number == 0 else RULE),
        ]
    return Part((*_tint(widths, taken, top, y), *items), y)


def _tint(widths: Sequence[float], taken: int | None, top: float, bottom: float) -> list[Item]:
    """What lies behind a column that is pointed out."""
    if taken is None:
        return []
    left = MARGIN + sum(widths[:taken]) + GAP * taken
    return [Box(left - GAP / 2, top, left + widths[taken] + GAP / 2, bottom, TINT)]


class Lettering(NamedTuple):
    """Where a row stands, and its type."""

    y: float
    size: int
    bold: bool


def _row(row: Sequence[str], widths: Sequence[float], right: set[int], how: Lettering) -> Part:
    items: list[Item] = []
    x, bottom = float(MARGIN), how.y + how.size * LEADING
    for column, (cell, room) in enumerate(zip(row, widths, strict=True)):
        first = how.bold or column == 0
        drawn = paragraph(Text(cell, x, how.y, how.size, room, bold=first), right=column in right)
        items += drawn.items
        x, bottom = x + room + GAP, max(bottom, drawn.bottom)
    return Part(tuple(items), bottom)


def _size(rows: Rows) -> int:
    """The largest type in which the longest words of all columns stand side by side."""
    space = INSIDE - GAP * (len(rows[0]) - 1)
    fits = (size for size in range(SIZE, SMALLEST, -1) if sum(_words(rows, size)) <= space)
    return next(fits, SMALLEST)


def column_widths(rows: Rows, size: int) -> list[float]:
    """What each column gets: its longest cell where there is room, else at least its longest word."""
    space = INSIDE - GAP * (len(rows[0]) - 1)
    full, least = _cells(rows, size), _words(rows, size)
    if sum(full) <= space:
        more = (space - sum(full)) / len(full)
        return [width + more for width in full]
    if sum(least) >= space:
        return [space * width / sum(least) for width in least]
    return _shared(full, least, space)


def _shared(full: Sequence[float], least: Sequence[float], space: float) -> list[float]:
    """Narrow columns whole, and the wide ones cut to one width, which fills the space."""
    low, high = 0.0, space
    for _ in range(40):
        level = (low + high) / 2
        widths = [min(wide, max(narrow, level)) for wide, narrow in zip(full, least, strict=True)]
        low, high = (low, level) if sum(widths) > space else (level, high)
    return [min(wide, max(narrow, low)) for wide, narrow in zip(full, least, strict=True)]


def _cells(rows: Rows, size: int) -> list[float]:
    return [max(width_of(cell, size, bold=True) for cell in column) for column in zip(*rows, strict=True)]


def _words(rows: Rows, size: int) -> list[float]:
    return [
        max(width_of(word, size, bold=True) for cell in column for word in (cell.split() or [""]))
        for column in zip(*rows, strict=True)
    ]
