"""A model from its pasted config.json. What is not understood is refused with the field to fill: nothing is guessed."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from calculator.errors import QuestionError
from calculator.model import Attention, ModelSpec

OTHER_NAMES = {
    "num_hidden_layers": ("n_layer", "num_layers", "n_layers"), "hidden_size": ("n_embd", "d_model"),
    "num_attention_heads": ("n_head", "n_heads"), "num_key_value_heads": ("num_kv_heads", "n_head_kv"),
    "intermediate_size": ("n_inner", "ffn_hidden_size", "ffn_dim"), "head_dim": ("attention_head_dim",),
    "max_position_embeddings": ("n_positions", "max_seq_len", "seq_length", "model_max_length"),
    "num_experts": ("num_local_experts", "n_routed_experts"),
    "num_experts_per_tok": ("moe_topk", "num_experts_per_token"),
    "n_shared_experts": ("num_shared_experts",), "interleave_moe_layer_step": ("decoder_sparse_step",),
}  # fmt: skip
"""Spellings of older or other families."""
COPIED = (
    "num_hidden_layers", "hidden_size", "intermediate_size", "num_attention_heads", "vocab_size", "q_lora_rank",
    "kv_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim", "index_n_heads", "index_head_dim",
    "num_experts", "num_experts_per_tok", "moe_intermediate_size", "n_shared_experts", "first_k_dense_replace",
    "interleave_moe_layer_step", "linear_num_key_heads", "linear_num_value_heads", "linear_key_head_dim",
    "linear_value_head_dim", "linear_conv_kernel_dim", "max_position_embeddings",
)  # fmt: skip
NEEDED = ("num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size", "max_position_embeddings")
UNGATED = ("gpt2", "gpt_neox", "falcon", "starcoder2", "opt", "bloom", "gptj", "phi")
"""Model types whose feed-forward layer has two matrices."""
REFUSED = ("mamba", "rwkv", "jamba", "recurrent_gemma", "deepseek_v4", "nemotron_h", "zamba")
"""Model types whose state no formula here covers."""


def model_from_config(config: Mapping[str, Any], name: str = "pasted model") -> ModelSpec:
    """The model that a config.json describes. QuestionError names the missing or unknown field."""
    text = {**config, **config.get("text_config", {})}
    kind = str(text.get("model_type", ""))
    if any(word in kind for word in REFUSED):
        raise QuestionError(
            "model_size", f"model_type {kind} has an attention that is not covered here; name another model."
        )
    fields = {target: value for target in COPIED if (value := _found(text, target)) is not None}
    for field in NEEDED:
        if field not in fields:
            raise QuestionError("model_size", f"The config.json has no {field}; paste the whole file.")
    heads = fields["num_attention_heads"]
    fields["num_key_value_heads"] = 1 if text.get("multi_query") else _found(text, "num_key_value_heads") or heads
    if fields.get("num_experts"):
        fields.setdefault("moe_intermediate_size", fields.get("intermediate_size"))
    fields["head_dim"] = _found(text, "head_dim") or fields["hidden_size"] // heads
    fields |= _layers(text, fields) | _flags(text, kind)
    fields |= {"key": name, "display_name": name, "architecture_source": "pasted config.json"}
    try:
        return ModelSpec.model_validate(fields)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise QuestionError("model_size", f"{where} in the config.json: {problem['msg'].lower()}.") from error


def _found(text: Mapping[str, Any], field: str) -> Any:
    return next((text[name] for name in (field, *OTHER_NAMES.get(field, ())) if text.get(name) is not None), None)


def _layers(text: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Kind of attention, and how many layers see everything."""
    layers, types = fields["num_hidden_layers"], list(text.get("layer_types") or [])
    full = sum("full" in str(kind) for kind in types)
    if fields.get("kv_lora_rank"):
        return {"attention": "mla"}
    if any("linear" in str(kind) for kind in types):
        return {"attention": "hybrid", "full_attention_layers": full}
    window = text.get("sliding_window") if text.get("use_sliding_window", True) else None
    if window and types and full < layers:
        return {"attention": "sliding", "sliding_window": window, "full_attention_layers": full}
    if window and not types:
        pattern = text.get("sliding_window_pattern")
        return {
            "attention": "sliding",
            "sliding_window": window,
            "full_attention_layers": layers // pattern if pattern else 0,
        }
    return {"attention": _attention(fields["num_attention_heads"], fields["num_key_value_heads"])}


def _attention(heads: int, kv_heads: int) -> Attention:
    return "mha" if kv_heads == heads else "mqa" if kv_heads == 1 else "gqa"


def _flags(text: Mapping[str, Any], kind: str) -> dict[str, Any]:
    quantization = text.get("quantization_config") or {}
    method = str(quantization.get("quant_method", ""))
    native = {"fp8": "fp8", "awq": "int4-awq", "gptq": "int4-gptq", "mxfp4": "mxfp4-experts"}.get(method)
    dtype = {"float16": "fp16", "float32": "fp32"}.get(str(text.get("torch_dtype") or text.get("dtype")), "bf16")
    return {
        "tie_word_embeddings": bool(text.get("tie_word_embeddings", False)),
        "attention_bias": bool(text.get("attention_bias", kind.startswith("qwen2"))),
        "mlp_matrices": 2 if kind in UNGATED else 3,
        "qk_norm": "head" if kind.startswith(("qwen3", "gemma3", "gemma4")) else None,
        "norms_per_layer": 4 if kind.startswith("gemma") and kind != "gemma" else 2,
        "native_precision": native or dtype,
    }
