"""What Slack has delivered lately, so that an event it repeats is answered once."""

import sqlite3
from datetime import datetime, timedelta

from storage.moments import to_text

MEMORY = timedelta(minutes=10)
"""Slack repeats an event at once, after one and after five minutes."""


def first(connection: sqlite3.Connection, delivery_id: str, now: datetime) -> bool:
    """Whether this one comes for the first time, in the caller's transaction; from now on it came.

    Of several askers at once exactly one hears True.
    """
    connection.execute("DELETE FROM deliveries WHERE seen_at < ?", (to_text(now - MEMORY),))
    added = connection.execute("INSERT OR IGNORE INTO deliveries VALUES (?, ?)", (delivery_id, to_text(now)))
    return added.rowcount == 1
