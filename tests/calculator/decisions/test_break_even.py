"""Own hardware against an API: a staircase against a line, the rate from which it pays, and mixes of both."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from calculator import catalog
from calculator.decisions.break_even import Sides
from calculator.decisions.break_even_sides import given_of, sides_of, why_not
from calculator.decisions.day import hours_a_day, peak_hours_of
from calculator.errors import QuestionError
from calculator.prices.hosted_cost import hosted_costs
from calculator.prices.pricing import stated
from tests.calculator.make import estimated, workload

CLOSE = 1e-7
RATES = st.floats(0.01, 1e7)


@st.composite
def sides(draw, **fixed):
    planned = draw(st.floats(1, 1e5))
    peak = draw(st.sampled_from([1.0, 1.5, 3.0, 10.0]))
    drawn = {
        "usd_per_copy_hour": draw(st.floats(0.01, 500)),
        "planned_per_copy": planned,
        "peak_factor": peak,
        "capacity_per_copy": planned * draw(st.floats(1, 2)),
        "usd_per_request": draw(st.floats(1e-7, 1)),
        "least_copies": draw(st.integers(1, 4)),
        "spare_copies": draw(st.integers(0, 2)),
        "peak_share": draw(st.floats(0.01, 1)) / peak if peak > 1 else 0.0,
    }
    return Sides(**drawn | fixed)


@given(sides(), RATES, st.floats(0.1, 100))
def test_an_api_costs_in_proportion_to_the_requests(two, rate, times):
    assert two.api(rate * times).usd_per_hour == pytest.approx(two.api(rate).usd_per_hour * times)


@given(sides(), RATES, st.floats(1, 100))
def test_own_hardware_never_gets_cheaper_with_more_requests_and_goes_in_whole_copies(two, rate, times):
    less, more = two.own(rate), two.own(rate * times)
    assert more.usd_per_hour >= less.usd_per_hour
    assert more.usd_per_hour == more.copies * two.usd_per_copy_hour
    assert less.copies >= two.least_copies + two.spare_copies


@given(sides(), RATES)
def test_copies_hold_the_peak_and_one_fewer_would_not(two, rate):
    needed = two.own(rate).copies - two.spare_copies
    assert needed * two.planned_per_copy >= rate * two.peak_factor * (1 - CLOSE)
    assert needed == two.least_copies or (needed - 1) * two.planned_per_copy < rate * two.peak_factor


@given(sides())
@settings(max_examples=300)
def test_at_the_break_even_own_hardware_gets_cheaper_and_just_below_the_api_is(two):
    found = two.break_even()
    assume(found is not None)
    rate = found.requests_per_hour
    assert two.own(rate).usd_per_hour == pytest.approx(two.api(rate).usd_per_hour)
    assert two.own(rate * (1 - CLOSE)).usd_per_hour > two.api(rate * (1 - CLOSE)).usd_per_hour
    assert found.copies in {two.own(rate * (1 - CLOSE)).copies, two.own(rate).copies}
    assert 0 < found.busy <= 1 + CLOSE


@given(sides(), st.floats(1 + CLOSE, 1e4))
@settings(max_examples=300)
def test_above_the_break_even_own_hardware_stays_cheaper_at_every_step(two, times):
    found = two.break_even()
    assume(found is not None)
    starts = [step * two.planned_per_copy / two.peak_factor * (1 + CLOSE) for step in range(1, 200)]
    for rate in (found.requests_per_hour * times, *(start for start in starts if start > found.requests_per_hour)):
        assert two.own(rate).usd_per_hour <= two.api(rate).usd_per_hour * (1 + CLOSE)


@given(sides())
@settings(max_examples=300)
def test_below_the_first_rate_the_api_is_cheaper_everywhere(two):
    found = two.break_even()
    assume(found is not None)
    ends = [step * two.planned_per_copy / two.peak_factor for step in range(1, 200)]
    below = [rate for rate in (*ends, found.first) if rate <= found.first]
    for rate in (rate * (1 - CLOSE) for rate in below):
        assert two.own(rate).usd_per_hour > two.api(rate).usd_per_hour * (1 - CLOSE)
    assert found.first <= found.requests_per_hour * (1 + CLOSE)


@given(sides(), RATES)
@settings(max_examples=300)
def test_where_there_is_no_break_even_a_full_copy_is_dearer_or_too_many_copies_are_needed(two, rate):
    assume(two.break_even() is None)
    if not two.pays_when_full:
        assert two.own(rate).usd_per_hour >= two.api(rate).usd_per_hour * (1 - CLOSE)
    else:
        assert two.own(two.highest_rate).usd_per_hour > two.api(two.highest_rate).usd_per_hour * (1 - 1e-3)


@given(sides(), RATES)
@settings(max_examples=300)
def test_overflow_is_never_dearer_than_the_better_of_both_and_never_than_another_number_of_copies(two, rate):
    best = two.overflow(rate).usd_per_hour
    assert best <= min(two.own(rate).usd_per_hour, two.api(rate).usd_per_hour) * (1 + CLOSE)
    for copies in range(two.least_copies, two.least_copies + 60):
        assert best <= two._with(copies, rate).usd_per_hour * (1 + CLOSE)


@given(sides())
@settings(max_examples=300)
def test_a_mix_pays_from_its_rate_on_and_not_below(two):
    start = two.mix_from()
    assume(start is not None and start < 1e12)
    below, above = start * (1 - 1e-4), start * (1 + 1e-4)
    assert two.overflow(below).usd_per_hour == pytest.approx(two.api(below).usd_per_hour)
    assert two.overflow(above).usd_per_hour <= two.api(above).usd_per_hour
    kept = two._with(two.least_copies, above).usd_per_hour
    assert kept <= two.api(above).usd_per_hour * (1 + CLOSE)


@given(sides(), RATES, st.floats(0.01, 1))
def test_what_is_private_stays_on_own_copies(two, rate, private):
    kept = two.model_copy(update={"private_share": private})
    assert kept.overflow(rate).own_share >= private * (1 - CLOSE)
    assert kept.overflow(rate).usd_per_hour <= kept.split(rate).usd_per_hour * (1 + CLOSE)
    assert kept.overflow(rate).usd_per_hour <= kept.own(rate).usd_per_hour * (1 + CLOSE)
    assert set(kept.plans(rate)) == {"own", "overflow", "split"}
    assert kept.mix_from() is None


@given(sides(), RATES, st.floats(0, 0.99))
def test_more_discount_never_raises_what_own_hardware_costs_nor_its_break_even(two, rate, share):
    cheaper = two.model_copy(update={"usd_per_copy_hour": two.usd_per_copy_hour * (1 - share)})
    assert cheaper.own(rate).usd_per_hour <= two.own(rate).usd_per_hour
    before, after = two.break_even(), cheaper.break_even()
    assert before is None or after.requests_per_hour <= before.requests_per_hour * (1 + CLOSE)


@given(sides(spare_copies=0), RATES)
def test_a_spare_copy_never_lowers_what_own_hardware_costs_nor_its_break_even(two, rate):
    safer = two.model_copy(update={"spare_copies": 1})
    assert safer.own(rate).usd_per_hour >= two.own(rate).usd_per_hour
    before, after = two.break_even(), safer.break_even()
    assert after is None or after.requests_per_hour >= before.requests_per_hour * (1 - CLOSE)


def test_free_hardware_pays_from_the_first_request_and_a_free_api_always_wins():
    two = {"planned_per_copy": 100, "capacity_per_copy": 125}
    assert Sides(usd_per_copy_hour=0, usd_per_request=0.1, **two).break_even().requests_per_hour == 0
    assert Sides(usd_per_copy_hour=1, usd_per_request=0, **two).break_even() is None
    assert Sides(usd_per_copy_hour=1, usd_per_request=0, **two).mix_from() is None


def test_a_staircase_by_hand():
    """A copy of $2/h for 100 req/h against $0.03 a request: cheaper from 67 req/h, dearer again at 101, for good from 133.3."""
    two = Sides(usd_per_copy_hour=2, planned_per_copy=100, capacity_per_copy=125, usd_per_request=0.03)
    found = two.break_even()
    assert found.first == pytest.approx(2 / 0.03)
    assert found.requests_per_hour == pytest.approx(4 / 0.03)
    assert (found.copies, found.steady) == (2, False)
    assert found.busy == pytest.approx(4 / 0.03 / 250)
    assert two.own(101).usd_per_hour > two.api(101).usd_per_hour


def test_the_quiet_hours_leave_the_average_as_it_is():
    """3x for 4 of 24 hours: 0.6x in the others. One copy of 100 req/h at 100 req/h: 200 an hour overflow in the peak."""
    two = Sides(
        usd_per_copy_hour=1,
        planned_per_copy=100,
        capacity_per_copy=125,
        usd_per_request=0.03,
        peak_factor=3,
        peak_share=4 / 24,
    )
    plan = two._with(1, 100)
    assert plan.usd_per_hour == pytest.approx(1 + 0.03 * 200 * 4 / 24)
    assert plan.own_share == pytest.approx(1 - 200 * 4 / 24 / 100)
    assert two._quiet(100) == pytest.approx(60)


def test_a_peak_that_is_more_than_the_day_is_refused_or_shortened():
    assert peak_hours_of(3, 720) == 4
    assert peak_hours_of(12, 720) == 2
    assert peak_hours_of(3, 720, 8) == 8
    assert hours_a_day(176) == 8
    with pytest.raises(QuestionError, match="at most `peak 8 hours a day`"):
        peak_hours_of(3, 720, 8.1)


@pytest.mark.parametrize("limits", [{}, {"max_latency_s": 8.0}, {"max_ttft_s": 0.5}])
@pytest.mark.parametrize("rate", [100, 5000, 40_000, 90_000])
def test_copies_are_those_that_an_estimate_says_are_needed(limits, rate):
    e = estimated(
        "llama-3.3-70b",
        layout={"tp": 2, "precision": "fp8"},
        price=stated(2.5),
        input_tokens=1000,
        output_tokens=300,
        requests_per_hour=rate,
        peak_factor=2,
        spare_replicas=1,
        **limits,
    )
    (hosted,) = hosted_costs(catalog.hosted_model("gpt-4o"), e.workload)
    two = sides_of(e, hosted, given_of(e))
    kept, own = e.cost.provisioned, two.own(rate)
    if kept.replicas <= 16:
        assert own.copies == kept.replicas
        assert own.usd_per_hour == pytest.approx(kept.hourly_cost)
    assert (
        kept.replicas * 7 / 8 - 1 <= own.copies <= kept.replicas
    )  # from 16 copies on load_of looks in steps of an eighth
    assert two.api(rate).usd_per_hour == pytest.approx(hosted.hourly_cost)


def test_a_limit_that_nothing_meets_is_told_and_copies_keep_up():
    e = estimated(price=stated(2), requests_per_hour=1000, max_latency_s=0.01)
    given_rate = given_of(e)
    assert "replicas do not help" in given_rate.missed
    assert given_rate.planned == pytest.approx(0.8 * given_rate.capacity)


def test_what_does_not_fit_or_has_no_price_has_a_reason_and_no_staircase():
    assert "of the memory" in why_not(estimated("llama-3.3-70b", "rtx-4090", price=stated(1)))
    assert why_not(estimated(price=stated(1))) is None


def test_a_cached_prompt_costs_its_own_price_where_there_is_one():
    """gpt-4o in the catalog: 2.5, cached 1.25 and 10 dollars per million tokens; gpt-4 has no cached price."""
    (cost,) = hosted_costs(catalog.hosted_model("gpt-4o"), workload(1000, 300, cache_hit_rate=0.4))
    assert cost.cost_per_request == pytest.approx((600 * 2.5 + 400 * 1.25 + 300 * 10) / 1e6)
    assert "40% of the prompt at the cached price" in cost.cache_note
    (full, *_) = hosted_costs(catalog.hosted_model("gpt-4"), workload(1000, 300, cache_hit_rate=0.4))
    assert full.cost_per_request == pytest.approx(
        (1000 * full.usd_per_mtok_input + 300 * full.usd_per_mtok_output) / 1e6
    )
    assert "the full price counts" in full.cache_note
