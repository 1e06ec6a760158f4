"""Reads `vllm bench serve` and SGLang's `bench_serving`: the printed block and the saved JSON.

Forms: vllm/benchmarks/serve.py and benchmark_serving.py of vllm-project/vllm (0.8 to 0.2x: Failed requests, Peak ...,
Speculative Decoding came later), python/sglang/bench_serving.py of sgl-project/sglang (one age prints no TPOT).
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from calculator.benchmarks.point import Benchmark, Measured, Run, one_model, point, survived
from calculator.benchmarks.text import PRINTED, number, records, refusal

Names = Mapping[str, tuple[str, ...]]

TEXT_MARK = re.compile(r"Serving Benchmark Result|(?:Mean|Median) (?:TTFT|TPOT|E2EL) \(ms\):")
JSON_MARK = re.compile(r'"(?:mean|median)_(?:ttft|tpot|e2el|e2e_latency)_ms"\s*:')
LINES: Names = {
    "completed": ("Successful requests",),
    "failed": ("Failed requests",),
    "limit": ("Maximum request concurrency", "Max request concurrency"),
    "input": ("Total input tokens",),
    "output": ("Total generated tokens",),
    "throughput": ("Output token throughput (tok/s)",),
    "ttft": ("Mean TTFT (ms)", "Median TTFT (ms)"),
    "tpot": ("Mean TPOT (ms)", "Median TPOT (ms)"),
    "e2e": ("Mean E2EL (ms)", "Mean E2E Latency (ms)", "Median E2EL (ms)", "Median E2E Latency (ms)"),
}
"""Lines of the block, the wanted one first."""
FIELDS: Names = {
    "completed": ("completed",),
    "failed": ("failed",),
    "limit": ("max_concurrency",),
    "input": ("total_input_tokens",),
    "output": ("total_output_tokens",),
    "throughput": ("output_throughput",),
    "ttft": ("mean_ttft_ms", "median_ttft_ms"),
    "tpot": ("mean_tpot_ms", "median_tpot_ms"),
    "e2e": ("mean_e2el_ms", "mean_e2e_latency_ms", "median_e2el_ms", "median_e2e_latency_ms"),
}
TIMES = ("ttft", "tpot", "e2e")
SPECULATIVE = "ran with speculative decoding, so the time per output token holds for its acceptance rate"
_HEADER = re.compile(r"(?<!=)=* ?Serving Benchmark Result ?=*")
_END = re.compile(r"={20,}")
_MODEL = re.compile(r"(?:(?<!\w)model=|--model[ =])['\"]?([^\s'\",)]+)")


def from_text(text: str) -> Benchmark:
    """The points of one or more printed blocks; line breaks may be lost. QuestionError names the line."""
    runs = [_read(LINES, _printed(block), "line", _whole(block)) for block in _blocks(text)]
    models = _MODEL.findall(text)
    speculative = "Acceptance rate (%)" in text or "Accept length" in text
    tool = "sglang bench_serving" if re.search(r"Backend:|Max request concurrency:", text) else "vllm bench serve"
    return _benchmark(
        tool, one_model(models) if len(runs) > 1 else next(iter(models), None), runs, speculative=speculative
    )


def from_json(text: str) -> Benchmark:
    """The points of a saved result, or of several appended to one file. QuestionError names the field."""
    found = records(text)
    runs = [_read(FIELDS, _saved(record), "field", "attach the whole result file") for record in found]
    model = one_model([name for record in found if isinstance(name := record.get("model_id"), str)])
    speculative = any(record.get("accept_length") or "spec_decode_acceptance_rate" in record for record in found)
    tool = "sglang bench_serving" if "mean_e2e_latency_ms" in found[0] else "vllm bench serve"
    return _benchmark(tool, model, runs, speculative=speculative)


def _benchmark(tool: str, model: str | None, runs: list[tuple[Measured, list[str]]], *, speculative: bool) -> Benchmark:
    notes = [note for _, of_run in runs for note in of_run] + ([SPECULATIVE] if speculative else [])
    return Benchmark(tool=tool, model=model, points=tuple(run for run, _ in runs), notes=tuple(notes))


def _blocks(text: str) -> list[str]:
    """Each printed block with what stood before it, where older versions print the limit; a headless text is one."""
    before, *bodies = _HEADER.split(text)
    blocks = []
    for body in bodies:
        lines, *after = _END.split(body, maxsplit=1)
        blocks.append(f"{before}\n{lines}\n" if after else f"{before}\n{lines}")
        before = after[0] if after else ""
    return blocks or [text]


def _printed(block: str) -> Callable[[str], float | None]:
    def look(label: str) -> float | None:
        line = re.search(rf"{re.escape(label)}:[\s*]*{PRINTED}", block)
        return number(line[1]) if line else None

    return look


def _saved(record: Mapping[str, Any]) -> Callable[[str], float | None]:
    def look(field: str) -> float | None:
        value, asked = record.get(field), number(record.get("num_prompts"))
        if field == "failed" and value is None and asked is not None:
            return asked - (number(record.get("completed")) or 0)
        return number(value)

    return look


def _whole(block: str) -> str:
    if "ITL (ms)" in block and "TPOT (ms)" not in block:
        return "ITL counts chunks, not tokens, and does not replace it; run with --percentile-metrics ttft,tpot,e2el"
    return "paste the whole block from “Serving Benchmark Result” on"


def _read(names: Names, look: Callable[[str], float | None], word: str, whole: str) -> tuple[Measured, list[str]]:
    """The point of one run, its times given in ms and its tokens in total."""
    found = {
        figure: next(((name, value) for name in options if (value := look(name)) is not None), None)
        for figure, options in names.items()
    }
    called = {figure: found_as[0] if (found_as := found[figure]) else names[figure][0] for figure in names}
    values = {figure: found_as[1] for figure, found_as in found.items() if found_as}
    if "completed" not in values:
        raise refusal(f"No {word} “{called['completed']}”: {whole}.")
    completed = values["completed"]
    survived(completed, values.get("failed", 0))
    for figure in ("input", "output"):
        values |= {figure: values[figure] / completed} if figure in values else {}
    values |= {figure: values[figure] / 1000 for figure in TIMES if figure in values}
    run = Run(values=values, names=called, word=word, whole=whole, limit=values.get("limit"))
    measured, notes = point(run)
    medians = [called[figure] for figure in TIMES if figure in values and called[figure].lower().startswith("median")]
    return measured, notes + ([f"medians, as no means are there: {', '.join(medians)}"] if medians else [])
