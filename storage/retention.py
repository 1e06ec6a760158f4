"""What is forgotten, and when: old rows, deleted rows, all of a person, all of a workspace.

A new table with a `team_id` adds its line below; a test finds the table whose line is missing. What a person set up for
others stays when the person goes, without their id; what only they could see goes with them.
"""

import json
import sqlite3
from datetime import datetime

from storage import comparison_index as index
from storage.database import Database
from storage.moments import to_text

_OLD = "SELECT id FROM comparisons WHERE created_at < ?"
_DELETED = "SELECT id FROM comparisons WHERE deleted_at < ?"
_OF_PERSON = "SELECT id FROM comparisons WHERE team_id = ? AND user_id = ?"
_OF_TEAM = "SELECT id FROM comparisons WHERE team_id = ?"
_REST_OF_TEAM = (
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
)
GONE = "gone"
"""Stands where the id of an erased person stood."""
_ALONE = "team_id = :team_id AND user_id = :user_id AND (channel_id = :user_id OR channel_id GLOB 'D*')"
"""Set up in a direct message: nobody else sees it."""
_THEIRS = (
    f"""DELETE FROM changes WHERE team_id = :team_id AND subject IN (
        SELECT 'deployment ' || id FROM deployments WHERE {_ALONE} UNION ALL SELECT 'schedule ' || number FROM schedules WHERE {_ALONE}
        UNION ALL SELECT 'scenario ' || id FROM scenarios WHERE {_ALONE})""",  # noqa: S608 - our own words
    "DELETE FROM posts WHERE team_id = :team_id AND channel_id = :user_id",
    f"DELETE FROM schedules WHERE {_ALONE}",  # noqa: S608
    f"DELETE FROM deployments WHERE {_ALONE}",  # noqa: S608
    f"DELETE FROM scenarios WHERE {_ALONE}",  # noqa: S608
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


class Retention:
    """Removes rows for good; each method says how many comparisons it removed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def purge(self, older_than: datetime) -> int:
        """Remove what was asked before this moment."""
        with self._database.transaction() as connection:
            return _remove(connection, _OLD, to_text(older_than))

    def purge_deleted(self, deleted_before: datetime) -> int:
        """Remove what its owner deleted before this moment and can no longer take back."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM scenarios WHERE ended_at < ?", (to_text(deleted_before),))
            return _remove(connection, _DELETED, to_text(deleted_before))

    def erase_person(self, team_id: str, user_id: str) -> int:
        """Remove all of a person from the file, shared or not, down to their id and the words in the search index."""
        with self._database.transaction() as connection:
            removed = _remove(connection, _OF_PERSON, team_id, user_id)
            for statement in _THEIRS:
                connection.execute(statement, {"team_id": team_id, "user_id": user_id, "gone": GONE})
            index.tidy(connection)
        self._database.checkpoint()
        return removed

    def erase_team(self, team_id: str) -> int:
        """Remove all of a workspace from the file, down to the words in the search index."""
        with self._database.transaction() as connection:
            removed = _remove(connection, _OF_TEAM, team_id)
            for statement in _REST_OF_TEAM:
                connection.execute(statement, (team_id,))
            index.tidy(connection)
        self._database.checkpoint()
        return removed


def _remove(connection: sqlite3.Connection, which: str, *values: str) -> int:
    ids = [row[0] for row in connection.execute(which, values).fetchall()]
    ids_json = json.dumps(ids)
    index.withdraw(connection, ids_json)
    connection.execute("DELETE FROM comparisons WHERE id IN (SELECT value FROM json_each(?))", (ids_json,))
    return len(ids)
