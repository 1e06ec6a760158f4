"""Which of a team's own prices answers a question. Witness: the rule, case by case."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from calculator import catalog
from calculator.prices.own_rates import applying, price_for, price_from
from calculator.prices.pricing import local, price_of
from calculator.prices.wish import OwnedCard, PriceWish
from calculator.specs.price import OwnRate, Price

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
H100, RTX4090 = catalog.gpu("h100-sxm"), catalog.gpu("rtx-4090")


def rate(usd="2.10", gpu="h100-sxm", provider="", number=3, since=NOON, **more):
    return OwnRate(
        number=number, gpu=gpu, provider=provider, usd_per_gpu_hour=Decimal(usd), user_id="U1", since=since, **more
    )


def test_a_price_says_which_one_since_when_at_whom_and_why():
    price = price_from(rate(provider="aws", note="reserved until June"))
    assert (price.usd_per_gpu_hour, price.low, price.high, price.basis) == (2.1, 2.1, 2.1, "own")
    assert (price.providers, price.date) == (("aws",), "2026-11-24")
    assert price.note == "your team's own price 3 since 2026-11-24 at aws: reserved until June"


@pytest.mark.parametrize("said", [{}, {"choice": "median"}])
def test_the_teams_own_price_answers_where_the_question_says_nothing_else(said):
    assert price_for(H100, "cloud", [rate()], PriceWish(**said)).usd_per_gpu_hour == 2.1
    assert price_for(H100, None, [rate(provider="aws")], PriceWish(**said)).usd_per_gpu_hour == 2.1


@pytest.mark.parametrize(
    "said",
    [
        {"usd_per_gpu_hour": 9.0},
        {"region": "us-east-1"},
        {"choice": "cheapest"},
        {"choice": "spot"},
        {"provider": "gcp"},
    ],
)
def test_what_the_question_says_comes_before_the_teams_own_price(said):
    rates = [rate(), rate("1", provider="aws")]
    assert price_for(H100, "cloud", rates, PriceWish(**said)) == price_of(H100, "cloud", PriceWish(**said))


def test_a_provider_that_is_asked_for_means_the_own_price_at_that_provider():
    rates = [rate(), rate("1.5", provider="aws")]
    assert price_for(H100, "cloud", rates, PriceWish(provider="aws")).usd_per_gpu_hour == 1.5


def test_without_a_provider_the_general_price_comes_first_then_the_newest():
    aws, gcp = rate("3", provider="aws"), rate("4", provider="gcp", since=NOON + timedelta(days=1))
    assert applying([aws, gcp, rate()], "h100-sxm") == rate()
    assert applying([gcp, aws], "h100-sxm") == gcp
    assert applying([gcp, aws], "l4") is None


def test_a_price_that_has_ended_does_not_answer():
    assert applying([rate(until=NOON)], "h100-sxm") is None


def test_an_owned_card_costs_what_the_team_says_unless_the_question_says_how_to_compute_it():
    general, rented = rate("0.5", "rtx-4090"), rate("0.4", "rtx-4090", "aws")
    assert price_for(RTX4090, None, [general]).usd_per_gpu_hour == 0.5
    assert price_for(RTX4090, None, [rented]) == price_of(RTX4090)
    assert price_for(RTX4090, "cloud", [rented]).usd_per_gpu_hour == 0.4
    bought = OwnedCard(purchase_price_usd=900.0)
    assert price_for(RTX4090, None, [general], PriceWish(owned=bought)) == local(RTX4090, bought)


def test_mixed_hardware_takes_the_own_price_for_what_is_rented():
    at_aws = price_for(H100, "hybrid", [rate("2", provider="aws")], PriceWish(local_share=0.25))
    own = local(H100)
    assert isinstance(own, Price)
    assert at_aws.usd_per_gpu_hour == pytest.approx(0.25 * own.usd_per_gpu_hour + 0.75 * 2)
    assert price_for(H100, "hybrid", [rate("2")]).usd_per_gpu_hour == pytest.approx(2)


def test_a_discount_counts_on_an_own_price_too():
    price = price_for(H100, "cloud", [rate()], PriceWish(discount=0.5))
    assert price.usd_per_gpu_hour == pytest.approx(1.05)
    assert "own price 3" in price.note
    assert "50% discount" in price.note
