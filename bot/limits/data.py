"""Rich text, tables and charts: the blocks that carry data, and their limits."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.limits.shapes import (
    Check,
    anything,
    boolean,
    by_type,
    choice,
    items,
    number,
    optional_null,
    problem,
    record,
    string,
)

TABLE_CHARACTERS = 10_000

STYLE = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "unlink"), boolean))
INLINE: dict[str, Check] = {
    "text": record({"text": string(12_000)}, {"style": STYLE}),
    "link": record({"url": string(3000)}, {"text": string(12_000), "unsafe": boolean, "style": STYLE}),
    "emoji": record({"name": string(100)}, {"unicode": string(100), "skin_tone": number(1, 6), "style": STYLE}),
    "user": record({"user_id": string(255)}, {"style": STYLE}),
    "usergroup": record({"usergroup_id": string(255)}, {"style": STYLE}),
    "channel": record({"channel_id": string(255)}, {"style": STYLE}),
    "broadcast": record({"range": choice("here", "channel", "everyone")}, {"style": STYLE}),
    "color": record({"value": string(20)}, {"style": STYLE}),
    "date": record({"timestamp": number(0), "format": string(255)}, {"url": string(3000), "fallback": string(255)}),
}
_RUNS = items(by_type(INLINE), 1000, 0)
_VERBATIM = items(by_type({key: INLINE[key] for key in ("text", "link")}), 1000)
_SECTION = record({"elements": _RUNS})
RICH_TEXT = record(
    {
        "elements": items(
            by_type(
                {
                    "rich_text_section": _SECTION,
                    "rich_text_list": record(
                        {"style": choice("bullet", "ordered"), "elements": items(_SECTION, 1000)},
                        {"indent": number(0, 8), "offset": number(0), "border": number(0, 1)},
                    ),
                    "rich_text_preformatted": record(
                        {"elements": _VERBATIM}, {"border": number(0, 1), "language": string(50)}
                    ),
                    "rich_text_quote": record({"elements": _RUNS}, {"border": number(0, 1)}),
                }
            ),
            1000,
        )
    },
    {"block_id": string(255)},
)

_RAW_TEXT = record({"text": string(TABLE_CHARACTERS)})
_RAW_NUMBER = record({"value": number(), "text": string(TABLE_CHARACTERS)})
_CELL = by_type({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT})
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _words(cell: Any) -> int:
    if isinstance(cell, Mapping):
        own = len(cell["text"]) if isinstance(cell.get("text"), str) else 0
        own += len(json.dumps(cell["value"])) if cell.get("type") == "raw_number" and "value" in cell else 0
        return own + sum(_words(item) for item in cell.get("elements") or ())
    return 0


def _rectangular(value: Mapping[str, Any], pointer: str) -> Iterator[str]:
    rows = [row for row in value.get("rows") or () if isinstance(row, (list, tuple))]
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            yield problem(f"must have {len(rows[0])} cells as the first row has", f"{pointer}/rows/{index}")
    if sum(_words(cell) for row in rows for cell in row) > TABLE_CHARACTERS:
        yield problem(f"must be less than {TABLE_CHARACTERS + 1} characters in all cells", f"{pointer}/rows")


def _plain_header(value: Mapping[str, Any], pointer: str) -> Iterator[str]:
    rows = value.get("rows") or [[]]
    for index, cell in enumerate(rows[0] if isinstance(rows[0], list) else ()):
        if isinstance(cell, Mapping) and cell.get("type") == "rich_text":
            yield problem("rich_text is not allowed in a header cell", f"{pointer}/rows/0/{index}")


TABLE = record(
    {"rows": items(items(_CELL, 20), 100)},
    {"block_id": string(255), "column_settings": items(optional_null(_COLUMN), 20, 0)},
    _rectangular,
)
DATA_TABLE = record(
    {"caption": string(TABLE_CHARACTERS), "rows": items(items(_CELL, 20), 101, 2)},
    {"block_id": string(255), "page_size": number(1, 100), "row_header_column_index": number(0, 19)},
    _rectangular,
    _plain_header,
)


def _above_zero(value: Any, pointer: str) -> Iterator[str]:
    found = list(number()(value, pointer))
    yield from found
    if not found and value <= 0:
        yield problem("must be greater than 0", pointer)


def _series_match_axis(value: Mapping[str, Any], pointer: str) -> Iterator[str]:
    series = [one for one in value.get("series") or () if isinstance(one, Mapping)]
    names = [one.get("name") for one in series]
    if len(set(names)) != len(names):
        yield problem("series names must be unique", f"{pointer}/series")
    axis = value.get("axis_config")
    categories = axis.get("categories") if isinstance(axis, Mapping) else None
    for index, one in enumerate(series):
        labels = [point.get("label") for point in one.get("data") or () if isinstance(point, Mapping)]
        if sorted(map(str, labels)) != sorted(map(str, categories or ())):
            yield problem("must have one data point for each category", f"{pointer}/series/{index}/data")


_POINT = record({"label": string(20), "value": number()})
_SERIES = record({"name": string(20), "data": items(_POINT, 20)})
_AXIS = record({"categories": items(string(20), 20)}, {"x_label": string(50), "y_label": string(50)})
_PLOT = record({"series": items(_SERIES, 6), "axis_config": _AXIS}, {}, _series_match_axis)
_PIE = record({"segments": items(record({"label": string(20), "value": _above_zero}), 6)})
DATA_VISUALIZATION = record(
    {"title": string(50), "chart": by_type({"pie": _PIE, "bar": _PLOT, "area": _PLOT, "line": _PLOT})},
    {"block_id": string(255), "alt_text": anything},
)
