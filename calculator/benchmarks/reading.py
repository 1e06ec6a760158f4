"""Reads what a benchmark printed, pasted into Slack or attached: the operating points and their figures."""

import re
from collections.abc import Callable

from calculator.benchmarks import genai_perf, vllm
from calculator.benchmarks import llama_bench as llama
from calculator.benchmarks.point import Benchmark, Measured
from calculator.benchmarks.text import refusal, tidied

__all__ = ["Benchmark", "Measured", "looks_like_benchmark", "read_benchmark"]

FORMS: tuple[tuple[re.Pattern[str], Callable[[str], Benchmark]], ...] = (
    (vllm.TEXT_MARK, vllm.from_text),
    (vllm.JSON_MARK, vllm.from_json),
    (genai_perf.JSON_MARK, genai_perf.from_json),
    (genai_perf.TEXT_MARK, genai_perf.from_text),
    (llama.JSON_MARK, llama.from_json),
    (llama.CSV_MARK, llama.from_csv),
    (llama.TABLE_MARK, llama.from_table),
)
"""What marks a form, and who reads it."""


def looks_like_benchmark(text: str) -> bool:
    """Whether this is pasted output of a known tool, whole or not. Cheap."""
    tidy = tidied(text)
    return any(mark.search(tidy) for mark, _ in FORMS)


def read_benchmark(text: str) -> Benchmark:
    """The points of a pasted or attached output. QuestionError names what is missing and what to do instead."""
    tidy = tidied(text)
    for mark, read in FORMS:
        if mark.search(tidy):
            return read(tidy)
    raise refusal("That is no output of vllm bench serve, llama-bench or genai-perf: paste its result block or JSON.")
