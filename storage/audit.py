"""The audit: who changed what, when, from what to what. Written in the transaction of the change itself."""

import re
import sqlite3
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from storage.comparison_index import Viewer
from storage.database import Database
from storage.moments import Moment, to_text


class AuditLine(BaseModel):
    """Who changed what, once."""

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


class AuditEntry(AuditLine):
    """A change as an admin reads it."""

    name: str = ""
    """What people call its subject."""
    hidden: bool
    """It is of something private that the reader may not see: who and when is told, and not what."""


_KIND = "deployments.private = 1 AND deployments.user_id <> :viewer AND deployments.channel_id <> :channel"
_HIDDEN = f"""CASE
    WHEN changes.subject GLOB 'deployment [0-9]*' THEN deployments.id IS NULL OR ({_KIND})
    WHEN changes.subject GLOB 'schedule [0-9]*' THEN schedules.id IS NULL OR ({_KIND.replace("deployments", "schedules")})
    WHEN changes.subject GLOB 'scenario [0-9]*' THEN scenarios.id IS NULL OR scenarios.channel_id <> :channel
    ELSE 0 END"""
_PAGE = f"""
    SELECT subject, user_id, changed_at, what, before, after, name, hidden FROM (
        SELECT changes.*, coalesce(deployments.name, scenarios.name, '') AS name, {_HIDDEN} AS hidden FROM changes
        LEFT JOIN deployments ON changes.subject GLOB 'deployment [0-9]*'
            AND deployments.id = CAST(substr(changes.subject, 12) AS INTEGER) AND deployments.team_id = changes.team_id
        LEFT JOIN schedules ON changes.subject GLOB 'schedule [0-9]*'
            AND schedules.number = CAST(substr(changes.subject, 10) AS INTEGER) AND schedules.team_id = changes.team_id
        LEFT JOIN scenarios ON changes.subject GLOB 'scenario [0-9]*'
            AND scenarios.id = CAST(substr(changes.subject, 10) AS INTEGER) AND scenarios.team_id = changes.team_id
        WHERE changes.team_id = :team_id
    ) WHERE (:person = '' OR user_id = :person) AND (:about = '' OR lower(:about) = lower(subject)
        OR lower(subject) GLOB lower(:about) || ' [0-9]*'
        OR (NOT hidden AND lower(:about) IN (lower(name), 'deployment ' || lower(name), 'scenario ' || lower(name))))
    ORDER BY id DESC LIMIT :limit OFFSET :offset"""  # noqa: S608 - our own words


def record(connection: sqlite3.Connection, team_id: str, line: AuditLine) -> None:
    """Write a change down, in the caller's transaction."""
    connection.execute(
        "INSERT INTO changes (team_id, subject, user_id, changed_at, what, before, after) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            team_id,
            line.subject,
            line.user_id,
            to_text(line.changed_at),
            line.what,
            line.before,
            line.after,
        ),
    )


class Audit:
    """The audit of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, team_id: str, line: AuditLine) -> None:
        """Write down a change that stands alone."""
        with self._database.transaction() as connection:
            record(connection, team_id, line)

    def of(self, team_id: str, subject: str, *, limit: int = 50) -> tuple[AuditLine, ...]:
        """The newest changes of a subject, newest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT subject, user_id, changed_at, what, before, after FROM changes"
                " WHERE team_id = ? AND subject = ? ORDER BY id DESC LIMIT ?",
                (team_id, subject, limit),
            ).fetchall()
        return tuple(AuditLine.model_validate(dict(row)) for row in rows)

    def page(
        self, viewer: Viewer, *, person: str = "", about: str = "", limit: int = 20, offset: int = 0
    ) -> tuple[AuditEntry, ...]:
        """The newest changes of a workspace, newest first: a person's, or of a subject or what people call it."""
        names = {
            "team_id": viewer.team_id,
            "viewer": viewer.user_id,
            "channel": viewer.channel_id,
            "person": person,
            "about": re.sub(r"[*?[]", "", about),
            "limit": limit,
            "offset": offset,
        }
        with self._database.read() as connection:
            rows = connection.execute(_PAGE, names).fetchall()
        return tuple(AuditEntry.model_validate(dict(row)) for row in rows)


def audit_line(  # noqa: PLR0913, PLR0917 - the fields in their order
    subject: str,
    user_id: str,
    now: datetime,
    what: str,
    before: str,
    after: str,
) -> AuditLine:
    """A change, without naming every field."""
    return AuditLine(subject=subject, user_id=user_id, changed_at=now, what=what, before=before, after=after)
