"""Questions and the answers they got: kept, found again, shared, deleted.

A person finds what they asked themselves, anywhere, and what was shared in the channel they look from; never another
workspace's rows. What was asked or shared in a thread is everyone's there: a thread is named by its channel, which only
its members can look from. Times are handed in.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from storage import comparison_index as index
from storage.audit import audit_line, record
from storage.comparison_index import Viewer
from storage.comparison_records import Comparison, NewComparison, Page
from storage.database import Database
from storage.errors import NotFound
from storage.moments import to_text

__all__ = ["Comparison", "Comparisons", "NewComparison", "Page", "Viewer", "insert"]

_BATCH = 500
_NEXT_NUMBER = """
    INSERT INTO comparison_numbers (team_id, last) VALUES (?, 1)
    ON CONFLICT (team_id) DO UPDATE SET last = last + 1 RETURNING last"""
_INSERT = """
    INSERT INTO comparisons (
        team_id, number, channel_id, channel_name, private, user_id,
        kind, question, spelled_out, headline, parts, created_at, results
    ) VALUES (
        :team_id, :number, :channel_id, :channel_name, :private, :user_id,
        :kind, :question, :spelled_out, :headline, :parts, :created_at, :results
    )"""
_GET = """
    SELECT * FROM comparisons AS found
    WHERE team_id = :team_id AND number = :number AND deleted_at IS NULL AND (
        user_id = :user_id OR EXISTS (
            SELECT 1 FROM comparison_shares WHERE comparison_id = found.id AND channel_id = :channel_id
        )
    )"""
_SEARCH = """
    SELECT found.* FROM comparison_index JOIN comparisons AS found ON found.id = comparison_index.rowid
    WHERE comparison_index MATCH :expression AND team_id = :team_id AND deleted_at IS NULL AND (
        user_id = :user_id OR EXISTS (
            SELECT 1 FROM comparison_shares WHERE comparison_id = found.id AND channel_id = :channel_id
        )
    )
    ORDER BY comparison_index.rowid DESC LIMIT :limit OFFSET :offset"""
_LAST = """
    SELECT * FROM comparisons
    WHERE team_id = :team_id AND user_id = :user_id AND channel_id = :channel_id AND deleted_at IS NULL
    ORDER BY id DESC LIMIT 1"""
_LAST_IN_THREAD = """
    SELECT found.* FROM comparison_threads AS threads JOIN comparisons AS found ON found.id = threads.comparison_id
    WHERE threads.thread = :thread AND found.team_id = :team_id AND found.deleted_at IS NULL
    ORDER BY threads.shown_at DESC, threads.comparison_id DESC LIMIT 1"""
_ENTER_THREAD = "INSERT OR REPLACE INTO comparison_threads (thread, comparison_id, shown_at) VALUES (?, ?, ?)"
_BY_ID = "SELECT * FROM comparisons WHERE id = ?"
_BY_NUMBER = "SELECT id FROM comparisons WHERE team_id = ? AND number = ? AND deleted_at IS NULL"
_OWN_PRESENT = "SELECT id FROM comparisons WHERE team_id = ? AND number = ? AND user_id = ? AND deleted_at IS NULL"
_OWN_DELETED = "SELECT id FROM comparisons WHERE team_id = ? AND number = ? AND user_id = ? AND deleted_at IS NOT NULL"
_OWN_AFTER = """
    SELECT * FROM comparisons WHERE team_id = ? AND user_id = ? AND id > ? AND deleted_at IS NULL
    ORDER BY id LIMIT ?"""


class Comparisons:
    """The comparisons in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, asked: NewComparison, now: datetime, thread_ts: str | None = None) -> Comparison:
        """Store a question and its answer under the workspace's next number, as asked in a thread where it was."""
        with self._database.transaction() as connection:
            added = insert(connection, asked, now)
            _enter_thread(connection, asked.channel_id, thread_ts, added.id, now)
            return added

    def get(self, viewer: Viewer, number: int) -> Comparison:
        """The comparison with this number; NotFound unless the viewer may see it."""
        with self._database.read() as connection:
            rows = connection.execute(_GET, {**_names(viewer), "number": number}).fetchall()
        return _record(_only(rows, number))

    def last(self, viewer: Viewer) -> Comparison | None:
        """The newest that the viewer asked themselves in this channel."""
        with self._database.read() as connection:
            rows = connection.execute(_LAST, _names(viewer)).fetchall()
        return _record(rows[0]) if rows else None

    def last_in_thread(self, viewer: Viewer, thread_ts: str) -> Comparison | None:
        """What was asked, or shared, last in this thread of the viewer's channel, by anyone."""
        thread = {"team_id": viewer.team_id, "thread": _thread(viewer.channel_id, thread_ts)}
        with self._database.read() as connection:
            rows = connection.execute(_LAST_IN_THREAD, thread).fetchall()
        return _record(rows[0]) if rows else None

    def search(self, viewer: Viewer, words: str = "", *, limit: int = 10, offset: int = 0) -> Page:
        """What the viewer may see and what holds all the words, newest first. No words: everything."""
        values = {**_names(viewer), "expression": index.expression(viewer, words), "limit": limit + 1, "offset": offset}
        with self._database.read() as connection:
            rows = connection.execute(_SEARCH, values).fetchall()
        return Page(tuple(map(_record, rows[:limit])), more=len(rows) > limit)

    def mark_shared(
        self, team_id: str, number: int, channel_id: str, now: datetime, thread_ts: str | None = None
    ) -> Comparison:
        """From now on everyone in the channel may find it, and goes on from it in its thread, where that is known."""
        with self._database.transaction() as connection:
            row_id = _row_id(connection, _BY_NUMBER, (team_id, number), number)
            index.withdraw(connection, json.dumps([row_id]))
            share = (row_id, channel_id, to_text(now))
            connection.execute("INSERT OR REPLACE INTO comparison_shares VALUES (?, ?, ?)", share)
            connection.execute("UPDATE comparisons SET shared_channel_id = ?2, shared_at = ?3 WHERE id = ?1", share)
            index.enter(connection, row_id)
            _enter_thread(connection, channel_id, thread_ts, row_id, now)
            return _by_id(connection, row_id)

    def delete(self, team_id: str, number: int, user_id: str, now: datetime) -> Comparison:
        """Show it to nobody any more; only its owner may, and may take it back with `undelete`."""
        with self._database.transaction() as connection:
            row_id = _row_id(connection, _OWN_PRESENT, (team_id, number, user_id), number)
            index.withdraw(connection, json.dumps([row_id]))
            connection.execute("UPDATE comparisons SET deleted_at = ? WHERE id = ?", (to_text(now), row_id))
            record(connection, team_id, audit_line(f"answer {number}", user_id, now, "deleted", "", ""))
            return _by_id(connection, row_id)

    def undelete(self, team_id: str, number: int, user_id: str, now: datetime) -> Comparison:
        """Take a deletion back."""
        with self._database.transaction() as connection:
            row_id = _row_id(connection, _OWN_DELETED, (team_id, number, user_id), number)
            connection.execute("UPDATE comparisons SET deleted_at = NULL WHERE id = ?", (row_id,))
            record(connection, team_id, audit_line(f"answer {number}", user_id, now, "restored", "", ""))
            index.enter(connection, row_id)
            return _by_id(connection, row_id)

    def export(self, team_id: str, user_id: str) -> Iterator[Comparison]:
        """A person's own comparisons, oldest first, read in batches."""
        last = 0
        while True:
            with self._database.read() as connection:
                rows = connection.execute(_OWN_AFTER, (team_id, user_id, last, _BATCH)).fetchall()
            yield from map(_record, rows)
            if len(rows) < _BATCH:
                return
            last = rows[-1]["id"]


