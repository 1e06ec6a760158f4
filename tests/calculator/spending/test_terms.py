"""Terms: the estimate's rates in exact dollars, nothing added and nothing lost."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import catalog
from calculator.prices.hosted_cost import hosted_costs
from calculator.prices.pricing import stated
from calculator.specs.price import NoPrice
from calculator.spending.terms import Terms, exact, hosted_terms, repriced, terms_of
from tests.calculator.make import estimated, workload

CENTS = st.integers(1, 10_000).map(lambda cents: cents / 100)


def of(price=2.5, **settings) -> Terms:
    return terms_of(estimated(price=stated(price), **settings), "8B on H100", "as stated")


def hosted(**settings) -> Terms:
    w = workload(**settings)
    (cost,) = hosted_costs(catalog.hosted_model("gpt-4o"), w)
    return hosted_terms(cost, w, "gpt-4o", "gpt-4o")


@given(CENTS, st.integers(0, 20_000), st.integers(1, 4_000), st.integers(1, 64))
@settings(max_examples=40)
def test_at_planned_lengths_a_request_costs_what_the_calculator_says(usd, prompt, output, batch):
    e = estimated(price=stated(usd), input_tokens=prompt, output_tokens=output, batch_size=batch, requests_per_hour=10)
    terms = terms_of(e, "")
    assert float(terms.busy_usd_per_request) == pytest.approx(e.cost.cost_per_request, rel=1e-12)
    assert terms.usd_per_input_token >= 0
    assert terms.usd_per_output_token >= 0


@given(CENTS, st.integers(1, 4), st.sampled_from([None, 50.0, 900_000.0]), st.floats(1, 744))
@settings(max_examples=40)
def test_an_hour_that_is_kept_costs_what_the_invoice_says(usd, replicas, rate, hours):
    e = estimated(price=stated(usd), layout={"replicas": replicas}, requests_per_hour=rate, hours_per_month=hours)
    terms = terms_of(e, "")
    assert terms.gpus == e.cost.provisioned.gpus
    assert float(terms.kept_usd_per_hour) == pytest.approx(
        e.cost.provisioned.hourly_cost * min(hours / 720, 1), rel=1e-12
    )
    assert terms.kept_usd_per_hour == terms.usd_per_gpu_hour * terms.gpus * exact(terms.kept_share)


@given(CENTS, st.integers(1, 16))
@settings(max_examples=40)
def test_dollars_are_as_people_write_them(usd, gpus):
    """3 x $0.10 is $0.30 and not $0.30000000000000004; so is a price after a discount."""
    price = stated(usd).discounted(0.1)
    terms = terms_of(estimated(price=price, layout={"replicas": gpus}), "")
    assert terms.usd_per_gpu_hour == Decimal(str(usd)) * Decimal("0.9")
    assert terms.kept_usd_per_hour == terms.usd_per_gpu_hour * gpus


@given(st.floats(0, 1e15, allow_subnormal=False))
def test_a_float_is_the_decimal_that_it_means(value):
    assert float(exact(value)) == pytest.approx(value, rel=1e-14)
    assert len(exact(value).as_tuple().digits) <= 15


def test_what_can_be_finished_counts_every_copy_that_is_kept():
    e = estimated(price=stated(2), requests_per_hour=2_000_000)
    terms = terms_of(e, "")
    assert e.cost.provisioned.replicas > 1
    assert terms.capacity_requests_per_hour == pytest.approx(
        e.load.capacity_requests_per_hour * e.cost.provisioned.replicas
    )
    assert terms.capacity_requests_per_hour > 2_000_000


def test_without_a_price_money_is_unknown_and_the_hardware_is_not():
    terms = terms_of(estimated(price=NoPrice(reason="none"), requests_per_hour=10), "")
    assert (terms.kept_usd_per_hour, terms.usd_per_gpu_hour, terms.busy_usd_per_request) == (None, None, None)
    assert (terms.gpus, terms.requests_per_hour) == (1, 10)


def test_without_a_known_speed_busy_time_is_unknown_and_the_invoice_is_not():
    terms = terms_of(estimated(gpu="apple-m4-max", price=stated(1), requests_per_hour=10), "")
    assert terms.kept_usd_per_hour == 1
    assert terms.busy_usd_per_request is terms.capacity_requests_per_hour is None


def test_without_a_prompt_all_is_output():
    terms = of(input_tokens=0, output_tokens=100)
    assert terms.usd_per_input_token == 0
    assert terms.busy_usd_per_request == terms.usd_per_output_token * 100


def test_business_hours_are_a_share_of_the_calendar():
    terms = of(1.8, requests_per_hour=60, hours_per_month=180)
    assert terms.kept_share == 0.25
    assert terms.kept_usd_per_hour == Decimal("0.45")
    assert terms.planned_per_calendar_hour == 15
    assert of(hours_per_month=744).kept_share == 1


def test_limits_and_lengths_are_carried_along():
    terms = of(max_latency_s=5, max_ttft_s=0.5, input_tokens=300, output_tokens=200)
    assert (terms.max_latency_s, terms.max_ttft_s, terms.tokens) == (5, 0.5, 500)


def test_a_hosted_model_costs_its_tokens_and_nothing_while_idle():
    """gpt-4o in the catalog: 2.5 and 10 dollars per million tokens."""
    terms = hosted(input_tokens=1000, output_tokens=300, requests_per_hour=100)
    assert terms.busy_usd_per_request == Decimal("0.0055")
    assert terms.kept_usd_per_hour == terms.gpus == 0
    assert terms.usd_per_gpu_hour is terms.capacity_requests_per_hour is None


@given(CENTS, CENTS, st.integers(1, 4))
@settings(max_examples=40)
def test_another_price_is_the_plan_as_if_it_had_always_been_so(old, new, replicas):
    layout = {"replicas": replicas}
    was, is_ = (of(price, layout=layout, requests_per_hour=10, hours_per_month=176) for price in (old, new))
    changed = repriced(was, exact(new), "as stated")
    assert changed.kept_usd_per_hour == is_.kept_usd_per_hour
    assert float(changed.busy_usd_per_request) == pytest.approx(float(is_.busy_usd_per_request), rel=1e-12)
    assert (
        changed.model_copy(
            update={name: getattr(is_, name) for name in ("usd_per_input_token", "usd_per_output_token")}
        )
        == is_
    )


def test_a_price_where_none_was_known_makes_the_invoice_and_leaves_busy_time_unknown():
    unknown = terms_of(estimated(price=NoPrice(reason="none")), "")
    priced = repriced(unknown, Decimal("1.5"), "aws")
    assert (priced.kept_usd_per_hour, priced.busy_usd_per_request, priced.price) == (Decimal("1.5"), None, "aws")


def test_terms_read_back_from_their_json_to_the_last_digit():
    terms = repriced(of(0.8, requests_per_hour=10, hours_per_month=176), Decimal(1) / 3, "aws")
    assert Terms.model_validate_json(terms.model_dump_json()) == terms
