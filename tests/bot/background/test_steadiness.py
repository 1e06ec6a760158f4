"""A clock that jumps destroys nothing, and once the time is right again everything goes on."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.bootstrap import open_clock
from bot.desk.asker import Asker
from bot.operating.steadiness import AWAY, CONFIRMED, Steadiness
from bot.service import Service
from bot.settings import Settings
from bot.slack.uninstall import Departures
from storage.database import Database
from storage.personal import Personal
from storage.retention import UNDO
from storage.tables import Tables
from storage.workspaces import MACHINE, NEWEST
from tests.bot.background.clockwork import Idle
from tests.storage.fresh import laid

START = datetime(2026, 3, 27, 12, tzinfo=UTC)
"""Clocks in Berlin go forward two days later."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADA = Asker(team_id="T1", user_id="U1", channel_id="C1", channel_name="general")
JUMPS = [
    timedelta(seconds=1),
    timedelta(minutes=50),
    2 * HOUR,
    DAY,
    10 * DAY,
    40 * DAY,
    200 * DAY,
    400 * DAY,
    800 * DAY,
]


class Machine:
    """The time as it is, and as this machine's clock has it."""

    def __init__(self, start=START):
        self.true, self.start, self.off, self.asleep = start, start, timedelta(), timedelta()

    def now(self):
        return self.true + self.off

    def up(self):
        return (self.true - self.start).total_seconds()


class Facts(dict):
    def get(self, team, key):
        return super().get((team, key))

    def set(self, team, key, value):
        self[team, key] = value

    def forget(self, team, key):
        self.pop((team, key), None)


def watched(machine, facts, *, hours=0.0, minutes=0.0):
    """A process that looks, lets time pass, and looks again; whether it believed the time."""
    one = Steadiness(facts, machine.now, machine.up)
    one.is_steady()
    machine.true += timedelta(hours=hours, minutes=minutes)
    return one


@pytest.mark.parametrize("by", [timedelta(minutes=59), timedelta(minutes=-59), timedelta(), timedelta(seconds=3)])
def test_a_small_jump_is_no_matter(by):
    machine = Machine()
    one = watched(machine, Facts(), hours=5)
    machine.off = by
    assert one.is_steady()
    assert one.said == ""


@pytest.mark.parametrize("by", [2 * HOUR, -2 * HOUR, 400 * DAY, -400 * DAY])
def test_a_far_jump_is_doubted_for_an_hour_and_then_believed(by):
    machine, facts = Machine(), Facts()
    one = watched(machine, facts, minutes=5)
    machine.off = by
    assert not one.is_steady()
    assert "it jumped from about 2026-03-27 12:00" in one.said
    machine.true += CONFIRMED - timedelta(seconds=1)
    assert not one.is_steady()
    machine.true += timedelta(seconds=1)
    assert one.is_steady()
    assert facts.get(MACHINE, NEWEST).startswith(f"{machine.now():%Y-%m-%d}")


def test_a_time_that_is_right_again_is_believed_at_once():
    machine, facts = Machine(), Facts()
    one = watched(machine, facts, minutes=5)
    machine.off = 400 * DAY
    assert not one.is_steady()
    machine.true, machine.off = machine.true + timedelta(minutes=20), timedelta()
    assert one.is_steady()
    assert one.said == ""


def test_a_machine_that_was_off_for_weeks_waits_for_an_hour_also_over_restarts_and_one_of_a_weekend_not_at_all():
    machine, facts = Machine(), Facts()
    watched(machine, facts)
    machine.true += AWAY - HOUR
    assert Steadiness(facts, machine.now, machine.up).is_steady()
    machine.true += 30 * DAY
    assert not Steadiness(facts, machine.now, machine.up).is_steady()
    machine.true += timedelta(minutes=30)
    assert not Steadiness(facts, machine.now, machine.up).is_steady()
    machine.true += timedelta(minutes=30)
    assert Steadiness(facts, machine.now, machine.up).is_steady()


def test_a_doubt_of_a_time_that_is_over_confirms_no_later_one():
    machine, facts = Machine(), Facts()
    watched(machine, facts)
    machine.off = 400 * DAY
    assert not Steadiness(facts, machine.now, machine.up).is_steady()
    machine.off = timedelta()
    assert Steadiness(facts, machine.now, machine.up).is_steady()
    machine.true, machine.off = machine.true + DAY, 400 * DAY
    assert not Steadiness(facts, machine.now, machine.up).is_steady()


