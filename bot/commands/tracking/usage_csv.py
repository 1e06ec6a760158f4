"""Usage as CSV: one line an hour, or one a day, under a heading that names the columns."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from bot.language.moments import moment
from bot.language.plain import clip
from calculator.errors import QuestionError
from calculator.spending.usage import UsageHour, hour_of

TIMES = ("hour", "time", "timestamp", "date", "day")
COUNTS = {
    "requests": "requests",
    "request_count": "requests",
    "input_tokens": "input_tokens",
    "prompt_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "completion_tokens": "output_tokens",
    "generation_tokens": "output_tokens",
}
MOST_LINES = 20_000
EXAMPLE = "hour,requests,input_tokens,output_tokens\n2026-11-20T09:00Z,1240,992000,248000"
AROUND = "\r\n "
"""What may stand around a table; a tab may be an empty cell."""
Row = Mapping[str, str]


def read_csv(text: str, now: datetime) -> tuple[UsageHour, ...]:
    """The hours that the table holds, oldest first. QuestionError names the line that is wrong and what to write."""
    try:
        found = _read(text.strip(AROUND))
    except csv.Error as error:
        raise QuestionError("usage", "The CSV cannot be read. Is a quote left open? Nothing was kept.") from error
    _check(found, now)
    return tuple(found[hour] for hour in sorted(found))


def _read(text: str) -> dict[int, UsageHour]:
    """The hours by their number."""
    delimiter = ";" if ";" in text.partition("\n")[0] else "\t" if "\t" in text.partition("\n")[0] else ","
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, skipinitialspace=True)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    when = next((name for name in names if name in TIMES), None)
    columns = {name: COUNTS[name] for name in names if name in COUNTS}
    if when is None or "requests" not in columns.values():
        raise _wrong(1, f"the heading names {', '.join(names) or 'nothing'}; it needs hour (or day) and requests")
    found: dict[int, UsageHour] = {}
    for number, row in _numbered(reader):
        for hour in _hours(row, when, columns, number):
            if hour.hour in found:
                raise _wrong(number, f"“{row[when]}” comes twice")
            found[hour.hour] = hour
    return found


def _numbered(reader: "csv.DictReader[str]") -> Iterator[tuple[int, Row]]:
    """Each line under the heading, with its number among all lines, the empty ones too."""
    for row in reader:
        yield reader.line_num, row


def _check(found: Mapping[int, UsageHour], now: datetime) -> None:
    if not found:
        raise _wrong(2, "there is no line under the heading")
    if max(found) > hour_of(now):
        raise QuestionError(
            "usage", f"{found[max(found)].start:%Y-%m-%d %H:%M} UTC is still to come. Nothing was kept."
        )


def _hours(row: Row, when: str, columns: Mapping[str, str], number: int) -> list[UsageHour]:
    """The hour that a line means; for a day, its 24 equal parts."""
    if number > MOST_LINES:
        raise _wrong(number, f"that is more than {MOST_LINES:,} lines; send them in parts")
    if None in row or None in row.values():
        raise _wrong(number, f"it has {'more' if None in row else 'fewer'} columns than the heading")
    start = _start(row[when].strip(), number)
    values = {field: _number(row[name], name, number) for name, field in columns.items()}
    if when not in {"date", "day"}:
        if start.minute or start.second:
            raise _wrong(number, f"“{row[when]}” is no full hour; write {start:%Y-%m-%dT%H}:00Z")
        return [UsageHour(hour=hour_of(start), **values)]
    parts = {field: None if value is None else value / 24 for field, value in values.items()}
    return [UsageHour(hour=hour_of(start + timedelta(hours=part)), **parts) for part in range(24)]


def _start(text: str, line: int) -> datetime:
    try:
        return moment(text, "usage")
    except QuestionError as error:
        raise _wrong(line, f"“{text}” is no time; write 2026-11-20T09:00Z, or 2026-11-20 under day") from error


def _number(text: str, name: str, line: int) -> float | None:
    """A count; an empty cell was not measured."""
    if not text.strip():
        return None
    try:
        value = float(text)
    except ValueError as error:
        raise _wrong(line, f"“{text}” is no number of {name}; write digits only, such as 1240") from error
    if not 0 <= value <= 1e12:
        raise _wrong(line, f"“{text}” cannot be a number of {name}; write 0 or more")
    return value


def _wrong(line: int, why: str) -> QuestionError:
    return QuestionError("usage", f"Line {line}: {clip(why, 300)}. Nothing was kept. Write for example\n{EXAMPLE}")
