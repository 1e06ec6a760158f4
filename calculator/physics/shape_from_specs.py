"""From specs to the plain numbers of a Shape, one side at a time: model and precision, accelerator, engine."""

from functools import lru_cache
from typing import Any

from calculator.base import GIB
from calculator.physics.columns import Column, log2
from calculator.physics.shape import ARCHITECTURES, BASES, GPU_CLASSES, WEIGHT_CLASSES, Shape
from calculator.specs.counts import flops_per_pair
from calculator.specs.deployment import Deployment
from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec
from calculator.specs.precision import Precision, kv_bytes

MXFP4_PAD = 256
"""Kernels pad the width of MXFP4 experts to a multiple of this (vLLM's log for gpt-oss-120b: 64.38 GiB of weights)."""
UNKNOWN = float("nan")

Side = dict[str, Any]
"""Some fields of a Shape, by name."""


def shape_of(deployment: Deployment) -> Shape:
    """The numbers of one deployment; QuestionError where the model's KV cache has no formula."""
    d = deployment
    return Shape(
        **model_side(d.model, d.precision, d.kv_precision),
        **gpu_side(d.gpu),
        **engine_side(d),
        peak_flops=peak_flops(d.gpu, d.precision),
        tp=d.tp,
        pp=d.pp,
        dp=d.dp,
        replicas=d.replicas,
    )


@lru_cache(maxsize=4096)
def model_side(model: ModelSpec, precision: Precision, kv_precision: str) -> Side:
    """What the model and its storage contribute."""
    counts, cache, kv = model.counts, model.cache, kv_bytes(kv_precision)
    full, windowed = flops_per_pair(model)
    table = 0 if model.tie_word_embeddings else counts.head
    vision = counts.vision * 2
    return {
        "layers": model.num_hidden_layers,
        "exchanges": model.num_hidden_layers * (1 if model.parallel_block else 2),
        "hidden": model.hidden_size,
        "intermediate": _feed_forward_width(model),
        "vocab": model.vocab_size,
        "heads": model.num_attention_heads,
        "kv_heads": model.num_key_value_heads,
        "head_dim": model.head_dim,
        "is_mla": int(model.attention == "mla"),
        "is_moe": int(model.is_moe),
        "num_experts": model.num_experts or 1,
        "experts_per_token": model.num_experts_per_tok or 1,
        "dense_weight_bytes": (counts.dense * precision.linear_bits + counts.embedding * precision.embedding_bits) / 8
        + vision,
        "expert_weight_bytes": counts.experts * precision.expert_bits / 8 * _padding(model, precision),
        "idle_weight_bytes": table * precision.embedding_bits / 8 + vision,
        "active_params": counts.active,
        "active_expert_params": counts.active_experts,
        "kv_full_bytes_per_token": cache.full * kv,
        "kv_window_bytes_per_token": cache.windowed * kv,
        "window": cache.window,
        "state_bytes": cache.state_bytes,
        "attention_flops_per_pair": full,
        "window_flops_per_pair": windowed,
        "weight_class": weight_class(precision),
        "kv_bytes": kv,
    }


@lru_cache(maxsize=256)
def gpu_side(gpu: GpuSpec) -> Side:
    """What the accelerator contributes; its peak depends on the precision too, see peak_flops."""
    from calculator.catalog.loader import gpu_index  # noqa: PLC0415  # the catalog is made of specs

    name = gpu.architecture if gpu.architecture in ARCHITECTURES else "other"
    link = gpu.link_bytes_per_s
    return {
        "memory_label_bytes": gpu.memory_label_bytes,
        "memory_reported_bytes": gpu.reported_bytes,
        "bandwidth_bytes_per_s": gpu.bandwidth_bytes_per_s,
        "peak_flops_16bit": gpu.peak("bf16") or UNKNOWN,
        "link_bytes_per_s": UNKNOWN if link is None else link,
        "link_is_pcie": int(gpu.link_is_pcie),
        "link_spans": gpu.link_spans,
        "pcie_bytes_per_s": gpu.pcie_bytes_per_s or UNKNOWN,
        "gpu_class": GPU_CLASSES.index(gpu.kind),
        "architecture": ARCHITECTURES.index(name),
        "gpu": gpu_index(gpu.key),
    }


def engine_side(d: Deployment) -> Side:
    """What the engine and its settings contribute."""
    engine = d.engine
    return {
        "engine": engine.family,
        "engine_era": engine.era(d.engine_version),
        "memory_share": d.memory_share,
        "memory_basis": BASES.index(engine.basis),
        "overhead_bytes": overhead_bytes(engine.overhead_gib, engine.overhead_gib_per_doubling, d.tp),
        "samples_all": int(engine.samples_all),
        "max_num_batched_tokens": d.batched_tokens,
        "max_num_seqs": d.sequences,
    }


def overhead_bytes(alone_gib: float, per_doubling_gib: float, tp: Column) -> Column:
    """Memory outside the tensor allocator: measured 0.13 GiB at tp 1 and 0.55 at tp 2 for vLLM; doubling assumed on."""
    return (alone_gib + per_doubling_gib * log2(tp)) * GIB


def peak_flops(gpu: GpuSpec, precision: Precision) -> float:
    """Dense peak at what the matrix units compute in: the precision's own type where the card has it, else 16 bits.

    Weights in a type that the card cannot multiply are widened on the fly and multiplied at 16 bits.
    """
    own, wide = gpu.peak(precision.compute), gpu.peak("bf16")
    return max(own or 0, wide or 0) or UNKNOWN


def weight_class(precision: Precision) -> int:
    """Code of the kind of weights in WEIGHT_CLASSES, by the narrowest of them."""
    bits = min(precision.linear_bits, precision.expert_bits)
    if precision.gguf:
        return WEIGHT_CLASSES.index("gguf")
    if bits >= 16:
        return WEIGHT_CLASSES.index("16-bit")
    if bits > 4.7:
        return WEIGHT_CLASSES.index("int8" if precision.compute == "int8" else "fp8")
    is_float = precision.key in {"nvfp4", "mxfp4", "mxfp4-experts", "fp4-experts"}
    return WEIGHT_CLASSES.index("fp4" if is_float else "int4")


def _feed_forward_width(model: ModelSpec) -> int:
    expert = model.moe_intermediate_size or 0
    shared = model.shared_expert_intermediate_size or (model.n_shared_experts or 0) * expert
    visited = (model.num_experts_per_tok or 0) * expert + shared
    return visited or model.intermediate_size or 0


def _padding(model: ModelSpec, precision: Precision) -> float:
    width = model.moe_intermediate_size
    if not width or precision.expert_bits != 4.25:
        return 1.0
    return -(-width // MXFP4_PAD) * MXFP4_PAD / width
