"""Comparisons as a file to take away: CSV for a spreadsheet, JSON for a program."""

import csv
import io
import json
from collections.abc import Iterable

from storage.comparison_records import Comparison

COLUMNS = (
    "number",
    "created_at",
    "kind",
    "question",
    "spelled_out",
    "headline",
    "channel_id",
    "channel_name",
    "private",
    "shared_channel_id",
    "shared_at",
    "results",
)
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "'")
"""The last ones but one are the full-width forms of the first, which spreadsheets take for the same."""


def to_csv(comparisons: Iterable[Comparison]) -> str:
    """One row each under a header. A text that a spreadsheet might run as a formula gets a leading apostrophe.

    A text that starts with an apostrophe gets one too, so taking one away from the front restores every text.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for comparison in comparisons:
        values = comparison.model_dump(mode="json", include=set(COLUMNS))
        writer.writerow([_harmless(values[name]) for name in COLUMNS])
    return file.getvalue()


def to_json(comparisons: Iterable[Comparison]) -> str:
    """A list of objects, one for each comparison; `results` is an object in it, not text."""
    rows = [
        {**comparison.model_dump(mode="json", include=set(COLUMNS)), "results": json.loads(comparison.results)}
        for comparison in comparisons
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _harmless(value: object) -> object:
    """The value as a spreadsheet cell that is only ever read."""
    starts = isinstance(value, str) and value.startswith(_STARTS_FORMULA)
    return f"'{value}" if starts else value
