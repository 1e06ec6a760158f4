"""What is kept of someone, complete: looks into every table there is, so a table added later is found."""

import json

import pytest

from storage.accepted import AcceptedBook, NewAccepted
from storage.channels import Channels, KnownChannel
from storage.comparisons import Comparisons
from storage.defaults import Defaults
from storage.homes import Homes
from storage.personal import Personal
from storage.retention import Retention
from storage.workspaces import Workspaces
from tests.storage.samples import NOON, asked
from tests.storage.test_retention import columns_with, keep_busy
from tests.storage.tracked import ready

ANYONES = {"channels", "comparison_numbers", "workspace_facts"}
"""What a workspace has and no person."""
NOBODYS = {"deliveries", "erasures", "offers", "_sqlite_migrations", "sqlite_sequence"}
"""What belongs to no workspace."""


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


def fill(database, team="T1", user="U0ADA"):
    """A row of the person in every table that can hold one."""
    keep_busy(database, team, user, name=f"bot-{user[-3:]}")
    comparisons = Comparisons(database)
    number = comparisons.add(asked(team_id=team, user_id=user), NOON, "1700.1").number
    comparisons.mark_shared(team, number, "C1", NOON)
    Defaults(database).change(team, user, {"gpu": "H100"}, user, NOON)
    Channels(database).keep(team, KnownChannel(channel_id="C1", private=False, shared=False, looked_at=NOON))
    Homes(database).opened(team, user, NOON)
    AcceptedBook(database).take(
        NewAccepted(
            id=f"Ev {team} {user[-3:]}",
            team_id=team,
            user_id=user,
            channel_id="C1",
            text="help",
            response_url="https://key",
        ),
        NOON,
    )
    Workspaces(database).set(team, "key", "value")


def tables(database):
    with database.read() as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    return {row["name"] for row in rows if not row["name"].startswith("comparison_index")}


def test_every_table_is_in_the_export_of_a_workspace_and_every_one_that_names_people_in_a_persons(database):
    fill(database), fill(database, user="U0BEN"), fill(database, "T2")
    whole, mine = (json.loads(Personal(database).export("T1", user)) for user in ("", "U0ADA"))
    assert set(whole) - {"about"} == tables(database) - NOBODYS
    assert set(mine) - {"about"} == tables(database) - NOBODYS - ANYONES


def test_an_export_holds_every_row_as_it_is_stored_and_nobody_elses(database):
    fill(database), fill(database, user="U0BEN"), fill(database, "T2")
    mine = json.loads(Personal(database).export("T1", "U0ADA"))
    assert mine["about"] == {"team_id": "T1", "user_id": "U0ADA"}
    assert mine["comparisons"][0]["results"] == {"memory": {"total_memory_gb": 391.5}}
    assert [one["name"] for one in mine["deployments"]] == ["bot-ADA"]
    assert "U0BEN" not in json.dumps(mine)
    assert '"T2"' not in json.dumps(mine)
    assert "https://key" not in json.dumps(mine)


def test_everywhere_that_a_persons_id_stands_is_in_their_export(database, path):
    fill(database), fill(database, user="U0BEN")
    named = {table for table, column in columns_with(path, "U0ADA") if column != "message"}
    assert named <= set(json.loads(Personal(database).export("T1", "U0ADA")))


def test_counts_are_those_of_the_export(database):
    fill(database), fill(database, user="U0BEN")
    for user in ("", "U0ADA"):
        exported = json.loads(Personal(database).export("T1", user))
        assert Personal(database).counts("T1", user) == {
            name: len(rows) for name, rows in exported.items() if name != "about"
        }


def test_nothing_is_left_to_export_of_who_was_erased(database):
    fill(database), fill(database, user="U0BEN")
    Retention(database).erase_person("T1", "U0ADA")
    assert Personal(database).counts("T1", "U0ADA") == {}
    Retention(database).erase_team("T1")
    assert json.loads(Personal(database).export("T1")) == {"about": {"team_id": "T1"}}
