"""The audit: who changed what, when, from what to what. Written in the transaction of the change itself."""

import sqlite3
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from storage.database import Database
from storage.moments import Moment, to_text


class Change(BaseModel):
    """One change."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    subject: str
    """What was changed: `deployment support-bot`, `schedule 3`."""
    user_id: str
    """Who changed it."""
    changed_at: Moment
    what: str
    """`question`, `budget`, `paused`."""
    before: str
    """As it was; empty where there was nothing."""
    after: str
    """As it is since; empty where nothing is left."""


def record(connection: sqlite3.Connection, team_id: str, change: Change) -> None:
    """Write a change down, in the caller's transaction."""
    connection.execute(
        "INSERT INTO changes (team_id, subject, user_id, changed_at, what, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (team_id, change.subject, change.user_id, to_text(change.changed_at), change.what, change.before, change.after),
    )


class Changes:
    """The audit of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, team_id: str, change: Change) -> None:
        """Write down a change that stands alone."""
        with self._database.transaction() as connection:
            record(connection, team_id, change)

    def of(self, team_id: str, subject: str, *, limit: int = 50) -> tuple[Change, ...]:
        """The newest changes of a subject, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT subject, user_id, changed_at, what, before, after FROM changes"
                " WHERE team_id = ? AND subject = ? ORDER BY id DESC LIMIT ?",
                (team_id, subject, limit),
            ).fetchall()
        return tuple(Change.model_validate(dict(row)) for row in rows)


def change(  # noqa: PLR0913, PLR0917 - the fields in their order
    subject: str, user_id: str, now: datetime, what: str, before: str, after: str,
) -> Change:  # fmt: skip
    """A change, without naming every field."""
    return Change(subject=subject, user_id=user_id, changed_at=now, what=what, before=before, after=after)
