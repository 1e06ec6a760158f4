"""Beyond a fixed number in flight: saturation and arrivals at a rate."""

import pytest

from calculator.physics.latency import latency
from calculator.physics.saturation import saturated, under_arrivals
from calculator.physics.shape_from_specs import shape_of
from tests.calculator.make import deployment


def shape(model="llama-3.1-8b", gpu="h100-sxm", precision=None, **settings):
    return shape_of(deployment(model, gpu, precision, **settings))


def test_saturation_gives_more_tokens_than_one_sequence():
    s = shape()
    most, one = saturated(s, 1000, 500), latency(s, 1000, 500, 1)
    assert most.batch > 16
    assert most.output_tokens_per_s > 10 * 500 / one.e2e_s


def test_longer_requests_leave_room_for_fewer():
    s = shape(gpu="l4", precision="fp8")
    assert saturated(s, 6000, 1000).batch < saturated(s, 600, 100).batch


def test_replicas_multiply_what_saturation_gives():
    one, four = saturated(shape(), 1000, 500), saturated(shape(replicas=4), 1000, 500)
    assert four.output_tokens_per_s == pytest.approx(4 * one.output_tokens_per_s)
    assert four.batch == pytest.approx(4 * one.batch)


def test_few_arrivals_meet_an_idle_server():
    s = shape()
    batch, point = under_arrivals(s, 500, 200, 0.01)
    assert batch == pytest.approx(1, abs=0.01)
    assert point.tpot_s == pytest.approx(latency(s, 500, 200, 1).tpot_s, rel=0.01)


def test_in_flight_is_arrivals_times_their_time():
    """Little's law, at a rate that the server keeps up with."""
    batch, point = under_arrivals(shape(), 500, 200, 10.0)
    assert batch == pytest.approx(10.0 * (200 * point.tpot_s + point.prefill_s), rel=0.02)


def test_more_arrivals_wait_longer_and_never_exceed_the_room():
    s = shape()
    found = [under_arrivals(s, 2000, 500, rate) for rate in (1.0, 4.0, 16.0, 64.0, 1e4)]
    assert [batch for batch, _ in found] == sorted(batch for batch, _ in found)
    assert [point.ttft_s for _, point in found] == sorted(point.ttft_s for _, point in found)
    assert found[-1][0] <= saturated(s, 2000, 500).batch * 1.001
