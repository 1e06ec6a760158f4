# ruff: noqa: N818 - the names say what happened
"""What can go wrong with the memory, each with what happened to which file and the remedy.

StorageError
├── NotFound                 the person may see no such row
├── NameTaken                the workspace has something of that name
└── FileProblem              something is wrong with a file
    ├── DatabaseUnavailable  missing, a folder, no permission, a failing disk
    ├── DatabaseCorrupt      damaged, or not a database at all
    ├── DatabaseReadOnly     may be read but not written
    ├── DatabaseFull         no space left
    ├── DatabaseLocked       another process or thread holds it
    ├── DatabaseClosed       used after it was closed
    ├── SchemaTooNew         written by a newer version of this program
    ├── NotABackup           no backup of this program
    └── BackupExists         a backup would overwrite a file
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar


class StorageError(Exception):
    """Anything that the memory reports on purpose."""


class NotFound(StorageError):
    """There is no such row, or this person may not see it; the two are not told apart."""


class NameTaken(StorageError):
    """The workspace has something of that name already."""


class FileProblem(StorageError):
    """Something is wrong with the file at `path`; the message says what to do."""

    says: ClassVar[str]

    def __init__(self, path: Path) -> None:
        super().__init__(self.says.format(path=path))
        self.path = path


class DatabaseUnavailable(FileProblem):
    says = (
        "The database {path} cannot be opened or read. Check that the path is a file on a healthy disk, and that the"
        " bot's user may read and write both the file and its folder."
    )


class DatabaseCorrupt(FileProblem):
    says = (
        "The file {path} is damaged or is not a database. Stop the bot and restore the newest backup with"
        " `python -m bot restore FILE`; the damaged file is kept beside the restored one."
    )


class DatabaseReadOnly(FileProblem):
    says = (
        "The database {path} may be read but not written. Give the bot's user write permission on the file and its"
        " folder, or choose another file with DATABASE_PATH."
    )


class DatabaseFull(FileProblem):
    says = "There is no space left for {path}. Nothing of this change was stored. Free disk space and try again."


class DatabaseLocked(FileProblem):
    says = (
        "The database {path} is in use and stayed locked. Nothing of this change was stored. Try again; when it"
        " lasts, stop the other process that has the file open."
    )


class DatabaseClosed(FileProblem):
    says = "The database {path} was closed. Open it again."


class SchemaTooNew(FileProblem):
    says = (
        "The database {path} was written by a newer version of this program. Start the newer version, or restore a"
        " backup from before the upgrade with `python -m bot restore FILE`."
    )


class NotABackup(FileProblem):
    says = "The file {path} is a database, but not one of this program. Name a file that `python -m bot backup` wrote."


class BackupExists(FileProblem):
    says = "The file {path} exists already and was left alone. Name another file, or say that it may be overwritten."


_KIND_OF_CODE = {
    sqlite3.SQLITE_CANTOPEN: DatabaseUnavailable,
    sqlite3.SQLITE_IOERR: DatabaseUnavailable,
    sqlite3.SQLITE_CORRUPT: DatabaseCorrupt,
    sqlite3.SQLITE_NOTADB: DatabaseCorrupt,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_PERM: DatabaseReadOnly,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_BUSY: DatabaseLocked,
    sqlite3.SQLITE_LOCKED: DatabaseLocked,
}


def primary_code(error: sqlite3.Error) -> int | None:
    """SQLite's own code of an error without its details; None when Python's module raised it by itself."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's errors about the file at `path` into this module's; anything else is a bug and passes through."""
    try:
        yield
    except sqlite3.Error as error:
        kind = _KIND_OF_CODE.get(primary_code(error) or 0)
        if kind is None:
            raise
        if kind is DatabaseUnavailable and path.is_file() and not os.access(path, os.W_OK):
            kind = DatabaseReadOnly  # a WAL database that may not be written cannot even be opened
        raise kind(path) from error
