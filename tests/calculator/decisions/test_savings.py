"""Cheaper hardware for the same work. Witness: the estimate of what is proposed, and arithmetic written out here."""

import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calculator import catalog
from calculator.decisions.savings import cheapest_alternative
from calculator.estimates.estimate import estimate
from calculator.estimates.load import COMFORTABLE
from calculator.prices.pricing import price_of
from calculator.specs.price import NoPrice, Price
from tests.calculator.make import deployment, workload

FEW = ("l4", "l40s", "a100-sxm-80gb", "h100-sxm", "h200-sxm", "mi300x")
CARDS = tuple(map(catalog.gpu, FEW))
SOME = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PRICES = st.dictionaries(st.sampled_from(FEW), st.floats(0.05, 20), max_size=6)
LOADS = st.builds(
    workload,
    input_tokens=st.integers(50, 3000),
    output_tokens=st.integers(10, 800),
    batch_size=st.integers(1, 64),
    requests_per_hour=st.floats(1, 200_000),
    max_latency_s=st.one_of(st.none(), st.floats(0.5, 30)),
    max_ttft_s=st.one_of(st.none(), st.floats(0.05, 5)),
)
RUNNING = st.sampled_from(
    [
        deployment("llama-3.1-8b", "h100-sxm", replicas=2),
        deployment("llama-3.1-70b", "h100-sxm", tp=4),
        deployment("mixtral-8x7b", "a100-sxm-80gb", tp=2, replicas=2),
        deployment("qwen2.5-32b", "l40s", tp=4),
    ]
)


def cloud(gpu):
    return price_of(gpu, "cloud")


def listed(prices, basis="cloud"):
    """A price list."""

    def price(gpu):
        usd = prices.get(gpu.key)
        return (
            NoPrice(reason="none")
            if usd is None
            else Price(usd_per_gpu_hour=usd, basis=basis, source="list", low=usd, high=usd)
        )

    return price


def test_a_small_load_on_two_h100_is_told_of_one_cheaper_card():
    now, load = deployment("llama-3.1-8b", "h100-sxm", replicas=2), workload(requests_per_hour=1000.0)
    hourly = 2 * cloud(now.gpu).usd_per_gpu_hour
    found = cheapest_alternative(now, load, hourly, cloud)
    assert found is not None
    assert (found.count, found.tp, found.replicas) == (1, 1, 1)
    assert found.hourly_usd == cloud(catalog.gpu(found.gpu)).usd_per_gpu_hour
    assert found.monthly_saving_usd == pytest.approx((hourly - found.hourly_usd) * 720)
    assert found.parts[0] == f"1x {catalog.gpu(found.gpu).display_name}"


def test_fewer_of_the_same_card_are_proposed_where_no_other_is_cheaper():
    now, load = deployment("llama-3.1-8b", "h100-sxm", replicas=4), workload(requests_per_hour=1000.0)
    found = cheapest_alternative(now, load, 12, listed({"h100-sxm": 3}))
    assert found is not None
    assert (found.gpu, found.count, found.hourly_usd) == ("h100-sxm", 1, 3)


def test_as_many_of_the_same_card_are_no_proposal_even_where_its_price_has_fallen():
    now, load = deployment("llama-3.1-8b", "h100-sxm"), workload(requests_per_hour=1000.0)
    assert cheapest_alternative(now, load, 12, listed({"h100-sxm": 3})) is None


def test_without_a_stated_load_nothing_says_how_much_is_enough():
    assert cheapest_alternative(deployment(replicas=2), workload(), 6.5, cloud) is None


def test_a_limit_rules_out_what_is_too_slow():
    now = deployment("llama-3.1-70b", "h100-sxm", "fp8", tp=2)
    prices = listed({"l40s": 0.5, "h200-sxm": 3})
    slow = cheapest_alternative(now, workload(requests_per_hour=100.0), 6.5, prices)
    fast = cheapest_alternative(now, workload(requests_per_hour=100.0, max_latency_s=5.0), 6.5, prices)
    assert slow is not None
    assert fast is not None
    assert (slow.gpu, fast.gpu) == ("l40s", "h200-sxm")
    assert fast.latency_p95_s <= 5


