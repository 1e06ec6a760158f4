"""Who is fetched from, when, how far back, and what happens where that fails."""

import logging
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bot.prometheus.collecting import SPREAD_S, Collector, check, pause, spread
from calculator.spending.usage import UsageHour, hour_of, moment_of
from storage.deployments import Deployments
from storage.sources import Sources, UsageSource
from storage.usage import UsageBook
from tests.prometheus.stand_in import hang, http, listening, series
from tests.prometheus.tracked import OWNER, TEAM, settings, track
from tests.storage.fresh import fresh

NOON = datetime(2026, 8, 3, 12, 0, 40, tzinfo=UTC)
HOUR = hour_of(NOON)
TOKEN = "s3cr3t-t0ken"


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def database(tmp_path):
    with fresh(tmp_path / "bot.db") as database:
        yield database


def seen(*hours: tuple[int, float]):
    """The answer that tells of so many requests in each hour."""
    return series(({"quantity": "requests"}, [((hour + 1) * 3600, str(requests)) for hour, requests in hours]))


def asked(there) -> list[tuple[int, int]]:
    """The first and last hour of each query, counted from the present hour."""
    return [(int(form["start"]) // 3600 - 1 - HOUR, int(form["end"]) // 3600 - 1 - HOUR) for form in there.forms()]


def source_of(database, number) -> UsageSource:
    found = Sources(database).get(number)
    assert found
    return found


def test_what_is_seen_is_stored_and_the_source_is_due_again_after_the_next_hour(database, clock):
    with listening(seen((HOUR - 2, 5), (HOUR - 1, 7))) as there:
        number = track(database, "llama", there.url, NOON)
        assert Collector(database, settings(there.url), clock, TEAM).run_once() == 1
    kept = UsageBook(database).hours(number, NOON - timedelta(days=1), NOON)
    assert kept == (UsageHour(hour=HOUR - 2, requests=5), UsageHour(hour=HOUR - 1, requests=7))
    source = source_of(database, number)
    assert (source.fetched_hour, source.seen_at, source.problem) == (HOUR - 1, moment_of(HOUR), "")
    assert source.next_fetch_at == moment_of(HOUR + 1) + timedelta(seconds=30) + spread(number)


def test_the_first_fetch_goes_35_days_back_week_by_week(database, clock):
    with listening(seen()) as there:
        track(database, "llama", there.url, NOON)
        Collector(database, settings(there.url), clock, TEAM).run_once()
    assert asked(there) == [(first, first + 167) for first in range(-840, 0, 168)]


def test_a_later_fetch_takes_up_where_the_last_one_ended_and_asks_once_more_for_its_last_hour(database, clock):
    with listening(seen()) as there:
        track(database, "llama", there.url, NOON, fetched_hour=HOUR - 4)
        Collector(database, settings(there.url), clock, TEAM).run_once()
    assert asked(there) == [(-4, -1)]


def test_late_scrapes_of_an_hour_replace_what_was_stored(database, clock):
    with listening(seen((HOUR - 2, 9))) as there:
        number = track(database, "llama", there.url, NOON, fetched_hour=HOUR - 2)
        UsageBook(database).put(number, [UsageHour(hour=HOUR - 2, requests=4)], "prometheus")
        Collector(database, settings(there.url), clock, TEAM).run_once()
    assert UsageBook(database).hours(number, NOON - timedelta(days=1), NOON)[0].requests == 9


def test_where_every_whole_hour_was_fetched_nothing_is_asked(database, clock):
    with listening(seen()) as there:
        number = track(database, "llama", there.url, NOON, fetched_hour=HOUR - 1)
        assert Collector(database, settings(there.url), clock, TEAM).run_once() == 1
    assert there.requests == []
    assert source_of(database, number).fetched_hour == HOUR - 1
    assert source_of(database, number).next_fetch_at > moment_of(HOUR + 1)


def test_a_gap_stores_nothing_and_leaves_when_it_was_last_seen(database, clock):
    before = NOON - timedelta(hours=9)
    with listening(seen()) as there:
        number = track(database, "llama", there.url, NOON, seen_at=before)
        Collector(database, settings(there.url), clock, TEAM).run_once()
    assert UsageBook(database).last_seen(number) is None
    assert source_of(database, number).seen_at == before
    assert source_of(database, number).fetched_hour == HOUR - 1


def test_one_that_hangs_or_fails_does_not_stop_the_others(database, clock, monkeypatch):
    monkeypatch.setattr("bot.prometheus.client.SILENCE_S", 0.5)
    with listening(hang) as hung, listening(http("x", "500 Oops")) as broken, listening(seen((HOUR - 1, 1))) as well:
        bad = [track(database, f"bad{index}", url, NOON) for index, url in enumerate([hung.url, broken.url] * 3)]
        good = [track(database, f"good{index}", well.url, NOON) for index in range(6)]
        assert Collector(database, settings(hung.url, broken.url, well.url), clock, TEAM).run_once() == 12
    assert [source_of(database, number).problem == "" for number in (*bad, *good)] == [False] * 6 + [True] * 6


def test_of_two_processes_each_source_is_fetched_by_one(database, clock):
    with listening(seen((HOUR - 1, 1))) as there:
        for index in range(12):
            track(database, f"d{index}", there.url, NOON, fetched_hour=HOUR - 2)
        collectors = [Collector(database, settings(there.url), clock, TEAM) for _ in range(2)]
        with ThreadPoolExecutor(2) as pool:
            assert sum(pool.map(Collector.run_once, collectors)) == 12
        assert len(there.requests) == 12


def test_of_another_workspace_and_of_what_is_paused_nothing_is_fetched(database, clock):
    with listening(seen()) as there:
        track(database, "llama", there.url, NOON)
        deployments = Deployments(database)
        assert Collector(database, settings(there.url), clock, "T2").run_once() == 0
        deployments.move(deployments.of_team(TEAM)[0], OWNER, NOON, "paused", "paused")
        assert Collector(database, settings(there.url), clock, TEAM).run_once() == 0
    assert there.requests == []


def test_failures_are_tried_again_after_1_5_15_and_then_every_60_minutes(database, clock):
    waited = []
    with listening(http("x", "500 Oops")) as there:
        number = track(database, "llama", there.url, NOON)
        for _ in range(6):
            Collector(database, settings(there.url), clock, TEAM).run_once()
            waited.append((source_of(database, number).next_fetch_at - clock.now) // timedelta(minutes=1))
            clock.now = source_of(database, number).next_fetch_at
    assert waited == [1, 5, 15, 60, 60, 60]
    assert source_of(database, number).failing_since == NOON


def test_a_source_that_works_again_catches_up_and_fails_no_more(database, clock):
    with listening(seen((HOUR - 1, 3))) as there:
        number = track(
            database,
            "llama",
            there.url,
            NOON,
            fetched_hour=HOUR - 9,
            failing_since=NOON - timedelta(hours=8),
            problem="it hung",
        )
        Collector(database, settings(there.url), clock, TEAM).run_once()
    source = source_of(database, number)
    assert (source.failing_since, source.problem, source.fetched_hour) == (None, "", HOUR - 1)
    assert asked(there) == [(-9, -1)]


def test_the_wait_after_a_first_failure_is_a_minute():
    assert pause(None, NOON) == timedelta(minutes=1)


def test_fetches_are_spread_over_two_minutes_and_each_keeps_its_second():
    spreads = {spread(number) for number in range(SPREAD_S)}
    assert len(spreads) == SPREAD_S
    assert max(spreads) < timedelta(minutes=2)


def test_a_token_is_sent_by_name_and_stands_in_no_log_and_no_problem(database, clock, caplog):
    caplog.set_level(logging.DEBUG)
    with listening(http(f"bad token {TOKEN}", "401 Unauthorized")) as there:
        number = track(database, "llama", there.url, NOON, token="PROMETHEUS_TOKEN_PROD", selector='pod="x"')
        Collector(database, settings(there.url, PROMETHEUS_TOKEN_PROD=TOKEN), clock, TEAM).run_once()
    assert f"Bearer {TOKEN}" in there.requests[0]
    assert "refused" in source_of(database, number).problem
    warnings = [record for record in caplog.records if record.levelno == logging.WARNING]
    assert [(one.deployment, one.reason) for one in warnings] == [(number, "refused")]
    assert TOKEN not in caplog.text + source_of(database, number).problem + repr(warnings)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"token": "PROMETHEUS_TOKEN_STAGE"}, "no token called PROMETHEUS_TOKEN_STAGE.* PROMETHEUS_TOKEN_PROD"),
        ({"url": "http://169.254.169.254"}, "may not fetch from there"),
        ({"engine": "transformers"}, "no known metrics of transformers"),
        ({"selector": "up"}, "no label matchers"),
    ],
)
def test_what_is_not_allowed_is_a_problem_and_nothing_is_asked(database, clock, changes, said):
    with listening(seen()) as there:
        allowed = settings(there.url, PROMETHEUS_TOKEN_PROD=TOKEN)
        number = track(database, "llama", changes.pop("url", there.url), NOON, **changes)
        Collector(database, allowed, clock, TEAM).run_once()
        source = source_of(database, number)
        assert there.requests == []
    assert check(source, allowed, NOON) == source.problem
    assert source.failing_since == NOON
    assert re.search(said, source.problem)


def test_nothing_due_is_nothing_done(database, clock):
    assert Collector(database, settings(), clock, TEAM).run_once() == 0
