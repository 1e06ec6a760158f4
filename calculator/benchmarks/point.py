"""One operating point of a benchmark: its record, and its figures checked against physics and Little's law."""

from collections.abc import Mapping
from dataclasses import dataclass

from calculator.base import Frozen
from calculator.benchmarks.text import refusal

SANE = (1e-9, 1e12)
"""What a time (s), a rate (1/s) or a count of a benchmark can be; anything else is a fault of the run."""
NEAR = 0.1
"""A stated limit within this part of Little's figure was reached: it is the number in flight."""
FAILED = 0.05
"""Above this part of failed requests the figures are of survivors."""


class Measured(Frozen):
    """One operating point of a benchmark and what was measured there."""

    input_tokens: int
    """Prompt tokens per request, mean; 0 is decode from an empty context."""
    output_tokens: int
    """Output tokens per request, mean, at least 1."""
    batch_size: int
    """Requests in flight, mean, at least 1."""
    ttft_s: float | None = None
    """Time to first token, mean, in s."""
    tpot_s: float | None = None
    """Time per output token after the first, mean, in s."""
    total_latency_s: float | None = None
    """End to end, mean, in s; None where it was not printed."""
    output_tokens_per_s: float | None = None
    """Output tokens per second of all requests together."""


class Benchmark(Frozen):
    """What a benchmark printed, understood."""

    tool: str
    """"vllm bench serve", "sglang bench_serving", "llama-bench", "genai-perf" or "aiperf"."""
    model: str | None
    """What the output calls the model."""
    points: tuple[Measured, ...]
    """At least one."""
    notes: tuple[str, ...]
    """What was understood or left aside, in plain words."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """The figures of one serving run: input, output, ttft, tpot, e2e, throughput, in tokens, s and tokens/s."""

    values: Mapping[str, float]
    names: Mapping[str, str]
    """What the tool calls each figure."""
    word: str
    """What holds a figure: line, field or row."""
    whole: str
    """What to do about a missing figure."""
    limit: float | None = None
    """Stated concurrency."""
    closed: bool = False
    """The stated concurrency was always in flight."""

    def get(self, figure: str) -> float | None:
        """A figure, or None. QuestionError names one that cannot be."""
        value = self.values.get(figure)
        return None if value is None else checked(self.names[figure], value)

    def need(self, figure: str) -> float:
        """A figure. QuestionError names a missing one and what to paste instead."""
        if (value := self.get(figure)) is None:
            raise refusal(f"No {self.word} “{self.names[figure]}”: {self.whole}.")
        return value


def checked(name: str, value: float) -> float:
    """A figure that can be. QuestionError names the line."""
    if not SANE[0] < value < SANE[1]:
        raise refusal(f"“{name}” is {value:g}, which cannot be measured: run the benchmark again and paste its output.")
    return value


def one_model(models: list[str]) -> str | None:
    """The model of all runs, None if unnamed. QuestionError if they differ."""
    if len(set(models)) > 1:
        named = ", ".join(sorted(set(models)))[:120]
        raise refusal(f"The runs are of different models ({named}): paste those of one.")
    return models[0] if models else None


def survived(completed: float, failed: float) -> None:
    """QuestionError if no request succeeded, or too many failed."""
    if not completed >= 1:
        raise refusal("No request succeeded: check the server and run the benchmark again.")
    if failed > FAILED * (completed + failed):
        total = completed + failed
        raise refusal(f"{failed:g} of {total:g} requests failed and the figures are of the rest: run it again.")


def point(run: Run) -> tuple[Measured, list[str]]:
    """The operating point of a serving run and its notes. QuestionError names what is missing or cannot be."""
    given, length = run.need("input"), run.need("output")
    tokens = max(1, round(length))
    first, e2e = run.get("ttft"), run.get("e2e")
    each = run.get("tpot") if tokens > 1 else None
    notes = []
    if e2e is None:
        latency = run.need("ttft") + (run.need("tpot") * (length - 1) if tokens > 1 else 0)
    else:
        latency = e2e
        lacking = [run.names[name] for name in ("ttft", "tpot") if name not in run.values and tokens > 1]
        notes += [f"without {' and '.join(f'“{name}”' for name in lacking)}"] if lacking else []
    if first is not None and first > latency:
        raise refusal(f"“{run.names['ttft']}” is above “{run.names['e2e']}”: paste the output as it was printed.")
    batch, note = _in_flight(run, latency, length)
    figures = {"ttft_s": first, "tpot_s": each, "total_latency_s": e2e, "output_tokens_per_s": run.get("throughput")}
    return Measured(input_tokens=round(given), output_tokens=tokens, batch_size=batch, **figures), [note, *notes]


def _in_flight(run: Run, latency: float, length: float) -> tuple[int, str]:
    """Requests in flight, mean, with the words for it."""
    limit = round(run.limit) if run.limit is not None and 1 <= run.limit < SANE[1] else None
    if limit and run.closed:
        return limit, f"in flight: {limit}, the concurrency of the run"
    little = run.need("throughput") * latency / length
    if limit and abs(little - limit) <= NEAR * limit:
        return limit, f"in flight: {limit}, the limit of the run"
    count = max(1, round(little))
    rest = f"the limit was {limit}" if limit else "no limit was stated"
    return count, f"in flight: {count}, from throughput x latency ({rest})"
