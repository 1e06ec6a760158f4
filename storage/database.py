"""The one SQLite file: open it, read it, change it, look after it.

Each transaction has a connection to itself, so any thread may use a Database; a few are kept open for the next ones,
since opening one takes longer than most reads. Writers begin IMMEDIATE: they queue at the start instead of failing in the
middle. One more connection stays open, because closing the last one is slow.
"""

import os
import sqlite3
import time
from collections import deque
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Self

from storage import backups, migrations
from storage.errors import DatabaseClosed, DatabaseUnavailable, primary_code, translated

_WAL_ATTEMPTS = 100
_WAL_PAUSE_S = 0.05
_TRIES, _BETWEEN_S = 20, 0.05
_KEPT_OPEN = 8


class Database:
    """The database at `path`, created with its folder when absent and brought to the newest schema."""

    def __init__(self, path: str | Path, *, busy_timeout_s: float = 5.0) -> None:
        self.path = Path(path)
        self._busy_timeout_s = busy_timeout_s
        self._closed = False
        self._idle: deque[sqlite3.Connection] = deque()
        _create(self.path)
        with translated(self.path), ExitStack() as on_failure:
            self._keeper = self._connect()
            on_failure.callback(self.close)
            with closing(self._connect()) as connection:
                _use_wal(connection)
            self._file = _identity(self.path)
            self._migrate()
            self._let_go()  # the last to close empties the log
            self._keeper.execute("SELECT 1 FROM sqlite_master").fetchall()  # only a reader keeps the log open
            on_failure.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; closing twice is harmless."""
        self._closed = True
        self._keeper.close()
        self._let_go()

    @contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the database throughout and cannot change it."""
        with self._connection() as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield connection
            connection.rollback()
            connection.execute("PRAGMA query_only = OFF")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A connection whose changes are stored together at the end, or not at all when something is raised.

        Not to be nested: the inner one would wait for the outer one, in vain.
        """
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def lasting(self, within_s: float | None = None) -> Iterator[sqlite3.Connection]:
        """A transaction that the disk has when it is over: what must not happen twice survives a power cut, not only a kill.

        `within_s` is how long it waits for others who write; as long as every transaction where none is given.
        """
        with self._connection() as connection:
            connection.execute("PRAGMA synchronous = FULL")
            self._wait_at_most(connection, within_s)
            connection.execute("BEGIN IMMEDIATE")
            self._wait_at_most(connection, None)
            yield connection
            connection.execute("COMMIT")
            connection.execute("PRAGMA synchronous = NORMAL")

    def _wait_at_most(self, connection: sqlite3.Connection, seconds: float | None) -> None:
        milliseconds = round((self._busy_timeout_s if seconds is None else seconds) * 1000)
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    def backup(self, target: str | Path, *, overwrite: bool = False) -> Path:
        """Write a checked copy of the database to `target` while it stays in use."""
        with self._connection() as connection:
            return backups.write(connection, self.path, Path(target), overwrite=overwrite)

    def check(self) -> tuple[str, ...]:
        """What is wrong with the content of the file; empty when all is well."""
        with self._connection() as connection:
            return backups.problems(connection)

    def checkpoint(self) -> bool:
        """Move what the write-ahead log holds into the file and empty the log; False where someone reads all the while.

        SQLite would wait for readers with the write lock in its hands, and everyone who writes would wait as well: here it
        is tried again and again instead.
        """
        for _ in range(_TRIES):
            with self._connection() as connection:
                self._wait_at_most(connection, 0)
                busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                self._wait_at_most(connection, None)
            if not busy:
                return True
            time.sleep(_BETWEEN_S)
        return False

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        if self._closed:
            raise DatabaseClosed(self.path)
        with translated(self.path), ExitStack() as on_failure:
            connection = self._taken()
            on_failure.callback(connection.close)
            yield connection
            if not self._closed and not connection.in_transaction and len(self._idle) < _KEPT_OPEN:
                on_failure.pop_all()
                self._idle.append(connection)

    def _taken(self) -> sqlite3.Connection:
        """One that is idle, else a new one. What fails in use is not kept, nor is what was opened on another file."""
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._connect()
        if _identity(self.path) == self._file:
            return connection
        connection.close()
        return self._taken()

    def _let_go(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop().close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode=rw",  # never create it anew behind a running program's back
            uri=True,
            timeout=self._busy_timeout_s,
            isolation_level=None,
            check_same_thread=False,
        )
        with ExitStack() as on_failure:
            on_failure.callback(connection.close)
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA secure_delete = ON")
            on_failure.pop_all()
        return connection

    def _migrate(self) -> None:
        with self.read() as connection:
            names = migrations.pending(connection, self.path)
        for name in names:
            with self.transaction() as connection:
                migrations.apply(connection, self.path, name)


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file is at the path; None where there is none. An open connection does not notice that it was replaced.

    The file is not opened for it: closing it again would drop the locks that this process holds on it (POSIX).
    """
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _create(path: Path) -> None:
    """Create the file, for its owner alone, and its folder when they are absent."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise DatabaseUnavailable(path) from error


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch the file to the write-ahead log; processes that do so at once fail at once, so they try again."""
    connection.execute("PRAGMA busy_timeout = 0")  # the waiting is done here
    for attempt in range(_WAL_ATTEMPTS):
        try:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
        except sqlite3.OperationalError as error:
            if primary_code(error) != sqlite3.SQLITE_BUSY or attempt == _WAL_ATTEMPTS - 1:
                raise
            time.sleep(_WAL_PAUSE_S)
        else:
            return
