"""Statements: months, forecasts, and totals that are the sums of the cents shown."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator.spending.spend import CENT, Stretch, cents, pieces, spend
from calculator.spending.statement import (
    DAY,
    Line,
    Statement,
    forecast,
    month_of,
    planned_peak,
    price_changes,
    usual_day,
)
from calculator.spending.terms import Terms, repriced
from calculator.spending.usage import Usage
from tests.calculator.spending.test_spend import HOUR, hosted, kept, plan, seen

NOVEMBER, DECEMBER, JANUARY = (
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2026, 12, 1, tzinfo=UTC),
    datetime(2027, 1, 1, tzinfo=UTC),
)
MOMENT = timedelta(microseconds=1)
money = st.none() | st.integers(-(10**7), 10**7).map(lambda number: Decimal(number) / 100)
hours = st.integers(0, 30 * 24 * 60).map(lambda minutes: NOVEMBER + timedelta(minutes=minutes))


def line(name="bot", cost: Decimal | None = None, before: Decimal | None = None, **changes) -> Line:
    nothing = spend([], {})
    values = {
        "name": name,
        "key": name,
        "tags": {},
        "running": True,
        "terms": kept(),
        "this": nothing.model_copy(update={"cost_usd": cost}),
        "before": nothing.model_copy(update={"cost_usd": before}),
        "budget_usd": None,
        "month_usd": cost,
        "forecast_usd": cost,
        "trend": (before, cost),
    }
    return Line(**(values | changes))


def statement(*lines: Line) -> Statement:
    return Statement(start=NOVEMBER, end=DECEMBER, month="2026-11", labels=(NOVEMBER, NOVEMBER + DAY), lines=lines)


def so_far(stretches: list[Stretch], end: datetime, per_hour: float | None = None) -> Decimal | None:
    """The bill of the month up to a moment, with so many requests in each hour that began."""
    cut = pieces(stretches, month_of(end).start, end)
    known = (
        {}
        if per_hour is None
        else {piece.key: seen(piece.begun, per_hour * piece.begun) for piece in cut if piece.begun}
    )
    return spend(cut, known).cost_usd


def ahead(stretches: list[Stretch], end: datetime, per_hour: float | None = None) -> Decimal | None:
    recent = Usage() if per_hour is None else seen(168, per_hour * 168)
    return forecast(stretches, so_far(stretches, end, per_hour), end, recent)


@pytest.mark.parametrize(
    ("moment", "name", "days"),
    [
        (NOVEMBER, "2026-10", 31),
        (NOVEMBER + MOMENT, "2026-11", 30),
        (DECEMBER, "2026-11", 30),
        (DECEMBER - MOMENT, "2026-11", 30),
        (JANUARY, "2026-12", 31),
        (JANUARY + HOUR, "2027-01", 31),
        (datetime(2027, 2, 28, tzinfo=UTC), "2027-02", 28),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), "2028-02", 29),
        (datetime(2028, 3, 1, tzinfo=UTC), "2028-02", 29),
        (datetime(2027, 1, 1, 5, 30, tzinfo=timezone(HOUR * 5.5)), "2026-12", 31),
        (datetime(2026, 12, 31, 20, tzinfo=timezone(-5 * HOUR)), "2027-01", 31),
    ],
)
def test_a_moment_belongs_to_the_utc_month_that_was_going_on_just_before_it(moment, name, days):
    month = month_of(moment)
    assert month.name == name
    assert month.end - month.start == days * DAY
    assert month.start < moment <= month.end


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - they get their zone
def test_months_follow_each_other_without_a_gap(moment):
    month = month_of(moment)
    assert month_of(month.end) == month
    assert month_of(month.end + MOMENT).start == month.end
    assert (month.start.day, month.end.day, month.end.hour) == (1, 1, 0)


@given(
    end=hours,
    per_hour=st.none() | st.integers(0, 500),
    terms=st.sampled_from([kept(), hosted(), kept(kept_usd_per_hour=Decimal("0.123"))]),
)
@settings(max_examples=60)
def test_while_it_goes_on_as_planned_or_as_it_went_the_forecast_is_the_months_bill_from_the_first_to_the_last_moment(
    end, per_hour, terms
):
    """However deep in an hour it is asked: what counts by the hour is neither forgotten nor counted twice."""
    if end == NOVEMBER:
        end = DECEMBER
    course = [plan(terms, NOVEMBER)]
    whole = so_far(course, DECEMBER, per_hour)
    assert abs(ahead(course, end, per_hour) - whole) <= CENT


def test_at_the_months_end_the_forecast_is_its_bill():
    for course in (
        [plan(kept(), NOVEMBER + 3 * HOUR)],
        [plan(hosted(), NOVEMBER)],
        [plan(kept(), NOVEMBER), plan(hosted(), NOVEMBER + DAY)],
    ):
        assert ahead(course, DECEMBER) == so_far(course, DECEMBER)
        assert ahead(course, DECEMBER, 50) == so_far(course, DECEMBER, 50)
    assert ahead([plan(kept(), NOVEMBER)], DECEMBER) == Decimal("576.00")
    assert ahead([plan(kept(), NOVEMBER)], DECEMBER + HOUR) == Decimal("595.20")


def test_february_is_as_long_as_it_is():
    for year, bill in ((2027, "537.60"), (2028, "556.80")):
        assert ahead([plan(kept(), datetime(year, 1, 1, tzinfo=UTC))], datetime(year, 2, 10, 7, tzinfo=UTC)) == Decimal(
            bill
        )


def test_what_is_paused_costs_no_more_this_month_and_what_is_resumed_does():
    paused = [plan(kept(), NOVEMBER), plan(kept(), NOVEMBER + DAY, running=False)]
    assert ahead(paused, NOVEMBER + 2 * DAY) == Decimal("19.20")
    resumed = [*paused, plan(kept(), NOVEMBER + 3 * DAY)]
    assert ahead(resumed, NOVEMBER + 2 * DAY) == Decimal("19.20")
    assert ahead(resumed, NOVEMBER + 4 * DAY) == Decimal("19.20") * 28


def test_the_rest_of_the_month_goes_on_at_the_price_of_now():
    course = [plan(kept(), NOVEMBER), plan(repriced(kept(), Decimal("0.20"), "aws"), NOVEMBER + 15 * DAY, why="price")]
    assert ahead(course, NOVEMBER + 15 * DAY - HOUR) == Decimal("576.00")
    assert ahead(course, NOVEMBER + 15 * DAY) == Decimal("288.00") + Decimal("144.00")


def test_a_hosted_model_goes_on_as_the_last_seven_days_did():
    course = [plan(hosted(), NOVEMBER)]
    assert (
        forecast(course, Decimal("10.00"), DECEMBER - 10 * DAY, seen(24, 2400))
        == Decimal("10.00") + Decimal("0.16") * 240
    )
    assert forecast(course, Decimal("10.00"), DECEMBER - 10 * DAY, seen(24, 0)) == Decimal("10.00")
    assert forecast(course, Decimal("10.00"), DECEMBER - 10 * DAY, Usage()) == Decimal("10.00") + Decimal("0.16") * 240
    unplanned = [plan(hosted(requests_per_hour=None), NOVEMBER)]
    assert forecast(unplanned, Decimal("10.00"), DECEMBER - 10 * DAY, Usage()) is None


def test_what_is_unknown_so_far_is_unknown_ahead_and_what_is_not_tracked_yet_costs_nothing():
    assert forecast([plan(kept(), NOVEMBER)], None, NOVEMBER + DAY, Usage()) is None
    assert forecast([plan(kept(), DECEMBER)], Decimal("0.00"), NOVEMBER + DAY, Usage()) == 0
    assert forecast([], Decimal("0.00"), NOVEMBER + DAY, Usage()) == 0


@given(st.lists(st.tuples(money, money, money), max_size=8))
def test_totals_are_the_sums_of_the_cents_shown(figures):
    found = statement(
        *(line(str(number), cost, before, budget_usd=budget) for number, (cost, before, budget) in enumerate(figures))
    )

    def shown(index):
        return sum((row[index] for row in figures if row[index] is not None), Decimal(0))

    assert (found.cost_usd, found.before_usd, found.month_usd, found.forecast_usd) == (
        shown(0),
        shown(1),
        shown(0),
        shown(0),
    )
    assert found.trend() == (shown(1), shown(0))
    assert found.budget_usd == (shown(2) if any(budget is not None for *_, budget in figures) else None)
    assert found.unknown == tuple(str(number) for number, (cost, *_) in enumerate(figures) if cost is None)


@given(st.lists(st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)), min_size=1, max_size=8))
def test_the_total_of_many_deployments_is_what_adding_their_lines_by_hand_gives(lengths):
    """Each line is rounded once; the total rounds nothing."""
    terms = kept(kept_usd_per_hour=Decimal("0.333333"))
    lines = [spend(pieces([plan(terms, NOVEMBER)], NOVEMBER, NOVEMBER + length), {}).cost_usd for length in lengths]
    total = statement(*(line(str(number), cost) for number, cost in enumerate(lines))).cost_usd
    assert total == sum(Decimal(str(cost)) for cost in lines)
    assert total == cents(total)


def test_the_lines_that_moved_most_are_told_and_those_that_stayed_or_are_unknown_are_not():
    found = statement(
        line("a", Decimal(9), Decimal(1)),
        line("b", Decimal(1), Decimal(20)),
        line("c", Decimal(5), Decimal(5)),
        line("d", None, Decimal(5)),
        line("e", Decimal(3), Decimal(0)),
        line("f", Decimal(1), Decimal(0)),
    )
    assert [one.name for one in found.movers()] == ["b", "a", "e"]
    assert statement().movers() == ()
    assert statement().cost_usd == 0


def test_a_new_price_is_told_with_its_day_and_in_cents():
    prices = ["0.80", "0.74", "0.7200000000000001", "12", "1234.56789"]
    course = [
        plan(repriced(kept(), Decimal(price), ""), NOVEMBER + number * DAY, why="price")
        for number, price in enumerate(prices)
    ]
    assert price_changes(course, NOVEMBER, DECEMBER) == (
        "$0.80/h -> $0.74/h on 2026-11-02",
        "$0.74/h -> $0.72/h on 2026-11-03",
        "$0.72/h -> $12.00/h on 2026-11-04",
        "$12.00/h -> $1,234.5679/h on 2026-11-05",
    )


def test_only_new_prices_within_the_period_are_told():
    unpriced, cheaper = kept(usd_per_gpu_hour=None), kept(usd_per_gpu_hour=Decimal("0.30"))
    course = [
        plan(unpriced, NOVEMBER),
        plan(kept(), NOVEMBER + DAY, why="price"),
        plan(kept(), NOVEMBER + 2 * DAY, why="paused"),
        plan(cheaper, NOVEMBER + 3 * DAY, why="edited"),
        plan(cheaper, NOVEMBER + 4 * DAY, why="price"),
    ]
    assert price_changes(course, NOVEMBER, DECEMBER) == ("unknown -> $0.40/h on 2026-11-02",)
    assert price_changes(course, NOVEMBER, NOVEMBER + DAY) == ()
    assert price_changes(course, NOVEMBER + DAY, NOVEMBER + DAY + MOMENT) != ()
    assert price_changes([], NOVEMBER, DECEMBER) == ()


def test_the_usual_day_is_the_middle_one_of_three_or_more():
    assert usual_day([Decimal(day) for day in (9, 1, 5)]) == 5
    assert usual_day([Decimal(9), None, Decimal(1)]) is None
    assert usual_day([]) is None


def test_the_peak_is_what_was_seen_or_planned():
    assert planned_peak(kept(), Usage()) == 100
    assert planned_peak(kept(), seen(1, 5, peak_requests=0)) == 0


def test_a_new_price_of_a_hosted_model_is_told_per_million_tokens():
    old = Terms(
        hosted=True,
        name="x",
        model="gpt-4o",
        input_tokens=1000,
        output_tokens=300,
        kept_usd_per_hour=Decimal(0),
        usd_per_input_token=Decimal("0.0000025"),
        usd_per_output_token=Decimal("0.00001"),
    )
    new = old.model_copy(update={"usd_per_input_token": Decimal("0.000002")})
    start = datetime(2026, 11, 1, tzinfo=UTC)
    plans = [
        Stretch(since=start, running=True, terms=old, why="tracked"),
        Stretch(since=start + timedelta(days=3), running=True, terms=new, why="price"),
    ]
    assert price_changes(plans, start, start + timedelta(days=7)) == (
        "$2.50 in, $10.00 out per million tokens -> $2.00 in, $10.00 out per million tokens on 2026-11-04",
    )
