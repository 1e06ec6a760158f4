"""A chart in a picture: bars or lines over categories, every series named beside its colour."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bot.views.pictures.page import (
    COLOURS,
    INK,
    INSIDE,
    LEADING,
    MARGIN,
    RULE,
    SOFT,
    Box,
    Item,
    Part,
    Stroke,
    Text,
    paragraph,
    width_of,
)

TALL, LEFT = 360, 150
"""Pixels of the plot's height, and beside it for the figures of its axis."""
SIZE, TITLE = 20, 26
TINY = 1e-12
"""Less than this is nothing, of whatever is drawn."""
FILLED = 0.7
"""Of a category's width."""
MOST_FIGURES = 16
"""Bars that have their figure above them."""
Series = Sequence[tuple[str, Sequence[float]]]


class Plot(NamedTuple):
    """Where values stand on the page."""

    top: float
    most: float
    step: float
    """Between two lines of the axis."""
    columns: int
    sign: str

    def y(self, value: float) -> float:
        return self.top + TALL * (1 - max(value, 0) / self.most)

    def x(self, column: float) -> float:
        return MARGIN + LEFT + (INSIDE - LEFT) * column / self.columns

    def figure(self, value: float) -> str:
        return f"{self.sign}{value:,.0f}" if value >= 100 or value == int(value) else f"{self.sign}{value:,.2f}"


def chart_part(block: Mapping[str, Any], top: float) -> Part:
    """A data_visualization of bars or lines."""
    chart, title = block["chart"], block["title"]
    labels = chart["axis_config"]["categories"]
    series: Series = [(one["name"], [point["value"] for point in one["data"]]) for one in chart["series"]]
    step = _step(max((value for _, values in series for value in values), default=0))
    most = step * math.ceil(max(1.0, max(value for _, values in series for value in values) / step + 0.25))
    plot = Plot(top + TITLE * LEADING * 2.4, most, step, len(labels), "$" if "ollar" in title or "ost" in title else "")
    draw = _lines if chart["type"] == "line" else _bars
    along = _labels(labels, plot, chart["axis_config"].get("x_label", ""))
    return Part((*_legend(title, series, top), *_axis(plot), *draw(series, plot), *along.items), along.bottom)


def _step(most: float) -> float:
    """A round number, of which about four make the axis."""
    if most < TINY:
        return 1.0
    rough = most / 4
    power = 10 ** math.floor(math.log10(rough))
    factor = next(factor for factor in (1.0, 2.0, 2.5, 5.0, 10.0) if factor * power >= rough * 0.999)
    return float(power * factor)


def _legend(title: str, series: Series, top: float) -> list[Item]:
    items: list[Item] = [Text(title, MARGIN, top, TITLE, INSIDE / 3, bold=True)]
    x, y = MARGIN + max(width_of(title, TITLE, bold=True) + 60, LEFT), top + 5
    for colour, (name, _) in zip(COLOURS, series, strict=False):
        width = width_of(name, SIZE)
        items += [Box(x, y + 3, x + 18, y + 21, colour), Text(name, x + 28, y, SIZE, width)]
        x += 28 + width + 36
    return items


def _axis(plot: Plot) -> list[Item]:
    items: list[Item] = []
    for number in range(round(plot.most / plot.step) + 1):
        value = number * plot.step
        y, room = plot.y(value), LEFT - 16
        items.append(Box(plot.x(0), y, MARGIN + INSIDE, y + (2 if number == 0 else 1), SOFT if number == 0 else RULE))
        items += paragraph(Text(plot.figure(value), MARGIN, y - SIZE * 0.6, SIZE, room, colour=SOFT), right=True).items
    return items


def _bars(series: Series, plot: Plot) -> list[Item]:
    wide = (plot.x(1) - plot.x(0)) * FILLED / len(series)
    shown = len(series) * plot.columns <= MOST_FIGURES
    thin = min(wide, 120.0)
    items: list[Item] = []
    for place, (colour, (_, values)) in enumerate(zip(COLOURS, series, strict=False)):
        for column, value in enumerate(values):
            x = plot.x(column + 0.5) + (place - len(series) / 2) * thin
            items.append(Box(x + 2, plot.y(value), x + thin - 2, plot.y(0), colour))
            if shown:
                items.append(_centred(plot.figure(value), x + thin / 2, plot.y(value) - SIZE * LEADING))
    return items


def _centred(text: str, x: float, y: float) -> Text:
    width = width_of(text, SIZE)
    return Text(text, x - width / 2, y, SIZE, width, colour=INK)


def _lines(series: Series, plot: Plot) -> list[Item]:
    return [
        Stroke(tuple((plot.x(column + 0.5), plot.y(value)) for column, value in enumerate(values)), colour, 4)
        for colour, (_, values) in zip(COLOURS, series, strict=False)
    ]


def _labels(labels: Sequence[str], plot: Plot, along: str) -> Part:
    """What stands under each category, in as many lines as its width takes, and what they are."""
    top, room = plot.y(0) + 10, plot.x(1) - plot.x(0) - 6
    items: list[Item] = []
    bottom = top
    for column, label in enumerate(labels):
        for line in paragraph(Text(label, 0, top, SIZE, room)).items:
            assert isinstance(line, Text)
            items.append(_centred(line.text, plot.x(column + 0.5), line.y))
            bottom = max(bottom, line.y + SIZE * LEADING)
    if not along:
        return Part(tuple(items), bottom)
    named = _centred(along, (plot.x(0) + MARGIN + INSIDE) / 2, bottom + 2)
    return Part((*items, named._replace(colour=SOFT)), bottom + 2 + SIZE * LEADING)
