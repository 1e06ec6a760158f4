"""Copies of the database: write one, look into one, put one in the place of the database."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from glob import escape
from itertools import count
from pathlib import Path

from storage import migrations
from storage.errors import BackupExists, DatabaseCorrupt, DatabaseUnavailable, translated


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


Prepare = Callable[[Path, Path], object]
"""What is done to the copy of a backup before it takes the place of the database that is given second."""


def restore(path: str | Path, source: str | Path, prepare: Prepare | None = None) -> Path | None:
    """Put the backup `source` in the place of the database at `path`, which no program may have open.

    The backup is examined first. What was at `path` is kept beside it; its new place is returned, None without one.
    `prepare` is called with the copy that will take the place, and the place.
    """
    path, source = Path(path), Path(source)
    partial = path.with_name(f"{path.name}.partial")
    with translated(source), closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=rw", uri=True)) as connection:
        if problems(connection):
            raise DatabaseCorrupt(source)
        migrations.require_ours(connection, source)
        path.parent.mkdir(parents=True, exist_ok=True)
        _vacuum_into(connection, partial)
    try:
        if prepare:
            prepare(partial, path)
        kept = _set_aside(path) if path.exists() else None
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return kept


def _vacuum_into(connection: sqlite3.Connection, target: Path) -> Path:
    """Write a copy for its owner alone and wait until the disk has it."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise DatabaseUnavailable(target) from error
    with translated(target), ExitStack() as on_failure:
        on_failure.callback(target.unlink, missing_ok=True)
        connection.execute("VACUUM INTO ?", (str(target),))
        on_failure.pop_all()
    with target.open("rb+") as file:
        os.fsync(file.fileno())
    return target


def _set_aside(path: Path) -> Path:
    """Keep a copy of the database with its write-ahead log, and take the log away: it must not meet another file.

    The copy comes first, since SQLite throws away the log of a file that it cannot read.
    """
    places = (path.with_name(f"{path.name}.before-restore-{n}") for n in count(1))
    kept = next(place for place in places if not place.exists())
    with ExitStack() as on_failure:
        for ending in ("", "-wal"):
            on_failure.callback(Path(f"{kept}{ending}").unlink, missing_ok=True)
            if Path(f"{path}{ending}").exists():
                shutil.copy2(f"{path}{ending}", f"{kept}{ending}")
        _leave_wal(path)
        on_failure.pop_all()
    for ending in ("-wal", "-shm"):
        Path(f"{path}{ending}").unlink(missing_ok=True)
    return kept


def _leave_wal(path: Path) -> None:
    """Bring the log home into the file, which SQLite refuses while any other connection has the file open."""
    address = f"{path.absolute().as_uri()}?mode=rw"
    with suppress(DatabaseCorrupt), translated(path), closing(sqlite3.connect(address, uri=True)) as connection:
        connection.execute("PRAGMA busy_timeout = 500")
        connection.execute("PRAGMA journal_mode = DELETE").fetchall()


def left_by_restore(path: Path) -> list[Path]:
    """The databases that restores have kept beside this one, with their logs; they hold what was erased since."""
    return sorted(one for one in path.absolute().parent.glob(f"{escape(path.name)}.before-restore-*") if one.is_file())
