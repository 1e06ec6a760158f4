"""Whether a deployment holds a workload, as a record: figures in the label's unit, the reason and the remedy in words."""

from calculator.base import GIB, Frozen
from calculator.physics.memory import Budget, budget, longest_context, sequences_that_fit
from calculator.physics.shape_from_specs import shape_of
from calculator.specs.deployment import Deployment
from calculator.specs.precision import PRECISIONS, kv_bytes
from calculator.specs.workload import Workload

WIDER = (2, 4, 8, 16, 32, 64)
"""Splits that are tried where one accelerator is too small."""


class MemoryParts(Frozen):
    """Where the memory goes, over all accelerators. The six add up to total_memory_gb."""

    weights: float
    """Parameters, scales included."""
    kv_cache: float
    """Keys and values of the sequences in flight, in whole blocks."""
    activations: float
    """Temporaries of one step."""
    overhead: float
    """CUDA context, libraries, communication buffers."""
    cuda_graphs: float
    """Captured graphs, outside the engine's budget."""
    reserved: float
    """What the engine may not use: the label less what the driver reports, and the share kept free."""


class MemoryEstimate(Frozen):
    """Memory in the unit of the card's label (a GiB, as its chips are counted), over all accelerators."""

    total_memory_gb: float
    """All parts together."""
    memory_fits: bool
    """Exactly memory_utilization_percent <= 100."""
    memory_utilization_percent: float
    """total_memory_gb against the labels of all cards."""
    parts: MemoryParts
    """Where it goes."""
    label_gb: float
    """The labels of all cards together."""
    per_gpu_gb: float
    """total_memory_gb per card."""
    kv_room_gb: float
    """What is left for the KV cache, over all cards; negative where not even the weights fit."""
    kv_bytes_per_token: float
    """KV cache of one token of the whole model, full and windowed layers together."""
    max_concurrent_sequences: int
    """Sequences of this length that fit at once, over all replicas."""
    max_context_tokens: int
    """Longest single sequence that fits and the model takes."""
    will_start: bool
    """Whether the engine starts: weights fit and leave room for one sequence of the longest context asked for."""
    reason: str | None = None
    """Why it does not fit or start, or what limits it."""
    remedy: str | None = None
    """What to set to what."""


def fits(deployment: Deployment, workload: Workload) -> bool:
    """Whether a deployment holds a workload, without the record."""
    b = budget(shape_of(deployment), workload.tokens, workload.batch_size, to_start=deployment.max_model_len)
    return bool(b.used <= b.label)


def memory_of(deployment: Deployment, workload: Workload) -> MemoryEstimate:
    """Whether a deployment holds a workload, with parts, limits, and what to change where it does not."""
    shape = shape_of(deployment)
    b = budget(shape, workload.tokens, workload.batch_size, to_start=deployment.max_model_len)
    sequences, context = sequences_that_fit(shape, b), longest_context(shape, b)
    return describe(deployment, workload, b, sequences=sequences, context=context)


def describe(d: Deployment, w: Workload, b: Budget, *, sequences: float, context: float) -> MemoryEstimate:
    """The record of a budget."""
    gpus, percent = d.gpus, 100 * b.used / b.label
    longest = int(min(context, d.model.max_position_embeddings))
    will_start = bool(b.kv_room >= b.kv_to_start)
    fits = percent <= 100
    reason, remedy = (None, None) if fits and will_start else _explain(d, w, b, int(sequences), longest)
    cache = d.model.cache
    kv_token = cache.full + cache.windowed
    return MemoryEstimate(
        total_memory_gb=b.used * gpus / GIB,
        memory_fits=fits,
        memory_utilization_percent=percent,
        parts=MemoryParts(
            weights=b.weights * gpus / GIB,
            kv_cache=b.kv_cache * gpus / GIB,
            activations=b.activations * gpus / GIB,
            overhead=b.overhead * gpus / GIB,
            cuda_graphs=b.graphs * gpus / GIB,
            reserved=b.reserved * gpus / GIB,
        ),
        label_gb=b.label * gpus / GIB,
        per_gpu_gb=b.used / GIB,
        kv_room_gb=b.kv_room * gpus / GIB,
        kv_bytes_per_token=kv_token * kv_bytes(d.kv_precision),
        max_concurrent_sequences=int(sequences),
        max_context_tokens=longest,
        will_start=will_start,
        reason=reason,
        remedy=remedy,
    )


def _explain(d: Deployment, w: Workload, b: Budget, sequences: int, longest: int) -> tuple[str, str]:
    """Why it does not start or not hold the batch, and the smallest change that helps."""
    if b.kv_room < 0:
        short, weights = -b.kv_room / GIB, b.weights / GIB
        reason = (
            f"will not start: weights ({weights:.1f} GiB), activations and engine exceed what may be used of "
            f"{d.gpu.display_name} by {short:.1f} GiB per card"
        )
        return reason, _smaller_weights(d, w)
    if b.kv_room < b.kv_to_start:
        asked, need, left = d.max_model_len or w.tokens, b.kv_to_start / GIB, b.kv_room / GIB
        reason = f"will not start: {asked:,} tokens need {need:.1f} GiB of KV cache per card, {left:.1f} GiB are left"
        return reason, f"set max_model_len to {longest:,}" if longest > 0 else _smaller_weights(d, w)
    change = f"set batch_size to {sequences}" if sequences else _smaller_weights(d, w)
    halved = "" if d.kv_precision in {"fp8", "int8"} else ", or the KV cache to fp8"
    return f"the KV cache holds {sequences} of {w.batch_size} sequences of {w.tokens:,} tokens", change + halved


def _smaller_weights(d: Deployment, w: Workload) -> str:
    """The smallest wider split and the narrower precision that hold the workload; each is tried out."""
    wider = (tp for tp in WIDER if tp > d.tp and d.model.num_attention_heads % tp == 0)
    cards = next((tp for tp in wider if fits(d.model_copy(update={"tp": tp}), w)), None)
    narrower = None if d.precision.is_quantised else d.model_copy(update={"precision": PRECISIONS["fp8"]})
    options = [f"tp to {cards}"] if cards else []
    options += ["precision to fp8"] if narrower and fits(narrower, w) else []
    return (
        f"set {', or '.join(options)}" if options else "take a card with more memory, a smaller model, or int4 weights"
    )
