"""Alerts: each crossing is told once, nothing flickers, and what is no longer limited is over."""

from collections.abc import Iterable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.spending.alerts import Alert, Raised, Watch, alerts
from calculator.spending.statement import DAY, forecast, month_of
from calculator.spending.usage import Usage
from tests.calculator.spending.test_spend import HOUR, kept, plan
from tests.calculator.spending.test_statement import DECEMBER, JANUARY, NOVEMBER, so_far


class Told:
    """What is raised from one watch to the next, and all that was told."""

    def __init__(self) -> None:
        self.raised: set[Raised] = set()
        self.told: list[Alert] = []

    def __call__(self, **values: object) -> list[str]:
        """The kinds of alerts that this watch tells."""
        news = alerts(watch(**values), sorted(self.raised))
        self.raised = self.raised - set(news.over) | {one.raised for one in news.told} | set(news.untold)
        self.told += news.told
        assert len({one.kind for one in self.raised}) == len(self.raised)
        return [one.raised.kind for one in news.told]

    def all(self, watches: Iterable[dict[str, object]]) -> list[str]:
        return [kind for values in watches for kind in self(**values)]


def watch(**values: object) -> Watch:
    return Watch.model_validate({"month": "2026-11", **values})


def used(dollars: float, budget: float = 100, **more: object) -> dict[str, object]:
    return {"budget_usd": Decimal(str(budget)), "month_usd": Decimal(str(dollars)), **more}


def day(dollars: float, usual: float = 20) -> dict[str, object]:
    return {"day_usd": Decimal(str(dollars)), "usual_day_usd": Decimal(str(usual))}


@pytest.fixture
def tell() -> Told:
    return Told()


def test_nothing_is_told_of_what_is_not_known_or_not_limited(tell):
    assert tell() == tell(month_usd=Decimal(999), forecast_usd=Decimal(999), latency_p95_s=99, ttft_p95_s=99) == []
    assert tell(budget_usd=Decimal(1), max_latency_s=1, max_ttft_s=1, day_usd=Decimal(99)) == []


def test_each_step_of_a_budget_is_told_once(tell):
    assert tell.all(used(dollars) for dollars in (10, 49.99, 50, 50, 79.99, 80, 99, 100, 120, 500)) == [
        "budget-50",
        "budget-80",
        "budget-100",
    ]


def test_of_several_steps_that_are_passed_at_once_only_the_highest_is_told(tell):
    assert tell(**used(85)) == ["budget-80"]
    assert tell(**used(90)) == []
    assert tell(**used(101)) == ["budget-100"]
    assert Told()(**used(300)) == ["budget-100"]


def test_a_budget_that_is_raised_takes_back_what_it_no_longer_means_and_tells_it_when_it_comes_again(tell):
    tell(**used(101))
    assert tell(**used(101, 150)) == []
    assert {one.kind for one in tell.raised} == {"budget-50"}
    assert tell.all([used(110, 150), used(119, 150)]) == []
    assert tell.all([used(120, 150), used(121, 150)]) == ["budget-80"]


def test_a_budget_that_is_raised_twice_lowers_nothing_twice(tell):
    tell(**used(101))
    for budget in (150, 150, 400, 400):
        before = set(tell.raised)
        news = alerts(watch(**used(101, budget)), sorted(before))
        assert set(news.over) <= before
        tell(**used(101, budget))
    assert tell.raised == set()


def test_a_budget_that_is_lowered_tells_the_highest_step_that_is_passed_now(tell):
    tell(**used(55))
    assert tell(**used(55, 50)) == ["budget-100"]


def test_a_budget_that_is_taken_away_takes_its_alarms_with_it(tell):
    """They stood in the deployment's alerts for ever."""
    tell(**used(101, forecast_usd=Decimal(300), silent_hours=4, latency_p95_s=9, max_latency_s=5))
    tell(month_usd=Decimal(101), forecast_usd=Decimal(300), latency_p95_s=9)
    assert tell.raised == set()


def test_a_new_month_begins_anew(tell):
    tell(**used(101, forecast_usd=Decimal(300)))
    assert tell(month="2026-12", **used(1, forecast_usd=Decimal(30))) == []
    assert tell.raised == set()
    assert tell(month="2026-12", **used(55)) == ["budget-50"]


def test_a_month_that_begins_over_its_budget_is_told_at_once_for_the_new_month(tell):
    tell(**used(60))
    assert tell(month="2026-12", **used(60)) == ["budget-50"]
    assert tell.raised == {Raised("budget-50", "2026-12")}


def test_a_forecast_over_budget_is_told_once_until_it_is_well_below(tell):
    forecasts = (99, 100, 100.01, 99, 101, 95.01, 120, 94.99, 99, 101)
    assert tell.all(used(10, forecast_usd=Decimal(str(one))) for one in forecasts) == ["forecast", "forecast"]


