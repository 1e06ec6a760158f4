from datetime import timedelta

import pytest

from storage.deliveries import Deliveries
from storage.retention import Retention
from storage.workspaces import Workspaces
from tests.storage.samples import NOON, Looker, asked

DAY = timedelta(days=1)


@pytest.fixture
def retention(database):
    return Retention(database)


def index_is_whole(database):
    with database.transaction() as connection:
        connection.execute("INSERT INTO comparison_index (comparison_index) VALUES ('integrity-check')")
    return database.check() == ()


def test_what_is_older_than_a_moment_is_removed_and_nothing_else(database, retention, comparisons):
    for days in range(4):
        comparisons.add(asked(), NOON + days * DAY)
    comparisons.mark_shared("T1", 1, "C1", NOON)
    comparisons.delete("T1", 2, "U1", NOON)
    assert retention.purge(NOON + 2 * DAY) == 2
    assert [row.number for row in comparisons.search(Looker(), "llama").items] == [4, 3]
    assert index_is_whole(database)


def test_what_was_deleted_long_ago_is_removed_for_good(database, retention, comparisons, ask):
    ask(), ask(), ask()
    comparisons.delete("T1", 1, "U1", NOON)
    comparisons.delete("T1", 2, "U1", NOON + 2 * DAY)
    assert retention.purge_deleted(NOON + DAY) == 1
    assert comparisons.undelete("T1", 2, "U1").number == 2
    assert [row.number for row in comparisons.search(Looker()).items] == [3, 2]
    assert index_is_whole(database)


def test_erasing_a_person_leaves_no_word_of_theirs_in_any_file(database, path, retention, comparisons, ask):
    for n in range(30):
        ask(user_id="U2", question=f"another question {n}")
        ask(question=f"xylophone {n}", results='{"note": "zeppelin"}')
    comparisons.mark_shared("T1", 2, "C1", NOON)
    comparisons.delete("T1", 4, "U1", NOON)
    assert retention.erase_person("T1", "U1") == 30
    assert len(comparisons.search(Looker(user_id="U2"), "another", limit=50).items) == 30
    assert comparisons.search(Looker()).items == ()
    bytes_left = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"another" in bytes_left
    assert b"xylophone" not in bytes_left
    assert b"zeppelin" not in bytes_left
    assert index_is_whole(database)


def test_erasing_a_person_touches_no_namesake_in_another_workspace(retention, comparisons, ask):
    ask(), ask(team_id="T2")
    assert retention.erase_person("T1", "U1") == 1
    assert comparisons.get(Looker("T2"), 1).number == 1


def test_erasing_a_workspace_leaves_no_row_of_it_in_any_table(database, retention, comparisons, ask):
    """Looks into every table there is, so a table added later is found when its line is missing."""
    for team in ("T1", "T2"):
        ask(team_id=team)
        comparisons.mark_shared(team, 1, "C1", NOON)
        Workspaces(database).set(team, "key", "value")
    Deliveries(database).seen("Ev1", NOON)
    assert retention.erase_team("T1") == 1
    with database.read() as connection:
        tables = [
            row["name"]
            for row in connection.execute(
                "SELECT DISTINCT tables.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns"
                " WHERE tables.type = 'table' AND columns.name = 'team_id'"
            ).fetchall()
        ]
        assert len(tables) >= 3
        for table in tables:
            teams = {row[0] for row in connection.execute(f"SELECT team_id FROM {table}").fetchall()}
            assert teams == {"T2"}, table
        assert len(connection.execute("SELECT * FROM comparison_shares").fetchall()) == 1
    assert comparisons.get(Looker("T2"), 1).number == 1
    assert index_is_whole(database)
