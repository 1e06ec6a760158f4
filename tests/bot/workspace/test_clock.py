"""The clock: where it begins, how it moves hour by hour with the app keeping up, and what it refuses."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk import WebClient

from bot.workspace import Workspace
from bot.workspace.client import ClientError, WorkspaceClient

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
GENERAL = "C0GENERAL1"


@pytest.fixture
def monday(start):
    """A workspace that stands still on a Monday morning."""
    return start(starts_at=MONDAY)


@pytest.fixture
def owner(monday):
    return WorkspaceClient(monday.url)


def web_of(workspace):
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url)


def clock_of(client):
    return client.call("look")["screen"]["clock"]


@pytest.mark.parametrize("years", [-3, 3])
def test_the_clock_begins_where_it_is_told_and_runs(years):
    begins = datetime.now(UTC) + timedelta(days=365 * years)
    workspace = Workspace({}, starts_at=begins)
    time.sleep(0.02)
    assert timedelta(0) < workspace.now() - begins < timedelta(seconds=30)
    assert workspace.now().tzinfo is UTC


def test_a_frozen_clock_stands_where_it_began(monday):
    assert monday.now() == MONDAY
    assert monday.now() == MONDAY


def test_a_beginning_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        Workspace({}, starts_at=datetime(2026, 11, 23))  # noqa: DTZ001


def test_messages_carry_the_time_of_the_clock(monday):
    ts = web_of(monday).chat_postMessage(channel=GENERAL, text="early")["ts"]
    assert ts == f"{MONDAY.timestamp():.6f}"


def test_the_app_sees_every_quarter_of_an_hour_pass_on_the_minute(monday, owner):
    owner.advance(10 * 60)
    seen = []
    monday.on_move = lambda: seen.append(f"{monday.now():%H:%M:%S}")
    owner.advance(40 * 60)
    assert seen == ["07:45:00", "08:00:00", "08:15:00", "08:20:00"]


def test_a_quarter_of_a_year_is_a_step_for_every_quarter_of_an_hour(monday, owner):
    seen = []
    monday.on_move = lambda: seen.append(monday.now())
    owner.advance_to(MONDAY + timedelta(days=91))
    assert len(seen) == 91 * 24 * 4
    assert seen[-1] == MONDAY + timedelta(days=91)


def test_without_anyone_to_tell_the_clock_jumps(monday, owner):
    versions = [owner.call("look")["screen"]["version"]]
    owner.advance(7 * 86_400)
    versions.append(owner.call("look")["screen"]["version"])
    assert monday.now() == MONDAY + timedelta(days=7)
    assert versions[1] - versions[0] == 2


def test_a_running_clock_arrives_no_earlier_and_hardly_later():
    with Workspace({}, starts_at=MONDAY) as workspace:
        seen = []
        workspace.on_move = lambda: seen.append(workspace.now())
        WorkspaceClient(workspace.url).advance_to(MONDAY + 3 * HOUR)
        assert 12 <= len(seen) <= 13
        assert timedelta(0) <= workspace.now() - (MONDAY + 3 * HOUR) < timedelta(seconds=30)


def test_the_app_posts_while_the_clock_moves(monday, owner):
    web = web_of(monday)
    monday.on_move = lambda: web.chat_postMessage(channel=GENERAL, text=f"{monday.now():%H:%M}")
    owner.advance_to(MONDAY + HOUR)
    assert [message.text for message in owner.person().messages()] == ["07:45", "08:00", "08:15", "08:30"]


def test_a_message_scheduled_at_slack_comes_on_the_way(monday, owner):
    post_at = int((MONDAY + 2 * HOUR).timestamp())
    web_of(monday).chat_scheduleMessage(channel=GENERAL, text="reminder", post_at=post_at)
    monday.on_move = lambda: None
    owner.advance(5 * 3600)
    assert owner.person().messages()[-1].ts.startswith(str(post_at))


def test_a_failure_of_the_app_is_logged_and_stops_nothing(monday, owner, caplog):
    monday.on_move = lambda: 1 / 0
    owner.advance(1800)
    assert monday.now() == MONDAY + HOUR / 2
    failures = [record for record in caplog.records if record.name == "bot.workspace.moving"]
    assert [record.exc_info[0] for record in failures] == [ZeroDivisionError] * 2
    assert "2026-11-23 07:45:00 UTC" in failures[0].getMessage()


def test_others_are_served_while_the_clock_moves(monday, owner):
    here, onward = threading.Event(), threading.Event()

    def wait():
        here.set()
        onward.wait(20)

    monday.on_move = wait
    with ThreadPoolExecutor() as threads:
        move = threads.submit(owner.advance, 3600)
        assert here.wait(20)
        assert clock_of(owner)["moving_to"] == (MONDAY + HOUR).timestamp()
        assert web_of(monday).auth_test()["ok"]
        assert not move.done()
        onward.set()
        move.result(20)
    assert clock_of(owner)["moving_to"] is None


def test_two_who_move_the_clock_take_turns(monday, owner):
    busy, overlaps = threading.Lock(), []

    def step():
        overlaps.append(not busy.acquire(blocking=False))
        time.sleep(0.01)
        busy.release()

    monday.on_move = step
    with ThreadPoolExecutor() as threads:
        for move in [threads.submit(owner.advance, 3600) for _ in range(2)]:
            move.result(20)
    assert overlaps == [False] * 8
    assert monday.now() == MONDAY + 2 * HOUR


def test_a_workspace_that_stops_ends_the_move(monday, owner):
    here = threading.Event()
    monday.on_move = lambda: (here.set(), time.sleep(0.02))
    with ThreadPoolExecutor() as threads:
        move = threads.submit(owner.advance, 366 * 86_400)
        assert here.wait(20)
        monday.stop()
        move.result(20)
    assert monday.now() < MONDAY + timedelta(days=300)


def test_a_moment_in_the_past_is_refused_with_both_times(owner):
    with pytest.raises(
        ClientError, match="2026-11-23 07:29:00 UTC lies in the past; here it is 2026-11-23 07:30:00 UTC"
    ):
        owner.advance_to(MONDAY - timedelta(minutes=1))


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"until": "2026-11-30T08:00:00"}, "needs a time zone"),
        ({"until": "soon"}, "'soon' is no moment; write it as 2026-11-30T08:00:00Z"),
        ({"until": "2126-11-30T08:00:00Z"}, "more than ten years ahead"),
        ({"seconds": -1}, "only forward"),
        ({"seconds": float("nan")}, "only forward"),
        ({"seconds": float("inf")}, "at most ten years"),
        ({}, "either `seconds` or `until`"),
        ({"seconds": 1, "until": "2026-11-30T08:00:00Z"}, "either `seconds` or `until`"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(monday, owner, body, message):
    with pytest.raises(ClientError, match=message):
        owner.call("advance", **body)
    assert monday.now() == MONDAY


def test_until_takes_any_time_zone(monday, owner):
    owner.call("advance", until="2026-11-30T09:00:00+01:00")
    assert monday.now() == datetime(2026, 11, 30, 8, tzinfo=UTC)
