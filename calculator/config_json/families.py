"""What the code of a model family fixes beside its config.json: biases, norms, gating, and what the file may leave out.

Checked against the parameter counts of the published implementations (tests/calculator/config_json/test_model.py).
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Window = int | str | None
NONE: Mapping[str, Any] = MappingProxyType({})


class Family(NamedTuple):
    """One model_type."""

    fixed: Mapping[str, Any] = NONE
    """Fields of the model that the family's code decides."""
    omitted: Mapping[str, Any] = NONE
    """What a field of the file means where it is left out."""
    tied: bool = False
    """Whether the output head is the embedding where the file does not say."""
    window: Window = None
    """Which layers a window holds for without a list: all, upper, or every one but each n-th."""
    expert_width: str = "moe_intermediate_size"
    """The field with the width of one expert."""
    hybrid: bool = False
    """Whether linear layers are gated DeltaNet."""


PLAIN = Family()
QWEN2 = Family({"attention_bias": True}, window="upper")
QWEN3 = Family({"qk_norm": "head"}, window="upper")
QWEN_HYBRID = Family({"qk_norm": "head"}, {"full_attention_interval": 4}, hybrid=True)
GEMMA3 = {"norms_per_layer": 4, "qk_norm": "head"}
GEMMA3_OMITTED = {
    "num_attention_heads": 8,
    "num_key_value_heads": 4,
    "head_dim": 256,
    "vocab_size": 262_208,
    "max_position_embeddings": 131_072,
    "sliding_window": 4096,
    "sliding_window_pattern": 6,
}
GEMMA4_OMITTED = {"num_attention_heads": 8, "head_dim": 256, "vocab_size": 262_144, "hidden_size_per_layer_input": 256}
BIASED = {"attention_bias": True, "output_bias": True, "mlp_bias": True, "norm_bias": True}
UNGATED = {**BIASED, "mlp_matrices": 2}
OWN_EXPERTS = "intermediate_size"
MIXED = Family(window="all", expert_width=OWN_EXPERTS)

FAMILIES: Mapping[str, Family] = MappingProxyType({
    **dict.fromkeys(("llama", "ministral3", "internlm2", "internlm3", "baichuan", "exaone", "hyperclovax", "seed_oss",
                     "granite", "deepseek", "deepseek_v2", "deepseek_v3", "deepseek_v32", "kimi_k2", "glm4_moe_lite", "glm_moe_dsa",
                     "glm", "chatglm", "mimo"), PLAIN),
    "mistral": Family({}, {"num_key_value_heads": 8, "max_position_embeddings": 131_072}, window="all"),
    "mixtral": MIXED, "phimoe": MIXED._replace(fixed={"norm_bias": True}),
    **dict.fromkeys(("granitemoe", "granitemoeshared"), MIXED._replace(window=None)),
    "qwen2": QWEN2, "qwen2_moe": QWEN2, "qwen2_vl": QWEN2, "qwen2_vl_text": QWEN2, "qwen2_5_vl": QWEN2, "qwen2_5_vl_text": QWEN2,
    "qwen3": QWEN3, "qwen3_moe": QWEN3, "qwen3_vl_text": QWEN3, "qwen3_vl_moe_text": QWEN3,
    **dict.fromkeys(("qwen3_next", "qwen3_5", "qwen3_5_text", "qwen3_5_moe", "qwen3_5_moe_text"), QWEN_HYBRID),
    "llama4_text": Family({}, {"max_position_embeddings": 131_072, "no_rope_layer_interval": 4}, expert_width=OWN_EXPERTS),
    "gemma": Family(tied=True), "gemma2": Family({"norms_per_layer": 4}, tied=True, window=2),
    "gemma3": Family(GEMMA3, GEMMA3_OMITTED, tied=True, window=6), "gemma3_text": Family(GEMMA3, GEMMA3_OMITTED, tied=True, window=6),
    "gemma4_text": Family(GEMMA3, GEMMA4_OMITTED, tied=True), "gemma4": Family(GEMMA3, GEMMA4_OMITTED, tied=True),
    "phi": Family({**UNGATED, "norms_per_layer": 1}), "phi3": Family(window="all"),
    "gpt_oss": Family({"attention_bias": True, "output_bias": True, "mlp_bias": True}, window=2, expert_width=OWN_EXPERTS),
    "glm4": Family({"norms_per_layer": 4}), "glm4_moe": PLAIN, "minimax_m2": MIXED._replace(fixed={"qk_norm": "full"}, window=None),
    "cohere": Family({"norms_per_layer": 1}, tied=True), "cohere2": Family({"norms_per_layer": 1}, tied=True, window=4),
    "falcon": Family({"mlp_matrices": 2, "norm_bias": True}, {"max_position_embeddings": 2048}, tied=True),
    "gpt_neox": Family(UNGATED), "gptj": Family({"mlp_matrices": 2, "mlp_bias": True, "norm_bias": True, "norms_per_layer": 1}),
    **dict.fromkeys(("gpt2", "gpt_bigcode", "opt"), Family(UNGATED, tied=True)),
    "bloom": Family(UNGATED, {"max_position_embeddings": 2048}, tied=True),
    "starcoder2": Family(UNGATED, tied=True, window="all"), "stablelm": Family({"norm_bias": True}),
    "persimmon": Family(UNGATED), "nemotron": Family({"mlp_matrices": 2, "norm_bias": True}),
    "arcee": Family({"mlp_matrices": 2}), "apertus": Family({"mlp_matrices": 2, "qk_norm": "head"}),
    "olmo": Family({"norms_per_layer": 0}), "olmo2": Family({"qk_norm": "full"}), "olmo3": Family({"qk_norm": "full"}, window=4),
    "olmoe": Family({"qk_norm": "full"}, expert_width=OWN_EXPERTS), "exaone4": Family({"qk_norm": "head"}, window=4),
    "smollm3": Family(tied=True, window="upper"), "ernie4_5": Family(tied=True), "ernie4_5_moe": Family(tied=True),
    "minicpm3": Family(tied=True), "cwm": Family(window=4), "helium": PLAIN,
})  # fmt: skip
"""The families that are known."""

STATE = "has layers with a state of their own (such as Mamba or RWKV), whose size and speed no formula here covers"
SHARED = "shares keys and values between layers, which no formula here covers"
BLOCKS = "has layers that differ from one another, which no formula here covers"
ENCODER = "is an encoder, or an encoder with a decoder; only decoders that write text token by token are covered"
REFUSED = (
    (re.compile(r"mamba|rwkv|jamba|zamba|xlstm|recurrent_gemma|nemotron_h|falcon_h1|bamba|lfm\d|plamo2|moe_?hybrid|retnet"), STATE),
    (re.compile(r"^minimax(?:_text_01|_m1|_01)?$|lightning|kimi_linear|kimi_k3|bailing_hybrid|olmo_hybrid"),
     "has linear attention of a kind that no formula here covers"),
    (re.compile(r"deepseek_v4|deepseek_ref"), "has compressed attention, whose KV cache is not published"),
    (re.compile(r"gemma3n|gemma4_unified|hunyuan_large"), SHARED),
    (re.compile(r"nemotron-nas|nemotron_nas|decilm|openelm|longcat|longcat_flash"), BLOCKS),
    (re.compile(r"^(?!modernbert-decoder).*(?:bert|electra|bart\b|t5|pegasus|marian|whisper|blenderbot|prophetnet|xlnet|clip|vit\b|^vit)"), ENCODER),
)  # fmt: skip
"""Families whose attention no formula covers, and why."""
