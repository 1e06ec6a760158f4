"""Precisions, use cases and errors: the small vocabularies."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.errors import CalculatorError, QuestionError
from calculator.physics.shape_from_specs import peak_flops
from calculator.specs.engine import FAMILIES
from calculator.specs.precision import PRECISION_WORDS, PRECISIONS, find_precision, kv_bytes, word_of
from calculator.specs.workload import PROMPT_SHARE, split_tokens
from tests.calculator.make import deployment


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("FP8", "fp8"),
        ("bfloat16", "bf16"),
        ("16-bit", "fp16"),
        ("AWQ", "int4-awq"),
        ("int4", "int4-awq"),
        ("4 bit", "int4-awq"),
        ("gptq", "int4-gptq"),
        ("Q4_K_M", "q4_k_m"),
        ("q8", "q8_0"),
        ("gguf", "q4_k_m"),
        ("NVFP4", "nvfp4"),
        ("8bit", "int8"),
    ],
)
def test_a_precision_is_found_however_it_is_written(words, key):
    assert find_precision(words).key == key


def test_every_word_for_a_precision_means_one_precision():
    for key, others in PRECISION_WORDS.items():
        assert {find_precision(word).key for word in (key, *others)} == {key}


def test_every_precision_is_found_by_the_word_that_names_it():
    for precision in PRECISIONS.values():
        assert find_precision(word_of(precision), native=precision.key) == precision


def test_mxfp4_of_a_model_whose_experts_alone_are_mxfp4_means_its_checkpoint():
    assert find_precision("mxfp4", native="mxfp4-experts").linear_bits == 16
    assert find_precision("mxfp4", native="bf16").linear_bits == 4.25


def test_an_unknown_precision_lists_the_known_ones():
    with pytest.raises(QuestionError) as caught:
        find_precision("int3")
    assert caught.value.field == "precision"
    assert "int4-awq" in caught.value.message


def test_scales_are_counted_in_the_width():
    """AWQ at group 128: 16 bits of scale and 4 of zero point per 128 weights, 4.16 in all."""
    assert PRECISIONS["int4-awq"].linear_bits == pytest.approx(4 + 20 / 128, abs=0.01)
    assert PRECISIONS["nvfp4"].linear_bits == 4 + 8 / 16
    assert PRECISIONS["mxfp4"].linear_bits == 4 + 8 / 32


def test_a_card_without_fp8_computes_fp8_weights_at_16_bits():
    fp8 = PRECISIONS["fp8"]
    assert peak_flops(deployment(gpu="a100-sxm-80gb").gpu, fp8) == pytest.approx(312e12)
    assert peak_flops(deployment(gpu="h100-sxm").gpu, fp8) == pytest.approx(1978.9e12)


def test_a_cache_precision_is_known_or_refused():
    assert (kv_bytes("fp16"), kv_bytes("FP8"), kv_bytes("int8")) == (2, 1, 1)
    with pytest.raises(QuestionError) as caught:
        kv_bytes("fp3")
    assert caught.value.field == "kv_cache"


@given(st.integers(1, 10**7), st.sampled_from([None, *PROMPT_SHARE]))
def test_a_split_keeps_every_token_and_at_least_one_output(tokens, use_case):
    prompt, output = split_tokens(tokens, use_case)
    assert prompt + output == tokens
    assert output >= 1


def test_a_split_follows_the_use_case():
    assert [split_tokens(1000, use)[0] for use in (None, "chat", "content", "code", "rag")] == [750, 600, 150, 800, 900]


@pytest.mark.parametrize(
    ("tokens", "use_case", "field"), [(0, None, "tokens"), (-5, None, "tokens"), (10, "poems", "use_case")]
)
def test_a_split_that_makes_no_sense_is_refused(tokens, use_case, field):
    with pytest.raises(QuestionError) as caught:
        split_tokens(tokens, use_case)
    assert caught.value.field == field


def test_a_question_error_survives_being_sent_to_another_process():
    error = QuestionError("tokens", "Say how many.", ("500",))
    copy = pickle.loads(pickle.dumps(error))
    assert (copy.field, copy.message, copy.suggestions, str(copy)) == (
        "tokens",
        "Say how many.",
        ("500",),
        "Say how many.",
    )
    assert isinstance(copy, CalculatorError)


def test_an_era_follows_the_version_and_is_the_newest_without_one():
    vllm = deployment(engine="vllm").engine
    assert [vllm.era(version) for version in ("0.4.3", "0.6.0", "v0.8.5", "0.9.1")] == [0, 1, 1, 2]
    assert vllm.era(None) == len(vllm.era_starts)
    assert FAMILIES[vllm.family] == "vllm"
