"""Names as people write them, and what they are understood as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator import catalog
from calculator.catalog.resolved import HostedModel
from calculator.errors import QuestionError


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("A100", "a100-sxm-40gb"),
        ("a100s", "a100-sxm-40gb"),
        ("A100 80GB", "a100-sxm-80gb"),
        ("A100-80G PCIe", "a100-pcie-80gb"),
        ("NVIDIA A100-SXM4-80GB", "a100-sxm-80gb"),
        ("H100", "h100-sxm"),
        ("h100s", "h100-sxm"),
        ("H100 PCIe", "h100-pcie"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm"),
        ("L40S", "l40s"),
        ("l40", "l40"),
        ("RTX4090", "rtx-4090"),
        ("4090", "rtx-4090"),
        ("rtx_4090", "rtx-4090"),
        ("4090s", "rtx-4090"),
        ("GeForce RTX 3090", "rtx-3090"),
        ("MI300X", "mi300x"),
        ("M2 Ultra", "apple-m2-ultra"),
        ("Tesla T4", "t4"),
        ("h200", "h200-sxm"),
        ("V100", "v100-sxm2-16gb"),
        ("A10G", "a10g"),
        ("TPU v5e", "tpu-v5e"),
        ("a6000", "rtx-a6000"),
        ("gaudi 3", "gaudi3"),
        ("RTX 6000 Ada", "rtx-6000-ada"),
        ("GH200", "gh200-96gb"),
        ("cpu", "cpu-epyc-9004"),
    ],
)
def test_an_accelerator_is_found_however_it_is_written(words, key):
    assert catalog.find_gpu(words).spec.key == key


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("7B", "llama-2-7b"),
        ("13b", "llama-2-13b"),
        ("70 B", "llama-2-70b"),
        ("7 billion", "llama-2-7b"),
        ("meta-llama/Llama-3.1-70B-Instruct", "llama-3.1-70b"),
        ("Llama 3.1 70b instruct", "llama-3.1-70b"),
        ("llama3.1:8b", "llama-3.1-8b"),
        ("Meta-Llama-3-8B-Instruct", "llama-3-8b"),
        ("qwen2.5 32b", "qwen2.5-32b"),
        ("Qwen/Qwen2.5-7B-Instruct", "qwen2.5-7b"),
        ("mixtral", "mixtral-8x7b"),
        ("Llama-2-7b-chat-hf", "llama-2-7b"),
        ("Mixtral-8x7B-Instruct-v0.1", "mixtral-8x7b"),
        ("deepseek r1", "deepseek-r1"),
        ("phi4", "phi-4"),
        ("DeepSeek-R1-Distill-Qwen-7B", "deepseek-r1-distill-qwen-7b"),
        ("gemma 3 27b it", "gemma-3-27b"),
        ("command r+", "command-r-plus-104b"),
        ("gpt-4", "gpt-4"),
        ("claude sonnet 4.5", "claude-sonnet-4-5"),
        ("gpt-3-175b", "gpt-3-175b"),
    ],
)
def test_a_model_is_found_however_it_is_written(words, key):
    assert catalog.find_model(words).spec.key == key


@pytest.mark.parametrize("key", catalog.model_keys())
def test_every_model_is_found_by_its_key_its_name_and_its_repository(key):
    model = catalog.model(key)
    assert {catalog.find_model(words).spec.key for words in (key, model.display_name, model.hf_id)} == {key}


@pytest.mark.parametrize("key", catalog.gpu_keys())
def test_every_accelerator_is_found_by_its_key_and_its_name(key):
    assert {catalog.find_gpu(words).spec.key for words in (key, catalog.gpu(key).display_name)} == {key}


@given(st.sampled_from(catalog.model_keys()), st.sampled_from([" ", "-", "_", ".", ""]), st.booleans())
def test_separators_and_capitals_do_not_matter(key, separator, upper):
    words = key.replace("-", separator)
    assert catalog.find_model(words.upper() if upper else words).spec.key == key


def test_a_short_name_of_several_cards_says_which_one_was_taken():
    found = catalog.find_gpu("A100")
    assert found.note == "A100 -> A100 SXM4 40GB"
    assert "a100-sxm-80gb" in found.alternatives
    assert catalog.find_gpu("RTX 4090").note is None


def test_a_bare_size_says_that_it_means_llama_2_and_offers_newer_models():
    found = catalog.find_model("7B")
    assert found.note == "7B -> Llama 2 7B at 16 bits; newer: llama-3.1-8b, qwen2.5-7b"
    assert catalog.find_model(found.alternatives[0]).spec.key == "llama-3.1-8b"


@pytest.mark.parametrize("words", ["8B", "32b", "405 billion"])
def test_any_other_bare_size_is_refused_with_models_of_that_size(words):
    with pytest.raises(QuestionError) as caught:
        catalog.find_model(words)
    assert caught.value.field == "model_size"
    assert all(catalog.find_model(key) for key in caught.value.suggestions)
    assert words in caught.value.message


def test_a_family_without_a_size_is_refused_with_its_members():
    with pytest.raises(QuestionError) as caught:
        catalog.find_model("llama 3.1")
    assert set(caught.value.suggestions) == {"llama-3.1-8b", "llama-3.1-70b", "llama-3.1-405b"}


def test_a_misspelt_model_is_refused_with_what_may_have_been_meant():
    with pytest.raises(QuestionError) as caught:
        catalog.find_model("lama 3.1 8b")
    assert caught.value.suggestions[0] == "llama-3.1-8b"
    assert "`llama-3.1-8b`" in caught.value.message


def test_an_unknown_accelerator_is_refused_and_quoted():
    with pytest.raises(QuestionError) as caught:
        catalog.find_gpu("H1OO SXM")
    assert caught.value.field == "hardware_type"
    assert "h100-sxm" in caught.value.suggestions
    assert "H1OO SXM" in str(caught.value)


def test_a_precision_glued_to_the_name_is_told_apart():
    found = catalog.find_model("Llama-3.1-8B-Instruct-AWQ")
    assert (found.spec.key, found.precision) == ("llama-3.1-8b", "awq")


def test_gpt_4_is_hosted_and_on_hardware_an_assumption():
    assert isinstance(catalog.find_model("GPT-4").spec, HostedModel)
    assumed = catalog.find_architecture("GPT-4")
    assert assumed.assumed
    assert (assumed.spec.num_hidden_layers, assumed.spec.hidden_size) == (96, 12_288)
    assert assumed.spec.counts.total / 1e9 == pytest.approx(175, rel=0.01)
    assert "assumed" in assumed.note


def test_a_model_that_is_hosted_only_runs_on_no_hardware():
    with pytest.raises(QuestionError, match="hosted only"):
        catalog.find_architecture("gpt-4o")


def test_a_model_may_be_open_and_hosted():
    assert catalog.find_architecture("llama-3.3-70b").spec.num_hidden_layers == 80
    assert len(catalog.find_hosted("llama-3.3-70b").spec.offers) == 18


def test_a_model_that_nobody_hosts_is_said_so():
    with pytest.raises(QuestionError, match="No hosted price"):
        catalog.find_hosted("falcon-40b")


def test_an_engine_is_found_by_its_names():
    assert [catalog.find_engine(words).key for words in ("vLLM", "trt-llm", "ollama")] == [
        "vllm",
        "tensorrt-llm",
        "llama.cpp",
    ]
    with pytest.raises(QuestionError) as caught:
        catalog.find_engine("vvlm")
    assert caught.value.field == "engine"


def test_every_suggestion_of_any_refusal_is_a_name_that_works():
    for words in ("gpt", "qwen", "h", "lama", "72b", "claude", "deepsek"):
        with pytest.raises(QuestionError) as caught:
            catalog.find_model(words)
        assert all(catalog.find_model(key) for key in caught.value.suggestions)
