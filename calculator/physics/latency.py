"""How fast: one request among others in flight, or a batch that starts together, from the numbers of a deployment.

Continuous batching (Orca, OSDI 2022): in steady state every request brings one prefill per output_tokens steps, so a
decode step carries (batch - 1) / output_tokens of a prefill, and a new request finds others' prefills before its own.
Work is conserved: of the prefills in a request's life, those before its first token do not delay the tokens after it.
"""

from typing import NamedTuple

from calculator.physics.coefficients import Coefficients, coefficients_of
from calculator.physics.columns import Column, choose, most
from calculator.physics.decode_step import Step, decode_step
from calculator.physics.prefill import prefill_s, shared_prefill_s
from calculator.physics.shape import Shape


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
    """Part of a decode step: arithmetic that reading does not hide."""
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
    coefficients: Coefficients | None = None,
) -> Latency:
    """Latency at `batch` sequences in flight over all replicas, each replaced by another when it is done.

    The mean over requests; with coefficients `of_median` the median.
    """
    k = coefficients or coefficients_of(shape)
    b = most(batch / shape.replicas, 1.0)
    step = decode_step(shape, k, b, input_tokens + output_tokens / 2)
    prefill = prefill_s(shape, k, 1.0, input_tokens, cache_hit_rate)
    shared = shared_prefill_s(shape, k, prefill, input_tokens, cache_hit_rate)
    before = _prompts_before(k, b - 1, input_tokens)
    tpot = step.total_s + k.interference * most(b - 1 - before, 0.0) * shared / output_tokens
    ttft = k.request_s + prefill + before * shared + k.step_wait * step.total_s
    return _latency(step, prefill, ttft, tpot, output_tokens)


def of_median(k: Coefficients, is_median: Column = 1) -> Coefficients:
    """Coefficients of the median request where `is_median`: the first burst of a benchmark touches it less."""
    return k._replace(burst=k.burst * choose(is_median > 0, k.median_burst, 1.0))


def _prompts_before(k: Coefficients, others: Column, input_tokens: Column) -> Column:
    """Prompts of `others` that are read before a new one's; each of them is read either before or after it."""
    waiting = k.burst * most(others, 1e-9) ** k.burst_power
    limit = k.burst_tokens / most(input_tokens, 1.0)
    return waiting / (1 + (waiting / limit) ** 2) ** 0.5


def batch_latency(
    shape: Shape, input_tokens: Column, output_tokens: Column, batch: Column, coefficients: Coefficients | None = None
) -> Latency:
    """Latency of `batch` requests that start together and are never joined by others: a static batch.

    Its first tokens appear when all prompts are read. Without a prompt, decoding starts from an empty context.
    """
    k = coefficients or coefficients_of(shape)
    b = most(batch / shape.replicas, 1.0)
    step = decode_step(shape, k, b, input_tokens + output_tokens / 2)
    prefill = prefill_s(shape, k, b, input_tokens)
    ttft = k.request_s + choose(input_tokens > 0, prefill, 0.0)
    return _latency(step, prefill, ttft, step.total_s, output_tokens)


def _latency(step: Step, prefill: Column, ttft: Column, tpot: Column, output_tokens: Column) -> Latency:
    return Latency(
        ttft_s=ttft,
        tpot_s=tpot,
        e2e_s=ttft + (output_tokens - 1) * tpot,
        prefill_s=prefill,
        decode_step_s=step.total_s,
        weights_s=step.weights_s,
        compute_s=step.compute_s,
        kv_s=step.kv_s,
        communication_s=step.communication_s,
        overhead_s=step.overhead_s,
    )
