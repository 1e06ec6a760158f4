"""Reads NVIDIA's genai-perf and its successor AIPerf: the console table, the CSV and the JSON of a profile run.

Forms: genai-perf/genai_perf/export_data of triton-inference-server/perf_analyzer (24.10 to 25.x: labels changed case
and gained "(tokens)"), and ai-dynamo/aiperf (JSON schema 1.x). Their inter-token latency is (e2e - ttft)/(output - 1).
"""

import re
from collections.abc import Mapping
from typing import Any

from calculator.benchmarks.point import Benchmark, Measured, Run, one_model, point, survived
from calculator.benchmarks.text import PRINTED, number, records, refusal

FIGURES = {
    "time to first token": "ttft",
    "inter token latency": "tpot",
    "request latency": "e2e",
    "input sequence length": "input",
    "output sequence length": "output",
    "output token throughput": "throughput",
    "error request count": "failed",
    "request count": "completed",
}
NAMES = {figure: label.title() for label, figure in FIGURES.items()}
SECONDS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "sec": 1.0}
TIMES = ("ttft", "tpot", "e2e")
TEXT_MARK = re.compile(
    r"(?:GenAI-Perf|AIPerf) \| LLM Metrics|(?:Request|Inter Token) Latency \((?:ms|us|ns|s)\)\s*[,│]", re.IGNORECASE
)
JSON_MARK = re.compile(r'"(?:request_latency|output_sequence_length)"\s*:\s*\{')
_ROW = re.compile(
    rf"(?:(?<![a-z] )|(?<=Value ))({'|'.join(FIGURES)})(?: \((ns|us|ms|s|sec|tokens|tokens/sec|per sec|count|requests)\))?"
    rf"[\s,\"]+{PRINTED}",
    re.IGNORECASE,
)
_LOAD = re.compile(r"(?<![a-z]-)concurrency(?:-range)?[\s=]+(\d{1,9})")
_MODEL = re.compile(
    r"(?:Profiling these models: |(?:genai-perf|aiperf)\b[^│┏]{0,600}?\s(?:-m|--model)[ =]['\"]?)([^\s'\",]+)"
)
_AIPERF = re.compile(r"aiperf|avg,min,max,sum", re.IGNORECASE)


def from_text(text: str) -> Benchmark:
    """The point of a console table or CSV; line breaks may be lost. QuestionError names the row."""
    found: dict[str, float] = {}
    for label, unit, value in _ROW.findall(_unwrapped(text) if "┃" in text else text):
        figure = FIGURES[label.lower()]
        if figure in TIMES and unit.lower() not in SECONDS:
            raise refusal(f"“{label}” has no unit: paste the row as printed, with (ms).")
        found.setdefault(figure, (number(value) or 0) * (SECONDS[unit.lower()] if figure in TIMES else 1))
    load, model = _LOAD.search(text), _MODEL.search(text)
    closed = load is not None and not re.search(r"request-rate", text)
    run = _run(found, float(load[1]) if load else None, closed=closed, word="row")
    return _benchmark(text, model[1] if model else None, [run])


def from_json(text: str) -> Benchmark:
    """The points of one or more exported JSON files. QuestionError names the field or its unit."""
    found, runs, models = records(text), [], []
    for record in found:
        config = _part(record, "input_config")
        load = _load(config)
        closed = not load.get("request_rate") and not load.get("session_concurrency")
        closed &= load.get("type", "concurrency") == "concurrency"
        runs.append(_run(_metrics(record), number(load.get("concurrency")), closed=closed, word="field"))
        models += [name] if (name := _model(config)) else []
    return _benchmark(text, one_model(models), runs)


def _benchmark(text: str, model: str | None, runs: list[tuple[Measured, list[str]]]) -> Benchmark:
    tool = "aiperf" if _AIPERF.search(text) else "genai-perf"
    notes = tuple(note for _, of_run in runs for note in of_run)
    return Benchmark(tool=tool, model=model, points=tuple(run for run, _ in runs), notes=notes)


def _run(values: Mapping[str, float], limit: float | None, *, closed: bool, word: str) -> tuple[Measured, list[str]]:
    """The point of one run. Without streaming, genai-perf exports the whole latency as time to first token too."""
    if "completed" in values:
        survived(values["completed"], values.get("failed", 0))
    if "ttft" in values and values["ttft"] == values.get("e2e") and values.get("output", 0) > 1:
        values = {figure: value for figure, value in values.items() if figure not in ("ttft", "tpot")}
    whole = "paste the whole table, or attach the exported JSON"
    return point(Run(values=values, names=NAMES, word=word, whole=whole, limit=limit, closed=closed))


def _unwrapped(text: str) -> str:
    """A console table as rows of “label,avg”; a label that goes on below is joined. QuestionError if it was cut."""
    header, _, body = text.partition("┃")[2].partition("│")
    columns = [cell.strip() for cell in header.split("┃")]
    width = next((at for at, cell in enumerate(columns) if not cell or "┡" in cell), len(columns))
    if columns[1:width][:1] != ["avg"]:
        raise refusal("The table has no column “avg” after its labels: attach the exported JSON or CSV.")
    cells, rows = [cell.strip() for cell in body.partition("└")[0].split("│")], list[list[str]]()
    for at in range(0, len(cells) - width, width + 1):
        label, *values = cells[at : at + width]
        if any(values):
            rows.append([label, values[0]])
        elif rows:
            rows[-1][0] += f" {label}"
    if any(value.endswith("…") for _, value in rows):
        raise refusal("The table was cut by a narrow terminal (“…”): attach the exported JSON or CSV.")
    return "\n".join(f"{label},{value} " for label, value in rows)


def _metrics(record: Mapping[str, Any]) -> dict[str, float]:
    found = {}
    for label, figure in FIGURES.items():
        metric = _part(record, label.replace(" ", "_"))
        value, unit = number(metric.get("avg")), str(metric.get("unit"))
        if value is not None and figure in TIMES and unit not in SECONDS:
            raise refusal(f"“{label.replace(' ', '_')}” is in {unit[:20]}: attach an export with times in ms.")
        if value is not None:
            found[figure] = value * (SECONDS[unit] if figure in TIMES else 1)
    return found


def _load(config: Mapping[str, Any]) -> dict[str, Any]:
    """What ruled the load: flat or under perf_analyzer.stimulus in genai-perf, in loadgen or the phases in AIPerf."""
    phases = config.get("phases") if isinstance(config.get("phases"), list) else []
    profiling = [phase for phase in phases or [] if isinstance(phase, dict) and phase.get("name") == "profiling"]
    keys = ("concurrency", "request_rate", "session_concurrency", "type")
    places = [config, _part(config, "loadgen"), _part(_part(config, "perf_analyzer"), "stimulus"), *profiling]
    return {key: place[key] for place in places for key in keys if place.get(key)}


def _model(config: Mapping[str, Any]) -> str | None:
    nested = _part(config, "endpoint").get("model_names") or _part(config, "models").get("items")
    names = config.get("model") or config.get("model_names") or nested
    first = names[0] if isinstance(names, list) and names else names
    name = first.get("name") if isinstance(first, dict) else first
    return name if isinstance(name, str) else None


def _part(record: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = record.get(key)
    return part if isinstance(part, dict) else {}
