"""Moments that were stored while the clock was ahead: brought back, so that nothing waits until they come."""

from datetime import datetime, timedelta

from storage.database import Database
from storage.moments import to_text

_HOURS = timedelta(minutes=90)
_MOMENTS = (
    ("posts", "not_before", timedelta(days=2), "state = 'due'"),
    ("posts", "sending_at", _HOURS, "1"),
    ("posts", "leased_until", _HOURS, "state IN ('due', 'sending')"),
    ("sources", "next_fetch_at", _HOURS, "1"),
    ("accepted", "leased_until", _HOURS, "1"),
    ("channels", "looked_at", _HOURS, "1"),
)
"""What is waited for, and how far ahead of now it may lie: quiet hours hold an alert back for a day, a lease is minutes."""


def bring_back(database: Database, now: datetime, growing: str) -> None:
    """Let no moment lie further ahead than it could have been set; `growing` is a fact that holds one and only grows."""
    with database.transaction() as connection:
        for table, column, most, where in _MOMENTS:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE {column} > ? AND {where}",  # noqa: S608 - our own words
                (to_text(now), to_text(now + most)),
            )
        connection.execute(
            "UPDATE posts SET name = name || ' ahead ' || id WHERE kind = 'summary' AND due_at > ? AND name NOT GLOB '* ahead *'",
            (to_text(now + timedelta(minutes=5)),),
        )  # so that the real run of that moment is recorded when it comes
        connection.execute(
            "UPDATE workspace_facts SET value = ? WHERE key = ? AND value > ?",
            (to_text(now), growing, to_text(now + _HOURS)),
        )
