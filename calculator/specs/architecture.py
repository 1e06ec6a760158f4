"""The architecture of a model, in the words of Hugging Face's config.json."""

from typing import Literal

from calculator.base import Frozen

Attention = Literal["mha", "mqa", "gqa", "mla", "sliding", "hybrid", "compressed"]


class Architecture(Frozen):
    """What counts, KV cache and attention work follow from (see counts.py). Names are config.json's."""

    num_hidden_layers: int
    """Decoder layers."""
    hidden_size: int
    """Width of the residual stream."""
    intermediate_size: int | None = None
    """Width of the dense feed-forward layer; None where every layer is a mixture of experts."""
    num_attention_heads: int
    """Query heads."""
    num_key_value_heads: int
    """Key and value heads."""
    head_dim: int
    """Width of one head."""
    vocab_size: int
    """Rows of the embedding."""
    tie_word_embeddings: bool = False
    """Whether the output head is the embedding itself."""
    attention: Attention
    """Kind of attention; decides what a token leaves in the KV cache."""
    q_lora_rank: int | None = None
    """MLA: rank of the compressed query."""
    kv_lora_rank: int | None = None
    """MLA: rank of the compressed keys and values, which is what is cached."""
    qk_nope_head_dim: int | None = None
    """MLA: width of a head without rotary position."""
    qk_rope_head_dim: int | None = None
    """MLA: width of the shared rotary part, cached too."""
    v_head_dim: int | None = None
    """MLA: width of a value head."""
    index_n_heads: int | None = None
    """Sparse attention: heads of the indexer."""
    index_head_dim: int | None = None
    """Sparse attention: width of an indexer head."""
    sliding_window: int | None = None
    """Tokens that a windowed layer sees."""
    sliding_pattern: str | None = None
    """How windowed and full layers alternate, in words."""
    full_attention_layers: int | None = None
    """Layers that see the whole context; None means all."""
    num_global_key_value_heads: int | None = None
    """KV heads of the full layers where they differ."""
    global_head_dim: int | None = None
    """Head width of the full layers where it differs."""
    linear_num_key_heads: int | None = None
    """Linear attention (gated DeltaNet): key heads."""
    linear_num_value_heads: int | None = None
    """Linear attention: value heads."""
    linear_key_head_dim: int | None = None
    """Linear attention: width of a key head."""
    linear_value_head_dim: int | None = None
    """Linear attention: width of a value head."""
    linear_conv_kernel_dim: int | None = None
    """Linear attention: taps of the short convolution."""
    num_experts: int | None = None
    """Routed experts per layer; None for a dense model."""
    num_experts_per_tok: int | None = None
    """Experts that one token visits."""
    moe_intermediate_size: int | None = None
    """Width of one expert."""
    n_shared_experts: int | None = None
    """Experts that every token visits."""
    shared_expert_intermediate_size: int | None = None
    """Width of the shared experts together, where it is not theirs times the expert width."""
    first_k_dense_replace: int | None = None
    """Layers at the bottom that stay dense."""
    interleave_moe_layer_step: int | None = None
    """Every n-th layer is a mixture of experts."""
    parallel_block: bool = False
    """Attention and feed-forward read the same input and are added once (Falcon, Command R): one exchange per layer."""
    dense_parallel_mlp: bool = False
    """A dense feed-forward layer runs beside the experts."""
    num_nextn_predict_layers: int | None = None
    """Multi-token-prediction blocks in the checkpoint; not loaded unless speculating."""
    max_position_embeddings: int
    """Longest context, as the vendor claims."""
    context_without_yarn: int | None = None
    """Longest context without YaRN, where the claim needs it."""
    native_precision: str = "bf16"
    """Precision that the vendor ships."""
    mlp_matrices: int = 3
    """Matrices of a feed-forward layer: 3 gated, 2 plain."""
    attention_bias: bool = False
    """Biases on query, key and value."""
    output_bias: bool = False
    """Bias on the attention's output."""
    mlp_bias: bool = False
    """Biases in the feed-forward layers."""
    norms_per_layer: int = 2
    """Normalisations per layer."""
    norm_bias: bool = False
    """Normalisations with a bias."""
    qk_norm: Literal["head", "full"] | None = None
    """Normalisation of queries and keys, per head or over all."""
    vision_params_b: float = 0
    """Parameters of a vision tower, in billions."""
    published_params_b: float | None = None
    """Parameters that the vendor or the checkpoint states, in billions."""
    published_active_params_b: float | None = None
    """Parameters that one token uses, as stated, in billions."""
    stated_kv_bytes_per_token: float | None = None
    """KV cache per token at 16 bits, as stated, where no formula covers the attention."""

    @property
    def is_moe(self) -> bool:
        """Whether it is a mixture of experts."""
        return bool(self.num_experts)

    @property
    def attention_words(self) -> str:
        """The kind of attention, as the field writes it."""
        return {"sliding": "sliding window + full", "hybrid": "linear + full (hybrid)"}.get(
            self.attention, self.attention.upper()
        )
