"""What is forgotten, and when: old rows, deleted rows, all of a person, all of a workspace.

A new table with a `team_id` adds its line below; a test finds the table whose line is missing. What a person set up for
others stays when the person goes, without their id; what only they could see goes with them.
"""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from datetime import datetime, timedelta

from storage import comparison_index as index
from storage.audit import AuditLine, record
from storage.database import Database
from storage.moments import to_text

_OLD = "SELECT id FROM comparisons WHERE team_id = ? AND created_at < ?"
_DELETED = "SELECT id FROM comparisons WHERE team_id = ? AND deleted_at < ?"
_OF_PERSON = "SELECT id FROM comparisons WHERE team_id = ? AND user_id = ?"
_OF_TEAM = "SELECT id FROM comparisons WHERE team_id = ?"
_REST_OF_TEAM = (
    "DELETE FROM accepted WHERE team_id = ?",
    "DELETE FROM comparison_numbers WHERE team_id = ?",
    "DELETE FROM workspace_facts WHERE team_id = ?",
    "DELETE FROM posts WHERE team_id = ?",
    "DELETE FROM schedules WHERE team_id = ?",
    "DELETE FROM deployments WHERE team_id = ?",
    "DELETE FROM changes WHERE team_id = ?",
    "DELETE FROM rates WHERE team_id = ?",
    "DELETE FROM calibrations WHERE team_id = ?",
    "DELETE FROM own_models WHERE team_id = ?",
    "DELETE FROM scenarios WHERE team_id = ?",
    "DELETE FROM defaults WHERE team_id = ?",
    "DELETE FROM homes WHERE team_id = ?",
    "DELETE FROM channels WHERE team_id = ?",
)
UNDO = timedelta(days=30)
"""How long what was deleted can be taken back, and a workspace that uninstalled the bot can come back."""
GONE = "gone"
"""Stands where the id of an erased person stood."""
_ALONE = "team_id = :team_id AND user_id = :user_id AND (channel_id = :user_id OR channel_id GLOB 'D*')"
"""Set up in a direct message: nobody else sees it."""
_THEIRS = (
    "DELETE FROM accepted WHERE team_id = :team_id AND user_id = :user_id",
    f"""DELETE FROM changes WHERE team_id = :team_id AND subject IN (
        SELECT 'deployment ' || id FROM deployments WHERE {_ALONE} UNION ALL SELECT 'schedule ' || number FROM schedules WHERE {_ALONE}
        UNION ALL SELECT 'scenario ' || id FROM scenarios WHERE {_ALONE})""",  # noqa: S608 - our own words
    "DELETE FROM posts WHERE team_id = :team_id AND channel_id = :user_id",
    f"DELETE FROM schedules WHERE {_ALONE}",  # noqa: S608
    f"DELETE FROM deployments WHERE {_ALONE}",  # noqa: S608
    f"DELETE FROM scenarios WHERE {_ALONE}",  # noqa: S608
    "DELETE FROM defaults WHERE team_id = :team_id AND user_id = :user_id",
    "UPDATE defaults SET set_by = :gone WHERE team_id = :team_id AND set_by = :user_id",
    "DELETE FROM homes WHERE team_id = :team_id AND user_id = :user_id",
    """UPDATE scenarios SET answer = NULL, title = replace(title, '<@' || :user_id || '>', '<@' || :gone || '>'),
        about = replace(about, '<@' || :user_id || '>', '<@' || :gone || '>') WHERE team_id = :team_id
        AND (instr(answer, :user_id) OR instr(title, :user_id) OR instr(about, :user_id))""",
    *(f"UPDATE {table} SET user_id = :gone WHERE team_id = :team_id AND user_id = :user_id"  # noqa: S608
      for table in ("deployments", "schedules", "rates", "calibrations", "own_models", "scenarios", "changes", "posts")),
    *(f"UPDATE changes SET {side} = :gone WHERE team_id = :team_id AND what = 'user_id' AND {side} = :user_id" for side in ("before", "after")),  # noqa: S608
    "UPDATE usage_rates SET user_id = :gone WHERE user_id = :user_id AND deployment_id IN (SELECT id FROM deployments WHERE team_id = :team_id)",
    """UPDATE posts SET message = replace(replace(message, '<@' || :user_id || '>', '<@' || :gone || '>'), json_quote(:user_id), json_quote(:gone))
        WHERE team_id = :team_id AND instr(message, :user_id)""",
)  # fmt: skip


