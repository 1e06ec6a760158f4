"""What a vLLM server would expose: counters and histograms that grow, in the text format of Prometheus.

Names and buckets are vLLM's (vllm/v1/metrics/loggers.py). `Engine` counts; `exporting` serves an engine over HTTP.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TTFT, TPOT, LATENCY = (
    "vllm:time_to_first_token_seconds",
    "vllm:inter_token_latency_seconds",
    "vllm:e2e_request_latency_seconds",
)
BUCKETS = {
    TTFT: (0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 10.0, 40.0),
    TPOT: (0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5),
    LATENCY: (0.3, 0.5, 0.8, 1.0, 1.5, 2.0, 2.5, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0),
}
Sample = tuple[str, dict[str, str], float]


@dataclass(frozen=True)
class Load:
    """What an engine does in an hour."""

    requests: float = 0.0
    input_tokens: float = 400.0
    """Of a request."""
    output_tokens: float = 100.0
    """Of a request."""
    running: float = 0.0
    waiting: float = 0.0
    kv_share: float = 0.0
    ttft_s: float = 0.2
    tpot_s: float = 0.03
    latency_s: float = 4.0


@dataclass
class Engine:
    """A vLLM server and what it has counted since its start."""

    labels: dict[str, str]
    load: Load = Load()
    counted: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("requests", "prompt", "generation"), 0.0))
    observed: dict[tuple[str, float], float] = field(default_factory=dict)

    def work(self, load: Load, hours: float) -> None:
        """Do this for so long."""
        self.load = load
        requests = load.requests * hours
        self.counted["requests"] += requests
        self.counted["prompt"] += requests * load.input_tokens
        self.counted["generation"] += requests * load.output_tokens
        tokens = requests * max(load.output_tokens - 1, 0)
        for name, value, times in (
            (TTFT, load.ttft_s, requests),
            (TPOT, load.tpot_s, tokens),
            (LATENCY, load.latency_s, requests),
        ):
            self.observed[name, value] = self.observed.get((name, value), 0.0) + times

    def samples(self) -> Iterator[Sample]:
        """Every series as it is now."""
        yield "vllm:request_success_total", {**self.labels, "finished_reason": "stop"}, self.counted["requests"]
        yield "vllm:prompt_tokens_total", self.labels, self.counted["prompt"]
        yield "vllm:generation_tokens_total", self.labels, self.counted["generation"]
        yield "vllm:num_requests_running", self.labels, self.load.running
        yield "vllm:num_requests_waiting", self.labels, self.load.waiting
        yield "vllm:kv_cache_usage_perc", self.labels, self.load.kv_share
        for name in BUCKETS:
            yield from self._histogram(name)

    def _histogram(self, name: str) -> Iterator[Sample]:
        seen = {value: times for (observed, value), times in self.observed.items() if observed == name}
        for bound in (*BUCKETS[name], float("inf")):
            label = "+Inf" if bound == float("inf") else str(bound)
            yield (
                f"{name}_bucket",
                {**self.labels, "le": label},
                sum(times for value, times in seen.items() if value <= bound),
            )
        yield f"{name}_sum", self.labels, sum(value * times for value, times in seen.items())
        yield f"{name}_count", self.labels, sum(seen.values())


def series(sample: Sample) -> str:
    """What a sample is of, in the text format."""
    name, labels, _ = sample
    words = ",".join(f'{label}="{word}"' for label, word in labels.items())
    return f"{name}{{{words}}}"


@contextmanager
def exporting(scrape: Callable[[], Iterator[Sample]]) -> Iterator[str]:
    """The host and port where the samples are to be scraped."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = "".join(f"{series(sample)} {sample[2]!r}\n" for sample in scrape()).encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Stay silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()
