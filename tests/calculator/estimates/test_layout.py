"""How accelerators are used by default, and what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import catalog
from calculator.errors import QuestionError
from calculator.estimates.layout import LayoutWish, deploy
from calculator.estimates.memory import fits
from calculator.specs.precision import PRECISIONS
from calculator.specs.workload import Workload
from tests.calculator.make import deployment, workload


def _deploy(model, gpu, load=None, precision=None, **layout):
    return deploy(catalog.model(model), catalog.gpu(gpu), load or workload(), LayoutWish(**layout), precision=precision)


def test_a_model_that_fits_on_one_card_is_copied_onto_the_others():
    d = _deploy("llama-3.1-8b", "h100-sxm", gpus=4)
    assert (d.tp, d.replicas) == (1, 4)


def test_a_model_that_does_not_is_split_over_the_fewest_that_hold_it():
    d = _deploy("llama-3.1-70b", "h100-sxm", workload(batch_size=64), gpus=8)
    assert (d.tp, d.replicas) == (4, 2)


def test_without_a_count_it_is_one_card_even_where_that_is_too_small():
    d = _deploy("gpt-3-175b", "h100-sxm")
    assert (d.gpus, fits(d, workload())) == (1, False)


def test_nothing_that_fits_means_the_widest_split():
    assert _deploy("llama-3.1-405b", "rtx-4090", gpus=8).tp == 8


def test_what_is_said_is_kept():
    d = _deploy("llama-3.1-70b", "h100-sxm", tp=2, replicas=3)
    assert (d.tp, d.replicas, d.gpus) == (2, 3, 6)


def test_a_split_that_does_not_make_up_the_count_is_refused():
    with pytest.raises(QuestionError) as caught:
        _deploy("llama-3.1-8b", "h100-sxm", gpus=6, tp=4)
    assert caught.value.field == "gpus"


def test_tp_divides_the_heads_or_is_refused_with_those_that_do():
    with pytest.raises(QuestionError) as caught:
        _deploy("falcon-7b", "h100-sxm", tp=2)
    assert caught.value.field == "tp"
    assert "71 heads" in caught.value.message


def test_data_parallel_attention_needs_experts():
    with pytest.raises(QuestionError) as caught:
        deployment("llama-3.1-8b", dp=2)
    assert caught.value.field == "dp"


def test_more_stages_than_layers_are_refused():
    with pytest.raises(QuestionError) as caught:
        deployment("llama-3.1-8b", pp=64)
    assert caught.value.field == "pp"


def test_the_engine_follows_file_format_and_hardware():
    assert _deploy("llama-3.1-8b", "h100-sxm").engine.key == "vllm"
    assert _deploy("llama-3.1-8b", "rtx-4090", precision=PRECISIONS["q4_k_m"]).engine.key == "llama.cpp"
    assert _deploy("llama-3.1-8b", "apple-m2-ultra").engine.key == "llama.cpp"


def test_the_weights_are_the_vendors_unless_said_otherwise():
    assert _deploy("deepseek-r1", "h200-sxm", gpus=8).precision.key == "fp8"
    assert _deploy("llama-2-7b", "a100-sxm-40gb").precision.key == "bf16"


def test_big_cards_batch_more_tokens_by_default():
    """vLLM: 8,192 tokens on 70 GiB and more other than A100, 2,048 elsewhere."""
    batched = [deployment(gpu=key).batched_tokens for key in ("h100-sxm", "a100-sxm-80gb", "rtx-4090")]
    assert batched == [8192, 2048, 2048]


MODELS = st.sampled_from([key for key in catalog.model_keys() if key != "deepseek-v4-flash"])


@given(MODELS, st.sampled_from(catalog.gpu_keys()), st.integers(1, 16), st.integers(1, 64))
@settings(max_examples=80, deadline=None)
def test_the_default_split_always_makes_up_the_count(model, gpu, gpus, batch):
    d = deploy(
        catalog.model(model),
        catalog.gpu(gpu),
        Workload(input_tokens=300, output_tokens=200, batch_size=batch),
        LayoutWish(gpus=gpus),
    )
    assert d.gpus == gpus
    assert d.tp & (d.tp - 1) == 0
    assert d.model.num_attention_heads % d.tp == 0
