"""Parameter counts, KV cache and attention work, computed from the architecture.

Per layer, with h = hidden_size, n = heads, k = KV heads, d = head_dim, f = feed-forward width:
attention h(2n + 2k)d, or MLA's five projections; feed-forward 3hf gated or 2hf plain, times the experts; plus biases
and normalisations. Every count is within 1 % of what the vendor publishes (tests/calculator/specs/test_counts.py).
"""

from typing import NamedTuple

from calculator.specs.architecture import Architecture


class Counts(NamedTuple):
    """Parameters by what they are. The text model plus vision tower is what serving loads."""

    embedding: int
    """The input embedding, and the output head where it is not the same."""
    dense: int
    """Everything but embedding, routed experts and vision tower."""
    experts: int
    """All routed experts."""
    active_experts: int
    """The routed experts that one token visits."""
    vision: int
    """The vision tower."""
    draft: int
    """Multi-token-prediction blocks of the checkpoint, not loaded."""
    head: int
    """The output head: what a decode step reads of the embedding."""

    @property
    def total(self) -> int:
        """Parameters in memory."""
        return self.embedding + self.dense + self.experts + self.vision

    @property
    def active(self) -> int:
        """Parameters that multiply one token: no untied input embedding, no idle expert, no vision tower."""
        return self.head + self.dense + self.active_experts

    @property
    def checkpoint(self) -> int:
        """Parameters in the published file."""
        return self.total + self.draft


class Cache(NamedTuple):
    """Numbers kept per token (to multiply with the bytes of the KV precision) and bytes kept per sequence."""

    full: float
    """Numbers per token in layers that see the whole context."""
    windowed: float
    """Numbers per token in layers that see a window."""
    window: int
    """Tokens in that window; 0 without one."""
    state_bytes: float
    """Constant state of the linear layers, per sequence."""


def count(model: Architecture) -> Counts:
    """Exact parameter counts; of a compressed-attention model the dense part is what the published total leaves."""
    head = model.vocab_size * model.hidden_size
    embedding = head if model.tie_word_embeddings else 2 * head
    expert, moe_layers = _expert(model), _moe_layers(model)
    experts = moe_layers * (model.num_experts or 0) * expert
    active = moe_layers * (model.num_experts_per_tok or 0) * expert
    vision = round(model.vision_params_b * 1e9)
    if model.attention == "compressed":
        dense = round((model.published_params_b or 0) * 1e9) - embedding - experts - vision
    else:
        dense = _attention_total(model) + _feed_forward_total(model, moe_layers) + _norms(model)
    return Counts(embedding, dense, experts, active, vision, _draft(model), head)


def cache(model: Architecture) -> Cache:
    """What stays in the KV cache; compressed attention has no formula, only a stated figure."""
    layers, full = model.num_hidden_layers, _full_layers(model)
    per_layer = 2 * model.num_key_value_heads * model.head_dim
    if model.stated_kv_bytes_per_token is not None:
        return Cache(model.stated_kv_bytes_per_token / 2, 0, 0, 0)
    assert model.attention != "compressed", "ModelSpec.cache refuses what has no stated figure"
    if model.attention == "mla":
        return Cache(layers * ((model.kv_lora_rank or 0) + (model.qk_rope_head_dim or 0)), 0, 0, 0)
    if model.attention == "hybrid":
        return Cache(full * per_layer, 0, 0, (layers - full) * linear_state_bytes(model))
    global_layer = 2 * (model.num_global_key_value_heads or 0) * (model.global_head_dim or 0) or per_layer
    window = model.sliding_window if full < layers else None
    return Cache(full * global_layer, (layers - full) * per_layer, window or 0, 0)


def linear_state_bytes(model: Architecture) -> float:
    """State of one gated-DeltaNet layer per sequence: fp32 recurrent matrix and 16-bit convolution tail."""
    keys = (model.linear_num_key_heads or 0) * (model.linear_key_head_dim or 0)
    values = (model.linear_num_value_heads or 0) * (model.linear_value_head_dim or 0)
    recurrent = values * (model.linear_key_head_dim or 0) * 4
    return recurrent + ((model.linear_conv_kernel_dim or 1) - 1) * (2 * keys + values) * 2


def flops_per_pair(model: Architecture) -> tuple[float, float]:
    """Operations per (query token, seen token): in full layers and in windowed ones.

    Scores and their sum over values: 2 heads (d_qk + d_v) per layer.
    """
    full, n = _full_layers(model), model.num_attention_heads
    windowed = 0 if model.attention == "hybrid" else model.num_hidden_layers - full
    if model.attention == "mla":
        widths = (model.qk_nope_head_dim or 0) + (model.qk_rope_head_dim or 0) + (model.v_head_dim or 0)
        return 2.0 * full * n * widths, 0
    return 4.0 * full * n * (model.global_head_dim or model.head_dim), 4.0 * windowed * n * model.head_dim


def _full_layers(model: Architecture) -> int:
    return model.num_hidden_layers if model.full_attention_layers is None else model.full_attention_layers


