import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta
from decimal import Decimal

import pytest

from calculator.spending.alerts import Raised
from storage import deliveries
from storage.accepted import AcceptedBook, NewAccepted
from storage.alerts import Alerts
from storage.audit import Audit
from storage.calibrations import Calibrations
from storage.channels import Channels, KnownChannel
from storage.defaults import Defaults
from storage.deployments import Deployments
from storage.homes import Homes
from storage.own_models import OwnModels
from storage.posts import Posts
from storage.rates import NewRate, RateBook
from storage.retention import GONE, Retention
from storage.scenarios import Scenarios
from storage.schedules import Schedules
from storage.sources import Sources
from storage.usage import UsageBook, UsageRate
from storage.workspaces import Workspaces
from tests.storage.samples import NOON, Looker, asked, measurement, scenario
from tests.storage.tracked import (
    NOON_HOUR,
    daily,
    missed,
    new_post,
    new_schedule,
    new_source,
    ready,
    seen,
    terms,
    track,
)

DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


@pytest.fixture
def retention(database):
    return Retention(database)


def index_is_whole(database):
    with database.transaction() as connection:
        connection.execute("INSERT INTO comparison_index (comparison_index) VALUES ('integrity-check')")
    return database.check() == ()


def keep_busy(database, team="T1", user="U1", name="support-bot", channel="C1"):
    """Put a row of a person into every table of tracked deployments."""
    found = track(database, name, team_id=team, user_id=user, channel_id=channel)
    book = UsageBook(database)
    book.put(found.id, seen(NOON_HOUR - 2000, 1), "csv")
    book.roll_up(NOON)
    book.put(found.id, seen(NOON_HOUR, 1), "csv")
    book.rate(found.id, UsageRate(since=NOON_HOUR, requests_per_hour=5, user_id=user))
    Sources(database).set(team, new_source(found.id), user, NOON)
    Alerts(database).settle(found.id, [], [(Raised("jump"), None)], NOON)
    Schedules(database).add(new_schedule(team_id=team, user_id=user, channel_id=channel), NOON, NOON)
    Schedules(database).claim_due(team, NOON, daily, missed)
    Posts(database).add(new_post(f"alert {name}", team_id=team, user_id=user, channel_id=channel), NOON)
    RateBook(database).set(team, user, NewRate("h100-sxm", name, Decimal(2), ""), NOON)
    Calibrations(database).add(team, user, (measurement(),), NOON)
    AcceptedBook(database).take(
        NewAccepted(id=f"{team} {name}", team_id=team, user_id=user, channel_id=channel, text="7B"), NOON
    )
    OwnModels(database).add(team, user, f"our/{name}", "{}", NOON)
    Defaults(database).change(team, "", {"hours": "730"}, user, NOON)
    Scenarios(database).save(scenario(team_id=team, user_id=user, name=name, channel_id=channel), NOON)
    return found


def look_around(database, team="T1", user="U1"):
    """What a person has for themselves alone, their Home tab and their defaults, and the channel in which they are."""
    Homes(database).opened(team, user, NOON)
    known = KnownChannel(channel_id="C1", private=False, shared=False, looked_at=NOON)
    Channels(database).keep(team, known)
    Defaults(database).change(team, user, {"hours": "176"}, user, NOON)


def rows(database):
    """How many rows each table has."""
    with database.read() as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}


def columns_with(path, word):
    """Where a word stands in the file: table and column."""
    with closing(sqlite3.connect(path)) as connection:
        columns = connection.execute(
            "SELECT tables.name, columns.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns"
            " WHERE tables.type = 'table' AND tables.sql NOT LIKE 'CREATE VIRTUAL%'"
        ).fetchall()
        return {
            (table, column)
            for table, column in columns
            if connection.execute(f"SELECT 1 FROM {table} WHERE instr({column}, ?)", (word,)).fetchone()
        }


def test_what_is_older_than_a_moment_is_removed_and_nothing_else(database, retention, comparisons):
    for days in range(4):
        comparisons.add(asked(), NOON + days * DAY)
    comparisons.mark_shared("T1", 1, "C1", NOON)
    comparisons.delete("T1", 2, "U1", NOON)
    assert retention.purge("T1", NOON + 2 * DAY) == 2
    assert [row.number for row in comparisons.search(Looker(), "llama").items] == [4, 3]
    assert index_is_whole(database)


