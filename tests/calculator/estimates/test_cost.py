"""Cost: three bases, each the arithmetic of the reference document or of an invoice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import catalog
from calculator.errors import QuestionError
from calculator.prices.hosted_cost import break_even_requests_per_hour, hosted_costs
from calculator.prices.pricing import stated
from calculator.specs.price import NoPrice
from tests.calculator.make import estimated, workload


@given(st.floats(0.01, 100), st.integers(1, 64), st.floats(1, 1e5), st.floats(1, 744))
@settings(max_examples=40, deadline=None)
def test_busy_cost_is_latency_times_price_and_hour_and_month_follow(usd, batch, rate, hours):
    e = estimated(price=stated(usd), batch_size=batch, requests_per_hour=rate, hours_per_month=hours)
    cost = e.cost
    assert cost.cost_per_request == pytest.approx(e.latency.total_latency_seconds * usd / 3600)
    assert cost.hourly_cost == pytest.approx(cost.cost_per_request * rate)
    assert cost.monthly_cost == pytest.approx(cost.hourly_cost * hours)
    assert cost.shared.cost_per_request == pytest.approx(cost.cost_per_request / batch)
    assert cost.usd_per_million_tokens == pytest.approx(cost.shared.cost_per_request / 500 * 1e6)


@given(st.floats(0.01, 100), st.floats(1, 1e6))
@settings(max_examples=40, deadline=None)
def test_provisioned_cost_is_every_card_for_every_hour(usd, rate):
    e = estimated(price=stated(usd), requests_per_hour=rate)
    kept = e.cost.provisioned
    assert kept.gpus == kept.replicas * e.deployment.gpus_per_replica
    assert kept.hourly_cost == pytest.approx(kept.gpus * usd)
    assert kept.monthly_cost == pytest.approx(kept.hourly_cost * 720)
    assert kept.cost_per_request == pytest.approx(kept.hourly_cost / rate)
    assert 0 <= kept.idle_share <= 1


def test_the_month_of_the_document_has_720_hours():
    e = estimated(price=stated(3.6), requests_per_hour=100)
    assert e.cost.monthly_cost == pytest.approx(e.cost.hourly_cost * 720)


def test_without_a_load_hour_and_month_are_unknown_and_say_what_to_type():
    cost = estimated(price=stated(2)).cost
    assert (cost.hourly_cost, cost.monthly_cost, cost.provisioned.cost_per_request) == (None, None, None)
    assert "req/h" in cost.reason
    assert cost.cost_per_request > 0


def test_without_a_price_every_cost_is_unknown_with_the_reason():
    cost = estimated(price=NoPrice(reason="no price, type `$0.60/h`"), requests_per_hour=10).cost
    assert cost.cost_per_request is cost.shared is cost.provisioned is cost.price is None
    assert "$0.60/h" in cost.reason


def test_an_unknown_speed_still_leaves_the_invoice():
    cost = estimated(gpu="apple-m4-max", price=stated(1), requests_per_hour=10).cost
    assert cost.cost_per_request is None
    assert cost.provisioned.monthly_cost == 720
    assert "peak FLOPS" in cost.reason


def test_overload_is_paid_with_the_replicas_that_it_needs():
    e = estimated(price=stated(2), requests_per_hour=2_000_000)
    assert e.load.overloaded
    assert e.cost.provisioned.replicas == e.load.replicas_needed > 1


def test_a_limit_that_nothing_meets_is_still_invoiced_for_keeping_up():
    e = estimated(price=stated(2), requests_per_hour=2_000_000, max_latency_s=0.01)
    assert e.load.replicas_needed is None
    assert e.cost.provisioned.replicas == e.load.replicas_to_keep_up > 1


def test_a_hosted_model_costs_its_tokens():
    """gpt-4o in the catalog: 2.5 and 10 dollars per million tokens."""
    (cost,) = hosted_costs(catalog.hosted_model("gpt-4o"), workload(1000, 300, requests_per_hour=1000))
    assert cost.cost_per_request == pytest.approx((1000 * 2.5 + 300 * 10) / 1e6)
    assert cost.monthly_cost == pytest.approx(cost.cost_per_request * 1000 * 720)


def test_hosts_are_listed_cheapest_first_and_may_be_chosen():
    model = catalog.hosted_model("llama-3.3-70b")
    costs = hosted_costs(model, workload())
    assert [cost.cost_per_request for cost in costs] == sorted(cost.cost_per_request for cost in costs)
    assert {cost.provider for cost in hosted_costs(model, workload(), "groq")} == {"groq"}
    with pytest.raises(QuestionError) as caught:
        hosted_costs(model, workload(), "nobody")
    assert caught.value.field == "provider"


def test_a_retiring_offer_is_left_out_while_others_remain():
    for key in ("llama-3.1-8b", "mixtral-8x7b", "gemma-2-9b"):
        model = catalog.hosted_model(key)
        current = [offer for offer in model.offers if not offer.deprecated]
        assert len(hosted_costs(model, workload())) == len(current or model.offers)


def test_break_even_is_where_the_invoice_equals_the_tokens():
    (hosted,) = hosted_costs(catalog.hosted_model("gpt-4o"), workload(1000, 300))
    rate = break_even_requests_per_hour(3.26, hosted)
    assert rate * hosted.cost_per_request == pytest.approx(3.26)
