"""Fields of a config.json, checked one by one: numbers that can be true, and nothing that changes the attention unread."""

import json
import re
from collections.abc import Mapping
from typing import Any

from calculator.errors import QuestionError

Config = Mapping[str, Any]
MOST = 10_000_000
LIMITS = {
    "num_hidden_layers": 1_000,
    "num_attention_heads": 10_000,
    "num_key_value_heads": 10_000,
    "head_dim": 100_000,
    "hidden_size": 1_000_000,
    "num_experts": 100_000,
    "vocab_size": 100_000_000,
    "max_position_embeddings": 10**9,
    "sliding_window": 10**9,
    "attention_chunk_size": 10**9,
}
"""More than this is no model."""
OTHER_NAMES = {
    "num_hidden_layers": ("n_layer", "num_layers", "n_layers"),
    "hidden_size": ("n_embd", "d_model"),
    "num_attention_heads": ("n_head", "n_heads"),
    "vocab_size": ("padded_vocab_size",),
    "num_key_value_heads": ("num_kv_heads", "n_head_kv", "multi_query_group_num"),
    "intermediate_size": ("n_inner", "ffn_hidden_size", "ffn_dim"),
    "head_dim": ("attention_head_dim", "kv_channels"),
    "max_position_embeddings": ("n_positions", "max_seq_len", "seq_length", "model_max_length"),
    "num_experts": ("num_local_experts", "n_routed_experts", "moe_num_experts"),
    "num_experts_per_tok": ("moe_topk", "num_experts_per_token", "experts_per_token", "moe_k", "top_k_experts"),
    "n_shared_experts": ("num_shared_experts", "moe_num_shared_experts"),
    "shared_expert_intermediate_size": ("shared_intermediate_size",),
    "interleave_moe_layer_step": ("decoder_sparse_step", "moe_layer_interval"),
    "first_k_dense_replace": ("moe_layer_start_index",),
    "sliding_window_pattern": ("_sliding_window_pattern",),
}
"""Spellings of older or other families."""
READ = frozenset((
    "architectures", "attention_bias", "attention_chunk_size", "attention_k_eq_v", "attn_type_list", "enable_moe_block", "expert_intermediate_size",
    "full_attention_interval", "global_head_dim", "head_dim", "index_head_dim", "index_n_heads", "intermediate_size_mlp", "is_encoder_decoder",
    "kv_lora_rank", "layer_types", "linear_conv_kernel_dim", "linear_key_head_dim", "linear_num_key_heads", "linear_num_value_heads",
    "linear_value_head_dim", "max_window_layers", "mlp_bias", "mlp_layer_types", "mlp_only_layers", "moe_intermediate_size", "moe_layer_freq",
    "moe_layers", "multi_query", "multi_query_attention", "new_decoder_architecture", "no_rope_layer_interval", "no_rope_layers", "num_global_key_value_heads",
    "parallel_attn", "q_lora_rank", "qk_head_dim", "qk_nope_head_dim", "qk_rope_head_dim", "sliding_window", "use_qk_norm", "use_sliding_window", "v_head_dim",
    *OTHER_NAMES, *(name for names in OTHER_NAMES.values() for name in names),
))  # fmt: skip
"""What is read, and so need not be refused."""
CHANGES = re.compile(
    r"attn|attention|window|chunk|ssm|mamba|conv|delta|recurr|state|hybrid|linear|lora|latent|mla|compress|index|sparse"
    r"|layer_type|layers_type|pattern|block|expert|moe|shared|cross|memory|loop|altup|laurel|per_layer|ngram|kv|heterogen"
    r"|stride|double|engram|universal|repeat_layer|layer_config|num_ut|global|local"
)
"""Names that may change the attention, the KV cache or the experts."""
HARMLESS = re.compile(
    r"dropout|pdrop|eps$|epsilon|loss|coef|jitter|token|softcap|logit|multiplier|scal|rope|router|routed|topk|implementation"
    r"|temperature|softmax|_norm$|norm_topk|norm_min|norm_type|^output_|^use_flash|flash_attn|_dtype$|bidirectional|pretrain|id2label|label2id"
    r"|chunk_size_feed_forward|no_repeat_ngram|encoder_no_repeat|mtp|index_top|index_share|index_skip|indexer_|moe_capacity|capacity_factor"
    r"|layer_end|_out_bias|qkv_bias|attn_output_gate|mup|parallel|group|reorder_and_upcast|hidden_size_per_layer|vocab_size_per_layer"
    r"|ignore_index|^attn_type$|moe_shared_expert_gate|vision|audio|image|video|zero_stage|kv_cache_dtype|cache_implementation"
)
"""Names among them that change neither."""
SAME = {"sliding_window_size": "sliding_window"}
"""Other spellings that some files have too; harmless where they say the same."""
OFF = (None, False, 0, 0.0, "", "none", "default")
FORBIDDEN = {
    "hidden_size_per_layer_input": "per-layer embeddings",
    "num_kv_shared_layers": "layers that share keys and values",
    "use_double_wide_mlp": "feed-forward layers of two widths",
    "add_cross_attention": "cross-attention",
    "num_codebooks": "several output heads",
}


def refuse(message: str) -> QuestionError:
    """A config.json that is not taken, and why."""
    return QuestionError("config", message)


def shown(value: Any) -> str:
    """A value of the file, short."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else f"{text[:59]}…"


def found(text: Config, field: str) -> tuple[str, Any]:
    """The field's value under the name that this file uses; None where it has none."""
    names = (field, *OTHER_NAMES.get(field, ()))
    return next(((name, text[name]) for name in names if text.get(name) is not None), (field, None))


def whole(text: Config, field: str, least: int = 1) -> int | None:
    """A whole number of the file; None where it is left out. QuestionError where it cannot be true."""
    name, value = found(text, field)
    if value is None:
        return None
    most = LIMITS.get(field, MOST)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise refuse(
            f"{name} in the config.json is {shown(value)}: it must be a whole number from {least} to {most:,}."
        )
    return value


def optional(text: Config, field: str) -> int | None:
    """A whole number that may be left out, or 0 for none."""
    return whole(text, field, 0) or None


def flag(text: Config, field: str, *, default: bool) -> bool:
    """Yes or no; QuestionError where the file says neither."""
    value = text.get(field)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise refuse(f"{field} in the config.json is {shown(value)}: it must be true or false.")
    return value


def check_all_is_read(text: Config) -> None:
    """QuestionError names the first field that may change the attention, the KV cache or the experts and is not read here."""
    for field, what in FORBIDDEN.items():
        if text.get(field) not in OFF:
            raise refuse(f"{field} in the config.json is {shown(text[field])}: {what} are not covered here.")
    for field, value in text.items():
        name = field.lower()
        if field in READ or HARMLESS.search(name) or not CHANGES.search(name):
            continue
        if field in SAME and value == text.get(SAME[field]):
            continue
        if value not in OFF and value not in ([], {}):
            raise refuse(
                f"{shown(field)} in the config.json is {shown(value)}: what it does to attention, KV cache or experts is not known "
                "here, so nothing is computed from it."
            )
