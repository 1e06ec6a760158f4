"""What a person is told when the file is missing, damaged, read-only, full, or the program was killed."""

import signal
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from storage.comparisons import Comparisons
from storage.database import Database
from storage.errors import (
    DatabaseCorrupt,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseUnavailable,
    FileProblem,
    StorageError,
    translated,
)
from tests.storage.samples import NOON, Looker, asked, start

WRITE_FOR_EVER = """
import sys
from storage.comparisons import Comparisons
from storage.database import Database
from tests.storage.samples import NOON, asked
with Database(sys.argv[1]) as database:
    while True:
        print(Comparisons(database).add(asked(results='"' + 'x' * 20_000 + '"'), NOON).number, flush=True)
"""
WRITE_AS_ANOTHER_USER = """
import os
import sys
from storage.database import Database
from storage.errors import StorageError
from storage.workspaces import Workspaces
if os.getuid() == 0:
    os.setuid(65534)
try:
    with Database(sys.argv[1]) as database:
        Workspaces(database).set("T1", "key", "value")
except StorageError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("round_", range(3))
def test_a_kill_in_the_middle_of_writing_loses_no_row_that_was_reported_stored(path, round_):
    writer = start(WRITE_FOR_EVER, path)
    reported = [int(writer.stdout.readline()) for _ in range(20 + 30 * round_)]
    writer.send_signal(signal.SIGKILL)
    reported += [int(line) for line in writer.stdout if line.endswith("\n")]
    writer.stdout.close()
    writer.stderr.close()
    assert writer.wait(10) == -signal.SIGKILL
    with Database(path) as database:
        stored = [row.number for row in Comparisons(database).export("T1", "U1")]
        assert stored[: len(reported)] == reported
        assert len(stored) - len(reported) in {0, 1}  # one may have been stored and not yet reported
        assert database.check() == ()
        assert Comparisons(database).add(asked(), NOON).number == stored[-1] + 1


def test_a_file_that_is_no_database_is_named_with_the_remedy_and_left_alone(path):
    path.write_text("Dear diary, " * 1000)
    with pytest.raises(DatabaseCorrupt, match=r"bot\.db is damaged or is not a database.*`python -m bot restore FILE`"):
        Database(path)
    assert path.read_text().startswith("Dear diary")


def test_a_database_damaged_in_the_middle_says_so_when_the_damage_is_met(path):
    with Database(path) as database:
        for _ in range(50):
            Comparisons(database).add(asked(results='"' + "x" * 3000 + '"'), NOON)
    half = path.stat().st_size // 8192 * 4096
    with path.open("rb+") as file:
        file.seek(half)
        file.write(b"\xa5" * (path.stat().st_size - half))
    with Database(path) as database:
        assert database.check() != ()
        with pytest.raises(DatabaseCorrupt, match="restore"):
            list(Comparisons(database).export("T1", "U1"))
        with pytest.raises(DatabaseCorrupt):
            database.backup(path.with_name("copy.db"))
    assert not path.with_name("copy.db").exists()


def test_a_shortened_file_is_recognised_as_damaged(path):
    Database(path).close()
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DatabaseCorrupt):
        Database(path)


def test_a_folder_in_the_place_of_the_file_is_named(path):
    path.mkdir()
    with pytest.raises(DatabaseUnavailable, match=r"bot\.db cannot be opened"):
        Database(path)


def test_a_file_in_the_place_of_the_folder_is_named(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable, match="Check that the path"):
        Database(tmp_path / "file" / "bot.db")


def test_a_file_that_vanishes_is_reported_and_not_silently_begun_anew(database, path):
    path.unlink()
    with pytest.raises(DatabaseUnavailable):
        Comparisons(database).get(Looker(), 1)
    assert not path.exists()


def test_a_file_that_its_user_may_not_write_is_called_read_only():
    """Root may write anything, so root's tests act as another user."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bot.db"
        Database(path).close()
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        said, error = start(WRITE_AS_ANOTHER_USER, path).communicate(timeout=60)
        Path(folder).chmod(0o755)
    assert error == ""
    assert said.startswith(f"DatabaseReadOnly The database {path} may be read but not written.")


def test_a_write_that_sqlite_refuses_is_called_read_only(path, database):
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        with pytest.raises(DatabaseReadOnly, match="write permission"), translated(path):
            connection.execute("INSERT INTO workspace_facts VALUES ('T1', 'key', 'value')")
        connection.rollback()


def test_a_full_disk_stores_nothing_of_the_change_and_what_was_there_stays(comparisons, database, ask):
    ask()

    def fill_up():
        with database.transaction() as connection:
            connection.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size: not one page more
            for n in range(1000):
                connection.execute("INSERT INTO workspace_facts VALUES ('T1', ?, ?)", (n, "x" * 1000))

    with pytest.raises(DatabaseFull, match=r"no space left .*\. Nothing of this change was stored"):
        fill_up()
    assert comparisons.get(Looker(), 1).number == 1
    with database.read() as connection:
        assert connection.execute("SELECT count(*) FROM workspace_facts").fetchall()[0][0] == 0


def test_every_file_problem_names_the_file_and_says_what_to_do():
    for kind in FileProblem.__subclasses__():
        message = str(kind(Path("odd {name}.db")))
        assert "odd {name}.db" in message, kind
        assert message.count(". ") >= 1, kind
        assert issubclass(kind, StorageError)
