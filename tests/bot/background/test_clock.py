"""When summaries are posted, which of the missed ones still are, and the thread in which the clock ticks."""

import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bot.background.clock import Ticking
from bot.workspace.models import TEAM_ID
from storage.errors import DatabaseLocked
from tests.bot.background.clockwork import ADA, BEN, COSTS, START, Clockwork, clockwork, connect

GENERAL = "C0GENERAL1"


@pytest.fixture
def place(tmp_path) -> Iterator[Clockwork]:
    with clockwork(tmp_path) as here:
        yield here


def track(place: Clockwork) -> None:
    place.say("track bot: 7B on 2xL4 cloud aws 1000/h")


def due(place: Clockwork) -> list[str]:
    """When the summaries that were posted were due, as 03-08T07:30Z."""
    moments = sorted(name.rsplit(" ", 1)[1] for name in place.names())
    return [f"{datetime.fromisoformat(one):%m-%dT%H:%MZ}" for one in moments]


def test_a_run_is_claimed_when_it_is_due_and_the_schedule_moves_on(place):
    place.schedule()
    place.move(minutes=9, seconds=59)
    assert not place.rows()
    place.move(seconds=1)
    [post] = place.rows()
    assert post.due_at == START.replace(hour=9, minute=0)
    assert place.stored(1).next_run_at == START.replace(day=25, hour=9, minute=0)
    place.clock.tick()
    assert len(place.sent()) == 1


def test_processes_that_tick_at_once_post_each_summary_once(place):
    for minute in range(0, 60, 5):
        place.schedule(f"hourly at :{minute:02}", channel=GENERAL if minute % 2 else COSTS)
    processes = [connect(place.workspace, place.database) for _ in range(3)]
    for one in processes:
        one.clock.sleep = lambda _: None
    with ThreadPoolExecutor(3) as pool:
        for _ in range(24):
            place.pass_(minutes=5)
            list(pool.map(lambda one: one.clock.tick(), processes))
    for _ in range(5):
        place.move(seconds=1)
    names = [*place.names(), *place.names(GENERAL)]
    assert len(names) == len(set(names)) == len(place.rows())
    assert set(place.states()) == {"sent"}


@pytest.mark.parametrize(
    ("late", "note"),
    [
        (timedelta(minutes=15), False),
        (timedelta(minutes=16), True),
        (timedelta(hours=6), True),
    ],
)
def test_a_summary_that_was_missed_by_up_to_six_hours_is_posted_once_and_says_that_it_is_late(place, late, note):
    track(place)
    place.schedule()
    place.pass_(minutes=10)
    place.move(seconds=late.total_seconds())
    place.move(minutes=1)
    [message] = place.sent()
    assert ("Posted late: it was due 2026-11-24 09:00 UTC." in message.words) == note
    assert not place.told()


def test_a_summary_that_was_missed_by_more_is_skipped_told_and_shown(place):
    place.schedule(user=BEN)
    place.pass_(minutes=10)
    place.move(hours=6, minutes=1)
    place.move(minutes=1)
    assert not place.sent()
    assert place.states() == ["skipped"]
    [notice] = place.told(BEN)
    assert "A summary of schedule 1 was skipped" in notice.text
    assert "more than six hours late" in notice.words
    assert "The next one is" in notice.words
    shown = str(place.say("schedules", BEN).blocks)
    assert "was skipped: missed by 6 hours: the bot was not running" in shown
    place.until(START.replace(day=25, hour=9, minute=0))
    assert len(place.sent()) == 1


def test_a_skipped_summary_is_posted_where_its_owner_wants_it_after_all(place):
    place.schedule()
    place.move(hours=7)
    assert place.states() == ["skipped"]
    place.say("repost 1")
    place.move(seconds=5)
    assert due(place) == ["11-24T09:00Z"]


def test_of_several_missed_runs_only_the_newest_is_posted(place):
    place.schedule("hourly at :00")
    place.move(hours=5, minutes=20)
    place.move(minutes=1)
    assert due(place) == ["11-24T14:00Z"]
    assert place.stored(1).next_run_at == START.replace(hour=15, minute=0)
    assert len(place.rows()) == 1


def test_of_several_missed_days_one_is_skipped_and_told(place):
    place.schedule()
    place.move(days=4, hours=7)
    place.move(minutes=1)
    assert [(post.state, post.due_at.day) for post in place.rows()] == [("skipped", 28)]
    assert len(place.told()) == 1


def test_a_pause_is_not_caught_up_with(place):
    place.schedule("hourly at :00")
    place.move(minutes=10)
    place.say("schedule 1 pause")
    place.move(hours=3, minutes=30)
    assert due(place) == ["11-24T09:00Z"]
    place.say("schedule 1 resume")
    place.move(minutes=1)
    assert due(place) == ["11-24T09:00Z"]
    place.move(minutes=29)
    assert due(place) == ["11-24T09:00Z", "11-24T13:00Z"]
    assert not place.told()


