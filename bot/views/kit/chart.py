"""Charts as Slack draws them."""

from collections.abc import Mapping, Sequence

from bot.language.plain import clip
from bot.reply import Block

MOST_SERIES = 6
MOST_CATEGORIES = 20
LABEL = 20


def bar_chart(title: str, categories: Sequence[str], series: Mapping[str, Sequence[float]], unit: str = "") -> Block:
    """One bar for each category and series: at most 20 categories, the newest, and 6 series."""
    return _chart("bar", title, categories, series, {"y_label": unit})


def line_chart(
    title: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[float]],
    along: str = "",
    unit: str = "",
) -> Block:
    """One line for each series over the categories, which are `along` the axis: at most 20 of them, the last, and 6 series."""
    return _chart("line", title, categories, series, {"x_label": along, "y_label": unit})


def _chart(
    kind: str, title: str, categories: Sequence[str], series: Mapping[str, Sequence[float]], units: Mapping[str, str]
) -> Block:
    labels = list(categories[-MOST_CATEGORIES:])
    plotted = [
        {
            "name": name,
            "data": [
                {"label": label, "value": value} for label, value in zip(labels, values[-len(labels) :], strict=True)
            ],
        }
        for name, values in list(series.items())[:MOST_SERIES]
    ]
    axis = {"categories": labels, **{name: clip(unit, 50) for name, unit in units.items() if unit}}
    return {
        "type": "data_visualization",
        "title": clip(title, 50),
        "chart": {"type": kind, "series": plotted, "axis_config": axis},
    }


def distinct(names: Sequence[str]) -> list[str]:
    """The names cut to a chart's length, none of them twice."""
    found: list[str] = []
    for name in names:
        short = clip(name, LABEL)
        found.append(short if short not in found else f"{clip(name, LABEL - 3)} {len(found) + 1}")
    return found
