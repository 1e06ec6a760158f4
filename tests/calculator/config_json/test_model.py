"""A pasted config.json becomes a model.

Witnesses: published files against the catalog's own entries (configs/published.json), the parameters that the families'
published implementations allocate (configs/families.json, counted with transformers 5.24), and vendors' sizes.
"""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import catalog
from calculator.config_json.model import model_from_config
from calculator.errors import QuestionError
from calculator.specs.counts import flops_per_pair
from calculator.specs.model import ModelSpec

CONFIGS = Path(__file__).with_name("configs")
PUBLISHED = json.loads((CONFIGS / "published.json").read_text(encoding="utf-8"))
FAMILIES = json.loads((CONFIGS / "families.json").read_text(encoding="utf-8"))
REFUSED = json.loads((CONFIGS / "refused.json").read_text(encoding="utf-8"))
LLAMA = {
    "model_type": "llama",
    "num_hidden_layers": 32,
    "hidden_size": 4096,
    "intermediate_size": 14336,
    "num_attention_heads": 32,
    "num_key_value_heads": 8,
    "vocab_size": 128256,
    "max_position_embeddings": 131072,
    "tie_word_embeddings": False,
    "torch_dtype": "bfloat16",
}
UNKNOWN = {**LLAMA, "model_type": "acme", "hidden_act": "silu"}


def plain(kind, layers, hidden, wide, heads, kv_heads, vocab, context, **more):
    """A config.json of the usual fields."""
    return {
        "model_type": kind,
        "num_hidden_layers": layers,
        "hidden_size": hidden,
        "intermediate_size": wide,
        "num_attention_heads": heads,
        "num_key_value_heads": kv_heads,
        "vocab_size": vocab,
        "max_position_embeddings": context,
        **more,
    }