def test_a_clock_that_was_wrong_for_a_moment_erases_no_workspace_that_left(tmp_path):
    machine = Machine()
    with Database(laid(tmp_path / "a.db")) as database:
        steadiness = Steadiness(Tables(database).workspaces, machine.now, machine.up)
        departures = Departures(database, machine.now, steadiness)
        Service(database, machine.now).reply("7B on L4, 500 tokens", ADA)
        departures.leave("T1")
        assert departures.is_gone("T1")
        machine.off = 400 * DAY
        assert departures.is_gone("T1")
        assert Personal(database).counts("T1")["comparisons"] == 1
        machine.off = timedelta()
        machine.true += UNDO - HOUR
        for _ in range(28):
            machine.true += HOUR
            departures.is_gone("T1")
        assert "comparisons" not in Personal(database).counts("T1")


class Slack:
    """Takes every message."""

    timeout = 5

    def __init__(self):
        self.sent = []

    def chat_postMessage(self, **said):  # noqa: N802
        self.sent.append(said["metadata"]["event_payload"]["name"])
        return {"ts": f"{len(self.sent)}.1"}


class JumpingClock(RuleBasedStateMachine):
    """Any jumps; then the time is right again, and stays so."""

    @initialize()
    def begin(self):
        self.folder = tempfile.TemporaryDirectory()
        self.machine, self.slack, self.wrong = Machine(), Slack(), timedelta()
        self.database = Database(laid(Path(self.folder.name) / "a.db"))
        self.service = Service(self.database, self.machine.now)
        self.restart()
        for text in ("schedule hourly Europe/Berlin", "schedule daily 09:30 Europe/Berlin", "7B on L4, 500 tokens"):
            assert "error" not in self.service.reply(text, ADA).data
        Tables(self.database).workspaces.set("T1", "keep answers", "180")
        self.live(2)

    @rule()
    def restart(self):
        departures = Departures(
            self.database,
            self.machine.now,
            Steadiness(Tables(self.database).workspaces, self.machine.now, self.machine.up),
        )
        self.clock = open_clock(Settings(), self.database, self.service, "T1", self.machine.now, departures)
        self.clock.poster = replace(self.clock.poster, client=self.slack)
        self.clock.collector = Idle()
        self.clock.sleep = lambda seconds: None

    @rule(by=st.sampled_from(JUMPS), sign=st.sampled_from([1, -1]))
    def jump(self, by, sign):
        if self.machine.now() + sign * by > datetime(2021, 1, 1, tzinfo=UTC):
            self.machine.off += sign * by

    @rule(hours=st.integers(1, 60))
    def be_off(self, hours):
        """Suspended, or not running."""
        self.machine.true += hours * HOUR

    @precondition(lambda self: self.wrong < 18 * HOUR)
    @rule(hours=st.integers(1, 4))
    def live(self, hours):
        for _ in range(hours * 3):
            self.machine.true += timedelta(minutes=20)
            self.clock.tick()
        self.wrong = timedelta() if not self.machine.off else self.wrong + hours * HOUR

    @rule()
    def set_right(self):
        """Within a period every schedule posts, an alert comes within two hours, and nothing young is gone."""
        self.machine.off = timedelta()
        begun = self.machine.now()
        for number in range(27 * 6):
            if number == 6:
                self.service.reply(
                    f"track d{begun:%m%d%H%M}: 7B on 8xH100 $50/h 1000/h, budget $1 a month, since 2026-01-01", ADA
                )
            if number == 6 * 3:
                assert any(name.startswith(("alert", "budget")) or "alert" in name for name in self.slack.sent[-40:]), (
                    self.slack.sent[-40:]
                )
            self.machine.true += timedelta(minutes=10)
            self.clock.tick()
        due = [datetime.fromisoformat(name.split()[2]) for name in self.slack.sent if name.startswith("summary")]
        recent = [one for one in due if begun < one <= self.machine.now()]
        assert len([one for one in recent if one > self.machine.now() - 3 * HOUR]) >= 2, recent
        assert any(f"{one:%M}" == "30" for one in recent), recent
        if self.machine.now() - START < 179 * DAY:
            assert Personal(self.database).counts("T1")["comparisons"] == 1
        self.wrong = timedelta()

    def teardown(self):
        if hasattr(self, "database"):
            self.set_right()
            self.database.close()
            self.folder.cleanup()


def some(examples: int, steps: int) -> settings:
    return settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )


JumpingClock.TestCase.settings = some(3, 6)
TestJumpingClock = JumpingClock.TestCase


@pytest.mark.parametrize(("by", "sign"), [(400 * DAY, 1), (400 * DAY, -1), (2 * HOUR, 1)])
def test_a_clock_that_was_wrong_for_some_hours_is_right_again_and_everything_goes_on(by, sign):
    here = JumpingClock()
    here.begin()
    here.jump(by=by, sign=sign)
    here.live(hours=4)
    here.teardown()


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_any_jumps_in_any_order_destroy_nothing():
    run_state_machine_as_test(JumpingClock, settings=some(60, 12))
