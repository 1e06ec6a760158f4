"""What is taken for granted where a question leaves it out: of a person, and of the workspace for everyone in it."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from storage.audit import audit_line, record
from storage.database import Database
from storage.moments import Moment, to_text

SUBJECT = "defaults"
"""What the audit calls those of the workspace."""
WORKSPACE = ""
"""Stands where a person's id stands, for what holds for everyone."""
_OF = "SELECT user_id, name, value, set_by, since FROM defaults WHERE team_id = ? AND user_id IN ('', ?) ORDER BY user_id, name"
_ONE = "SELECT value FROM defaults WHERE team_id = ? AND user_id = ? AND name = ?"
_SET = "INSERT OR REPLACE INTO defaults (team_id, user_id, name, value, set_by, since) VALUES (?, ?, ?, ?, ?, ?)"
_DROP = "DELETE FROM defaults WHERE team_id = ? AND user_id = ? AND name = ?"


class Default(BaseModel):
    """One default."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    user_id: str
    """Whose; empty for the workspace's."""
    name: str
    value: str
    """As one types it."""
    set_by: str
    """Who set it."""
    since: Moment


class Defaults:
    """The defaults in a database; both their names and their values are the caller's words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, team_id: str, user_id: str) -> tuple[Default, ...]:
        """The workspace's, then the person's."""
        with self._database.read() as connection:
            rows = connection.execute(_OF, (team_id, user_id)).fetchall()
        return tuple(Default.model_validate(dict(row)) for row in rows)

    def change(self, team_id: str, user_id: str, values: Mapping[str, str | None], by: str, now: datetime) -> None:
        """Set each by its name, or drop it where the value is None; what is so already stays as old as it is.

        Changes of the workspace's are in the audit.
        """
        with self._database.transaction() as connection:
            for name, value in values.items():
                before = connection.execute(_ONE, (team_id, user_id, name)).fetchone()
                was = before["value"] if before else None
                if value == was:
                    continue
                if value is None:
                    connection.execute(_DROP, (team_id, user_id, name))
                else:
                    connection.execute(_SET, (team_id, user_id, name, value, by, to_text(now)))
                if user_id == WORKSPACE:
                    record(connection, team_id, audit_line(SUBJECT, by, now, name, was or "", value or ""))
