import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.comparisons import Comparisons
from storage.database import Database
from storage.errors import DatabaseClosed, DatabaseLocked, DatabaseReadOnly
from storage.workspaces import Workspaces
from tests.storage.samples import NOON, asked, start


def count_up(database, times):
    for _ in range(times):
        with database.transaction() as connection:
            rows = connection.execute("SELECT value FROM workspace_facts").fetchall()
            value = int(rows[0]["value"]) if rows else 0
            connection.execute("INSERT OR REPLACE INTO workspace_facts VALUES ('T1', 'count', ?)", (str(value + 1),))


def test_the_file_and_its_folder_are_created_for_their_owner_alone(tmp_path):
    path = tmp_path / "new" / "folder" / "bot.db"
    with Database(path) as database:
        Workspaces(database).set("T1", "key", "value")
        files = list(path.parent.iterdir())
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_path_with_characters_that_mean_something_in_an_address_is_fine(tmp_path):
    path = tmp_path / "50% off? #1 ü" / "bot.db"
    with Database(path) as database:
        Workspaces(database).set("T1", "key", "value")
    assert path.stat().st_size > 0


def test_what_was_stored_is_there_after_opening_again(path):
    with Database(path) as database:
        Comparisons(database).add(asked(), NOON)
    with Database(path) as database:
        assert [row.question for row in Comparisons(database).export("T1", "U1")] == [asked().question]


def test_a_transaction_that_raises_stores_nothing(database):
    def fail():
        with database.transaction() as connection:
            connection.execute("INSERT INTO workspace_facts VALUES ('T1', 'key', 'value')")
            raise KeyError("a reason of the caller's")

    with pytest.raises(KeyError, match="a reason"):
        fail()
    assert Workspaces(database).get("T1", "key") is None


def test_a_read_sees_one_state_throughout(database):
    with database.read() as connection:
        before = connection.execute("SELECT count(*) FROM workspace_facts").fetchall()
        Workspaces(database).set("T1", "key", "value")
        after = connection.execute("SELECT count(*) FROM workspace_facts").fetchall()
    assert tuple(before[0]) == tuple(after[0]) == (0,)


def test_a_mistake_in_sql_is_a_bug_and_not_a_storage_error(database):
    with pytest.raises(sqlite3.OperationalError, match="no such table"), database.read() as connection:
        connection.execute("SELECT * FROM nowhere")


def test_eight_threads_that_read_and_then_write_lose_nothing(database):
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(count_up, database, 25) for _ in range(8)]:
            done.result()
    assert Workspaces(database).get("T1", "count") == "200"


def test_two_processes_that_read_and_then_write_lose_nothing(path):
    program = (
        "import sys; from storage.database import Database; from tests.storage.test_database import count_up\n"
        "with Database(sys.argv[1]) as database: count_up(database, 100)"
    )
    both = [start(program, path) for _ in range(2)]
    assert [process.communicate(timeout=60) for process in both] == [("", ""), ("", "")]
    with Database(path) as database:
        assert Workspaces(database).get("T1", "count") == "200"


def test_the_log_stays_open_between_transactions_because_closing_it_is_slow(database, path):
    """A new file's first connection had read nothing, so each transaction was the last to close: 1.5 ms, not 0.2."""
    Workspaces(database).set("T1", "key", "value")
    assert path.with_name("bot.db-wal").exists()


def test_closing_brings_the_log_home(path):
    with Database(path) as database:
        Workspaces(database).set("T1", "key", "value")
    assert [file.name for file in path.parent.iterdir()] == ["bot.db"]


def test_a_closed_database_says_so_and_closing_twice_is_harmless(database):
    database.close()
    database.close()
    with pytest.raises(DatabaseClosed, match="was closed"), database.read():
        pass


def test_a_writer_that_waited_in_vain_is_told_what_to_do(path):
    with (
        Database(path, busy_timeout_s=0.05) as database,
        database.transaction(),
        pytest.raises(DatabaseLocked, match=r"bot\.db is in use .* stop the other process"),
    ):
        Workspaces(database).set("T1", "key", "value")


def test_a_reader_does_not_wait_for_a_writer(path):
    with Database(path, busy_timeout_s=0.05) as database, database.transaction():
        assert Workspaces(database).get("T1", "key") is None


def test_importing_the_database_does_not_import_what_only_a_migration_needs():
    program = "import sys, storage.database; print('sqlite_utils' in sys.modules, 'numpy' in sys.modules)"
    assert start(program).communicate(timeout=60) == ("False False\n", "")


def test_a_healthy_database_has_no_problems(database, ask):
    ask()
    assert database.check() == ()


def test_a_row_that_points_nowhere_is_found_by_the_check(database, path):
    with sqlite3.connect(path) as stranger:
        stranger.execute("INSERT INTO comparison_shares VALUES (77, 'C1', '')")
    stranger.close()
    assert database.check() == ("row None of comparison_shares points to a missing row of comparisons",)


def test_another_process_never_takes_itself_for_the_last_one_and_empties_the_log(tmp_path):
    """A process that opens the file once more and closes it loses its locks on it: summaries were posted several times."""
    path = tmp_path / "bot.db"
    with Database(path) as database:
        for n in range(3):
            with database.transaction() as connection:
                connection.execute("INSERT INTO deliveries VALUES (?, '2026-11-24')", (str(n),))
            with database.read() as connection:
                assert connection.execute("SELECT count(*) FROM deliveries").fetchone()[0] == n + 1
        log = path.with_name("bot.db-wal")
        kept = log.stat().st_size
        other = f"import sqlite3; c = sqlite3.connect({str(path)!r}); c.execute('SELECT count(*) FROM deliveries').fetchall(); c.close()"
        subprocess.run([sys.executable, "-c", other], check=True)
        assert log.exists()
        assert log.stat().st_size == kept > 0


def test_connections_are_kept_for_the_next_ones_and_never_shared(tmp_path):
    with Database(tmp_path / "bot.db") as database:
        with database.read() as first, database.read() as second:
            assert first is not second
        with database.read() as again:
            assert again in {first, second}
        with database.transaction() as writer:
            writer.execute("INSERT INTO deliveries VALUES ('1', '2026-11-24')")
        with pytest.raises(DatabaseReadOnly), database.read() as reader:
            reader.execute("DELETE FROM deliveries")


def test_a_connection_that_failed_in_use_is_not_kept(tmp_path):
    with Database(tmp_path / "bot.db") as database:
        with pytest.raises(sqlite3.IntegrityError), database.transaction() as broken:
            broken.executemany("INSERT INTO deliveries VALUES (?, '2026-11-24')", [("1",), ("1",)])
        with database.read() as next_one:
            assert next_one is not broken
            assert next_one.execute("SELECT count(*) FROM deliveries").fetchone()[0] == 0
