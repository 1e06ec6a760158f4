"""What was acknowledged and is being answered: a row from the acknowledgement to the delivered answer.

    ── take ──> held by a process, which renews its lease ── finish ──> gone
                      |
                      '── process killed, or nothing delivered: the lease lapses ── take_lapsed ──> told ── finish ──> gone

Whoever looks first tells the person; the answer itself is never given by another process.
"""

import secrets
import sqlite3
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from storage import deliveries
from storage.database import Database
from storage.moments import Moment, to_text

WAITS_S = 0.5
"""How long the acknowledgement, which comes after it, may wait for others who write."""
LEASE = timedelta(seconds=30)
"""How long a process may be silent before it counts as gone; it renews every few seconds."""
TELLING = timedelta(minutes=5)
"""Until the person is told once more, where Slack did not take it: longer than any request takes."""
LONGEST = 3000
"""Characters of a question that are kept: enough to quote it and to put it on a button."""
_LAPSED = "SELECT * FROM accepted WHERE team_id = ? AND leased_until <= ? ORDER BY leased_until LIMIT 1"


class NewAccepted(BaseModel):
    """Something a person asked, at the moment of its acknowledgement."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    id: str = Field(min_length=1)
    """Slack's name of the delivery; one of the same name is not taken again."""
    team_id: str
    user_id: str
    channel_id: str
    thread_ts: str | None = None
    """The thread it was asked in."""
    text: str
    """What was typed, or what a button or a form typed."""
    response_url: str = ""
    """Where its answer goes, for 30 minutes."""


class Accepted(NewAccepted):
    """A row of what is being answered."""

    process: str
    """Who answers it, or tells that nobody did."""
    accepted_at: Moment
    leased_until: str


class AcceptedBook:
    """What is being answered, as one process sees it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.process = secrets.token_hex(8)
        """This process's name."""
        self._working: set[str] = set()
        self._answered: set[str] = set()
        """What could not be crossed out yet: its person has the answer, and must not be told otherwise."""

    def take(self, new: NewAccepted, now: datetime) -> bool:
        """Write it down before the work; False where it came before, in this process or another."""
        asked = {name: _storable(value) for name, value in new.model_dump().items()}
        values = asked | {"process": self.process, "accepted_at": to_text(now), "leased_until": to_text(now + LEASE)}
        names = ", ".join(values)
        with self._database.lasting(WAITS_S) as connection:
            if not deliveries.first(connection, f"accepted {new.id}", now):
                return False
            connection.execute(
                f"INSERT INTO accepted ({names}) VALUES ({', '.join(f':{name}' for name in values)})",  # noqa: S608 - our own names
                values,
            )
        self._working.add(new.id)
        return True

    def let_go(self, accepted_id: str) -> None:
        """Its work is over, well or not: unless it is finished, its lease is not renewed any more."""
        self._working.discard(accepted_id)

    def finish(self, accepted_id: str) -> None:
        """The person has the answer, or was told that there is none; where that cannot be written now, it is later."""
        self._answered.add(accepted_id)
        self._cross_out([accepted_id])

    def _cross_out(self, answered: list[str]) -> None:
        with self._database.lasting() as connection:
            connection.executemany("DELETE FROM accepted WHERE id = ?", [(one,) for one in answered])
        self._answered.difference_update(answered)

    def purge(self, before: datetime) -> None:
        """Forget what was accepted before, whoever's it is: nobody waits for an answer any more."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM accepted WHERE accepted_at < ?", (to_text(before),))

    def renew(self, now: datetime) -> None:
        """This process still works on what it took; what it has answered is crossed out, where it could not be before."""
        if answered := list(self._answered):
            self._cross_out(answered)
        if working := list(self._working):
            with self._database.transaction() as connection:
                connection.executemany(
                    "UPDATE accepted SET leased_until = ? WHERE id = ? AND process = ?",
                    [(to_text(now + LEASE), one, self.process) for one in working],
                )

    def take_lapsed(self, team_id: str, now: datetime) -> Accepted | None:
        """Take what nobody works on any more, to tell its person; None where there is none.

        As it was before: `process` is who did not answer it.
        """
        with self._database.read() as connection:
            if connection.execute(_LAPSED, (team_id, to_text(now))).fetchone() is None:
                return None
        with self._database.transaction() as connection:
            row = connection.execute(_LAPSED, (team_id, to_text(now))).fetchone()
            if row is not None:
                connection.execute(
                    "UPDATE accepted SET leased_until = ? WHERE id = ?", (to_text(now + TELLING), row["id"])
                )
            return None if row is None else _record(row)


def _storable(value: str | None) -> str | None:
    """The text without half surrogate pairs, which SQLite cannot take, and not too long."""
    return value and value[:LONGEST].encode("utf-8", "replace").decode()


def _record(row: sqlite3.Row) -> Accepted:
    return Accepted.model_validate({name: row[name] for name in Accepted.model_fields})
