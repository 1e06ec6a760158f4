"""One decode step: every sequence in flight gets one more token.

time = weights and arithmetic + KV cache + communication + overhead, per accelerator and micro-batch. The first two
are the roofline of Williams et al. (2009) with a soft corner, and so is attention over the cache, whose thread blocks,
one a sequence and KV head, have to fill the card first (Flash-Decoding, Dao et al. 2023); expert coverage is the
birthday bound; exchanges follow the alpha-beta model of a ring (Thakur et al. 2005). A pipeline of pp stages passes pp micro-batches round, so a token
takes the time of all layers at the batch over pp.
"""

from typing import NamedTuple

from calculator.physics.coefficients import Coefficients
from calculator.physics.columns import Column, choose, is_plain, least, log2, most
from calculator.physics.memory import kv_shards
from calculator.physics.shape import ARCHITECTURES, Shape

ABSORBED = 3.4
"""MLA decodes on the latent: (2 x 512 + 64) multiplications per head and pair where a prompt needs 128 + 64 + 128."""
SHARP = 4.0
"""Exponent of the corners where thread blocks begin to fill the card and where attention begins to compute."""
NO_FP8 = ARCHITECTURES.index("Ampere")
"""The last of NVIDIA's generations without 8-bit floats; the codes before it are older ones."""
WIDTH = 2
"""Bytes of an activation."""


class Step(NamedTuple):
    """Seconds of one decode step; the parts add up to `total_s`."""

    total_s: Column
    weights_s: Column
    compute_s: Column
    kv_s: Column
    communication_s: Column
    overhead_s: Column


def decode_step(shape: Shape, k: Coefficients, batch: Column, context: Column) -> Step:
    """Step of `batch` sequences on one replica, each with `context` tokens in its cache on average."""
    micro = most(batch / shape.pp, 1.0)
    local = most(micro / shape.dp, 1.0)
    weights = weights_read_s(shape, k, micro)
    products = 2 * matrix_params(shape, local, micro) / (shape.peak_flops * k.flops_decode)
    both = soft_max(weights, products, k.overlap)
    kv = _cache_s(shape, k, local, context)
    exchange = 0.0 if is_alone(shape) else _exchange_s(shape, k, micro, local)
    overhead = _overhead_s(shape, k, batch / shape.dp)
    return Step(both + kv + exchange + overhead, weights, both - weights, kv, exchange, overhead)


def soft_max(a: Column, b: Column, p: Column) -> Column:
    """(a^p + b^p)^(1/p): their sum at p = 1, towards the larger as p grows."""
    larger = most(a, b) + 1e-30
    return larger * ((a / larger) ** p + (b / larger) ** p) ** (1 / p)


def matrix_params(shape: Shape, local: Column, micro: Column) -> Column:
    """Parameters times tokens that one accelerator multiplies; attention sees its own rank's tokens only."""
    dense = (shape.active_params - shape.active_expert_params) / shape.tp
    return dense * local + shape.active_expert_params / (shape.tp * shape.dp) * micro


def weights_read_s(shape: Shape, k: Coefficients, tokens: Column) -> Column:
    """Reading the weights that `tokens` tokens of one step touch: all dense ones, and the experts that any visits.

    Share of experts visited: 1 - (1 - k/E)^tokens for independent, even routing.
    """
    missed = 1 - shape.experts_per_token / shape.num_experts
    visited = 1 - missed ** (most(tokens, 1.0) ** k.routing)
    dense = (shape.dense_weight_bytes - shape.idle_weight_bytes) / shape.tp
    experts = shape.expert_weight_bytes * choose(shape.is_moe > 0, visited, 1.0) / (shape.tp * shape.dp)
    return (dense + experts) / (shape.bandwidth_bytes_per_s * k.bandwidth_weights)


