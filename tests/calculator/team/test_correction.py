"""The team's own measurements: exact where they were taken, fading away from there, silent about everything else."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.estimates.estimate import estimate
from calculator.estimates.load import implied_batch
from calculator.team.correction import NO_CORRECTION, correction_of
from calculator.team.measurement import OwnMeasurement
from tests.calculator.make import deployment, workload

FACTORS = st.floats(0.2, 5)


def measured(number=1, d=None, **figures):
    """A measurement of a deployment at 300 in, 200 out and 4 in flight, unless said otherwise."""
    d = d or deployment()
    point = {"input_tokens": 300, "output_tokens": 200, "batch_size": 4} | figures
    setup = {
        "model": d.model.key,
        "precision": d.precision.key,
        "kv_precision": d.kv_precision,
        "gpu": d.gpu.key,
        "tp": d.tp,
        "pp": d.pp,
        "dp": d.dp,
        "replicas": d.replicas,
        "engine": d.engine.key,
    }
    return OwnMeasurement(**setup, number=number, **point)


def latency_at(*measurements, d=None, **load):
    return estimate(d or deployment(), workload(**{"batch_size": 4} | load), measurements=measurements).latency


@given(seconds=st.floats(0.05, 500))
def test_at_the_measured_point_the_answer_takes_as_long_as_was_measured(seconds):
    found = latency_at(measured(total_latency_s=seconds))
    assert found.total_latency_seconds == pytest.approx(seconds, rel=1e-12)
    assert found.tokens_per_second == pytest.approx(500 / seconds, rel=1e-12)


@given(ttft=st.floats(0.01, 10), tpot=st.floats(0.001, 1))
def test_a_first_token_and_a_time_per_token_are_each_met(ttft, tpot):
    found = latency_at(measured(ttft_s=ttft, tpot_s=tpot))
    assert (found.ttft_seconds, found.tpot_seconds) == (pytest.approx(ttft), pytest.approx(tpot))
    assert found.total_latency_seconds == pytest.approx(ttft + 199 * tpot)


@given(factor=FACTORS, batch=st.integers(1, 256), length=st.integers(20, 4000))
def test_away_from_the_point_the_correction_fades_with_the_logarithm_of_batch_and_context(factor, batch, length):
    plain = latency_at().total_latency_seconds
    there = latency_at(batch_size=batch, input_tokens=length, output_tokens=200).total_latency_seconds
    corrected = latency_at(measured(total_latency_s=plain * factor), batch_size=batch, input_tokens=length)
    distance = abs(math.log2(batch / 4)) + abs(math.log2((length + 200) / 500))
    expected = there * factor ** math.exp(-distance)
    if math.exp(-distance) < 0.01:
        expected = there
    assert corrected.total_latency_seconds == pytest.approx(expected)


@pytest.mark.parametrize(
    "other",
    [
        {"gpu": "h200-sxm"},
        {"precision": "fp8"},
        {"model": "qwen3-8b"},
        {"tp": 2},
        {"engine": "sglang"},
        {"kv_precision": "fp8"},
    ],
)
def test_another_setup_is_not_corrected(other):
    mine = measured(total_latency_s=0.001)
    assert latency_at(mine, d=deployment(**other)) == latency_at(d=deployment(**other))


def test_replicas_share_what_was_measured_of_one():
    one = measured(total_latency_s=9.0)
    assert latency_at(one, d=deployment(replicas=2), batch_size=8).total_latency_seconds == pytest.approx(9.0)


def test_a_time_per_token_alone_leaves_the_first_token_as_predicted():
    plain, found = latency_at(), latency_at(measured(tpot_s=0.5))
    assert found.ttft_seconds == plain.ttft_seconds
    assert found.tpot_seconds == pytest.approx(0.5)


def test_the_newer_of_two_measurements_of_one_point_counts():
    assert latency_at(measured(1, total_latency_s=9.0), measured(2, total_latency_s=3.0)).total_latency_seconds == (
        pytest.approx(3.0)
    )


def test_a_total_and_an_older_first_token_give_the_time_per_token():
    found = latency_at(measured(1, ttft_s=1.0, tpot_s=7.0), measured(2, total_latency_s=20.9))
    assert (found.ttft_seconds, found.tpot_seconds) == (pytest.approx(1.0), pytest.approx(0.1))


def test_an_older_figure_that_a_newer_total_contradicts_is_left_out():
    found = latency_at(measured(1, ttft_s=30.0), measured(2, total_latency_s=20.0))
    assert found.total_latency_seconds == pytest.approx(20.0)


def test_the_nearest_of_several_points_counts():
    near, far = measured(1, total_latency_s=9.0), measured(2, total_latency_s=1.0, batch_size=64)
    assert latency_at(near, far).total_latency_seconds == pytest.approx(9.0)
    assert latency_at(near, far, batch_size=64).total_latency_seconds == pytest.approx(1.0)


def test_the_interval_narrows_at_the_measured_point_to_what_repetitions_differ_by():
    plain = latency_at()
    low, high = latency_at(measured(total_latency_s=plain.total_latency_seconds)).intervals["total_latency_seconds"]
    wide_low, wide_high = plain.intervals["total_latency_seconds"]
    assert wide_low < low < plain.total_latency_seconds < high < wide_high
    assert high / plain.total_latency_seconds == pytest.approx(1.1)


@given(factor=FACTORS, batch=st.integers(1, 512))
def test_the_figures_lie_within_their_intervals_wherever_one_asks(factor, batch):
    mine = measured(total_latency_s=latency_at().total_latency_seconds * factor)
    found = latency_at(mine, batch_size=batch)
    for name, (low, high) in found.intervals.items():
        assert low < getattr(found, name) < high


def test_load_and_cost_rest_on_the_measurement_too():
    slow = measured(total_latency_s=60.0)
    plain = estimate(deployment(), workload(batch_size=4, requests_per_hour=100))
    found = estimate(deployment(), workload(batch_size=4, requests_per_hour=100), measurements=(slow,))
    assert found.load.latency_p95_seconds >= 10 * plain.load.latency_p95_seconds
    assert found.cost.cost_per_request == pytest.approx(
        plain.cost.cost_per_request * 60 / plain.latency.total_latency_seconds
    )
    assert found.correction.measurements == (slow,)


def test_the_number_in_flight_follows_from_the_measured_speed():
    slow, busy = measured(total_latency_s=60.0, batch_size=1), workload(requests_per_hour=120)
    assert implied_batch(deployment(), busy, (slow,)) > implied_batch(deployment(), busy)


def test_a_card_of_unknown_speed_is_not_corrected():
    d = deployment(gpu="apple-m4-max")
    assert correction_of(d, workload(), (measured(d=d, total_latency_s=3.0),)) == NO_CORRECTION
