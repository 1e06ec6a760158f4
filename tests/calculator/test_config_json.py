"""A pasted config.json becomes a model. Witnesses: excerpts of published files, against the catalog's own entries."""

import pytest

from calculator import catalog
from calculator.config_json import model_from_config
from calculator.errors import QuestionError

LLAMA = {"model_type": "llama", "num_hidden_layers": 32, "hidden_size": 4096, "intermediate_size": 14336,
         "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 128256, "max_position_embeddings": 131072,
         "tie_word_embeddings": False, "torch_dtype": "bfloat16"}  # fmt: skip
MIXTRAL = {"model_type": "mixtral", "num_hidden_layers": 32, "hidden_size": 4096, "intermediate_size": 14336,
           "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 32000, "max_position_embeddings": 32768,
           "num_local_experts": 8, "num_experts_per_tok": 2, "sliding_window": None}  # fmt: skip
QWEN3 = {"model_type": "qwen3", "num_hidden_layers": 36, "hidden_size": 4096, "intermediate_size": 12288,
         "num_attention_heads": 32, "num_key_value_heads": 8, "vocab_size": 151936, "max_position_embeddings": 40960,
         "head_dim": 128, "sliding_window": None, "use_sliding_window": False}  # fmt: skip
DEEPSEEK = {"model_type": "deepseek_v3", "num_hidden_layers": 61, "hidden_size": 7168, "intermediate_size": 18432,
            "num_attention_heads": 128, "num_key_value_heads": 128, "vocab_size": 129280,
            "max_position_embeddings": 163840, "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_nope_head_dim": 128,
            "qk_rope_head_dim": 64, "v_head_dim": 128,
            "n_routed_experts": 256, "num_experts_per_tok": 8, "moe_intermediate_size": 2048, "n_shared_experts": 1,
            "first_k_dense_replace": 3, "quantization_config": {"quant_method": "fp8"}}  # fmt: skip


@pytest.mark.parametrize(
    ("config", "key"),
    [(LLAMA, "llama-3.1-8b"), (MIXTRAL, "mixtral-8x7b"), (QWEN3, "qwen3-8b"), (DEEPSEEK, "deepseek-r1")],
    ids=["llama", "mixtral", "qwen3", "deepseek"],
)
def test_a_pasted_file_counts_like_the_catalogs_model(config, key):
    pasted, known = model_from_config(config), catalog.model(key)
    assert pasted.counts.total == pytest.approx(known.counts.total, rel=0.001)
    assert pasted.counts.active == pytest.approx(known.counts.active, rel=0.001)
    assert pasted.cache == known.cache
    assert pasted.native_precision == known.native_precision


def test_the_text_part_of_a_multimodal_file_is_taken():
    assert (
        model_from_config({"model_type": "mistral3", "text_config": LLAMA}).counts.total
        == model_from_config(LLAMA).counts.total
    )


def test_windowed_layers_are_read_from_their_list():
    types = ["sliding_attention", "full_attention"] * 16
    pasted = model_from_config(LLAMA | {"sliding_window": 4096, "layer_types": types})
    assert (pasted.attention, pasted.full_attention_layers, pasted.cache.window) == ("sliding", 16, 4096)


@pytest.mark.parametrize("field", ["num_hidden_layers", "hidden_size", "num_attention_heads", "vocab_size"])
def test_a_missing_field_is_named(field):
    with pytest.raises(QuestionError, match=field):
        model_from_config({name: value for name, value in LLAMA.items() if name != field})


def test_an_attention_that_no_formula_covers_is_refused():
    with pytest.raises(QuestionError, match="mamba"):
        model_from_config(LLAMA | {"model_type": "mamba2"})


def test_a_field_of_the_wrong_kind_is_named():
    with pytest.raises(QuestionError, match="vocab_size"):
        model_from_config(LLAMA | {"vocab_size": "many"})
