"""Reads llama-bench: its markdown table, -o json, -o jsonl and -o csv. Forms: tools/llama-bench of ggml-org/llama.cpp.

Older builds print "pp 512", newer ones "pp512", "tg128 @ d4096" and "pp512+tg128". Speeds are in tokens/s, one request.
"""

import csv
import io
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from calculator.benchmarks.point import Benchmark, Measured, checked
from calculator.benchmarks.text import flat, number, records, refusal

TABLE_MARK = re.compile(r"\|\s*model\s*\|[^{}]{0,600}?\|\s*test\s*\||\|\s*(?:pp|tg) ?\d+[^|]{0,40}\|\s*\d+\.\d+ ±")
JSON_MARK = re.compile(r'"n_prompt"\s*:|"avg_ts"\s*:')
CSV_MARK = re.compile(r"\bbuild_commit,")
MODEL = ("model", "size", "params", "model_filename", "model_type", "model_size", "model_n_params")
MEASURED = ("test", "t/s", "n_prompt", "n_gen", "n_depth", "n_gen_warmup", "test_time", "avg_ns", "stddev_ns",
            "avg_ts", "stddev_ts", "samples_ns", "samples_ts")  # fmt: skip
ONE = "paste the rows of one model and one setting"
_HEADER = re.compile(r"\|? ?model \|(?: [^|]{0,40} \|){0,40}? test \| t/s \|(?= ?(?:\||$))")
_TEST = re.compile(r"(?:pp ?(\d{1,9}))?\+?(?:tg ?(\d{1,9}))?(?: ?@ ?d ?(\d{1,9}))?")


class Row(NamedTuple):
    """One test: its tokens, and its speed in tokens/s."""

    name: str
    prompt: int
    generated: int
    depth: int
    speed: float
    columns: Mapping[str, str]


def from_table(text: str) -> Benchmark:
    """The points of one or more tables; line breaks may be lost. QuestionError names the row or the column."""
    text = flat(text)
    headers = list(_HEADER.finditer(text))
    if not headers:
        raise refusal("The table's header is missing or changed: paste it from “| model” on, or attach it as a file.")
    ends = [header.start() for header in headers[1:]] + [len(text)]
    parts = [(header[0], text[header.end() : end]) for header, end in zip(headers, ends, strict=True)]
    return _benchmark([row for header, body in parts for row in _rows(header, body)])


def from_json(text: str) -> Benchmark:
    """The points of -o json or -o jsonl. QuestionError names the field."""
    return _benchmark([_row(record) for record in records(text)])


def from_csv(text: str) -> Benchmark:
    """The points of -o csv; line breaks may be lost. QuestionError names the column."""
    lines = re.sub(r'(?<=[\w"])\s+(?="[^,\s])', "\n", text[text.index("build_commit,") :])
    try:
        found = list(csv.DictReader(io.StringIO(lines)))
    except csv.Error as error:
        raise refusal("The CSV is cut off or changed: attach the file instead.") from error
    return _benchmark([_row(line) for line in found if None not in line and None not in line.values()])


def _rows(header: str, body: str) -> list[Row]:
    """The rows of a flattened table: wherever the cell under “test” holds one. The last, unclosed cell is left."""
    names = [cell.strip() for cell in header.strip("| ").split("|")]
    cells, at, rows = [cell.strip() for cell in body.split("|")[:-1]], 0, []
    while at + len(names) <= len(cells):
        columns = dict(zip(names, cells[at : at + len(names)], strict=True))
        test = _TEST.fullmatch(columns["test"])
        if test and (test[1] or test[2]):
            prompt, generated, depth = (int(count or 0) for count in test.groups())
            speed = number(columns["t/s"].split(" ")[0])
            if speed is None:
                raise refusal(f"The speed of {columns['test']} is “{columns['t/s'][:30]}”: paste the table as printed.")
            rows.append(Row(columns["test"], prompt, generated, depth, speed, columns))
            at += len(names)
        else:
            at += 1
    return rows


def _row(record: Mapping[str, Any]) -> Row:
    counts = [number(record.get(field)) for field in ("n_prompt", "n_gen")]
    depth, speed = number(record.get("n_depth", 0)), number(record.get("avg_ts"))
    if speed is None:
        raise refusal("A row has no “avg_ts”: attach the whole file that llama-bench wrote.")
    if any(count is None or not 0 <= count < 1e9 for count in (*counts, depth)):
        raise refusal("A row has no “n_prompt” or “n_gen”: attach the whole file that llama-bench wrote.")
    prompt, generated, deep = (int(count or 0) for count in (*counts, depth))
    name = "+".join(f"{kind}{count}" for kind, count in (("pp", prompt), ("tg", generated)) if count)
    columns = {key: str(value) for key, value in record.items() if not isinstance(value, list | dict)}
    return Row(f"{name} @ d{deep}" if deep else name, prompt, generated, deep, speed, columns)


def _benchmark(rows: list[Row]) -> Benchmark:
    if not rows:
        raise refusal("No whole row such as pp512 or tg128 is there: paste the whole table, or attach it as a file.")
    for names in (MODEL, sorted({name for row in rows for name in row.columns} - {*MODEL, *MEASURED})):
        for name in names:
            values = sorted({row.columns.get(name, "not shown") for row in rows})
            if len(values) > 1:
                raise refusal(f"The rows differ in “{name[:40]}” ({', '.join(values)[:80]}): {ONE}.")
    deep = [row.name for row in rows if row.prompt and row.depth]
    points = tuple(_point(row) for row in rows if not (row.prompt and row.depth))
    if not points:
        raise refusal("Only prompts that follow other text (@ d...) are there: paste the tg rows too.")
    notes = [f"left aside, as the prompt follows other text: {', '.join(deep)}"] if deep else []
    columns = rows[0].columns
    name = columns.get("model") or " ".join(filter(None, (columns.get("model_type"), columns.get("model_filename"))))
    return Benchmark(tool="llama-bench", model=name or None, points=points, notes=("in flight: 1", *notes))


def _point(row: Row) -> Measured:
    speed = checked(f"t/s of {row.name}", row.speed)
    if row.prompt and row.generated:
        total = (row.prompt + row.generated) / speed
        return Measured(input_tokens=row.prompt, output_tokens=row.generated, batch_size=1, total_latency_s=total)
    if row.prompt:
        return Measured(input_tokens=row.prompt, output_tokens=1, batch_size=1, ttft_s=row.prompt / speed)
    checked(f"tokens of {row.name or 'a row'}", row.generated)
    return Measured(input_tokens=row.depth, output_tokens=row.generated, batch_size=1, tpot_s=1 / speed)