MLA = {"kv_lora_rank": 512, "qk_nope_head_dim": 128, "qk_rope_head_dim": 64, "v_head_dim": 128, "moe_layer_freq": 1}
GEMMA3_4B = {
    "hidden_size": 2560,
    "intermediate_size": 10240,
    "model_type": "gemma3_text",
    "num_hidden_layers": 34,
    "sliding_window": 1024,
}
EXCERPTS = {
    "llama-2-7b": plain("llama", 32, 4096, 11008, 32, None, 32000, 4096),
    "llama-2-70b": plain("llama", 80, 8192, 28672, 64, 8, 32000, 4096),
    "llama-3.2-1b": plain("llama", 16, 2048, 8192, 32, 8, 128256, 131072, head_dim=64, tie_word_embeddings=True),
    "mistral-7b-v0.1": plain("mistral", 32, 4096, 14336, 32, 8, 32000, 32768, sliding_window=4096),
    "mistral-7b": plain("mistral", 32, 4096, 14336, 32, 8, 32768, 32768, sliding_window=None),
    "mistral-nemo-12b": plain("mistral", 40, 5120, 14336, 32, 8, 131072, 131072, head_dim=128),
    "qwen2.5-0.5b": plain("qwen2", 24, 896, 4864, 14, 2, 151936, 32768, tie_word_embeddings=True, use_sliding_window=False,
                          sliding_window=32768, max_window_layers=21),
    "qwen2.5-72b": plain("qwen2", 80, 8192, 29568, 64, 8, 152064, 131072, use_sliding_window=False, sliding_window=131072, max_window_layers=70),
    "gemma-2-9b": plain("gemma2", 42, 3584, 14336, 16, 8, 256000, 8192, head_dim=256, sliding_window=4096, sliding_window_size=4096,
                        attn_logit_softcapping=50.0, query_pre_attn_scalar=256, cache_implementation="hybrid"),
    "gemma-2-27b": plain("gemma2", 46, 4608, 36864, 32, 16, 256000, 8192, head_dim=128, sliding_window=4096),
    "gemma-3-4b": {"model_type": "gemma3", "vision_config": {"hidden_size": 1152}, "text_config": GEMMA3_4B},
    "gemma-3-27b": {"model_type": "gemma3", "vision_config": {"hidden_size": 1152}, "text_config": {
        "head_dim": 128, "hidden_size": 5376, "intermediate_size": 21504, "model_type": "gemma3_text", "num_attention_heads": 32,
        "num_hidden_layers": 62, "num_key_value_heads": 16, "query_pre_attn_scalar": 168, "sliding_window": 1024}},
    "phi-4": plain("phi3", 40, 5120, 17920, 40, 10, 100352, 16384, sliding_window=None, original_max_position_embeddings=16384),
    "phi-4-mini": plain("phi3", 32, 3072, 8192, 24, 8, 200064, 131072, sliding_window=262144, tie_word_embeddings=True),
    "command-r-35b": plain("cohere", 40, 8192, 22528, 64, 64, 256000, 131072, logit_scale=0.0625, use_qk_norm=False),
    "olmo-2-13b": plain("olmo2", 40, 5120, 13824, 40, 40, 100352, 4096, tie_word_embeddings=False),
    "starcoder2-7b": plain("starcoder2", 32, 4608, 18432, 36, 4, 49152, 16384, sliding_window=4096, use_bias=True),
    "deepseek-v2-lite": plain("deepseek_v2", 27, 2048, 10944, 16, 16, 102400, 163840, **MLA, q_lora_rank=None, n_routed_experts=64,
                              n_shared_experts=2, num_experts_per_tok=6, moe_intermediate_size=1408, first_k_dense_replace=1),
    "deepseek-v2": plain("deepseek_v2", 60, 5120, 12288, 128, 128, 102400, 163840, **MLA, q_lora_rank=1536, n_routed_experts=160,
                         n_shared_experts=2, num_experts_per_tok=6, moe_intermediate_size=1536, first_k_dense_replace=1),
    "glm-4.5-air": plain("glm4_moe", 46, 4096, 10944, 96, 8, 151552, 131072, head_dim=128, n_routed_experts=128, n_shared_experts=1,
                         num_experts_per_tok=8, moe_intermediate_size=1408, first_k_dense_replace=1, attention_bias=True, use_qk_norm=False),
    "glm-4.5": plain("glm4_moe", 92, 5120, 12288, 96, 8, 151552, 131072, head_dim=128, n_routed_experts=160, n_shared_experts=1,
                     num_experts_per_tok=8, moe_intermediate_size=1536, first_k_dense_replace=3, attention_bias=True, use_qk_norm=True),
    "qwen3-next-80b-a3b": plain("qwen3_next", 48, 2048, 5120, 16, 2, 151936, 262144, head_dim=256, full_attention_interval=4, num_experts=512,
                                num_experts_per_tok=10, moe_intermediate_size=512, shared_expert_intermediate_size=512, linear_num_key_heads=16,
                                linear_num_value_heads=32, linear_key_head_dim=128, linear_value_head_dim=128, linear_conv_kernel_dim=4,
                                decoder_sparse_step=1, mlp_only_layers=[]),
}  # fmt: skip
"""Excerpts of published files that leave out nothing which is counted."""
SIZES = [
    (plain("internlm2", 32, 4096, 14336, 32, 8, 92544, 32768, bias=False, attn_implementation="eager"), 7.74),
    (plain("baichuan", 32, 4096, 11008, 32, None, 125696, 4096), 7.51),
    ({"model_type": "chatglm", "num_layers": 28, "hidden_size": 4096, "ffn_hidden_size": 13696, "num_attention_heads": 32, "kv_channels": 128,
      "multi_query_attention": True, "multi_query_group_num": 2, "padded_vocab_size": 65024, "seq_length": 8192, "add_qkv_bias": True}, 6.24),
    ({"model_type": "nemotron", "num_hidden_layers": 32, "hidden_size": 4096, "intermediate_size": 16384, "num_attention_heads": 48, "head_dim": 128,
      "num_key_value_heads": 8, "vocab_size": 256000, "max_position_embeddings": 4096, "hidden_act": "relu2"}, 8.27),
    ({"model_type": "bloom", "n_layer": 30, "hidden_size": 4096, "n_head": 32, "vocab_size": 250880}, 7.07),
    (plain("gpt_neox", 32, 4096, 16384, 32, None, 50432, 2048), 6.86),
    ({"model_type": "opt", "num_hidden_layers": 32, "hidden_size": 4096, "ffn_dim": 16384, "num_attention_heads": 32, "vocab_size": 50272,
      "max_position_embeddings": 2048, "word_embed_proj_dim": 4096, "do_layer_norm_before": True}, 6.66),
    ({"model_type": "falcon", "num_hidden_layers": 60, "hidden_size": 8192, "num_attention_heads": 128, "num_kv_heads": 8, "vocab_size": 65024,
      "new_decoder_architecture": True, "multi_query": True, "parallel_attn": True, "bias": False, "alibi": False}, 41.3),
    (plain("mixtral", 56, 6144, 16384, 48, 8, 32768, 65536, num_local_experts=8, num_experts_per_tok=2, sliding_window=None), 140.6),
]  # fmt: skip


