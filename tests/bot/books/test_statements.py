"""Statements and watches from what is stored: edges, months, pauses and silence."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from bot.books.statements import Accounts
from calculator.spending.statement import Line, Statement
from storage.database import Database
from storage.deployment_records import NewDeployment
from storage.sources import UsageSource
from storage.tables import Tables
from storage.usage import UsageRate
from tests.calculator.spending.test_spend import DAY, HOUR, hosted, kept
from tests.storage.tracked import hour_of, new_deployment, ready, seen

NOVEMBER, DECEMBER = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    with Database(ready(tmp_path)) as database:
        yield database


@pytest.fixture
def accounts(database) -> Accounts:
    return Accounts(Tables(database))


@pytest.fixture
def track(accounts):
    def add(name="bot", terms=None, since=NOVEMBER, **changes):
        new: NewDeployment = new_deployment(name=name, **changes)
        return accounts.tables.deployments.add(new, terms or kept(), since, since)

    return add


def only(statement: Statement) -> Line:
    [line] = statement.lines
    return line


def move(accounts, found, now, *, running):
    state, why = ("running", "resumed") if running else ("paused", "paused")
    return accounts.tables.deployments.move(found, "U1", now, state, why)


def silent(accounts, found, now, **source) -> float | None:
    values = {"deployment_id": found.id, "url": "https://prometheus.example", "engine": "vllm", "next_fetch_at": now}
    watches = accounts.watch([found], {found.id: UsageSource.model_validate(values | source)} if source else {}, now)
    return watches[found.id].silent_hours


def test_a_statement_compares_the_last_period_with_those_before_and_knows_the_month(accounts, track):
    found = [track(), track("gpt", hosted()), track("free", kept(kept_usd_per_hour=None))]
    edges = [NOVEMBER + days * DAY for days in (0, 7, 14, 21)]
    statement = accounts.statement(found, edges)
    assert [line.name for line in statement.lines] == ["bot", "gpt", "free"]
    assert statement.labels == tuple(edges[:3])
    assert (statement.cost_usd, statement.before_usd) == (Decimal("161.28"), Decimal("161.28"))
    assert (statement.month_usd, statement.forecast_usd) == (Decimal("161.28") * 3, Decimal("691.20"))
    assert statement.trend() == (Decimal("161.28"),) * 3
    assert statement.unknown == ("free",)


def test_two_edges_are_a_period_without_one_before(accounts, track):
    line = only(accounts.statement([track()], [NOVEMBER, NOVEMBER + DAY]))
    assert (line.this.cost_usd, line.before.cost_usd, line.trend) == (
        Decimal("19.20"),
        Decimal("0.00"),
        (Decimal("19.20"),),
    )


def test_on_the_first_at_midnight_the_month_is_the_one_that_ended(accounts, track):
    statement = accounts.statement([track(budget_usd=Decimal(600))], [DECEMBER - 7 * DAY, DECEMBER])
    assert (statement.month, statement.month_usd, statement.forecast_usd) == (
        "2026-11",
        Decimal("576.00"),
        Decimal("576.00"),
    )
    later = accounts.statement([track("another", since=DECEMBER)], [DECEMBER, DECEMBER + HOUR])
    assert (later.month, later.month_usd, later.forecast_usd) == ("2026-12", Decimal("0.80"), Decimal("595.20"))


def test_statements_that_follow_each_other_add_up_to_the_month(accounts, track):
    found = track(terms=hosted())
    start = hour_of(NOVEMBER)
    accounts.tables.usage.put(found.id, [one for one in seen(start, *range(720)) if one.hour % 3], "csv")
    accounts.tables.deployments.reprice(found, hosted(usd_per_input_token=Decimal("0.000003")), NOVEMBER + 10.4 * DAY)
    edges = [NOVEMBER + part * DAY * 30 / 7 for part in range(8)]
    bills = [only(accounts.statement([found], list(edge))).this.cost_usd for edge in pairwise(edges)]
    assert abs(sum(bills) - only(accounts.statement([found], [NOVEMBER, DECEMBER])).this.cost_usd) <= Decimal("0.04")


def test_a_period_costs_the_same_after_its_hours_were_put_away(accounts, track):
    """A price changed at noon: the day was put away, and both its halves were charged for it."""
    found = track(terms=hosted())
    accounts.tables.usage.put(found.id, seen(hour_of(NOVEMBER), *[1000] * 48), "prometheus")
    accounts.tables.usage.rate(found.id, UsageRate(since=hour_of(NOVEMBER) + 6, requests_per_hour=50, user_id="U1"))
    accounts.tables.deployments.reprice(found, hosted(usd_per_input_token=Decimal("0.000003")), NOVEMBER + DAY / 2)
    before = accounts.statement([found], [NOVEMBER, NOVEMBER + 4 * DAY])
    accounts.tables.usage.roll_up(DECEMBER + 30 * DAY)
    assert accounts.statement([found], [NOVEMBER, NOVEMBER + 4 * DAY]) == before


def test_what_was_paused_earlier_in_the_month_is_in_the_months_bill(accounts, track):
    """Two weeks after the pause the line was dropped, and its days of November with it."""
    found = move(accounts, track(), NOVEMBER + 2 * DAY, running=False)
    statement = accounts.statement([found], [NOVEMBER + days * DAY for days in (14, 21, 28)])
    assert (statement.cost_usd, statement.month_usd, statement.forecast_usd) == (
        Decimal("0.00"),
        Decimal("38.40"),
        Decimal("38.40"),
    )
    assert not only(statement).running
    assert accounts.statement([found], [DECEMBER + days * DAY for days in (1, 2, 3)]).lines == ()


def test_a_deployment_is_listed_as_soon_as_it_is_tracked(accounts, track):
    line = only(accounts.statement([track(since=NOVEMBER + DAY)], [NOVEMBER, NOVEMBER + DAY]))
    assert (line.this.cost_usd, line.forecast_usd) == (Decimal("0.00"), Decimal("556.80"))


def test_a_watch_knows_the_month_the_usual_day_and_the_last_hour(accounts, track):
    found = track(terms=hosted(max_ttft_s=0.5), budget_usd=Decimal(100))
    now = NOVEMBER + 10 * DAY + HOUR / 4
    accounts.tables.usage.put(found.id, seen(hour_of(NOVEMBER), *[100] * 239, ttft_p95_s=0.2), "prometheus")
    accounts.tables.usage.put(found.id, seen(hour_of(now) - 1, 1100, ttft_p95_s=0.7), "prometheus")
    watch = accounts.watch([found], {}, now)[found.id]
    assert (watch.month, watch.ttft_p95_s, watch.max_ttft_s, watch.silent_hours) == ("2026-11", 0.7, 0.5, None)
    assert (watch.day_usd, watch.usual_day_usd) == (Decimal("5.44"), Decimal("3.84"))
    assert watch.month_usd == Decimal("40.16")  # the hour that is going on by plan


def test_silence_counts_from_when_something_was_last_seen(accounts, track):
    found = track()
    now = NOVEMBER + 10 * DAY
    assert silent(accounts, found, now) is None
    assert silent(accounts, found, now, fetched_hour=1, seen_at=now - 2 * HOUR) == 2
    assert silent(accounts, found, now, fetched_hour=1) == 240


def test_a_source_that_was_just_set_is_not_silent_since_the_deployment_was_tracked(accounts, track):
    """Whoever set a source was told at once that nothing had been heard for as long as the deployment was tracked."""
    found = track()
    now = NOVEMBER + 10 * DAY
    assert silent(accounts, found, now, token="") is None
    assert silent(accounts, found, now, failing_since=now - HOUR) == 1


def test_a_deployment_is_not_silent_for_the_time_that_it_was_paused(accounts, track):
    found = move(accounts, track(), NOVEMBER + DAY, running=False)
    now = NOVEMBER + 10 * DAY
    last = {"fetched_hour": 1, "seen_at": NOVEMBER + DAY}
    assert silent(accounts, found, now, **last) is None
    resumed = move(accounts, found, now - HOUR, running=True)
    accounts.tables.deployments.reprice(resumed, kept(), now - HOUR / 2)
    assert silent(accounts, resumed, now, **last) == 1
    assert silent(accounts, resumed, now + 5 * HOUR, **last) == timedelta(hours=6) / HOUR
