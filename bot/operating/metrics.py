"""Every figure at /metrics in one place: its name, its kind, its labels and its meaning. docs/metrics.md is made from it.

`python -m bot.operating.metrics` writes that page.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.registry import Collector

PREFIX = "inference_bot_"
PAGE = Path(__file__).parents[2] / "docs" / "metrics.md"
ESTIMATE = "estimate"
"""How the command that needs no word is called."""


@dataclass(frozen=True)
class Figure:
    """One family of figures."""

    name: str
    kind: Literal["counter", "histogram", "gauge"]
    help: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    """Upper bounds of a histogram, in its unit."""

    @property
    def full_name(self) -> str:
        """As Prometheus knows it."""
        return PREFIX + self.name


COMMANDS = Figure(
    "commands_total",
    "counter",
    "Questions by their command and what came of them: answered, misunderstood "
    "(the person was told what to type instead) or failed.",
    ("word", "outcome"),
)
ACK = Figure(
    "ack_seconds",
    "histogram",
    "From the delivery of anything by Slack to its acknowledgement; Slack waits three seconds.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3),
)
ANSWER = Figure(
    "answer_seconds",
    "histogram",
    "From the acknowledgement of a question to its delivered answer.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
CALLS = Figure(
    "slack_calls_total",
    "counter",
    "Requests to Slack's Web API by method and outcome: ok, refused, ratelimited, "
    "failed (an error of Slack's own) or unreachable. A request that is repeated counts again.",
    ("method", "outcome"),
)
POSTS = Figure(
    "posts",
    "gauge",
    "What the bot posts by itself, due in the last 24 hours, by what became of it: due and sending wait, "
    "sent is done, unsettled is in doubt and not repeated, failed was refused for good, skipped came too late.",
    ("state",),
)
SCHEDULES = Figure(
    "schedules",
    "gauge",
    "Schedules by state: active, paused, and late, which are active ones whose run is overdue by more than a minute.",
    ("state",),
)
ALERTS = Figure("alarms", "gauge", "Alarms about tracked deployments that are raised now, by kind.", ("kind",))
ANSWERING = Figure(
    "answering",
    "gauge",
    "Questions that were acknowledged and are not answered yet, in all processes on this database.",
)
DATABASE = Figure("database_bytes", "gauge", "Size of the database file and of its write-ahead log.", ("file",))
READY = Figure("ready", "gauge", "Whether a check of /readyz passes (1) or fails (0).", ("check",))
TICK = Figure("clock_tick_age_seconds", "gauge", "Time since the clock last ticked, which it does every few seconds.")
BUILD = Figure(
    "build_info",
    "gauge",
    "Always 1; its labels say which version runs and which step of the schema the database is at.",
    ("version", "schema"),
)
FIGURES = (COMMANDS, ACK, ANSWER, CALLS, POSTS, SCHEDULES, ALERTS, ANSWERING, DATABASE, READY, TICK, BUILD)


class Metrics:
    """What this process counts, of commands with these words, and the registry that shows it beside what is read when someone looks."""

    def __init__(self, words: Collection[str], *readings: Collector) -> None:
        self._words = words
        self._registry = CollectorRegistry()
        self._commands, self._calls = (
            Counter(one.full_name, one.help, one.labels, registry=self._registry) for one in (COMMANDS, CALLS)
        )
        self._ack, self._answer = (
            Histogram(one.full_name, one.help, buckets=one.buckets, registry=self._registry) for one in (ACK, ANSWER)
        )
        ProcessCollector(registry=self._registry)
        for reading in readings:
            self.add(reading)

    def add(self, reading: Collector) -> None:
        """Show also what this reads when someone looks."""
        self._registry.register(reading)

    def asked(self, word: str, outcome: str) -> None:
        """Count a question; a word that is no command counts as an estimate."""
        self._commands.labels(word if word and word in self._words else ESTIMATE, outcome).inc()

    def acknowledged(self, seconds: float) -> None:
        """Note an acknowledgement."""
        self._ack.observe(seconds)

    def answered(self, seconds: float) -> None:
        """Note an answer."""
        self._answer.observe(seconds)

    def called(self, method: str, outcome: str) -> None:
        """Count a request to Slack."""
        self._calls.labels(method, outcome).inc()

    def text(self) -> bytes:
        """All figures in Prometheus's text format."""
        return generate_latest(self._registry)


def page() -> str:
    """The list of figures as a page."""
    rows = (
        f"| `{one.full_name}` | {one.kind} | {', '.join(f'`{label}`' for label in one.labels) or '–'} | {one.help} |"
        for one in FIGURES
    )
    return "\n".join(
        (
            "# Metrics",
            "",
            "With `OPERATE_LISTEN` set, `/metrics` shows these in Prometheus's text format, beside the usual `process_…` figures.",
            "Gauges are read from the database when someone looks, so every process on it shows the same; counters and",
            "histograms are of one process. Made by `python -m bot.operating.metrics`.",
            "",
            "| name | kind | labels | meaning |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
