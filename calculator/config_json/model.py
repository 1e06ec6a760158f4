"""A model from its pasted config.json. What is not understood is refused with the field: nothing is guessed silently."""

from collections.abc import Mapping
from typing import Any

from calculator.config_json.checks import check_all_is_read, flag, found, optional, refuse, shown, whole
from calculator.config_json.experts import feed_forward_of
from calculator.config_json.families import FAMILIES, PLAIN, REFUSED, Family
from calculator.config_json.layers import attention_of
from calculator.config_json.precision import precision_of
from calculator.specs.architecture import Attention
from calculator.specs.model import ModelSpec

NESTED = ("text_config", "llm_config", "language_config")
"""Where the decoder of a model that also sees or hears is described."""
NEEDED = ("num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size", "max_position_embeddings")
SENSES = {"vision_config": "vision", "audio_config": "audio"}
UNTOLD = ("no_rope_layer_interval", "full_attention_interval", "sliding_window_pattern", "hidden_size_per_layer_input")
"""How layers alternate, which the answer shows anyway."""
GATED = ("silu", "swiglu", "swish")
"""Activations that stand in gated feed-forward layers."""


def model_from_config(config: Mapping[str, Any], name: str = "pasted model") -> ModelSpec:
    """The model that a config.json describes. QuestionError names the missing or unknown field."""
    text = _decoder(config)
    kind = "".join(filter(str.isprintable, str(text.get("model_type") or "")))[:60]
    _check_kind(text, kind)
    family, known = FAMILIES.get(kind, PLAIN), kind in FAMILIES
    left_out = {field: value for field, value in family.omitted.items() if found(text, field)[1] is None}
    text = {**text, **left_out}
    check_all_is_read(text)
    fields: dict[str, Any] = {field: whole(text, field) for field in NEEDED}
    missing = next((field for field, value in fields.items() if value is None), None)
    if missing:
        raise refuse(f"The config.json has no {missing}; paste the whole file.")
    fields |= _heads(text, fields, kind, known=known)
    fields |= feed_forward_of(text, fields["num_hidden_layers"], family, known=known)
    fields |= _flags(text, kind, family, fields)
    if not known:
        _check_gating(text)
    fields |= attention_of(text, fields["num_hidden_layers"], family) | _global_heads(text)
    precision, about = precision_of(text, experts=bool(fields.get("num_experts")))
    notes = (*_assumed(text, config, kind, left_out, known=known), about)
    fields |= {"native_precision": precision, "notes": " ".join(filter(None, notes)) or None}
    spec = ModelSpec(key=name, display_name=name, family=kind or None, architecture_source="its config.json", **fields)
    if spec.counts.active <= 0 or (spec.full_attention_layers or 0) > spec.num_hidden_layers:
        raise refuse("The numbers of the config.json do not fit together; paste the whole file.")
    return spec


def _decoder(config: Mapping[str, Any]) -> dict[str, Any]:
    """The part that writes text."""
    nested: Mapping[str, Any] = next((config[field] for field in NESTED if isinstance(config.get(field), Mapping)), {})
    return {**{key: value for key, value in config.items() if key not in (*NESTED, *SENSES)}, **nested}


def _check_kind(text: Mapping[str, Any], kind: str) -> None:
    reason = next((reason for pattern, reason in REFUSED if pattern.search(kind)), None)
    if reason is None and text.get("is_encoder_decoder") not in (None, False):
        reason = REFUSED[-1][1]
    if reason:
        raise refuse(f"model_type {shown(kind)} {reason}. Ask about another model.")