def test_a_day_that_costs_half_more_than_usual_is_told_once_until_it_is_usual_again(tell):
    assert tell.all(day(dollars) for dollars in (20, 30, 30.01, 25, 31, 24, 31, 23.99, 31)) == ["jump", "jump"]


def test_a_jump_of_a_few_dollars_is_nobodys_business(tell):
    assert tell.all([day(5.99, 1), day(4.99, 0)]) == []
    assert tell.all([day(6, 1)]) == ["jump"]


def test_silence_is_told_after_three_hours_and_over_when_something_is_heard(tell):
    assert tell.all({"silent_hours": hours} for hours in (0.1, 2.9, 3, 4, 1.6, 3, 1.5, 2, 3)) == ["silent", "silent"]


@pytest.mark.parametrize(
    ("seen", "limit", "kind"), [("ttft_p95_s", "max_ttft_s", "ttft"), ("latency_p95_s", "max_latency_s", "latency")]
)
def test_a_limit_that_is_missed_is_told_once_until_it_is_well_met(tell, seen, limit, kind):
    values = (1.9, 2, 2.01, 1.9, 2.5, None, 2.5, 1.81, 2.5, 1.79, 2.5)
    assert tell.all({seen: value, limit: 2.0} for value in values) == [kind, kind]


def test_the_sentences_say_what_was_passed_and_by_how_much(tell):
    tell(**used(81.5, forecast_usd=Decimal("1234.5")), **day(50), silent_hours=3.2, ttft_p95_s=2.345, max_ttft_s=2)
    assert [one.sentence for one in tell.told] == [
        "has used 82 % of its $100.00 for 2026-11: $81.50",
        "is on its way to $1,234.50 in 2026-11, $1,134.50 over its budget",
        "cost $50.00 in the last 24 hours; $20.00 is usual",
        "has been silent for 3 hours: no usage was seen",
        "misses its limit: 95 % of requests had the first token within 2.35 s, the limit is 2 s",
    ]


@given(st.lists(st.integers(0, 300).map(Decimal), max_size=60).map(sorted))
def test_a_month_that_only_grows_tells_each_step_at_most_once_and_the_last_that_it_passed(bills):
    tell = Told()
    told = tell.all(used(bill) for bill in bills)
    assert len(told) == len(set(told))
    passed = [step for step in (50, 80, 100) if bills and bills[-1] >= step]
    assert told[-1:] == [f"budget-{step}" for step in passed[-1:]]


@given(
    st.lists(
        st.tuples(st.integers(0, 200), st.sampled_from([0, 50, 100, 200]), st.sampled_from(["2026-11", "2026-12"])),
        max_size=40,
    )
)
def test_whatever_happens_an_alarm_is_told_only_while_it_is_not_raised_and_is_over_only_while_it_is(course):
    tell = Told()
    for dollars, budget, month in course:
        values = {"month": month, **used(dollars, budget, forecast_usd=Decimal(dollars))}
        before = set(tell.raised)
        news = alerts(watch(**values), sorted(before))
        assert not before & {one.raised for one in news.told}
        assert not before & set(news.untold)
        assert set(news.over) <= before
        tell(**values)
        again = alerts(watch(**values), sorted(tell.raised))
        assert (again.told, again.untold, again.over) == ((), (), ())


def test_two_months_watched_every_hour_tell_each_step_exactly_once_a_month(tell):
    """$0.80 an hour, a budget of $400: November is over it, and so is December."""
    course = [plan(kept(), NOVEMBER)]
    now, told = NOVEMBER + HOUR, {}
    while now <= JANUARY:
        bill = so_far(course, now)
        values = used(float(bill), 400, forecast_usd=forecast(course, bill, now, Usage()))
        for kind in tell(month=month_of(now).name, **values):
            told.setdefault((month_of(now).name, kind), []).append(now)
        now += HOUR
    steps = ("forecast", "budget-50", "budget-80", "budget-100")
    assert {key: len(moments) for key, moments in told.items()} == {
        (month, kind): 1 for month in ("2026-11", "2026-12") for kind in steps
    }
    assert told["2026-11", "budget-50"] == [NOVEMBER + 250 * HOUR]
    assert told["2026-12", "budget-100"] == [DECEMBER + 500 * HOUR]
    assert told["2026-12", "forecast"] == [DECEMBER + HOUR]


def test_a_month_that_is_watched_irregularly_misses_no_step(tell):
    """The bot was down for days; the highest step that was passed is told when it is back."""
    course, told = [plan(kept(), NOVEMBER)], []
    for days in (1, 11, 11.04, 27, 27.04, 30):
        told += tell(month="2026-11", **used(float(so_far(course, NOVEMBER + days * DAY)), 400))
    assert told == ["budget-50", "budget-100"]
