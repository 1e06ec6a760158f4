import sqlite3
import stat
from contextlib import closing

import pytest

from storage.backups import restore
from storage.comparisons import Comparisons
from storage.database import Database
from storage.errors import BackupExists, DatabaseCorrupt, DatabaseLocked, DatabaseUnavailable, NotABackup, SchemaTooNew
from tests.storage.samples import NOON, Looker, asked


def numbers(path):
    with Database(path) as database:
        return [row.number for row in Comparisons(database).export("T1", "U1")]


@pytest.fixture
def backup(path, tmp_path):
    """A backup with one question; the database itself has gone on to two."""
    with Database(path) as database:
        Comparisons(database).add(asked(), NOON)
        made = database.backup(tmp_path / "backups" / "monday.db")
        Comparisons(database).add(asked(), NOON)
    return made


def test_a_backup_is_a_whole_database_for_its_owner_alone(backup):
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [file.name for file in backup.parent.iterdir()] == ["monday.db"]
    with Database(backup) as database:
        assert Comparisons(database).search(Looker(), "llama").items[0].number == 1


def test_a_backup_can_be_made_while_someone_writes(database, comparisons, tmp_path, ask):
    ask()
    with database.transaction() as connection:
        connection.execute("INSERT INTO workspace_facts VALUES ('T1', 'key', 'value')")
        made = database.backup(tmp_path / "copy.db")
    assert numbers(made) == [1]


def test_a_backup_overwrites_a_file_only_when_told(database, tmp_path, ask):
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(BackupExists, match=r"copy\.db exists already and was left alone"):
        database.backup(target)
    assert target.read_text() == "precious"
    database.backup(target, overwrite=True)
    assert numbers(target) == []


def test_a_backup_never_replaces_the_database_itself(database, path):
    with pytest.raises(BackupExists):
        database.backup(path, overwrite=True)


def test_a_backup_to_where_nothing_can_be_written_names_the_place(database, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnavailable, match=r"copy\.db"):
        database.backup(tmp_path / "file" / "copy.db")


def test_restoring_puts_the_backup_in_place_and_keeps_what_was_there(path, backup):
    kept = restore(path, backup)
    assert numbers(path) == [1]
    assert numbers(kept) == [1, 2]
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_restoring_twice_keeps_both(path, backup):
    first, second = restore(path, backup), restore(path, backup)
    assert (numbers(first), numbers(second)) == ([1, 2], [1])


def test_restoring_to_an_empty_place_keeps_nothing(tmp_path, backup):
    assert restore(tmp_path / "elsewhere" / "bot.db", backup) is None
    assert numbers(tmp_path / "elsewhere" / "bot.db") == [1]


def test_a_damaged_database_is_replaced_and_its_log_does_not_meet_the_restored_one(path, backup):
    path.write_bytes(b"broken" * 2000)
    path.with_name("bot.db-wal").write_bytes(b"stale")
    kept = restore(path, backup)
    assert not path.with_name("bot.db-wal").exists()
    assert numbers(path) == [1]
    assert kept.read_bytes().startswith(b"broken")
    assert kept.with_name(f"{kept.name}-wal").read_bytes() == b"stale"


def test_what_a_killed_bot_left_in_its_log_is_kept_too(path, backup):
    with Database(path) as database:
        Comparisons(database).add(asked(), NOON)
        left = {ending: path.with_name(f"bot.db{ending}").read_bytes() for ending in ("", "-wal")}
    for ending, content in left.items():
        path.with_name(f"bot.db{ending}").write_bytes(content)
    kept = restore(path, backup)
    assert (numbers(kept), numbers(path)) == ([1, 2, 3], [1])


def test_a_database_in_use_is_not_replaced(path, backup):
    with Database(path), pytest.raises(DatabaseLocked, match="stop the other process"):
        restore(path, backup)
    assert numbers(path) == [1, 2]
    assert sorted(file.name for file in path.parent.iterdir()) == ["backups", "bot.db"]


def test_a_damaged_backup_is_refused(path, backup):
    backup.write_bytes(b"broken" * 2000)
    with pytest.raises(DatabaseCorrupt, match="monday"):
        restore(path, backup)
    assert numbers(path) == [1, 2]


def test_a_missing_backup_is_named(path, backup):
    with pytest.raises(DatabaseUnavailable, match=r"tuesday\.db"):
        restore(path, backup.with_name("tuesday.db"))


def test_another_programs_database_is_refused(path, backup):
    with closing(sqlite3.connect(backup.with_name("music.db"))) as other:
        other.execute("CREATE TABLE songs (id)")
    with pytest.raises(NotABackup, match=r"music\.db is a database, but not one of this program"):
        restore(path, backup.with_name("music.db"))
    assert numbers(path) == [1, 2]


def test_a_backup_of_a_newer_program_is_refused(path, backup):
    with closing(sqlite3.connect(backup)) as newer, newer:
        newer.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('storage', 'from_the_future')")
    with pytest.raises(SchemaTooNew, match="monday"):
        restore(path, backup)
    assert numbers(path) == [1, 2]
    assert sorted(file.name for file in path.parent.iterdir()) == ["backups", "bot.db"]
