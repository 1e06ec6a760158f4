"""Witness of the figures: the providers' price pages as genai-prices 0.2.3 recorded them (also in api_prices.csv)."""

from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version

import pytest

from bot.background.hosted_prices import SHORT, hosted_cost
from calculator.catalog.hosted_offers import hosted_offers
from tests.storage.samples import NOON, start


def test_one_request_costs_its_tokens_at_the_prices_per_million():
    price = hosted_cost("anthropic", "claude-sonnet-4-5", 1000, 200, at=NOON)
    assert price.usd_per_request == pytest.approx((1000 * 3 + 200 * 15) / 1e6, rel=1e-12)
    assert (price.input_usd_per_mtok, price.output_usd_per_mtok, price.cached_usd_per_mtok) == (3, 15, 0.3)
    assert (price.provider, price.provider_name, price.model) == ("anthropic", "Anthropic", "claude-sonnet-4-5")
    assert price.source == f"genai-prices {version('genai-prices')} bundled data"


def test_cached_tokens_are_part_of_the_prompt_and_cost_less():
    price = hosted_cost("anthropic", "claude-sonnet-4-5", 1000, 0, 400, at=NOON)
    assert price.usd_per_request == pytest.approx((600 * 3 + 400 * 0.3) / 1e6, rel=1e-12)


def test_a_long_prompt_has_the_price_of_long_prompts_for_every_token():
    short = hosted_cost("anthropic", "claude-sonnet-4-5", 200_000, 10, at=NOON)
    long = hosted_cost("anthropic", "claude-sonnet-4-5", 200_001, 10, at=NOON)
    assert (short.input_usd_per_mtok, long.input_usd_per_mtok, long.output_usd_per_mtok) == (3, 6, 22.5)
    assert long.usd_per_request == pytest.approx((200_001 * 6 + 10 * 22.5) / 1e6, rel=1e-12)


def test_a_price_that_changed_says_since_when_and_an_earlier_request_has_the_earlier_price():
    changed = date(2026, 3, 13)
    day = datetime(2026, 3, 13, tzinfo=UTC)
    after = hosted_cost("anthropic", "claude-sonnet-4-6", 300_000, 0, at=day)
    before = hosted_cost("anthropic", "claude-sonnet-4-6", 300_000, 0, at=day - timedelta(seconds=1))
    assert (after.in_force_since, before.in_force_since) == (changed, None)
    assert (after.input_usd_per_mtok, before.input_usd_per_mtok) == (3, 6)


@pytest.mark.parametrize(
    ("provider", "model"),
    [("openrouter", "llama-3-70b"), ("nobody", "llama"), ("anthropic", ""), ("", "")],
)
def test_an_unknown_provider_or_model_has_no_price(provider, model):
    assert hosted_cost(provider, model, 1000, 200, at=NOON) is None


def test_a_model_without_a_price_for_text_is_unknown_and_not_free():
    assert hosted_cost("openai", "text-embedding-3-small", 1000, 200, at=NOON) is None


def test_every_price_of_the_data_file_the_cached_one_included_is_that_of_the_package():
    for offer in (offer for offers in hosted_offers().values() for offer in offers):
        price = hosted_cost(offer.provider, offer.model_ref, *SHORT, at=datetime(2026, 11, 24, tzinfo=UTC))
        shipped = (offer.usd_per_mtok_input, offer.usd_per_mtok_output, offer.usd_per_mtok_cached_input)
        found = (price.input_usd_per_mtok, price.output_usd_per_mtok, price.cached_usd_per_mtok)
        assert found == pytest.approx(shipped), offer


def test_more_cached_tokens_than_prompt_tokens_are_a_bug():
    with pytest.raises(ValueError, match="cannot exceed"):
        hosted_cost("anthropic", "claude-sonnet-4-5", 100, 0, 200, at=NOON)


def test_importing_the_module_does_not_import_the_data():
    said = start("import sys, bot.background.hosted_prices; print('genai_prices' in sys.modules)").communicate(
        timeout=60
    )
    assert said == ("False\n", "")
