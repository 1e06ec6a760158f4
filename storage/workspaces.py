"""Small facts about a workspace, such as that it refuses tables."""

from collections.abc import Mapping

from storage.audit import AuditLine, record
from storage.database import Database

MACHINE = ""
"""Where facts stand that are of no workspace, but of the machine."""
NEWEST, DOUBTED = "newest time", "doubted since"
"""The newest time of the machine that was believed, and since when, by the doubted time, it is not."""
UNSURE = "posted since the backup until"
"""What was due until then may have been posted already, since a backup was restored."""


class Workspaces:
    """Facts by workspace and key; both the keys and the values are the caller's words."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, team_id: str, key: str) -> str | None:
        """The fact, or None when nothing is known."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT value FROM workspace_facts WHERE team_id = ? AND key = ?", (team_id, key)
            ).fetchall()
        return rows[0]["value"] if rows else None

    def everywhere(self, key: str) -> Mapping[str, str]:
        """The fact of every workspace of which it is known."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT team_id, value FROM workspace_facts WHERE key = ?", (key,)).fetchall()
        return {row["team_id"]: row["value"] for row in rows}

    def set(self, team_id: str, key: str, value: str) -> None:
        """Remember a fact in place of what was known before."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO workspace_facts VALUES (?, ?, ?)", (team_id, key, value))

    def decide(self, team_id: str, key: str, value: str, said: AuditLine) -> None:
        """Set a fact that someone decided, and write down who did."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO workspace_facts VALUES (?, ?, ?)", (team_id, key, value))
            record(connection, team_id, said)

    def forget(self, team_id: str, key: str) -> None:
        """Know nothing about it any more."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM workspace_facts WHERE team_id = ? AND key = ?", (team_id, key))

    def advance(self, team_id: str, key: str, reached: str, value: str) -> bool:
        """Set a fact that only grows, once `reached` is at least what it is: of several processes one is told True."""
        with self._database.transaction() as connection:
            done = connection.execute(
                "INSERT INTO workspace_facts VALUES (?, ?, ?)"
                " ON CONFLICT (team_id, key) DO UPDATE SET value = excluded.value WHERE workspace_facts.value <= ?",
                (team_id, key, value, reached),
            )
            return done.rowcount == 1