def test_what_was_claimed_before_a_pause_is_posted_and_nothing_after(place):
    place.schedule()
    place.client.fault("chat.postMessage", "ratelimited", retry_after=60)
    place.move(minutes=10)
    place.say("schedule 1 pause")
    place.move(minutes=2)
    place.move(days=2)
    assert due(place) == ["11-24T09:00Z"]


def test_a_deleted_schedule_that_is_restored_does_not_catch_up_either(place):
    place.schedule("hourly at :00")
    place.say("schedule 1 delete")
    place.move(hours=3)
    place.say("schedule 1 restore")
    place.move(minutes=1)
    assert not place.sent()
    place.move(hours=1)
    assert due(place) == ["11-24T12:00Z"]


def test_run_now_posts_besides_the_regular_runs_and_twice_in_a_minute_once(place):
    place.schedule()
    place.say("schedule 1 run")
    place.say("schedule 1 run")
    place.move(seconds=5)
    assert len(place.sent()) == 1
    place.move(minutes=1)
    place.say("schedule 1 run")
    place.move(seconds=5)
    assert len(place.sent()) == 2
    place.move(minutes=10)
    assert len(place.sent()) == 3
    assert set(place.states()) == {"sent"}


def test_a_paused_schedule_runs_now_when_someone_says_so_and_stays_paused(place):
    place.schedule()
    place.say("schedule 1 pause")
    place.say("schedule 1 run")
    place.move(seconds=5)
    assert len(place.sent()) == 1
    place.move(days=1)
    assert len(place.sent()) == 1


def test_another_time_that_means_the_same_run_does_not_post_it_twice(place):
    place.schedule()
    place.move(minutes=10)
    place.pass_(seconds=-30)  # as a clock does that is set right
    place.say("schedule 1 becomes hourly at :00")
    place.move(minutes=1)
    assert due(place) == ["11-24T09:00Z"]


@pytest.mark.parametrize(
    ("spec", "start", "days", "expected"),
    [
        (
            "daily 00:00 America/New_York",
            datetime(2026, 3, 7, 6, tzinfo=UTC),
            3,
            ["03-08T05:00Z", "03-09T04:00Z", "03-10T04:00Z"],
        ),
        ("daily 02:30 America/New_York", datetime(2026, 3, 7, 8, tzinfo=UTC), 2, ["03-08T07:30Z", "03-09T06:30Z"]),
        ("daily 01:30 America/New_York", datetime(2026, 10, 31, 6, tzinfo=UTC), 2.1, ["11-01T05:30Z", "11-02T06:30Z"]),
        (
            "hourly at :30 America/New_York",
            datetime(2026, 11, 1, 4, tzinfo=UTC),
            0.17,
            ["11-01T04:30Z", "11-01T05:30Z", "11-01T06:30Z", "11-01T07:30Z"],
        ),
        ("every monday 00:00 America/New_York", datetime(2026, 3, 2, 6, tzinfo=UTC), 7, ["03-09T04:00Z"]),
        ("daily 02:15 Australia/Lord_Howe", datetime(2026, 10, 2, 16, tzinfo=UTC), 2, ["10-03T15:45Z", "10-04T15:15Z"]),
        (
            "daily 01:45 Australia/Lord_Howe",
            datetime(2026, 4, 3, 15, tzinfo=UTC),
            2.1,
            ["04-04T14:45Z", "04-05T15:15Z"],
        ),
        (
            "daily 09:00 Pacific/Apia",
            datetime(2011, 12, 28, 20, tzinfo=UTC),
            3,
            ["12-29T19:00Z", "12-30T19:00Z", "12-31T19:00Z"],
        ),
    ],
)
def test_days_on_which_clocks_change_have_their_runs(tmp_path, spec, start, days, expected):
    with clockwork(tmp_path, starts_at=start) as place:
        place.schedule(spec)
        for _ in range(round(days * 48)):
            place.move(minutes=30)
        assert due(place) == expected
        assert set(place.states()) == {"sent"}


def test_a_summary_covers_the_time_from_the_run_before_to_its_own_however_late_it_is_posted(tmp_path):
    """The week in which clocks go forward has 167 hours."""
    with clockwork(tmp_path, starts_at=datetime(2026, 3, 20, 12, tzinfo=UTC)) as place:
        track(place)
        schedule = place.schedule("every monday 09:00 Europe/Berlin")
        place.until(datetime(2026, 3, 23, 8, tzinfo=UTC))
        place.until(datetime(2026, 3, 30, 9, 30, tzinfo=UTC))
        first, second = place.sent()
        assert "Mon 16 Mar 09:00 to Mon 23 Mar 2026 09:00 Europe/Berlin" in first.words
        assert "Mon 23 Mar 09:00 to Mon 30 Mar 2026 09:00 Europe/Berlin" in second.words
        assert "Posted late" in second.words
        data = place.service.summary(schedule, datetime(2026, 3, 30, 7, tzinfo=UTC)).data
        assert data["deployments"][0]["hours"] == 167


