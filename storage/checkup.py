"""A look at the database file that creates, migrates and changes nothing."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from storage import backups, migrations
from storage.errors import DatabaseReadOnly, DatabaseUnavailable, translated
from storage.workspaces import DOUBTED, MACHINE


class Checkup(BaseModel):
    """How the file is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exists: bool
    problems: tuple[str, ...] = ()
    """What SQLite finds wrong with the content."""
    pending: tuple[str, ...] = ()
    """Steps of the schema that the next start will do."""
    doubted: str = ""
    """Since when the time of this machine is not believed, by that time; empty where it is."""
    size_bytes: int = 0
    free_bytes: int
    """Free space on its disk."""


def look(path: Path) -> Checkup:
    """Look at the file; StorageError says why it cannot be used: not a database, not ours, too new, not writable, locked."""
    folder = next(one for one in path.absolute().parents if one.exists())
    if not os.access(folder, os.W_OK):
        raise DatabaseReadOnly(path)
    free = shutil.disk_usage(folder).free
    if not path.exists():
        return Checkup(exists=False, free_bytes=free)
    if not path.is_file():
        raise DatabaseUnavailable(path)
    with (
        translated(path),
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection,
    ):
        migrations.require_ours(connection, path)
        pending = migrations.pending(connection, path)
        connection.execute("BEGIN IMMEDIATE")  # may it be written?
        connection.execute("ROLLBACK")
        return Checkup(
            exists=True,
            problems=backups.problems(connection),
            pending=tuple(pending),
            doubted="" if pending else _doubted(connection),
            size_bytes=path.stat().st_size,
            free_bytes=free,
        )


def _doubted(connection: sqlite3.Connection) -> str:
    row = connection.execute(
        "SELECT value FROM workspace_facts WHERE team_id = ? AND key = ?", (MACHINE, DOUBTED)
    ).fetchone()
    return "" if row is None else str(row[0])
