"""Beyond a fixed number in flight: arrivals at a rate, and as many at once as memory holds."""

from typing import NamedTuple

from calculator.physics.coefficients import Coefficients, coefficients_of
from calculator.physics.columns import Column, least, most
from calculator.physics.decode_step import cache_bytes, decode_step
from calculator.physics.latency import Latency, latency, of_median
from calculator.physics.memory import budget
from calculator.physics.prefill import prefill_s
from calculator.physics.shape import Shape

ROUNDS = 30
"""Of the damped fixed point; the square root of a monotone map converges far earlier."""
FULLEST = 0.95
"""Share of the time spent on prefill above which waiting is not extrapolated."""


class Saturated(NamedTuple):
    """As many requests as memory holds, always more waiting."""

    batch: Column
    """Sequences in flight over all replicas."""
    output_tokens_per_s: Column
    """Of the whole deployment."""


def room_for_sequences(shape: Shape, k: Coefficients, input_tokens: Column, output_tokens: Column) -> Column:
    """Sequences that the KV room of one replica holds, at most what the engine admits; at least 1."""
    held = cache_bytes(shape, input_tokens + k.growth * output_tokens) / shape.pp
    fitting = budget(shape, input_tokens + output_tokens, 1).kv_room / most(held, 1.0)
    return most(least(fitting, shape.max_num_seqs) * shape.dp, 1.0)


def saturated(
    shape: Shape, input_tokens: Column, output_tokens: Column, coefficients: Coefficients | None = None
) -> Saturated:
    """The most output that the deployment gives: b OSL / (OSL step + b prefill), prompts read in full passes."""
    k = coefficients or coefficients_of(shape)
    b = room_for_sequences(shape, k, input_tokens, output_tokens)
    step = decode_step(shape, k, b, input_tokens + output_tokens / 2).total_s
    together = most(least(b, shape.max_num_batched_tokens / most(input_tokens, 1.0)), 1.0)
    prefill = prefill_s(shape, k, together, input_tokens) / together
    rate = b * output_tokens / (output_tokens * step + b * prefill)
    return Saturated(b * shape.replicas, k.saturation * shape.replicas * rate)


def under_arrivals(
    shape: Shape,
    input_tokens: Column,
    output_tokens: Column,
    requests_per_s: Column,
    coefficients: Coefficients | None = None,
) -> tuple[Column, Latency]:
    """Sequences in flight and their latency when requests arrive at a rate: Little's law, b = rate x e2e(b).

    The first token also waits for prefills in front of it, M/G/1 as rho / (1 - rho). What exceeds the room queues.
    """
    k = coefficients or coefficients_of(shape)
    rate = requests_per_s / shape.replicas
    most_held = room_for_sequences(shape, k, input_tokens, output_tokens)
    b = most(rate * 0.0, 1.0)
    for _ in range(ROUNDS):
        point = latency(shape, input_tokens, output_tokens, b * shape.replicas, coefficients=of_median(k))
        service = output_tokens * point.tpot_s + point.prefill_s
        b = (b * most(least(rate * service, most_held), 1.0)) ** 0.5
    rho = least(rate * point.prefill_s, FULLEST)
    waiting = k.queue * point.prefill_s * rho / (1 - rho)
    ttft = point.ttft_s + waiting
    slower = point._replace(ttft_s=ttft, e2e_s=point.e2e_s + waiting)
    return b * shape.replicas, slower
