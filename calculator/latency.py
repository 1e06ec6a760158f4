"""How fast: prefill and decode of a batch, from the plain numbers of a deployment."""

from typing import Any, NamedTuple

from calculator.columns import Column, choose, least, log2, most
from calculator.memory import kv_shards
from calculator.shape import Shape


class Latency(NamedTuple):
    """Seconds, for one request among `batch` in flight, without queueing."""

    ttft_s: Column
    """Time to the first token."""
    tpot_s: Column
    """Time per output token after the first, its share of other requests' prefills included."""
    e2e_s: Column
    """The whole answer: ttft + (output - 1) x tpot."""
    prefill_s: Column
    """Processing one prompt alone."""
    decode_step_s: Column
    """One step of the whole batch."""
    weights_s: Column
    """Part of a decode step: reading weights."""
    compute_s: Column
    """Part of a decode step: arithmetic."""
    kv_s: Column
    """Part of a decode step: reading the KV cache."""
    communication_s: Column
    """Part of a decode step: exchange between accelerators."""
    overhead_s: Column
    """Part of a decode step: launching kernels and scheduling."""


def latency(  # noqa: PLR0913, PLR0917  # the operating point
    shape: Shape,
    input_tokens: Column,
    output_tokens: Column,
    batch: Column,
    cache_hit_rate: Column = 0.0,
    coefficients: Any = None,  # noqa: ARG001
) -> Latency:
    """Latency at `batch` sequences in flight over all replicas."""
    b = most(batch / shape.replicas, 1.0)
    context = input_tokens + output_tokens / 2
    shards = shape.tp * shape.dp
    coverage = 1 - (1 - shape.experts_per_token / shape.num_experts) ** b
    dense = (shape.dense_weight_bytes - shape.idle_weight_bytes) / shape.tp
    weights = (dense + shape.expert_weight_bytes * coverage / shards) / (shape.bandwidth_bytes_per_s * 0.75)
    compute = 2 * shape.active_params * b / (shards * shape.peak_flops * 0.5)
    cache = context * shape.kv_full_bytes_per_token + least(context, shape.window) * shape.kv_window_bytes_per_token
    kv = b / shape.dp * cache / kv_shards(shape) / (shape.bandwidth_bytes_per_s * 0.65)
    shared = (
        2 * shape.layers * (8e-6 * log2(shape.tp * 1.0) + b * shape.hidden * 2 / (shape.link_bytes_per_s / 2 * 0.6))
    )
    exchange = choose(shape.tp > 1, shared, 0.0)
    overhead = shape.layers * 2e-5 + 1e-3 + b * 2e-5
    step = weights + compute + kv + exchange + overhead
    new = input_tokens * (1 - cache_hit_rate)
    pairs = new * new / 2 * shape.attention_flops_per_pair
    prefill = (2 * shape.active_params * new / shape.peak_flops + pairs / shape.peak_flops_16bit) / (shards * 0.55)
    prefill = most(prefill, weights) + overhead
    tpot = step + 0.5 * (b - 1) * prefill / output_tokens
    ttft = 0.01 + prefill + step + 0.25 * (b - 1) * prefill
    return Latency(
        ttft, tpot, ttft + (output_tokens - 1) * tpot, prefill, step, weights, compute, kv, exchange, overhead
    )
