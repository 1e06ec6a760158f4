"""Load: Little's law, queues and replicas. Checks are relations that hold whatever the speed is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.estimates.load import implied_batch, load_of, solve
from calculator.physics.latency import latency
from calculator.physics.shape_from_specs import shape_of
from tests.calculator.make import deployment, workload

RATES = st.floats(1, 1e6)


def _load(rate, model="llama-3.1-8b", gpu="h100-sxm", layout=None, **more):
    return load_of(deployment(model, gpu, **(layout or {})), workload(requests_per_hour=rate, **more))


def test_no_load_is_no_estimate():
    assert load_of(deployment(), workload()) is None


def test_an_unknown_speed_is_no_estimate():
    assert _load(100, gpu="apple-m4-max") is None


@given(RATES)
@settings(max_examples=40, deadline=None)
def test_what_is_in_flight_is_arrivals_times_duration(rate):
    load = _load(rate)
    if not load.overloaded and 1 < load.batch_in_flight < 800:
        shape = shape_of(deployment())
        duration = latency(shape, 300, 200, load.batch_in_flight, 0.0).e2e_s
        assert load.batch_in_flight == pytest.approx(rate / 3600 * duration, rel=0.01)


@given(RATES, RATES)
@settings(max_examples=40, deadline=None)
def test_more_arrivals_are_never_served_sooner(one, other):
    calm, busy = _load(min(one, other)), _load(max(one, other))
    assert calm.utilization <= busy.utilization
    if busy.overloaded:
        return
    assert calm.latency_p95_seconds <= busy.latency_p95_seconds * 1.01
    assert calm.batch_in_flight <= busy.batch_in_flight * 1.01


@given(RATES)
@settings(max_examples=40, deadline=None)
def test_half_are_served_no_later_than_nineteen_in_twenty(rate):
    load = _load(rate)
    if not load.overloaded:
        assert load.ttft_p50_seconds <= load.ttft_p95_seconds <= load.latency_p95_seconds
        assert load.latency_p50_seconds <= load.latency_p95_seconds


def test_beyond_capacity_it_is_overloaded_and_no_percentile_is_claimed():
    capacity = _load(1).capacity_requests_per_hour
    load = _load(2 * capacity)
    assert load.overloaded
    assert load.utilization == pytest.approx(2)
    assert (load.queue_wait_seconds, load.ttft_p95_seconds, load.latency_p95_seconds) == (None, None, None)
    assert load.replicas_needed >= 3


def test_two_replicas_have_twice_the_capacity():
    one, two = _load(100), _load(100, layout={"replicas": 2})
    assert two.capacity_requests_per_hour == pytest.approx(2 * one.capacity_requests_per_hour, rel=0.02)


@given(st.floats(10, 1e6))
@settings(max_examples=30, deadline=None)
def test_the_replicas_asked_for_are_enough_and_meet_the_limit(rate):
    load = _load(rate, max_latency_s=10)
    enough = _load(rate, layout={"replicas": load.replicas_needed}, max_latency_s=10)
    assert not enough.overloaded
    assert enough.latency_p95_seconds <= 10


def test_a_limit_that_one_request_alone_misses_is_met_by_no_number_of_replicas():
    load = _load(100, max_latency_s=0.01)
    assert load.replicas_needed is None
    assert "replicas do not help" in load.reason
    assert load.replicas_to_keep_up == 1


def test_the_batch_that_a_load_implies_is_at_least_one():
    assert implied_batch(deployment(), workload(requests_per_hour=1)) == 1
    assert implied_batch(deployment(), workload()) == 1
    assert implied_batch(deployment(), workload(requests_per_hour=100_000)) > 10


def test_the_fixed_point_of_a_straight_line_is_found():
    assert solve(lambda b: 2 + 0.5 * b, 100) == pytest.approx(4, rel=0.01)
    assert solve(lambda b: 2 + 0.5 * b, 3) == 3
    assert solve(lambda _: 0.25, 100) == pytest.approx(0.25)
