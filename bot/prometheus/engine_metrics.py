"""What each engine exposes of what a UsageHour holds, and the one PromQL expression that asks for all of it.

Names, as of November 2026:

- vLLM: https://docs.vllm.ai/en/stable/usage/metrics/ and vllm/v1/metrics/loggers.py. `gpu_cache_usage_perc` became
  `kv_cache_usage_perc` in 0.9, `time_per_output_token_seconds` became `inter_token_latency_seconds` in 0.11; for some
  releases both were exposed. Its page writes counters without `_total`, which the Python client adds.
- SGLang (with `--enable-metrics`): https://docs.sglang.io/references/production_metrics.html and
  srt/observability/metrics_collector.py. `time_per_output_token_seconds` became `inter_token_latency_seconds`.
- TGI: https://huggingface.co/docs/text-generation-inference/reference/metrics. Its tokens are sums of histograms; its time
  per token is the mean of a request, prefill included (router/src/server.rs). It exposes no time to first token and no
  use of the KV cache.
- llama.cpp (with `--metrics`): tools/server/README.md. It counts no requests and times none; of prompt tokens it counts those
  that were not in its cache. `kv_cache_usage_ratio` went with https://github.com/ggml-org/llama.cpp/pull/13660.
"""

import re
from collections.abc import Iterable, Mapping

from calculator.errors import QuestionError

QUANTITIES = {
    "requests": "requests",
    "input_tokens": "prompt tokens",
    "output_tokens": "output tokens",
    "running": "requests in flight",
    "waiting": "requests in the queue",
    "kv_share": "use of the KV cache",
    "ttft_p95_s": "time to first token",
    "tpot_p95_s": "time per output token",
    "latency_p95_s": "end-to-end latency",
}
"""The fields of a UsageHour that can be fetched, and their words for people."""
ENGINES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "vllm": {
        "requests": ("vllm:request_success_total", "vllm:request_success"),
        "input_tokens": ("vllm:prompt_tokens_total", "vllm:prompt_tokens"),
        "output_tokens": ("vllm:generation_tokens_total", "vllm:generation_tokens"),
        "running": ("vllm:num_requests_running",),
        "waiting": ("vllm:num_requests_waiting",),
        "kv_share": ("vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"),
        "ttft_p95_s": ("vllm:time_to_first_token_seconds",),
        "tpot_p95_s": ("vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds"),
        "latency_p95_s": ("vllm:e2e_request_latency_seconds",),
    },
    "sglang": {
        "requests": ("sglang:num_requests_total",),
        "input_tokens": ("sglang:prompt_tokens_total",),
        "output_tokens": ("sglang:generation_tokens_total",),
        "running": ("sglang:num_running_reqs",),
        "waiting": ("sglang:num_queue_reqs",),
        "kv_share": ("sglang:token_usage",),
        "ttft_p95_s": ("sglang:time_to_first_token_seconds",),
        "tpot_p95_s": ("sglang:inter_token_latency_seconds", "sglang:time_per_output_token_seconds"),
        "latency_p95_s": ("sglang:e2e_request_latency_seconds",),
    },
    "tgi": {
        "requests": ("tgi_request_success", "tgi_request_success_total"),
        "input_tokens": ("tgi_request_input_length_sum",),
        "output_tokens": ("tgi_request_generated_tokens_sum",),
        "running": ("tgi_batch_current_size",),
        "waiting": ("tgi_queue_size",),
        "tpot_p95_s": ("tgi_request_mean_time_per_token_duration",),
        "latency_p95_s": ("tgi_request_duration",),
    },
    "llama.cpp": {
        "input_tokens": ("llamacpp:prompt_tokens_total",),
        "output_tokens": ("llamacpp:tokens_predicted_total",),
        "running": ("llamacpp:requests_processing",),
        "waiting": ("llamacpp:requests_deferred",),
        "kv_share": ("llamacpp:kv_cache_usage_ratio",),
    },
}
"""By key of the catalog: the metrics of each quantity, newest name first. What is missing is not exposed."""
_ADDED, _AVERAGED = {"requests", "input_tokens", "output_tokens"}, {"running", "waiting", "kv_share"}
_MATCHER = re.compile(
    r'\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\\x00-\x1f]|\\[abfnrtv"\\])*")\s*(?:,|\Z)'
)
_CURLY = str.maketrans("“”„", '"""')
_LONGEST = 500