def test_room_for_the_stated_batch_is_kept_even_where_the_load_needs_less():
    now = deployment("llama-3.1-8b", "h100-sxm", replicas=2)
    small, large = (
        cheapest_alternative(
            now, workload(3000, 1000, requests_per_hour=10.0, batch_size=batch), 6.5, listed({"l4": 0.5})
        )
        for batch in (1, 32)
    )
    assert small is not None
    assert large is not None
    assert small.count < large.count


def test_a_rented_card_is_never_held_against_an_owned_one():
    now, load = deployment("llama-3.1-8b", "rtx-4090", replicas=2), workload(requests_per_hour=100.0)
    prices = {"rtx-3090": 0.01, "l4": 0.01}
    assert cheapest_alternative(now, load, 1, listed(prices, "cloud")) is None
    assert cheapest_alternative(now, load, 1, listed(prices, "local")) is not None
    assert cheapest_alternative(now, load, 1, listed(prices, "cloud"), mode="cloud") is not None
    assert cheapest_alternative(now, load, 1, listed(prices, "own")) is not None


def test_no_consumer_card_takes_the_place_of_a_data_centre_card_unless_it_is_asked_for():
    now, load = deployment("llama-3.1-8b", "h100-sxm", replicas=2), workload(requests_per_hour=100.0)
    prices = listed({"rtx-4090": 0.3, "tpu-v5e": 0.01})
    assert cheapest_alternative(now, load, 6.5, prices) is None
    asked = cheapest_alternative(now, load, 6.5, prices, [catalog.gpu("rtx-4090")])
    assert asked is not None
    assert asked.gpu == "rtx-4090"


@SOME
@given(RUNNING, LOADS, PRICES, st.floats(0.1, 60))
def test_what_is_proposed_fits_starts_keeps_up_meets_the_limits_and_costs_less(now, load, prices, hourly):
    found = cheapest_alternative(now, load, hourly, listed(prices), CARDS)
    if found is None:
        return
    proposed = deployment(now.model.key, found.gpu, now.precision.key, tp=found.tp, replicas=found.replicas)
    result = estimate(proposed, load, listed(prices)(proposed.gpu))
    assert result.memory.memory_fits
    assert result.memory.will_start
    assert result.load is not None
    assert result.load.utilization <= COMFORTABLE
    assert (result.load.latency_p95_seconds or 0) <= (load.max_latency_s or math.inf)
    assert (result.load.ttft_p95_seconds or 0) <= (load.max_ttft_s or math.inf)
    assert found.hourly_usd == pytest.approx(proposed.gpus * prices[found.gpu])
    assert found.hourly_usd < hourly
    assert found.gpu != now.gpu.key or found.count < now.gpus


@SOME
@given(RUNNING, LOADS, PRICES, st.dictionaries(st.sampled_from(FEW), st.floats(0.3, 1)), st.floats(0.1, 60))
def test_a_cheaper_price_list_never_saves_less(now, load, prices, cuts, hourly):
    cheaper = {gpu: usd * cuts.get(gpu, 1) for gpu, usd in prices.items()}
    before, after = (cheapest_alternative(now, load, hourly, listed(each), CARDS) for each in (prices, cheaper))
    if before is not None:
        assert after is not None
        assert after.monthly_saving_usd >= before.monthly_saving_usd - 1e-9


@SOME
@given(RUNNING, LOADS, PRICES, st.floats(0.1, 60), st.floats(0.1, 1))
def test_a_smaller_load_never_saves_less(now, load, prices, hourly, share):
    lighter = load.model_copy(update={"requests_per_hour": load.requests_per_hour * share})
    before, after = (cheapest_alternative(now, each, hourly, listed(prices), CARDS) for each in (load, lighter))
    if before is not None:
        assert after is not None
        assert after.monthly_saving_usd >= before.monthly_saving_usd - 1e-9
