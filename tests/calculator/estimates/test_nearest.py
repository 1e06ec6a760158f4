"""The nearest published measurement, in words and without its figures."""

import pytest

from calculator.catalog import loader
from calculator.estimates import nearest
from calculator.estimates.nearest import is_known_card, is_known_model, nearest_measurement
from tests.calculator.make import deployment

MEASURED = [
    ["llama-3.1-70b", "h100-sxm", "vllm", "fp8", [4, 32, 128]],
    ["llama-3.1-8b", "h100-sxm", "vllm", "bf16", [1]],
    ["llama-3.1-70b", "b200", "tensorrt-llm", "nvfp4", []],
]


@pytest.fixture(autouse=True)
def measured(monkeypatch):
    caches = (nearest.setups, nearest._known, nearest._nearest)
    monkeypatch.setitem(loader.read("coefficients"), "measured", MEASURED)
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


def test_the_same_setup_is_named_with_the_closest_batch():
    found = nearest_measurement(deployment("llama-3.1-70b", "h100-sxm", "fp8", tp=2), 40)
    assert found == "H100 SXM5 80GB, Llama 3.1 70B, FP8, vLLM, batch 32"


def test_another_model_on_the_card_stands_in_for_one_of_its_size():
    found = nearest_measurement(deployment("qwen2.5-7b", "h100-sxm"), 1)
    assert found == "H100 SXM5 80GB, Llama 3.1 8B, BF16, vLLM, batch 1"


def test_a_setup_without_a_batch_is_named_without_one():
    found = nearest_measurement(deployment("llama-3.1-70b", "b200", "nvfp4"), 1)
    assert found == "B200 SXM 180GB, Llama 3.1 70B, NVFP4, TensorRT-LLM"


def test_nothing_is_named_where_neither_card_nor_model_was_measured():
    assert nearest_measurement(deployment("gemma-2-9b", "t4"), 1) is None


def test_cards_and_models_are_known_when_anything_was_measured_of_them():
    assert is_known_card("b200")
    assert not is_known_card("t4")
    assert is_known_model("llama-3.1-8b")
    assert not is_known_model("gemma-2-9b")
