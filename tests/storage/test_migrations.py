import sqlite3
import threading
from contextlib import closing

import pytest

from storage import migrations
from storage.database import Database
from storage.errors import SchemaTooNew
from storage.moments import to_text
from tests.storage.samples import NOON, start

OPEN = "import sys; from storage.database import Database; Database(sys.argv[1]).close()"


def applied(path):
    with closing(sqlite3.connect(path)) as connection:
        return [name for (name,) in connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id")]


def test_every_step_is_done_once_and_in_order(path):
    for _ in range(2):
        Database(path).close()
    assert applied(path) == [step.__name__ for step in migrations.STEPS]


@pytest.mark.parametrize("attempt", range(3))
def test_processes_that_start_at_once_on_a_new_file_all_succeed(path, attempt):
    starting = [start(OPEN, path) for _ in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in starting]
    assert errors == ["", "", ""]
    assert applied(path) == [step.__name__ for step in migrations.STEPS]


def test_a_file_that_another_process_reads_for_a_moment_is_waited_for(path):
    """SQLite refuses at once, whatever the busy timeout, to switch a file to the log while anyone reads it."""
    with closing(sqlite3.connect(path, check_same_thread=False, isolation_level=None)) as other:
        other.execute("CREATE TABLE theirs (id)")
        other.execute("BEGIN")
        other.execute("SELECT * FROM theirs").fetchall()
        letting_go = threading.Timer(0.2, other.rollback)
        letting_go.start()
        Database(path).close()
        letting_go.join()


def test_an_older_file_gets_the_steps_that_it_lacks_and_keeps_its_rows(path, monkeypatch):
    with monkeypatch.context() as older:
        older.setattr(migrations, "STEPS", migrations.STEPS[:-1])
        with Database(path) as database, database.transaction() as connection:
            connection.execute("INSERT INTO workspace_facts VALUES ('T1', 'key', 'value')")
    with Database(path) as database, database.read() as connection:
        assert connection.execute("SELECT count(*) FROM deliveries").fetchall()[0][0] == 0
        assert connection.execute("SELECT value FROM workspace_facts").fetchall()[0][0] == "value"


def test_what_older_programs_took_for_public_without_knowing_is_closed_and_its_name_stays(path, monkeypatch):
    places = {
        "event": ("C0A", "", 0), "open": ("C0B", "general", 0), "group": ("C0C", "mpdm-a--b-1", 0), "secret": ("C0D", "privategroup", 1),
        "alone": ("D0E", "directmessage", 1), "terminal": ("local", "", 0),
    }  # fmt: skip
    with monkeypatch.context() as older:
        number = [step.__name__ for step in migrations.STEPS].index("create_channels")
        older.setattr(migrations, "STEPS", migrations.STEPS[:number])
        with Database(path) as database, database.transaction() as connection:
            for name, (channel, channel_name, private) in places.items():
                connection.execute(
                    "INSERT INTO deployments (team_id, name, user_id, channel_id, channel_name, private, question, spelled_out,"
                    " pinned, tags, state, created_at) VALUES ('T1', ?, 'U1', ?, ?, ?, 'q', 'q', 0, '{}', 'running', ?)",
                    (name, channel, channel_name, private, to_text(NOON)),
                )
                connection.execute(
                    "INSERT INTO schedules (team_id, number, user_id, channel_id, channel_name, private, spec, about, created_at,"
                    " paused, paused_why) VALUES ('T1', (SELECT count(*) + 1 FROM schedules), 'U1', ?, ?, ?, 's', '', ?, 0, '')",
                    (channel, channel_name, private, to_text(NOON)),
                )
    with Database(path) as database, database.read() as connection:
        for table in ("deployments", "schedules"):
            rows = connection.execute(f"SELECT private, place_known FROM {table} ORDER BY id").fetchall()
            assert [tuple(row) for row in rows] == [(1, 0), (0, 1), (1, 1), (1, 1), (1, 1), (0, 1)]
        rows = connection.execute("SELECT name, key FROM deployments ORDER BY id").fetchall()
        keys = ["C0A event", "open", "C0C group", "C0D secret", "D0E alone", "terminal"]
        assert [tuple(row) for row in rows] == list(zip(places, keys, strict=True))


def test_a_step_that_fails_leaves_no_trace_and_the_steps_before_it_stay(path, monkeypatch):
    def half_a_step(db):
        db.conn.execute("CREATE TABLE half (id)")
        raise RuntimeError("in the middle")

    with monkeypatch.context() as broken:
        broken.setattr(migrations, "STEPS", (*migrations.STEPS, half_a_step))
        with pytest.raises(RuntimeError, match="in the middle"):
            Database(path)
    assert applied(path) == [step.__name__ for step in migrations.STEPS]
    with Database(path) as database, database.read() as connection:
        assert connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'half'").fetchall() == []


def test_a_step_that_another_process_has_done_meanwhile_is_not_done_again(database, path):
    with database.transaction() as connection:
        migrations.apply(connection, path, migrations.STEPS[0].__name__)
    assert len(applied(path)) == len(migrations.STEPS)


def test_a_file_of_a_newer_program_is_refused_and_left_alone(path):
    Database(path).close()
    with closing(sqlite3.connect(path)) as newer, newer:
        newer.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('storage', 'from_the_future')")
    before = path.read_bytes()
    with pytest.raises(SchemaTooNew, match=r"bot\.db was written by a newer version .* restore"):
        Database(path)
    assert path.read_bytes() == before