def _heads(text: Mapping[str, Any], fields: Mapping[str, Any], kind: str, *, known: bool) -> dict[str, Any]:
    """KV heads and the width of one, as the family has them."""
    heads, width = fields["num_attention_heads"], fields["hidden_size"]
    kv_heads = _falcon_heads(text, heads) if kind == "falcon" else whole(text, "num_key_value_heads")
    if kv_heads is None and flag(text, "multi_query", default=False):
        kv_heads = 1
    if kv_heads is None and not known:
        raise refuse("The config.json has no num_key_value_heads, and its model_type is not known here; add the field.")
    kv_heads = kv_heads or heads
    if heads % kv_heads:
        raise refuse(f"num_key_value_heads in the config.json is {kv_heads}, which does not divide the {heads} heads.")
    head_dim = whole(text, "head_dim")
    if head_dim is None and width % heads and text.get("kv_lora_rank") is None:
        raise refuse(
            f"The config.json has no head_dim, and {heads} heads do not divide a hidden_size of {width:,}; add the field."
        )
    attention: Attention = "mha" if kv_heads == heads else "mqa" if kv_heads == 1 else "gqa"
    return {"num_key_value_heads": kv_heads, "head_dim": head_dim or max(width // heads, 1), "attention": attention}


def _check_gating(text: Mapping[str, Any]) -> None:
    """Of a family that is not known the activation must say that a feed-forward layer has three matrices."""
    name = next(
        (name for name in ("hidden_act", "hidden_activation", "activation_function") if text.get(name)), "hidden_act"
    )
    if text.get(name) not in GATED:
        raise refuse(
            f"{name} in the config.json is {shown(text.get(name))}, and its model_type is not known here: whether its feed-forward "
            "layers are gated is not said."
        )


def _falcon_heads(text: Mapping[str, Any], heads: int) -> int:
    """Falcon: the new decoder has KV heads, the old one has one, or all."""
    if flag(text, "new_decoder_architecture", default=False):
        return whole(text, "num_key_value_heads") or heads
    return 1 if flag(text, "multi_query", default=True) else heads


def _global_heads(text: Mapping[str, Any]) -> dict[str, Any]:
    """Gemma 4: layers that see everything have heads of their own, whose keys are their values."""
    heads, width = optional(text, "num_global_key_value_heads"), optional(text, "global_head_dim")
    if heads is None and width is None:
        return {}
    if not (heads and width and flag(text, "attention_k_eq_v", default=False)):
        raise refuse(
            "global_head_dim in the config.json is covered only with num_global_key_value_heads and attention_k_eq_v."
        )
    return {"num_global_key_value_heads": heads, "global_head_dim": width}


def _flags(text: Mapping[str, Any], kind: str, family: Family, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Biases, norms, gating and the output head: the file's word, or else the family's."""
    fixed = dict(family.fixed)
    if kind == "falcon":
        one = flag(text, "parallel_attn", default=True) and not flag(text, "new_decoder_architecture", default=False)
        fixed["norms_per_layer"] = 1 if one else 2
    if flag(text, "use_qk_norm", default=False) and "qk_norm" not in fixed and kind != "llama4_text":
        fixed["qk_norm"] = "head"
    dense = fields.get("intermediate_size")
    if dense is None and not fields.get("num_experts"):
        if fixed.get("mlp_matrices") != 2:  # an ungated layer
            raise refuse("The config.json has no intermediate_size; paste the whole file.")
        fixed["intermediate_size"] = 4 * fields["hidden_size"]
    return {
        "tie_word_embeddings": flag(text, "tie_word_embeddings", default=family.tied),
        "attention_bias": flag(text, "attention_bias", default=False),
        "mlp_bias": flag(text, "mlp_bias", default=False),
        **fixed,
    }


def _assumed(
    text: Mapping[str, Any],
    config: Mapping[str, Any],
    kind: str,
    left_out: Mapping[str, Any],
    *,
    known: bool,
) -> list[str]:
    """What is not in the file, in sentences."""
    told = []
    if not known:
        tied = "" if text.get("tie_word_embeddings") is not None else ", an output head of its own"
        told.append(
            f"model_type {shown(kind)} is not known here: a gated feed-forward layer (three matrices) is assumed{tied}."
        )
    if said := {field: value for field, value in left_out.items() if not field.startswith("_") and field not in UNTOLD}:
        told.append(
            f"Not in the file, so as {kind} has it: {', '.join(f'{field} {value}' for field, value in said.items())}."
        )
    if senses := [word for field, word in SENSES.items() if isinstance(config.get(field), Mapping)]:
        told.append(f"The weights of its {' and '.join(senses)} part are not counted.")
    return told