def cache_bytes(shape: Shape, tokens: Column) -> Column:
    """KV cache of one sequence of `tokens` on each of its tensor ranks; windowed layers keep their window."""
    full = shape.kv_full_bytes_per_token * tokens
    windowed = shape.kv_window_bytes_per_token * least(tokens, shape.window)
    return (full + windowed) / kv_shards(shape) + shape.state_bytes / shape.tp


def _cache_s(shape: Shape, k: Coefficients, local: Column, context: Column) -> Column:
    """Attention over the caches of `local` sequences: reading, arithmetic, and too few to keep the memory busy.

    MLA reads a latent that all heads share, so its arithmetic is another.
    """
    busy = choose(shape.is_mla > 0, local, soft_max(local, k.kv_blocks * kv_shards(shape) / shape.kv_heads, SHARP))
    reading = busy * cache_bytes(shape, context) / (shape.bandwidth_bytes_per_s * k.bandwidth_kv)
    seen = shape.attention_flops_per_pair * context + shape.window_flops_per_pair * least(context, shape.window)
    arithmetic = local * seen / (shape.tp * shape.peak_flops_16bit)
    latent = ABSORBED * arithmetic / k.flops_attention
    heads = arithmetic / (k.flops_heads * choose(_widens(shape), k.narrow_cache, 1.0))
    return choose(shape.is_mla > 0, reading + latent, soft_max(reading, heads, SHARP))


def _widens(shape: Shape) -> Column:
    """Whether the cache is stored in 8 bits and the card has no units for 8-bit floats."""
    return (shape.kv_bytes < WIDTH) & (shape.architecture <= NO_FP8)


def is_alone(shape: Shape) -> bool:
    """Whether this is one deployment on one accelerator, which exchanges nothing: most questions, answered faster."""
    return is_plain(shape.tp, shape.dp) and shape.tp * shape.dp <= 1


def over_pcie(shape: Shape) -> Column:
    """Whether exchanges leave the fast link: there is none, or it is a bridge of fewer than take part."""
    return choose(shape.tp * shape.dp > shape.link_spans, 1, shape.link_is_pcie)


def link_bytes_per_s(shape: Shape, reached: Column, pcie_share: Column) -> Column:
    """One direction of the link that exchanges take, times what they reach of it."""
    slow = shape.pcie_bytes_per_s / 2 * reached * pcie_share
    return choose(over_pcie(shape) > 0, slow, shape.link_bytes_per_s / 2 * reached)


def exchange_latency_s(shape: Shape, k: Coefficients) -> Column:
    """The part of one exchange that does not depend on its size."""
    once = k.exchange_s * choose(over_pcie(shape) > 0, k.pcie_exchange, 1.0)
    return once * log2(most(shape.tp * shape.dp, 1.0) * 1.0)


def exchanged_bytes(shape: Shape, tokens: Column, local: Column) -> Column:
    """Bytes per exchange and rank: a ring all-reduce over tp; dispatch to and from experts over dp."""
    ring = tokens * shape.hidden * WIDTH * 2 * (shape.tp - 1) / shape.tp
    visited = least(shape.experts_per_token, shape.tp * shape.dp)
    return ring + choose(shape.dp > 1, 1.5 * local * shape.hidden * WIDTH * visited, 0.0)


def _exchange_s(shape: Shape, k: Coefficients, micro: Column, local: Column) -> Column:
    """After attention and after the feed-forward part of every layer, or once after both."""
    link = link_bytes_per_s(shape, k.link_decode, k.pcie_link)
    once = exchange_latency_s(shape, k) + exchanged_bytes(shape, micro, local) / link
    return choose(shape.tp * shape.dp > 1, shape.exchanges * once, 0.0)


def _overhead_s(shape: Shape, k: Coefficients, local: Column) -> Column:
    layers = shape.layers * (k.layer_s + shape.is_moe * k.expert_layer_s + shape.is_mla * k.latent_layer_s)
    stages = choose(shape.pp > 1, shape.pp * k.stage_s, 0.0)
    return layers + k.step_s + local * k.sequence_s + stages