def _moe_layers(model: Architecture) -> int:
    if not model.num_experts:
        return 0
    return (model.num_hidden_layers - (model.first_k_dense_replace or 0)) // (model.interleave_moe_layer_step or 1)


def _expert(model: Architecture) -> int:
    width, h = model.moe_intermediate_size or 0, model.hidden_size
    return 3 * h * width + (2 * width + h if model.mlp_bias else 0)


def _attention_total(model: Architecture) -> int:
    full = _full_layers(model)
    rest = model.num_hidden_layers - full
    if model.attention == "mla":
        return model.num_hidden_layers * _mla(model)
    if model.attention == "hybrid":
        return full * _attention(model, model.num_key_value_heads, model.head_dim) + rest * _linear(model)
    if model.global_head_dim:
        heads = model.num_global_key_value_heads or model.num_key_value_heads
        shared = _attention(model, heads, model.global_head_dim) - heads * model.global_head_dim * model.hidden_size
        return full * shared + rest * _attention(model, model.num_key_value_heads, model.head_dim)
    return model.num_hidden_layers * _attention(model, model.num_key_value_heads, model.head_dim)


def _attention(model: Architecture, kv_heads: int, d: int) -> int:
    """Query, key, value and output projections; hybrids gate their output with a query twice as wide."""
    h, n = model.hidden_size, model.num_attention_heads
    gate = 2 if model.attention == "hybrid" else 1
    biases = (n + 2 * kv_heads) * d * model.attention_bias + h * model.output_bias
    norms = {"head": 2 * d, "full": (n + kv_heads) * d, None: 0}[model.qk_norm]
    return h * d * (gate * n + 2 * kv_heads + n) + biases + norms


def _mla(model: Architecture) -> int:
    """Multi-head latent attention (DeepSeek-V2, section 2.1), with the indexer of sparse attention where present."""
    h, n = model.hidden_size, model.num_attention_heads
    nope, rope, value = model.qk_nope_head_dim or 0, model.qk_rope_head_dim or 0, model.v_head_dim or 0
    rank, q_rank = model.kv_lora_rank or 0, model.q_lora_rank or 0
    query = h * q_rank + q_rank + q_rank * n * (nope + rope) if q_rank else h * n * (nope + rope)
    keys = h * (rank + rope) + rank + rank * n * (nope + value)
    indexer, width = model.index_n_heads or 0, model.index_head_dim or 0
    index = q_rank * indexer * width + h * (width + indexer) + 2 * width if indexer else 0
    return query + keys + n * value * h + index


def _linear(model: Architecture) -> int:
    """Gated DeltaNet: in-projections, short convolution, per-head decay, gated norm, output."""
    h, heads = model.hidden_size, model.linear_num_value_heads or 0
    keys = (model.linear_num_key_heads or 0) * (model.linear_key_head_dim or 0)
    width = model.linear_value_head_dim or 0
    values = heads * width
    taps = (model.linear_conv_kernel_dim or 0) * (2 * keys + values)
    return h * (2 * keys + 2 * values + 2 * heads) + taps + 2 * heads + width + values * h


def _dense_mlp(model: Architecture) -> int:
    h, f = model.hidden_size, model.intermediate_size or 0
    bias = (model.mlp_matrices - 1) * f + h if model.mlp_bias and not model.num_experts else 0
    return model.mlp_matrices * h * f + bias


def _router_and_shared(model: Architecture) -> int:
    """What a mixture-of-experts layer has beside its routed experts."""
    h, experts = model.hidden_size, model.num_experts or 0
    shared = model.n_shared_experts or 0
    width = model.shared_expert_intermediate_size or shared * (model.moe_intermediate_size or 0)
    gate = h if model.attention == "hybrid" else 0
    router = h * experts + (experts if model.mlp_bias else 0)
    beside = _dense_mlp(model) if model.dense_parallel_mlp else 0
    return router + (3 * h * width + gate if shared else 0) + beside


def _feed_forward_total(model: Architecture, moe_layers: int) -> int:
    beside = moe_layers * _router_and_shared(model) if moe_layers else 0
    return beside + (model.num_hidden_layers - moe_layers) * _dense_mlp(model)


def _norms(model: Architecture) -> int:
    per_norm = model.hidden_size * (2 if model.norm_bias else 1)
    return (model.num_hidden_layers * model.norms_per_layer + 1) * per_norm


def _draft(model: Architecture) -> int:
    """Multi-token-prediction blocks: a full decoder layer and the join of two streams each."""
    if not model.num_nextn_predict_layers:
        return 0
    experts = (model.num_experts or 0) * _expert(model)
    feed_forward = experts + _router_and_shared(model) if model.num_experts else _dense_mlp(model)
    attention = _attention(model, model.num_key_value_heads, model.head_dim)
    join = 2 * model.hidden_size**2 + (model.norms_per_layer + 3) * model.hidden_size
    return model.num_nextn_predict_layers * (attention + feed_forward + join)
