"""Score and recommendations."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.estimates.compatibility import ScoreParts, score
from tests.calculator.make import estimated

SHARE = st.floats(0, 1)


def test_what_does_not_fit_scores_exactly_zero():
    e = estimated("llama-3.1-70b", "rtx-4090")
    assert e.compatibility.performance_score == 0
    assert e.hypothetical


@given(SHARE, SHARE | st.none(), SHARE | st.none())
def test_what_fits_scores_from_one_to_a_hundred(memory, latency, capacity):
    assert 1 <= score(ScoreParts(memory=memory, latency=latency, capacity=capacity), fits=True) <= 100 + 1e-9


@given(SHARE, SHARE, SHARE, SHARE)
def test_a_better_part_never_lowers_the_score(memory, latency, capacity, better):
    before = score(ScoreParts(memory=memory, latency=latency, capacity=capacity), fits=True)
    for name, value in (("memory", memory), ("latency", latency), ("capacity", capacity)):
        improved = {"memory": memory, "latency": latency, "capacity": capacity} | {name: max(value, better)}
        assert score(ScoreParts(**improved), fits=True) >= before - 1e-9


def test_a_looser_limit_never_lowers_the_score():
    scores = [estimated(max_latency_s=limit).compatibility.performance_score for limit in (0.1, 0.5, 1, 2, 5, 50)]
    assert scores == sorted(scores)
    assert scores[0] < scores[-1]


def test_more_arrivals_never_raise_the_score():
    scores = [estimated(requests_per_hour=10**n).compatibility.performance_score for n in range(1, 7)]
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < scores[0]


def test_more_memory_in_use_never_raises_the_score():
    scores = [
        estimated("llama-2-13b", "a100-sxm-40gb", batch_size=b).compatibility.performance_score for b in (1, 8, 16, 24)
    ]
    assert scores == sorted(scores, reverse=True)


def test_a_missed_limit_scores_below_one_that_is_met():
    met, missed = estimated(max_latency_s=60), estimated(max_latency_s=0.2)
    assert missed.compatibility.performance_score < met.compatibility.performance_score - 20


def test_a_model_too_large_is_told_what_makes_it_fit():
    told = estimated("gpt-3-175b", "h100-sxm").compatibility.recommendations
    assert told[0].startswith("Model too large for a single H100")
    assert any("tp 8" in words for words in told)


def test_every_change_that_is_said_to_fit_does_fit():
    told = " ".join(estimated("llama-3.1-70b", "h100-sxm", batch_size=4).compatibility.recommendations)
    assert "fp8" in told or "tp 2" in told or "tp 4" in told
    tp = int(re.search(r"tp (\d+)", told)[1])
    assert estimated("llama-3.1-70b", "h100-sxm", layout={"tp": tp}, batch_size=4).memory.memory_fits


def test_a_batch_too_large_is_told_the_largest_that_fits():
    e = estimated("llama-2-13b", "a100-sxm-40gb", input_tokens=1000, output_tokens=1000, batch_size=64)
    assert f"Reduce batch size to {e.memory.max_concurrent_sequences}" in " ".join(e.compatibility.recommendations)


def test_a_missed_limit_is_told_a_change_that_was_tried():
    e = estimated("llama-2-13b", "a100-sxm-40gb", max_latency_s=2)
    told = e.compatibility.recommendations
    assert told[0].startswith("Exceeds the latency requirement")
    assert any(words.startswith("Consider") for words in told)


def test_overload_is_told_the_replicas():
    e = estimated(requests_per_hour=2_000_000)
    assert f"use {e.load.replicas_needed} replicas" in " ".join(e.compatibility.recommendations)


def test_high_memory_use_is_told_how_many_sequences_fit():
    e = estimated("llama-2-13b", "a100-sxm-40gb", batch_size=20)
    assert e.memory.memory_utilization_percent > 85
    assert "High memory utilization" in " ".join(e.compatibility.recommendations)


def test_an_idle_card_is_told_to_batch_more():
    told = " ".join(estimated("llama-2-7b", "h100-sxm", max_latency_s=60).compatibility.recommendations)
    assert "increasing batch size" in told


def test_a_request_longer_than_the_model_takes_is_told_so():
    told = estimated("llama-2-7b", "h200-sxm", input_tokens=5000).compatibility.recommendations
    assert "exceed" in told[0]


@pytest.mark.parametrize("model", ["llama-3.1-8b", "llama-3.1-70b", "deepseek-r1", "gpt-oss-120b"])
@pytest.mark.parametrize("gpu", ["rtx-4090", "h100-sxm", "apple-m4-max", "tpu-v5e"])
def test_there_is_always_something_to_say_and_never_more_than_four_sentences(model, gpu):
    told = estimated(model, gpu, max_latency_s=2, requests_per_hour=100).compatibility.recommendations
    assert 1 <= len(told) <= 4
