"""Answers as lines of a spreadsheet: one line for each option, one column for each figure of its JSON."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.answers.decided import LETTERS, Decided

Line = dict[str, Any]


def csv_of(data: Mapping[str, Any], decided: Decided | None = None) -> str:
    """The text of the file, with a heading; a line that lacks a figure leaves it empty."""
    lines = lines_of(data, decided)
    columns = list(dict.fromkeys(name for line in lines for name in line))
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([harmless(line.get(name, "")) for name in columns] for line in lines)
    return text.getvalue()


def lines_of(data: Mapping[str, Any], decided: Decided | None) -> list[Line]:
    """The options of a comparison, the deployments of a summary, both sides of a break-even, or the one estimate."""
    if decided and decided.kind == "break-even":
        return [{"side": side, **flat(data[side])} for side in ("own", "service")] + [
            {"side": "both", **_crossing(data)}
        ]
    if decided and decided.kind == "compare":
        return [
            {"option": letter, "recommended": letter == decided.winner, **flat(option)}
            for letter, option in zip(LETTERS, data["options"], strict=False)
        ]
    if "deployments" in data:
        period = {"from": data["from"], "to": data["to"]}
        return [period | flat(one) for one in data["deployments"]]
    return [flat(data)]


def _crossing(data: Mapping[str, Any]) -> Line:
    """Where the two sides cost the same, and the plans at the stated rate."""
    return flat({name: value for name, value in data.items() if name not in {"own", "service"}})


def flat(data: Mapping[str, Any]) -> Line:
    """Nested names joined by dots; lists of words in one cell, lists of records left to the JSON."""
    return dict(_flat(data, ""))


def _flat(data: Mapping[str, Any], before: str) -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        path = before if name == "results" else f"{before}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}." if path else "")
        elif not isinstance(value, list):
            yield path, "" if value is None else value
        elif _is_words(value):
            yield path, "; ".join(map(str, value))


def _is_words(values: Sequence[Any]) -> bool:
    return not any(isinstance(value, Mapping | list) for value in values)


def harmless(value: object) -> object:
    """A spreadsheet takes a text that begins so for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r\n'" and value else value
