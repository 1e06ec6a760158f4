"""Defaults of people and workspaces, Home tabs that were opened, and the status of a workspace."""

from datetime import timedelta

import pytest

from storage.audit import Audit
from storage.defaults import SUBJECT, Defaults
from storage.homes import Homes
from storage.posts import Posts
from storage.schedules import Schedules
from storage.workspace_figures import Statuses
from tests.storage.samples import NOON
from tests.storage.tracked import new_post, new_schedule, plans, scans


@pytest.fixture
def defaults(database):
    return Defaults(database)


def values(defaults, team="T1", user="U1"):
    return [(one.user_id, one.name, one.value) for one in defaults.of(team, user)]


def test_a_persons_defaults_stand_after_the_workspaces_and_are_nobody_elses(defaults):
    defaults.change("T1", "U1", {"hours": "730"}, "U1", NOON)
    defaults.change("T1", "", {"hours": "176", "zone": "UTC"}, "U2", NOON)
    assert values(defaults) == [("", "hours", "176"), ("", "zone", "UTC"), ("U1", "hours", "730")]
    assert values(defaults, user="U2") == [("", "hours", "176"), ("", "zone", "UTC")]
    assert values(defaults, team="T2") == []


def test_a_default_is_replaced_and_dropped(defaults):
    defaults.change("T1", "U1", {"hours": "730", "zone": "UTC"}, "U1", NOON)
    defaults.change("T1", "U1", {"hours": "176", "zone": None, "provider": None}, "U1", NOON + timedelta(days=1))
    [left] = defaults.of("T1", "U1")
    assert (left.value, left.set_by, left.since) == ("176", "U1", NOON + timedelta(days=1))


def test_who_changed_the_workspaces_defaults_is_in_the_audit_and_ones_own_are_not(database, defaults):
    defaults.change("T1", "", {"hours": "176"}, "U2", NOON)
    defaults.change("T1", "", {"hours": None}, "U2", NOON)
    defaults.change("T1", "U1", {"hours": "730"}, "U1", NOON)
    found = [(one.user_id, one.what, one.before, one.after) for one in Audit(database).of("T1", SUBJECT)]
    assert found == [("U2", "hours", "176", ""), ("U2", "hours", "", "176")]


def test_a_home_tab_is_open_once_someone_looked_at_it(database):
    homes = Homes(database)
    assert not homes.is_open("T1", "U1")
    homes.opened("T1", "U1", NOON)
    homes.opened("T1", "U1", NOON)
    assert homes.is_open("T1", "U1")
    assert not homes.is_open("T2", "U1")


def test_the_status_counts_what_is_in_doubt_and_what_is_paused(database):
    schedules, posts = Schedules(database), Posts(database)
    first = schedules.add(new_schedule(), NOON, NOON)
    schedules.add(new_schedule(), NOON, NOON)
    schedules.change(first, "U1", NOON, "paused", paused=True)
    posts.add(new_post("alert 1"), NOON)
    posts.give_up(posts.take("T1", NOON), "unsettled", "no reply", NOON)
    status = Statuses(database).of("T1")
    assert (status.in_doubt, status.schedules, status.paused) == (1, 2, 1)
    assert status.database_bytes > 0
    assert Statuses(database).of("T2").schedules == 0


def test_defaults_homes_and_status_are_found_without_a_scan(database, defaults):
    with plans() as steps:
        defaults.of("T1", "U1")
        Homes(database).is_open("T1", "U1")
        Statuses(database).of("T1")
    assert not scans(steps)
