"""Counts and cache sizes follow from the architecture.

Witnesses: the vendors' published parameter counts, the Llama 3 and Mistral papers, and vLLM's log for
Mistral-Small-24B (163,840 bytes of KV cache per token).
"""

import pytest

from calculator import catalog
from calculator.errors import QuestionError
from calculator.specs.counts import flops_per_pair, linear_state_bytes

COUNTED = [key for key in catalog.model_keys() if catalog.model(key).published_params_b]


@pytest.mark.parametrize("key", COUNTED)
def test_parameters_are_within_one_percent_of_the_published_count(key):
    model = catalog.model(key)
    assert model.counts.checkpoint / 1e9 == pytest.approx(model.published_params_b, rel=0.01)


@pytest.mark.parametrize(
    ("key", "billions"),
    [
        ("mixtral-8x7b", 12.9),
        ("deepseek-r1", 37),
        ("gpt-oss-120b", 5.1),
        ("qwen3-235b-a22b", 22),
        ("llama-4-scout", 17),
    ],
)
def test_active_parameters_of_a_mixture_are_those_that_the_vendor_states(key, billions):
    assert catalog.model(key).counts.active / 1e9 == pytest.approx(billions, rel=0.06)


@pytest.mark.parametrize(
    ("key", "bytes_per_token"),
    [
        ("llama-3.1-70b", 327_680),  # 80 layers x 8 KV heads x 128 x 2 x 2 bytes (Llama 3 paper, table 3)
        ("mistral-small-24b", 163_840),  # vLLM's log
        ("llama-2-7b", 524_288),  # multi-head: every head is cached
        ("deepseek-v3", 70_272),  # (512 + 64) x 61 layers x 2 bytes (DeepSeek-V2 paper, table 1)
        ("falcon-7b", 8_192),  # multi-query: one head
        ("qwen3-next-80b-a3b", 24_576),  # 12 of 48 layers have a cache
    ],
)
def test_kv_cache_per_token_in_16_bits_is_the_published_one(key, bytes_per_token):
    assert catalog.model(key).cache.full * 2 == bytes_per_token


def test_windowed_layers_are_counted_apart_from_full_ones():
    cache = catalog.model("gpt-oss-120b").cache
    assert (cache.full * 2, cache.windowed * 2, cache.window) == (36_864, 36_864, 128)


def test_a_linear_layer_keeps_a_constant_state():
    model = catalog.model("qwen3-next-80b-a3b")
    assert model.cache.state_bytes == 36 * linear_state_bytes(model)
    assert linear_state_bytes(model) == 32 * 128 * 128 * 4 + 3 * (2 * 16 * 128 + 32 * 128) * 2


def test_a_stated_cache_stands_in_where_no_formula_covers_the_attention():
    assert catalog.model("deepseek-v4-pro").cache.full * 2 == pytest.approx(9.62 * 2**30 / 2**20, rel=0.001)


def test_an_attention_without_formula_and_figure_is_refused_with_the_field():
    with pytest.raises(QuestionError) as caught:
        _ = catalog.model("deepseek-v4-flash").cache
    assert caught.value.field == "model_size"


def test_attention_work_of_a_pair_is_four_heads_times_width_per_layer():
    assert flops_per_pair(catalog.model("llama-2-7b")) == (4 * 32 * 32 * 128, 0)


def test_attention_work_of_windowed_layers_is_counted_apart():
    full, windowed = flops_per_pair(catalog.model("gemma-3-27b"))
    assert windowed / full == pytest.approx(52 / 10)


def test_total_is_the_sum_of_its_parts_for_every_model():
    for key in catalog.model_keys():
        counts = catalog.model(key).counts
        assert counts.total == counts.embedding + counts.dense + counts.experts + counts.vision
        assert 0 < counts.active <= counts.total