def test_what_was_deleted_long_ago_is_removed_for_good(database, retention, comparisons, ask):
    ask(), ask(), ask()
    comparisons.delete("T1", 1, "U1", NOON)
    comparisons.delete("T1", 2, "U1", NOON + 2 * DAY)
    assert retention.purge_deleted("T1", NOON + DAY) == 1
    assert comparisons.undelete("T1", 2, "U1", NOON).number == 2
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
        keep_busy(database, team)
        look_around(database, team)
    children = ("plans", "usage_hours", "usage_days", "usage_rates", "sources", "alarms")
    before = rows(database)
    with database.transaction() as connection:
        deliveries.first(connection, "Ev1", NOON)
    assert retention.erase_team("T1") == 1
    with database.read() as connection:
        tables = [
            row["name"]
            for row in connection.execute(
                "SELECT DISTINCT tables.name FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns"
                " WHERE tables.type = 'table' AND columns.name = 'team_id'"
            ).fetchall()
        ]
        assert len(tables) >= 8
        for table in tables:
            teams = {row[0] for row in connection.execute(f"SELECT team_id FROM {table}").fetchall()}
            assert teams == {"T2"}, table
        assert len(connection.execute("SELECT * FROM comparison_shares").fetchall()) == 1
    after = rows(database)
    assert {name: after[name] * 2 for name in children} == {name: before[name] for name in children}
    assert all(before[name] for name in children)
    assert comparisons.get(Looker("T2"), 1).number == 1
    assert index_is_whole(database)


def test_erasing_a_person_keeps_what_they_set_up_for_others_without_their_id(database, retention):
    found = keep_busy(database, user="U0ERASED1")
    before = rows(database)
    retention.erase_person("T1", "U0ERASED1")
    assert rows(database) == before | {"accepted": 0, "erasures": 1}
    assert Deployments(database).get(Looker(), "support-bot") == found.model_copy(update={"user_id": GONE})
    assert Deployments(database).stretches([found.id])[found.id][0].terms == terms()
    assert Schedules(database).get(Looker(), 1).user_id == GONE
    assert {change.user_id for change in Audit(database).of("T1", found.subject)} == {GONE}
    assert (
        RateBook(database).current("T1")[0].user_id
        == UsageBook(database).rates([found.id])[found.id][0].user_id
        == GONE
    )


def test_erasing_a_person_leaves_no_trace_of_their_id_in_any_table_or_file(database, path, retention, ask):
    for user in ("U0ERASED1", "U0OTHER"):
        keep_busy(database, user=user, name=f"bot-{user[-1]}")
        look_around(database, user=user)
        ask(user_id=user)
    found = Deployments(database).get(Looker(), "bot-R")
    for user in ("U0ERASED1", "U0OTHER"):
        found = Deployments(database).change(found, "U0ERASED1", NOON, user_id=user)
    blocks = [
        {"type": "section", "text": {"type": "mrkdwn", "text": "Owner <@U0ERASED1>, not <@U0ERASED12>"}},
        {"user": "U0ERASED1"},
    ]
    Posts(database).add(new_post("alert", message={"text": "<@U0ERASED1>", "blocks": blocks}), NOON)
    Posts(database).add(new_post("told", kind="notice", user_id="U0ERASED1", channel_id="U0ERASED1"), NOON)
    retention.erase_person("T1", "U0ERASED1")
    assert columns_with(path, "U0OTHER")
    assert columns_with(path, "U0ERASED1") == {("posts", "message")}  # another person's longer id
    assert [change.after for change in Audit(database).of("T1", found.subject) if change.what == "user_id"] == [
        "U0OTHER",
        GONE,
    ]
    left = b"".join(file.read_bytes() for file in path.parent.iterdir()).replace(b"U0ERASED12", b"")
    assert b"U0OTHER" in left
    assert b"U0ERASED1" not in left
    assert database.check() == ()


def test_what_only_the_erased_person_could_see_goes_with_them(database, path, retention):
    mine = keep_busy(database, user="U0ERASED1", channel="D0ALONE")
    kept = keep_busy(database, user="U0ERASED1", name="search")
    retention.erase_person("T1", "U0ERASED1")
    assert [one.id for one in Deployments(database).of_team("T1")] == [kept.id]
    assert Audit(database).of("T1", mine.subject) == Audit(database).of("T1", "schedule 1") == ()
    assert Audit(database).of("T1", "schedule 2")
    assert columns_with(path, "D0ALONE") <= {("posts", "channel_id")}


def test_erasing_a_person_touches_nothing_of_theirs_in_another_workspace(database, retention):
    keep_busy(database)
    theirs = keep_busy(database, "T2")
    retention.erase_person("T1", "U1")
    assert Deployments(database).of_team("T2") == (theirs,)
    assert UsageBook(database).rates([theirs.id])[theirs.id][0].user_id == "U1"
    assert {change.user_id for change in Audit(database).of("T2", theirs.subject)} == {"U1"}


def test_erasing_stalls_no_writer_while_someone_reads_the_file(database, path, retention, ask):
    ask(user_id="U1")
    reader = sqlite3.connect(path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM comparisons").fetchall()
    erasing = threading.Thread(target=retention.erase_person, args=("T1", "U1"))
    erasing.start()
    longest = 0.0
    while erasing.is_alive():
        began = time.monotonic()
        Workspaces(database).set("T1", "key", "value")
        longest = max(longest, time.monotonic() - began)
        time.sleep(0.01)
    erasing.join()
    assert longest < 1, "it was five seconds"
    reader.close()
    assert database.checkpoint()
    assert not path.with_name(f"{path.name}-wal").stat().st_size
