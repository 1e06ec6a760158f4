"""Copies of the database: write one, look into one, put one in the place of the database."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from itertools import count
from pathlib import Path

from storage import migrations
from storage.errors import BackupExists, DatabaseCorrupt, DatabaseLocked, DatabaseUnavailable, primary_code, translated


def problems(connection: sqlite3.Connection) -> tuple[str, ...]:
    """What SQLite finds wrong with a database, at most twenty lines of each kind; empty when all is well."""
    lines = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)").fetchall()]
    orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
    found = [] if lines == ["ok"] else lines
    return (*found, *(f"row {row[1]} of {row[0]} points to a missing row of {row[2]}" for row in orphans))


def write(connection: sqlite3.Connection, source: Path, target: Path, *, overwrite: bool = False) -> Path:
    """Copy the database of `connection`, whose file is `source`, to `target`: all of it or nothing.

    A damaged database is not copied, so it never takes the place of a good backup.
    """
    if target.exists() and (not overwrite or target.samefile(source)):
        raise BackupExists(target)
    if problems(connection):
        raise DatabaseCorrupt(source)
    partial = _vacuum_into(connection, target.with_name(f"{target.name}.partial"))
    partial.replace(target)
    return target


def restore(path: str | Path, source: str | Path) -> Path | None:
    """Put the backup `source` in the place of the database at `path`, which no program may have open.

    The backup is examined first. What was at `path` is kept beside it; its new place is returned, None without one.
    """
    path, source = Path(path), Path(source)
    partial = path.with_name(f"{path.name}.partial")
    with translated(source), closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        if problems(connection):
            raise DatabaseCorrupt(source)
        migrations.require_ours(connection, source)
        path.parent.mkdir(parents=True, exist_ok=True)
        _vacuum_into(connection, partial)
    kept = _set_aside(path) if path.exists() else None
    partial.replace(path)
    return kept


def _vacuum_into(connection: sqlite3.Connection, target: Path) -> Path:
    """Write a copy for its owner alone and wait until the disk has it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise DatabaseUnavailable(target) from error
    try:
        with translated(target):
            connection.execute("VACUUM INTO ?", (str(target),))
    except BaseException:
        target.unlink(missing_ok=True)
        raise
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return target


def _set_aside(path: Path) -> Path:
    """Keep a copy of the database and take its write-ahead log away, which must not meet another file."""
    _leave_wal(path)
    places = (path.with_name(f"{path.name}.before-restore-{n}") for n in count(1))
    kept = next(place for place in places if not place.exists())
    shutil.copy2(path, kept)
    with suppress(FileNotFoundError):  # only a damaged database still has one
        Path(f"{path}-wal").rename(f"{kept}-wal")
    Path(f"{path}-shm").unlink(missing_ok=True)
    return kept


def _leave_wal(path: Path) -> None:
    """Bring the log home into the file, which SQLite refuses while any other connection has the file open."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0.5)) as connection:
        try:
            connection.execute("PRAGMA journal_mode = DELETE").fetchall()
        except sqlite3.DatabaseError as error:
            if primary_code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise DatabaseLocked(path) from error
            if primary_code(error) not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
                raise
