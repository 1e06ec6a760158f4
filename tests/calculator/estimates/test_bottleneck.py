"""What binds, in words, and the lever that moves it: every lever is true when it is pulled."""

import pytest

from calculator.catalog import gpu_keys
from calculator.estimates.bottleneck import WORDS
from tests.calculator.make import estimated


@pytest.mark.parametrize(
    ("phase", "asked"),
    [
        ("weights", {"output_tokens": 500}),
        ("memory", {"model": "llama-3.1-70b"}),
        ("queue", {"gpu": "l4", "requests_per_hour": 90_000, "batch_size": 8}),
        ("first_token", {"gpu": "l4", "input_tokens": 20_000, "output_tokens": 2}),
        (
            "other_prompts",
            {"model": "qwen2.5-32b", "gpu": "b200", "input_tokens": 4_000, "output_tokens": 100, "batch_size": 32},
        ),
        ("kv_cache", {"model": "llama-2-7b", "input_tokens": 2_000, "output_tokens": 2_000, "batch_size": 28}),
    ],
)
def test_the_phase_that_binds_is_named(phase, asked):
    found = estimated(**asked).binding
    assert (found.phase, found.words) == (phase, WORDS[phase])
    assert found.lever


def test_the_phases_add_up_to_the_whole_answer():
    latency = estimated("mixtral-8x7b", "a100-sxm-80gb", layout={"tp": 2}, batch_size=64).latency
    assert sum(latency.parts.values()) == pytest.approx(latency.total_latency_seconds)
    assert all(seconds >= 0 for seconds in latency.parts.values())


def test_a_lever_says_the_seconds_that_its_change_gives():
    plain, narrower = estimated(output_tokens=500), estimated(output_tokens=500, layout={"precision": "fp8"})
    assert plain.binding.lever == f"fp8 weights: {narrower.latency.total_latency_seconds:.3g} s"
    assert narrower.latency.total_latency_seconds < plain.latency.total_latency_seconds


def test_a_card_of_unknown_speed_says_nothing():
    assert estimated("llama-3.1-8b", "apple-m4-max").binding is None


@pytest.mark.parametrize("gpu", gpu_keys())
def test_every_card_has_a_reason_where_its_speed_is_known(gpu):
    found = estimated("llama-3.2-1b", gpu)
    assert (found.binding is None) == (found.latency.total_latency_seconds is None)