def test_a_run_by_hand_covers_as_long_a_time_up_to_now(place):
    track(place)
    place.schedule("daily 09:00 UTC")
    place.pass_(hours=5)
    place.say("schedule 1 run")
    place.move(seconds=5)
    assert "Mon 23 Nov 13:50 to Tue 24 Nov 2026 13:50 UTC" in place.sent()[0].words


def test_a_schedule_whose_text_is_not_understood_any_more_says_so_and_stops_no_other(place):
    """Its text was read inside the claim of all: from then on nothing was ever posted."""
    place.schedule(channel=GENERAL)
    place.schedule()
    with place.database.transaction() as connection:
        connection.execute("UPDATE schedules SET spec = 'daily at 09:00 Mars/<Olympus>' WHERE number = 1")
    place.move(minutes=10)
    assert due(place) == ["11-24T09:00Z"]
    [message] = place.sent(GENERAL)
    assert message.text.startswith("Schedule 1: ")
    assert "&lt;Olympus&gt;" in message.text or "Olympus" not in message.text
    place.move(days=1)
    assert len(place.sent(GENERAL)) == 1
    assert len(place.sent()) == 2


def test_what_fails_unexpectedly_keeps_nothing_else_from_its_turn_and_is_not_swallowed(place):
    """An error while fetching usage, which comes first, meant that nothing was posted in any tick."""

    class Failing:
        def run_once(self) -> int:
            raise RuntimeError("a bug")

    place.clock.collector = Failing()
    place.schedule()
    with pytest.raises(RuntimeError, match="a bug"):
        place.move(minutes=10)
    assert place.states() == ["sent"]


def test_a_database_that_is_locked_is_waited_for_with_a_line_in_the_log(place, monkeypatch, caplog):
    place.schedule()

    def locked(*_: object, **__: object) -> int:
        raise DatabaseLocked(place.database.path)

    monkeypatch.setattr(place.clock.tables.schedules, "claim_due", locked)
    place.move(minutes=10)
    assert "waits for the database" in caplog.text
    monkeypatch.undo()
    place.clock.tick()
    assert place.states() == ["sent"]


def test_a_server_that_is_slow_to_be_asked_for_usage_holds_up_no_summary(place):
    asked, answer = threading.Event(), threading.Event()

    class Hanging:
        def run_once(self) -> int:
            asked.set()
            answer.wait(10)
            return 0

    place.schedule()
    place.clock.collector = Hanging()
    with ThreadPoolExecutor(1) as pool:
        collecting = pool.submit(place.clock.collect)
        assert asked.wait(5)
        place.client.advance(600)
        place.clock.turn()
        assert place.states() == ["sent"]
        answer.set()
        collecting.result(5)


def test_turns_of_one_process_wait_for_each_other(place):
    running, most = [], []

    class Slow:
        def run_once(self) -> int:
            running.append(1)
            most.append(len(running))
            time.sleep(0.02)
            running.pop()
            return 0

    place.clock.hourly = Slow()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: place.clock.turn(), range(8)))
    assert most == [1] * 8


def test_the_thread_ticks_again_and_again_until_it_is_stopped():
    ticks, enough = [], threading.Event()

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 3:
            enough.set()

    ticking = Ticking(tick, 0.02)
    ticking.start()
    assert enough.wait(5)
    ticking.stop()
    count = len(ticks)
    time.sleep(0.1)
    assert len(ticks) == count
    assert not [thread for thread in threading.enumerate() if "APScheduler" in thread.name]
    ticking.stop()


def test_stopping_waits_for_the_tick_that_is_going_on():
    begun, done = threading.Event(), []

    def tick() -> None:
        begun.set()
        time.sleep(0.2)
        done.append(1)

    ticking = Ticking(tick, 60)
    ticking.start()
    assert begun.wait(5)
    ticking.stop()
    assert done == [1]


def test_a_tick_that_fails_is_logged_and_the_next_one_comes(caplog):
    ticks, again = [], threading.Event()

    def tick() -> None:
        ticks.append(1)
        if len(ticks) > 1:
            again.set()
        raise RuntimeError("a bug in a tick")

    ticking = Ticking(tick, 0.02)
    with caplog.at_level(logging.ERROR, "apscheduler"):
        ticking.start()
        assert again.wait(5)
        ticking.stop()
    assert "a bug in a tick" in caplog.text


def test_a_schedule_of_another_workspace_is_not_run_here(place):
    place.schedule()
    with place.database.transaction() as connection:
        connection.execute("UPDATE schedules SET team_id = 'T0ELSEWHERE'")
    place.move(minutes=10)
    assert not place.rows()
    assert TEAM_ID != "T0ELSEWHERE"


def test_a_summary_in_a_direct_message_goes_to_the_person(place):
    place.schedule(channel=ADA)
    place.move(minutes=10)
    assert len(place.told()) == 1
