"""What fits: weights, KV cache, activations and the engine's own share, against what the card has.

Witnesses: the eight vLLM start-ups of tests/calculator/estimates/test_memory_witnesses.py. The formulas take numbers or columns.
"""

from typing import NamedTuple

from calculator.base import GIB
from calculator.physics.columns import Column, ceil, choose, floor, least, most
from calculator.physics.shape import BASES, Shape

BLOCK = 16
"""Tokens in a block of the KV cache (vLLM's default)."""
SAMPLER_BYTES = 38.2
"""Bytes per sequence and vocabulary entry at the sampler's peak: logits, sorted copy, indices, probabilities in fp32.
From vLLM's logs: 4.76 GiB Llama-3.1 (128,256), 5.56 Qwen3 (151,936), 7.38 gpt-oss (201,088) at 1,024 sequences."""
STREAM_BYTES = 2.56
"""Bytes per batched token and unit of hidden width; from 4.76 GiB at width 4,096 and 4.84 at 8,192."""
GRAPHS_BYTES = 0.3 * GIB
"""CUDA graphs; the logs show -0.9 to 1.0 GiB, taken from what the engine leaves unused."""


class Budget(NamedTuple):
    """Bytes per accelerator. The first six add up to `used`; reserved is the label less all that may be used."""

    weights: Column
    kv_cache: Column
    activations: Column
    overhead: Column
    graphs: Column
    reserved: Column
    used: Column
    label: Column
    kv_room: Column
    """What weights, activations and overhead leave for the KV cache; negative where not even they fit."""
    kv_per_sequence: Column
    """KV cache of one sequence of this context."""
    kv_to_start: Column
    """KV cache of the longest sequence that the engine must be able to hold."""


def budget(shape: Shape, context: Column, batch: Column, *, to_start: Column = None) -> Budget:
    """Memory of `batch` sequences (over all replicas) of `context` tokens; the engine starts for `to_start` tokens."""
    weights = weight_bytes(shape)
    activations, overhead = activation_bytes(shape), shape.overhead_bytes
    sequence = kv_bytes_per_sequence(shape, context)
    to_hold = sequence if to_start is None else most(sequence, kv_bytes_per_sequence(shape, to_start))
    cache = most(ceil(batch / (shape.replicas * shape.dp)) * sequence, to_hold)
    fixed = weights + activations + overhead
    usable = usable_bytes(shape, fixed)
    unused = shape.memory_label_bytes - usable
    graphs = choose(shape.samples_all > 0, GRAPHS_BYTES, 0.0)
    reserved = most(unused - graphs, 0.0)
    return Budget(
        weights,
        cache,
        activations,
        overhead,
        graphs,
        reserved,
        used=fixed + cache + graphs + reserved,
        label=shape.memory_label_bytes,
        kv_room=usable - fixed,
        kv_per_sequence=sequence,
        kv_to_start=to_hold,
    )


def weight_bytes(shape: Shape) -> Column:
    """Weights per accelerator: dense parts over tp x pp, experts over tp x pp x dp."""
    return (shape.dense_weight_bytes + shape.expert_weight_bytes / shape.dp) / (shape.tp * shape.pp)


def kv_shards(shape: Shape) -> Column:
    """Accelerators that share the KV heads: replicated when tp > kv_heads; MLA's latent is never divided."""
    return choose(shape.is_mla > 0, 1.0, shape.kv_heads / ceil(shape.kv_heads / shape.tp))


def kv_bytes_per_sequence(shape: Shape, context: Column) -> Column:
    """KV cache of one sequence per accelerator, in whole blocks; windowed layers hold at most their window."""
    blocks = ceil(context / BLOCK) * BLOCK
    tokens = blocks * shape.kv_full_bytes_per_token + least(blocks, shape.window) * shape.kv_window_bytes_per_token
    return tokens / (kv_shards(shape) * shape.pp) + shape.state_bytes / (shape.tp * shape.pp)


def activation_bytes(shape: Shape) -> Column:
    """Peak of one step's temporaries: the residual stream plus the larger of sampler and feed-forward layer.

    Engines that sample for every possible sequence at start (vLLM) reserve the sampler's peak for all of them.
    """
    tokens, sequences = shape.max_num_batched_tokens, least(shape.max_num_seqs, shape.max_num_batched_tokens)
    sampler = sequences * shape.vocab * choose(shape.samples_all > 0, SAMPLER_BYTES, 4.0)
    layer = tokens * (3 * shape.intermediate / shape.tp + 2 * shape.hidden) * 2
    return most(sampler, layer) + tokens * shape.hidden * STREAM_BYTES


def usable_bytes(shape: Shape, fixed: Column) -> Column:
    """What the engine may use: a share of all that the driver reports, or of what its fixed parts leave free."""
    reported = shape.memory_reported_bytes
    free = fixed + shape.memory_share * most(reported - fixed, 0.0)
    of_total = choose(shape.memory_basis == BASES.index("free"), least(free, reported), reported * shape.memory_share)
    return choose(shape.memory_basis == BASES.index("needs"), reported * shape.memory_share, of_total)


def sequences_that_fit(shape: Shape, b: Budget) -> Column:
    """Sequences of this context that the KV room holds at once, over all replicas."""
    return most(floor(b.kv_room / b.kv_per_sequence), 0.0) * shape.dp * shape.replicas


def longest_context(shape: Shape, b: Budget) -> Column:
    """Tokens of one sequence that the KV room holds; infinite where every layer has a window or a constant state."""
    shards = kv_shards(shape) * shape.pp
    room = b.kv_room - shape.state_bytes / (shape.tp * shape.pp)
    full, windowed = shape.kv_full_bytes_per_token / shards, shape.kv_window_bytes_per_token / shards
    within = room / most(full + windowed, 1e-9)
    beyond = choose(full > 0, (room - shape.window * windowed) / most(full, 1e-9), float("inf"))
    tokens = choose(within > shape.window, beyond, within)
    return most(floor(tokens / BLOCK) * BLOCK, 0.0)
