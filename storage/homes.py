"""Who opened their Home tab: what they see there is made anew when it changes."""

from datetime import datetime

from storage.database import Database
from storage.moments import to_text


class Homes:
    """The people of whom a Home tab was opened."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def opened(self, team_id: str, user_id: str, now: datetime) -> None:
        """This person looks at their Home tab."""
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO homes VALUES (?, ?, ?)", (team_id, user_id, to_text(now)))

    def is_open(self, team_id: str, user_id: str) -> bool:
        """Whether they ever looked at it."""
        with self._database.read() as connection:
            rows = connection.execute("SELECT 1 FROM homes WHERE team_id = ? AND user_id = ?", (team_id, user_id))
            return rows.fetchone() is not None
