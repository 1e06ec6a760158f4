"""Reading prompts: arithmetic of all tokens, never less than reading the weights once.

FLOPs = 2 x active parameters x tokens (Kaplan et al. 2020, without the output head, which sees the last token only)
+ causal attention over n^2 / 2 pairs.
"""

from calculator.physics.coefficients import Coefficients
from calculator.physics.columns import Column, choose, least, most
from calculator.physics.decode_step import (
    exchange_latency_s,
    exchanged_bytes,
    is_alone,
    link_bytes_per_s,
    soft_max,
    weights_read_s,
)
from calculator.physics.shape import Shape
from calculator.specs.engine import FAMILIES

LLAMA_CPP = FAMILIES.index("llama.cpp")
CHUNK = 512
"""Tokens of a prompt that llama.cpp passes through its layers at a time; stages work on different chunks."""
CORNER = 2.0
"""Exponent of the soft maximum between arithmetic and reading the weights."""


def prefill_s(
    shape: Shape, k: Coefficients, prompts: Column, input_tokens: Column, cache_hit_rate: Column = 0.0
) -> Column:
    """Seconds to read `prompts` prompts of `input_tokens` each on one replica, as one pass.

    Of a prompt the share `cache_hit_rate` is in the prefix cache: it is attended to, but not computed again.
    """
    new = most(input_tokens * (1 - cache_hit_rate), 1.0)
    tokens = prompts * new
    local = tokens / least(shape.dp, most(prompts, 1.0))
    arithmetic = _products_s(shape, k, tokens, local, prompts)
    body = soft_max(arithmetic, weights_read_s(shape, k, tokens), CORNER)
    whole = body + _attention_s(shape, k, local, new, input_tokens) + _exchange_s(shape, k, tokens, local)
    whole = whole + shape.layers * k.prefill_layer_s + tokens / shape.dp * k.token_s
    return whole * _bubble(shape, prompts, new)


def shared_prefill_s(
    shape: Shape, k: Coefficients, alone: Column, input_tokens: Column, cache_hit_rate: Column = 0.0
) -> Column:
    """Seconds that one prompt adds where others are read with it and steps go on; `alone` is what it takes by itself.

    Chunked prefill (Sarathi, OSDI 2024): weights, launches and the latency of exchanges are mostly paid already.
    """
    new = most(input_tokens * (1 - cache_hit_rate), 1.0)
    exchange = 0.0 if is_alone(shape) else _more_exchanged_s(shape, k, new)
    added = _products_s(shape, k, new, new, 1.0) + _attention_s(shape, k, new, new, input_tokens) + exchange
    added = (added + new / shape.dp * k.token_s) * _bubble(shape, 1.0, new)
    return added + k.passes * (alone - added)


def _more_exchanged_s(shape: Shape, k: Coefficients, new: Column) -> Column:
    link = link_bytes_per_s(shape, k.link_prefill, k.pcie_link)
    return choose(shape.tp * shape.dp > 1, shape.exchanges * exchanged_bytes(shape, new, new) / link, 0.0)


def _products_s(shape: Shape, k: Coefficients, tokens: Column, local: Column, prompts: Column) -> Column:
    head = shape.vocab * shape.hidden
    body = shape.active_params - shape.active_expert_params - head
    experts = shape.active_expert_params * tokens / (shape.tp * shape.dp)
    products = 2 * (body * local / shape.tp + experts + head * prompts / shape.tp)
    return products / (shape.peak_flops * k.flops_prefill)


def _attention_s(shape: Shape, k: Coefficients, local: Column, new: Column, context: Column) -> Column:
    """Each new token attends to the cached part and to half of the new one; windowed layers to their window."""
    seen = context - new / 2
    within = least(seen, shape.window)
    flops = local * (shape.attention_flops_per_pair * seen + shape.window_flops_per_pair * within) / shape.tp
    return flops / (shape.peak_flops_16bit * k.flops_prefill_attention)


def _exchange_s(shape: Shape, k: Coefficients, tokens: Column, local: Column) -> Column:
    if is_alone(shape):
        return 0.0
    link = link_bytes_per_s(shape, k.link_prefill, k.pcie_link)
    each = exchange_latency_s(shape, k) + exchanged_bytes(shape, tokens, local) / link
    return choose(shape.tp * shape.dp > 1, shape.exchanges * each, 0.0)


def _bubble(shape: Shape, prompts: Column, new: Column) -> Column:
    """A pipeline of pp stages and m pieces takes (pp + m - 1) / (m pp) of the time of one stage doing everything."""
    pieces = choose(shape.engine == LLAMA_CPP, most(prompts, new / CHUNK), prompts)
    pieces = most(least(shape.pp, pieces), 1.0)
    return (shape.pp + pieces - 1) / (pieces * shape.pp)