@pytest.mark.parametrize("key", [*PUBLISHED, *EXCERPTS])
def test_a_pasted_file_counts_like_the_catalogs_model(key):
    pasted, known = model_from_config((PUBLISHED | EXCERPTS)[key]), catalog.model(key)
    assert pasted.counts.total == pytest.approx(known.counts.total - known.counts.vision, rel=0.0002)
    assert pasted.counts.active == pytest.approx(known.counts.active, rel=0.0002)
    assert pasted.cache == known.cache
    assert flops_per_pair(pasted) == flops_per_pair(known)
    assert pasted.native_precision == known.native_precision
    assert pasted.num_key_value_heads == known.num_key_value_heads


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_counts_what_its_published_implementation_allocates(family):
    witness = FAMILIES[family]
    assert model_from_config(witness["config"]).counts.total == pytest.approx(witness["parameters"], rel=0.02)


@pytest.mark.parametrize(("config", "billions"), SIZES, ids=[config["model_type"] for config, _ in SIZES])
def test_a_file_counts_within_two_percent_of_the_published_size(config, billions):
    assert model_from_config(config).counts.total / 1e9 == pytest.approx(billions, rel=0.02)


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_formula_covers_is_refused_with_the_reason(name):
    with pytest.raises(QuestionError, match=r"cover|known here|published|no num_key_value_heads") as error:
        model_from_config(REFUSED[name])
    assert error.value.field == "config"
    assert len(error.value.message) < 300


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"layer_types": ["mamba"] * 32}, "layer_types"),
        ({"layer_types": ["full_attention"] * 31}, "layer_types"),
        ({"layer_types": ["linear_attention"] * 32}, "linear_attention"),
        ({"layer_types": "full"}, "layer_types"),
        ({"layer_types": ["sliding_attention"] * 32}, "no sliding_window"),
        ({"sliding_window": 4096}, "sliding_window"),
        ({"attn_type_list": [1, 0] * 16}, "attn_type_list"),
        ({"attention_method": "lightning"}, "attention_method"),
        ({"linear_attn_config": {"kda_layers": [1]}}, "linear_attn_config"),
        ({"ssm_cfg": {"d_state": 128}}, "ssm_cfg"),
        ({"compress_ratios": [4, 128]}, "compress_ratios"),
        ({"num_kv_shared_layers": 10}, "num_kv_shared_layers"),
        ({"cross_attention_layers": [3, 8]}, "cross_attention_layers"),
        ({"attention_chunk_size": 8192}, "attention_chunk_size"),
        ({"is_encoder_decoder": True}, "encoder"),
        ({"model_type": "bert"}, "encoder"),
        ({"model_type": "mamba2"}, "mamba2"),
        ({"kv_lora_rank": 512}, "qk_nope_head_dim"),
        ({"num_local_experts": 8}, "num_experts_per_tok"),
        ({"v_head_dim": 64}, "v_head_dim"),
        ({"num_key_value_heads": None}, "num_key_value_heads"),
        ({"hidden_act": "relu2"}, "hidden_act"),
        ({"hidden_act": None}, "hidden_act"),
        ({"global_head_dim": 512}, "global_head_dim"),
        ({"hidden_size_per_layer_input": 256}, "hidden_size_per_layer_input"),
    ],
)
def test_what_changes_the_attention_and_is_not_understood_is_refused_naming_it(more, named):
    with pytest.raises(QuestionError, match=named):
        model_from_config(UNKNOWN | more)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("num_hidden_layers", 10**30),
        ("num_hidden_layers", -1),
        ("num_hidden_layers", 0),
        ("vocab_size", "many"),
        ("vocab_size", "128256"),
        ("hidden_size", 4096.0),
        ("num_attention_heads", True),
        ("num_key_value_heads", 5),
        ("num_key_value_heads", [8]),
        ("max_position_embeddings", float("inf")),
        ("intermediate_size", {}),
        ("tie_word_embeddings", "yes"),
        ("head_dim", -128),
        ("quantization_config", "fp8"),
        ("multi_query", 1),
    ],
)
def test_a_value_that_cannot_be_true_is_named(field, value):
    with pytest.raises(QuestionError, match=field) as error:
        model_from_config(LLAMA | {"num_key_value_heads": None if field == "multi_query" else 8} | {field: value})
    assert error.value.field == "config"


@pytest.mark.parametrize(
    "field", ["num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size", "max_position_embeddings"]
)
def test_a_missing_field_is_named(field):
    with pytest.raises(QuestionError, match=field):
        model_from_config({name: value for name, value in LLAMA.items() if name != field})


def test_a_family_that_is_not_known_is_taken_where_the_file_says_all_that_matters_and_the_rest_is_told():
    pasted = model_from_config({name: value for name, value in UNKNOWN.items() if name != "tie_word_embeddings"})
    assert pasted.counts == model_from_config(LLAMA).counts
    assert "gated feed-forward layer (three matrices) is assumed, an output head of its own" in (pasted.notes or "")