_GOING = {
    "comparisons": "team_id = :team_id AND user_id = :user_id",
    "defaults": "team_id = :team_id AND user_id = :user_id",
    "posts": f"team_id = :team_id AND (channel_id = :user_id OR schedule_id IN (SELECT id FROM schedules WHERE {_ALONE}))",  # noqa: S608
    **dict.fromkeys(("deployments", "schedules", "scenarios"), _ALONE),
}
"""What goes with a person; whatever else is theirs stays without their id."""


class Retention:
    """Removes rows for good; each method says how many comparisons it removed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def going(self, team_id: str, user_id: str) -> Mapping[str, int]:
        """How many rows of which tables would go with a person."""
        values = {"team_id": team_id, "user_id": user_id}
        with self._database.read() as connection:
            return {
                table: connection.execute(f"SELECT count(*) FROM {table} WHERE {where}", values).fetchone()[0]  # noqa: S608
                for table, where in _GOING.items()
            }

    def older(self, team_id: str, than: datetime) -> int:
        """How many answers were given before this moment."""
        with self._database.read() as connection:
            return len(connection.execute(_OLD, (team_id, to_text(than))).fetchall())

    def purge(self, team_id: str, older_than: datetime) -> int:
        """Remove what was asked in a workspace before this moment."""
        with self._database.transaction() as connection:
            return _remove(connection, _OLD, team_id, to_text(older_than))

    def purge_deleted(self, team_id: str, deleted_before: datetime) -> int:
        """Remove what its owner deleted before this moment and can no longer take back."""
        with self._database.transaction() as connection:
            ended = (team_id, to_text(deleted_before))
            connection.execute("DELETE FROM scenarios WHERE team_id = ? AND ended_at < ?", ended)
            return _remove(connection, _DELETED, *ended)

    def erase_person(self, team_id: str, user_id: str, said: AuditLine | None = None) -> int:
        """Remove all of a person from the file, shared or not, down to their id and the words in the search index.

        `said` is what the audit keeps of it.
        """
        with self._database.lasting() as connection:
            removed = _remove(connection, _OF_PERSON, team_id, user_id)
            for statement in _THEIRS:
                connection.execute(statement, {"team_id": team_id, "user_id": user_id, "gone": GONE})
            _remember(connection, team_id, user_id)
            index.tidy(connection)
            if said:
                record(connection, team_id, said)
        self._database.checkpoint()
        return removed

    def erase_team(self, team_id: str, said: AuditLine | None = None) -> int:
        """Remove all of a workspace from the file, down to the words in the search index; `said` is all that is kept."""
        with self._database.lasting() as connection:
            removed = _remove(connection, _OF_TEAM, team_id)
            for statement in _REST_OF_TEAM:
                connection.execute(statement, (team_id,))
            _remember(connection, team_id)
            index.tidy(connection)
            if said:
                record(connection, team_id, said)
        self._database.checkpoint()
        return removed


def digest(team_id: str, user_id: str) -> str:
    """What is kept of someone who was erased, or of a whole workspace: enough to know them again in an older backup."""
    return hashlib.sha256(f"{team_id} {user_id}".encode()).hexdigest()


def _remember(connection: sqlite3.Connection, team_id: str, user_id: str = "") -> None:
    connection.execute(
        "INSERT INTO erasures VALUES (?, strftime('%Y-%m-%dT%H:%M:%f', 'now'))", (digest(team_id, user_id),)
    )


def _remove(connection: sqlite3.Connection, which: str, *values: str) -> int:
    ids = [row[0] for row in connection.execute(which, values).fetchall()]
    ids_json = json.dumps(ids)
    index.withdraw(connection, ids_json)
    connection.execute("DELETE FROM comparisons WHERE id IN (SELECT value FROM json_each(?))", (ids_json,))
    return len(ids)