def checked_selector(text: str) -> str:
    """Label matchers as PromQL writes them, `{model_name="llama", namespace="prod"}`; empty where there are none.

    QuestionError says what to write instead. Nothing but matchers gets through, so nothing else is ever asked.
    """
    inner, found, at = _inside(text.translate(_CURLY).strip()), [], 0
    while at < len(inner):
        matcher = _MATCHER.match(inner, at)
        if matcher is None or matcher[1] in {"__name__", "le"}:
            raise _misread()
        found.append("".join(matcher.groups()))
        at = matcher.end()
    return f"{{{', '.join(found)}}}" if found else ""


def expression(engine: str, selector: str) -> str:
    """PromQL for every quantity of an hour: one series each, with its name in the label `quantity`."""
    matchers = checked_selector(selector)
    parts = [
        f'label_replace({_ask(quantity, names, matchers)}, "quantity", "{quantity}", "", "")'
        for quantity, names in _names(engine).items()
    ]
    return "\nor ".join(parts)


def census(engine: str, selector: str) -> str:
    """PromQL for how many series there are of each of the engine's metrics."""
    matchers = checked_selector(selector)[1:-1]
    names = "|".join(exposed for quantity, names in _names(engine).items() for exposed in _exposed(quantity, names))
    return f'count by (__name__) ({{__name__=~"{names}"{", " if matchers else ""}{matchers}}})'


def present(engine: str, exposed: Iterable[str]) -> tuple[str, ...]:
    """The quantities that these metrics of the engine tell of."""
    there = set(exposed)
    return tuple(quantity for quantity, names in _names(engine).items() if there & set(_exposed(quantity, names)))


def _names(engine: str) -> Mapping[str, tuple[str, ...]]:
    if engine not in ENGINES:
        raise QuestionError(
            "engine", f"There are no known metrics of {engine}. Type one of {', '.join(ENGINES)}.", tuple(ENGINES)
        )
    return ENGINES[engine]


def _exposed(quantity: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """The names as they stand in Prometheus: those of a histogram are its buckets."""
    return names if quantity in _ADDED | _AVERAGED else tuple(f"{name}_bucket" for name in names)


def _ask(quantity: str, names: tuple[str, ...], matchers: str) -> str:
    """Old names count only where a replica lacks the new one: some releases expose both."""
    ranges = [f"{name}{matchers}[1h]" for name in _exposed(quantity, names)]
    if quantity in _ADDED:
        return f"sum({' or '.join(f'increase({one})' for one in ranges)})"
    if quantity in _AVERAGED:
        return f"{'avg' if quantity == 'kv_share' else 'sum'}({' or '.join(f'avg_over_time({one})' for one in ranges)})"
    return " or ".join(f"histogram_quantile(0.95, sum by (le) (increase({one})))" for one in ranges)


def _inside(text: str) -> str:
    """What stands between the braces, or the text where there are none."""
    if len(text) > _LONGEST or text.startswith("{") != text.endswith("}"):
        raise _misread()
    return text[1:-1].strip() if text.startswith("{") else text


def _misread() -> QuestionError:
    return QuestionError(
        "source",
        'Those are no label matchers. Write them like `{model_name="llama", namespace=~"prod|stage"}`: a label, one of = != =~ !~, '
        "and a value in double quotes, where a backslash is doubled. The bot adds the names of the metrics itself.",
    )