def test_the_text_part_of_a_multimodal_file_is_taken_and_what_is_not_counted_is_told():
    pasted = model_from_config({"model_type": "mistral3", "text_config": LLAMA, "vision_config": {"hidden_size": 1024}})
    assert pasted.counts == model_from_config(LLAMA).counts
    assert "vision part are not counted" in (pasted.notes or "")


def test_what_the_file_leaves_out_is_taken_from_its_family_and_told():
    pasted = model_from_config({"model_type": "gemma3", "text_config": GEMMA3_4B})
    assert "num_attention_heads 8, num_key_value_heads 4" in (pasted.notes or "")


def test_windowed_layers_are_read_from_their_list():
    types = ["sliding_attention", "full_attention"] * 16
    pasted = model_from_config(LLAMA | {"sliding_window": 4096, "layer_types": types})
    assert (pasted.attention, pasted.full_attention_layers, pasted.cache.window) == ("sliding", 16, 4096)


def test_a_window_as_long_as_the_context_is_none():
    assert model_from_config(LLAMA | {"model_type": "mistral", "sliding_window": 131072}).attention == "gqa"


@pytest.mark.parametrize(
    ("quantization", "precision"),
    [
        ({"quant_method": "fp8"}, "fp8"),
        ({"quant_method": "awq", "bits": 4}, "int4-awq"),
        ({"quant_method": "gptq", "bits": 4}, "int4-gptq"),
        ({"quant_method": "gptq", "bits": 8}, "int8"),
        ({"quant_method": "bitsandbytes", "load_in_4bit": True}, "nf4"),
        ({"quant_method": "modelopt", "quant_algo": "NVFP4"}, "nvfp4"),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": {"num_bits": 8, "type": "float"}}},
            },
            "fp8",
        ),
        (
            {
                "quant_method": "compressed-tensors",
                "config_groups": {"group_0": {"weights": {"num_bits": 4, "type": "int"}}},
            },
            "int4-gptq",
        ),
        ({"quant_method": "quip", "bits": 2}, "bf16"),
        ({"quant_method": ["fp8"]}, "bf16"),
    ],
)
def test_the_precision_is_the_files_and_one_that_is_not_known_is_told(quantization, precision):
    pasted = model_from_config(LLAMA | {"quantization_config": quantization})
    assert pasted.native_precision == precision
    assert ("not known here" in (pasted.notes or "")) == (precision == "bf16")


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 300_000),
    st.sampled_from([10**30, -(10**30), 0, 1]),
    st.floats(),
    st.text(max_size=8),
    st.lists(
        st.sampled_from(["full_attention", "sliding_attention", "linear_attention", "dense", "sparse", 0, 1, None]),
        max_size=40,
    ),
    st.dictionaries(
        st.sampled_from(["model_type", "weights", "quant_method", "bits", "config_groups", "g"]),
        st.integers()
        | st.text(max_size=5)
        | st.just([["x"]])
        | st.just({"g": {"weights": {"type": ["x"], "num_bits": 4}}}),
        max_size=3,
    ),
)
SOURCES = [
    *PUBLISHED.values(),
    *EXCERPTS.values(),
    *REFUSED.values(),
    *(one["config"] for one in FAMILIES.values()),
    UNKNOWN,
]
NAMES = sorted({name for one in SOURCES for name in [*one, *one.get("text_config", {})]})


@given(
    st.sampled_from(SOURCES),
    st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=12), VALUES, max_size=4),
    st.sets(st.sampled_from(NAMES), max_size=2),
)
@settings(max_examples=400)
def test_a_damaged_file_becomes_a_model_that_adds_up_or_a_sentence(config, changed, dropped):
    nested = {**config["text_config"], **changed} if isinstance(config.get("text_config"), dict) else None
    damaged = {name: value for name, value in {**config, **changed}.items() if name not in dropped}
    for one in (damaged, damaged | {"text_config": nested} if nested else damaged):
        refused, spec = outcome(one)
        assert refused is None or (refused.field == "config" and len(refused.message) < 600)
        if spec:
            adds_up(spec)


def outcome(config) -> tuple[QuestionError | None, ModelSpec | None]:
    try:
        return None, model_from_config(config, "our/x")
    except QuestionError as error:
        return error, None


def adds_up(spec: ModelSpec) -> None:
    assert 0 < spec.counts.active <= spec.counts.total + spec.counts.head
    assert spec.cache.full + spec.cache.windowed >= 0
    assert all(value >= 0 for value in (*spec.counts, *flops_per_pair(spec)))
    assert spec.num_attention_heads % spec.num_key_value_heads == 0