def insert(connection: sqlite3.Connection, asked: NewComparison, now: datetime) -> Comparison:
    """Store a question in the caller's transaction."""
    [(number,)] = connection.execute(_NEXT_NUMBER, (asked.team_id,)).fetchall()
    parts = index.parts(f"{asked.question} {asked.spelled_out} {asked.headline}")
    values = {**asked.model_dump(), "number": number, "parts": parts, "created_at": to_text(now)}
    row_id = connection.execute(_INSERT, values).lastrowid
    assert row_id is not None
    index.enter(connection, row_id)
    return Comparison(**asked.model_dump(), id=row_id, number=number, created_at=now)


def _thread(channel_id: str, thread_ts: str) -> str:
    """What names a thread; half a surrogate pair, which SQLite cannot take, names none."""
    return f"{channel_id} {thread_ts}".encode("utf-8", "replace").decode()


def _enter_thread(
    connection: sqlite3.Connection, channel_id: str, thread_ts: str | None, row_id: int, now: datetime
) -> None:
    if thread_ts:
        connection.execute(_ENTER_THREAD, (_thread(channel_id, thread_ts), row_id, to_text(now)))


def _names(viewer: Viewer) -> dict[str, str]:
    return {"team_id": viewer.team_id, "user_id": viewer.user_id, "channel_id": viewer.channel_id}


def _row_id(connection: sqlite3.Connection, sql: str, values: tuple[object, ...], number: int) -> int:
    rows = connection.execute(sql, values).fetchall()
    return int(_only(rows, number)["id"])


def _by_id(connection: sqlite3.Connection, row_id: int) -> Comparison:
    return _record(connection.execute(_BY_ID, (row_id,)).fetchall()[0])


def _only(rows: Sequence[sqlite3.Row], number: int) -> sqlite3.Row:
    if not rows:
        raise NotFound(f"There is no #{number} that you can see here. `history` lists yours and what was shared here.")
    return rows[0]


def _record(row: sqlite3.Row) -> Comparison:
    return Comparison.model_validate({name: row[name] for name in Comparison.model_fields})
