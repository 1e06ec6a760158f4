"""The whole catalog against requirements: what the rough look by columns finds is what a single question answers."""

import pytest

from calculator import catalog
from calculator.decisions.search import search
from calculator.errors import QuestionError
from calculator.estimates.latency import latency_of
from calculator.estimates.memory import memory_of
from calculator.prices.own_rates import price_for
from calculator.specs.price import Price
from calculator.specs.requirements import Requirements
from tests.calculator.make import workload


def known(key):
    try:
        return catalog.model(key).cache is not None
    except QuestionError:
        return False


MODELS = [catalog.model(key) for key in catalog.model_keys() if known(key)]
GPUS = [catalog.gpu(key) for key in catalog.gpu_keys()]
LOAD = workload(300, 200, requests_per_hour=1000, max_latency_s=3.0)


def priced(gpu):
    price = price_for(gpu)
    return price.usd_per_gpu_hour if isinstance(price, Price) else None


@pytest.fixture(scope="module")
def found():
    return search(LOAD, Requirements(), priced, models=MODELS, gpus=GPUS)


@pytest.mark.parametrize("order", ["cost", "speed", "simplicity"])
def test_every_candidate_fits_and_meets_the_limit_when_computed_alone(order, found):
    assert found.meets
    for one in found.by(order, 25):
        assert memory_of(one.deployment, workload(300, 200)).memory_fits
        assert latency_of(one.deployment, workload(300, 200)).total_latency_seconds == pytest.approx(one.latency_s)
        assert one.latency_s <= 3


def test_the_orders_are_what_they_say(found):
    costs = [one.monthly_usd for one in found.by("cost", 50)]
    speeds = [one.latency_s for one in found.by("speed", 50)]
    cards = [one.deployment.tp * one.copies for one in found.by("simplicity", 50)]
    assert costs == sorted(costs)
    assert speeds == sorted(speeds)
    assert cards == sorted(cards)


def test_what_it_costs_is_cards_times_price_times_hours(found):
    one = found.by("cost", 1)[0]
    assert one.monthly_usd == pytest.approx(one.deployment.tp * one.copies * priced(one.deployment.gpu) * 720)


def test_more_load_takes_more_copies():
    heavy = LOAD.model_copy(update={"requests_per_hour": 1_000_000})
    light, busy = (
        search(load, Requirements(), priced, models=[catalog.model("llama-3.1-70b")], gpus=[catalog.gpu("h100-sxm")])
        for load in (LOAD, heavy)
    )
    assert busy.by("cost", 1)[0].copies > 10 * light.by("cost", 1)[0].copies


def test_a_budget_that_nothing_meets_gives_the_closest_and_says_so():
    tight = search(LOAD, Requirements(budget_usd=0.01), priced, models=MODELS, gpus=GPUS)
    assert not tight.meets
    assert len(tight.rows)


def test_a_limit_that_nothing_meets_gives_the_fastest_and_says_so():
    impossible = search(
        LOAD.model_copy(update={"max_latency_s": 1e-6}), Requirements(), priced, models=MODELS, gpus=GPUS
    )
    assert not impossible.meets
    assert impossible.by("speed", 1)[0].latency_s < 1


def test_only_the_precision_that_will_do_is_found():
    found = search(LOAD, Requirements(), priced, models=MODELS, gpus=GPUS, precision="fp8")
    assert {one.deployment.precision.key for one in found.by("cost", 50)} == {"fp8"}


def test_nothing_is_found_where_no_price_is_known_or_nothing_holds_it():
    assert search(LOAD, Requirements(), lambda _: None, models=MODELS, gpus=GPUS) is None
    assert search(LOAD, Requirements(), priced, models=[catalog.model("deepseek-r1")], gpus=[catalog.gpu("t4")]) is None
    assert search(LOAD, Requirements(), priced, models=[], gpus=GPUS) is None
