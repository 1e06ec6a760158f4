"""Prices of rented and owned hardware. Witnesses: the rows of gpu_prices.json, and arithmetic written out here."""

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator import catalog
from calculator.catalog.price_book import Offer, PriceBook, price_book, providers, regions
from calculator.errors import QuestionError
from calculator.prices import pricing
from calculator.prices.wish import OwnedCard, PriceWish
from calculator.specs.price import NoPrice, Price


def _offer(provider, per_hour, gpus=1, **more):
    fields = {
        "gpu": "h100-sxm",
        "card": "H100",
        "provider": provider,
        "instance": "x",
        "gpus": gpus,
        "region": "any",
        "date": "2026-05-24",
        "source": "a list",
    }
    return Offer(**fields | {"on_demand_usd_per_hour": per_hour, "usd_per_gpu_hour": per_hour / gpus} | more)


def test_the_default_is_the_median_over_providers_of_what_each_asks_on_demand():
    book = PriceBook([_offer("one", 2.0), _offer("two", 3.0), _offer("three", 10.0)])
    price = book.cloud("h100-sxm", choice="median")
    assert (price.usd_per_gpu_hour, price.low, price.high, price.count) == (3.0, 2.0, 10.0, 3)


def test_a_provider_counts_once_by_its_smallest_size():
    book = PriceBook([_offer("one", 1.0), _offer("one", 4.0), _offer("one", 8.0, gpus=8), _offer("two", 3.0)])
    assert book.cloud("h100-sxm").usd_per_gpu_hour == 2.0


def test_a_newer_price_of_a_provider_replaces_its_older_one():
    book = PriceBook([_offer("one", 1.0), _offer("one", 5.0, date="2026-08-21")])
    price = book.cloud("h100-sxm")
    assert (price.usd_per_gpu_hour, price.date) == (5.0, "2026-08-21")


def test_spot_and_marketplace_rows_never_enter_a_default():
    market = _offer("bazaar", 0.1, on_demand_usd_per_hour=None, spot_usd_per_hour=0.1)
    book = PriceBook([market, _offer("one", 2.0)])
    assert book.cloud("h100-sxm").usd_per_gpu_hour == 2.0
    assert book.cloud("h100-sxm", choice="cheapest").usd_per_gpu_hour == 2.0
    assert book.cloud("h100-sxm", choice="spot").usd_per_gpu_hour == 0.1


def test_spot_is_per_accelerator():
    assert PriceBook([_offer("one", 40.0, gpus=8, spot_usd_per_hour=16.0)]).cloud("h100-sxm", choice="spot").low == 2.0


def test_the_default_price_of_an_h100_is_between_its_cheapest_and_its_dearest_provider():
    price = price_book().cloud("h100-sxm")
    assert (price.low, price.high) == (1.49, pytest.approx(11.06, rel=0.01))
    assert 2 < price.usd_per_gpu_hour < 5
    assert price.date == "2026-05-24 to 2026-08-21"


def test_every_default_price_is_the_median_of_rows_that_exist():
    for key in catalog.gpu_keys():
        price = price_book().cloud(key)
        if isinstance(price, Price):
            asked = [offer.usd_per_gpu_hour for offer in price_book().offers(key) if offer.on_demand_usd_per_hour]
            assert min(asked) <= price.low <= price.usd_per_gpu_hour <= price.high <= max(asked)


def test_a_provider_and_a_region_choose():
    aws = price_book().cloud("h100-sxm", "aws")
    assert (aws.usd_per_gpu_hour, aws.region, aws.providers) == (6.88, "us-east-1", ("aws",))
    assert price_book().cloud("h100-sxm", region="us-east-1").usd_per_gpu_hour == 6.88


def test_an_old_price_is_called_old():
    assert "old: 2024-12" in price_book().cloud("tpu-v5e").note


def test_an_unknown_provider_is_refused_with_those_that_are_known():
    with pytest.raises(QuestionError) as caught:
        price_book().cloud("h100-sxm", "amazonia")
    assert caught.value.field == "provider"
    assert "aws" in caught.value.suggestions


def test_no_price_says_what_to_type():
    price = price_book().cloud("mi210")
    assert isinstance(price, NoPrice)
    assert "$0.60/h" in price.reason


def test_a_provider_that_does_not_rent_the_card_names_others_that_do():
    assert "runpod" in price_book().cloud("rtx-4090", "aws").reason


def test_an_owned_4090_costs_what_the_arithmetic_says():
    price = pricing.local(catalog.gpu("rtx-4090"))
    card = 1599 / (4 * 8760 * 0.65)
    assert price.usd_per_gpu_hour == pytest.approx(card * 1.4 + 0.450 * 1.3 * 0.15)
    assert price.parts["host"] == pytest.approx(card * 0.4)
    assert price.assumptions["pue"] == 1.3


@given(st.floats(100, 1e5), st.floats(1, 8), st.floats(0.05, 1), st.floats(0, 1), st.floats(0.01, 1))
def test_owned_hardware_costs_the_sum_of_its_parts(bought, years, duty, host, electricity):
    price = pricing.local(
        catalog.gpu("rtx-4090"),
        OwnedCard(bought, lifetime_years=years, duty=duty, host_share=host, usd_per_kwh=electricity),
    )
    assert price.usd_per_gpu_hour == pytest.approx(sum(price.parts.values()))
    dearer = pricing.local(catalog.gpu("rtx-4090"), OwnedCard(2 * bought, lifetime_years=years, duty=duty))
    assert dearer.parts["card"] == pytest.approx(2 * price.parts["card"])


def test_a_card_without_purchase_price_asks_for_one():
    price = pricing.price_of(catalog.gpu("l4").model_copy(update={"purchase_price_usd": None}), "local")
    assert isinstance(price, NoPrice)
    assert "card price" in price.reason


def test_a_stated_price_overrides_everything_and_a_discount_is_said():
    price = pricing.price_of(
        catalog.gpu("h100-sxm"), "cloud", PriceWish(provider="aws", usd_per_gpu_hour=2.0, discount=0.35)
    )
    assert price.usd_per_gpu_hour == pytest.approx(1.3)
    assert "35% discount" in price.note


@given(st.floats(0, 1))
def test_hybrid_lies_between_owned_and_rented(share):
    gpu = catalog.gpu("h100-sxm")
    own, rented = pricing.local(gpu), price_book().cloud(gpu.key)
    mixed = pricing.hybrid(own, rented, share)
    assert own.usd_per_gpu_hour <= mixed.usd_per_gpu_hour + 1e-12
    assert mixed.usd_per_gpu_hour <= rented.usd_per_gpu_hour + 1e-12
    assert mixed.assumptions["local_share"] == share


def test_the_default_mode_is_that_of_the_hardware():
    assert pricing.price_of(catalog.gpu("rtx-4090")).basis == "local"
    assert pricing.price_of(catalog.gpu("h100-sxm")).basis == "cloud"


def test_providers_and_regions_are_those_of_the_offers():
    assert {"aws", "azure", "gcp", "runpod"} <= set(providers())
    assert set(regions()) == {"us-east-1", "us-central1", "eastus", "eastus2", "us-east5", "us-east4"}


def test_offers_of_cards_that_the_catalog_lacks_are_kept_but_never_used():
    unknown = price_book().offers(None)
    assert len(unknown) == 25
    assert median(offer.usd_per_gpu_hour for offer in unknown) > 0
