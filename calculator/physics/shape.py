"""The plain numbers of a deployment: what the formulas of memory and latency see.

Every field is one number, or a numpy column of many deployments; the formulas are written once for both with the
helpers of columns.py, so that the same code answers one question and sweeps the catalog. Categories are codes: an
index into the tuple named beside the field. shape_from_specs.py makes a Shape from specs, sweep.py columns of many.
"""

from dataclasses import dataclass

from calculator.physics.columns import Column

GPU_CLASSES = ("datacenter", "workstation", "consumer", "apple", "accelerator", "cpu")
ARCHITECTURES = (
    "Pascal", "Volta", "Turing", "Ampere", "Ada", "Hopper", "Blackwell", "Blackwell Ultra", "CDNA2", "CDNA3", "CDNA4",
    "Gaudi2", "Gaudi3", "TPU", "NeuronCore-v2", "NeuronCore-v3", "Apple GPU", "x86", "other",
)  # fmt: skip
WEIGHT_CLASSES = ("16-bit", "fp8", "int8", "int4", "fp4", "gguf")
BASES = ("total", "free", "needs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """One deployment in numbers, or columns of many."""

    # the model
    layers: Column
    exchanges: Column
    """Exchanges between tensor ranks over all layers: two per layer, one where attention and feed-forward are parallel."""
    hidden: Column
    intermediate: Column
    """Width of the feed-forward work per token: dense layer, or shared and visited experts together."""
    vocab: Column
    heads: Column
    kv_heads: Column
    head_dim: Column
    is_mla: Column
    is_moe: Column
    num_experts: Column
    """Routed experts per layer; 1 for a dense model."""
    experts_per_token: Column
    """Experts that a token visits; 1 for a dense model."""
    dense_weight_bytes: Column
    """Everything in memory but routed experts: embedding, head, attention, dense and shared layers, vision."""
    expert_weight_bytes: Column
    """All routed experts; 0 for a dense model."""
    idle_weight_bytes: Column
    """Part of dense_weight_bytes that a decode step does not read: an untied input embedding, a vision tower."""
    active_params: Column
    """Parameters that multiply one token."""
    active_expert_params: Column
    """Part of active_params in routed experts."""
    kv_full_bytes_per_token: Column
    """KV cache of one token in layers that see everything, whole model."""
    kv_window_bytes_per_token: Column
    """KV cache of one token in windowed layers, whole model."""
    window: Column
    """Tokens in the window; 0 without one."""
    state_bytes: Column
    """Constant state of linear layers per sequence."""
    attention_flops_per_pair: Column
    """Operations per (query token, seen token) over the full layers. Causal prefill of n tokens has n^2/2 pairs."""
    window_flops_per_pair: Column
    """The same over the windowed layers."""
    # the precision
    weight_class: Column
    """Code in WEIGHT_CLASSES."""
    kv_bytes: Column
    """Bytes per number in the KV cache."""
    # the accelerator
    memory_label_bytes: Column
    memory_reported_bytes: Column
    bandwidth_bytes_per_s: Column
    peak_flops: Column
    """Dense peak at the type that the matrix units compute in; not-a-number where no source states it."""
    peak_flops_16bit: Column
    """Dense peak at 16 bits, which attention runs at."""
    link_bytes_per_s: Column
    """Between accelerators, both directions together; not-a-number where unknown."""
    link_is_pcie: Column
    link_spans: Column
    """Accelerators that the fast link joins: 2 for a bridge, beyond which exchanges go over PCIe."""
    pcie_bytes_per_s: Column
    """PCIe between accelerators, both directions together."""
    gpu_class: Column
    """Code in GPU_CLASSES."""
    architecture: Column
    """Code in ARCHITECTURES."""
    gpu: Column
    """Index into catalog.gpu_keys(); -1 for a card that is not in the catalog."""
    # the layout
    tp: Column
    pp: Column
    dp: Column
    replicas: Column
    # the engine
    engine: Column
    """Code in engine.FAMILIES."""
    engine_era: Column
    """0 the oldest; engines.json says which versions begin the next (vLLM 0.6, 0.9, 0.15; TensorRT-LLM 0.10, 1.0)."""
    memory_share: Column
    memory_basis: Column
    """Code in BASES."""
    overhead_bytes: Column
    """CUDA context, libraries and communication buffers, per GPU."""
    samples_all: Column
    """Whether the engine reserves the sampler's peak for all sequences at start."""
    max_num_batched_tokens: Column
    max_num_seqs: Column
