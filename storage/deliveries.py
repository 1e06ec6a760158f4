"""What Slack has delivered lately, so that an event it repeats is answered once."""

from datetime import datetime, timedelta

from storage.database import Database
from storage.moments import to_text

MEMORY = timedelta(minutes=10)
"""Slack repeats an event at once, after one and after five minutes."""


class Deliveries:
    """The ids of events and envelopes of the last ten minutes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seen(self, delivery_id: str, now: datetime) -> bool:
        """Whether this one came before; from now on it did. Of several askers at once exactly one hears False."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM deliveries WHERE seen_at < ?", (to_text(now - MEMORY),))
            added = connection.execute("INSERT OR IGNORE INTO deliveries VALUES (?, ?)", (delivery_id, to_text(now)))
            return added.rowcount == 0

    def forget(self, delivery_id: str) -> None:
        """Its handling failed: let Slack's next attempt be a first one again."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM deliveries WHERE id = ?", (delivery_id,))
