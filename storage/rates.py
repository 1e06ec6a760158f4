"""A workspace's own prices of accelerators: dated, ended, never overwritten, each change in the audit.

Rows are numbered within their workspace in the order of entry; since none is ever removed, a number stays what it is.
"""

import sqlite3
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from calculator.specs.price import OwnRate
from storage.audit import AuditLine, audit_line, record
from storage.database import Database
from storage.errors import NotFound
from storage.moments import to_text

SUBJECT = "prices"
"""What the audit calls the price book."""
_NUMBERED = """
    SELECT * FROM (
        SELECT id, row_number() OVER (ORDER BY id) AS number, gpu, provider, usd_per_gpu_hour, note, user_id, since, until
        FROM rates WHERE team_id = :team_id
    )"""
_CURRENT = f"{_NUMBERED} WHERE until IS NULL ORDER BY gpu, provider"
_ENDED = f"{_NUMBERED} WHERE until IS NOT NULL ORDER BY until DESC, id DESC LIMIT :limit"
_THE_SAME = f"{_NUMBERED} WHERE until IS NULL AND gpu = :gpu AND provider = :provider"
_BY_NUMBER = f"{_NUMBERED} WHERE number = :number AND until IS NULL"
_BY_ID = f"{_NUMBERED} WHERE id = :id"
_INSERT = """
    INSERT INTO rates (team_id, gpu, provider, usd_per_gpu_hour, note, user_id, since)
    VALUES (:team_id, :gpu, :provider, :usd, :note, :user_id, :since)"""


class NewRate(NamedTuple):
    """A price before it is stored. Dollars per accelerator and hour."""

    gpu: str
    provider: str
    usd: Decimal
    note: str


class RateBook:
    """The own prices in a database. Dollars per accelerator and hour."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, team_id: str) -> tuple[OwnRate, ...]:
        """What holds now, by accelerator and provider."""
        with self._database.read() as connection:
            return _found(connection, _CURRENT, team_id=team_id)

    def ended(self, team_id: str, limit: int = 100) -> tuple[OwnRate, ...]:
        """What held once, the last to end first."""
        with self._database.read() as connection:
            return _found(connection, _ENDED, team_id=team_id, limit=limit)

    def set(self, team_id: str, user_id: str, new: NewRate, now: datetime) -> OwnRate:
        """A price from now on, in place of the one for the same accelerator at the same provider."""
        values = {**new._asdict(), "usd": str(new.usd), "user_id": user_id}
        with self._database.transaction() as connection:
            before = _found(connection, _THE_SAME, team_id=team_id, gpu=new.gpu, provider=new.provider)
            for rate in before:
                _end(connection, team_id, rate.number, now)
            row_id = connection.execute(_INSERT, {**values, "team_id": team_id, "since": to_text(now)}).lastrowid
            [added] = _found(connection, _BY_ID, team_id=team_id, id=row_id)
            record(connection, team_id, _change(user_id, now, before[0] if before else None, added))
            return added

    def end(self, team_id: str, user_id: str, number: int, now: datetime) -> OwnRate:
        """A price holds no longer; NotFound where the workspace has no such price that still holds."""
        with self._database.transaction() as connection:
            found = _found(connection, _BY_NUMBER, team_id=team_id, number=number)
            if not found:
                raise NotFound(f"Your price book has no price {number} that holds now. `prices` lists those that do.")
            _end(connection, team_id, number, now)
            record(connection, team_id, _change(user_id, now, found[0], None))
            return found[0].model_copy(update={"until": now})


def _found(connection: sqlite3.Connection, sql: str, **values: Any) -> tuple[OwnRate, ...]:
    return tuple(
        OwnRate.model_validate({name: row[name] for name in OwnRate.model_fields})
        for row in connection.execute(sql, values).fetchall()
    )


def _end(connection: sqlite3.Connection, team_id: str, number: int, now: datetime) -> None:
    connection.execute(
        f"UPDATE rates SET until = :until WHERE id = (SELECT id FROM ({_NUMBERED}) WHERE number = :number)",  # noqa: S608  # our own SQL
        {"team_id": team_id, "number": number, "until": to_text(now)},
    )


def _change(user_id: str, now: datetime, before: OwnRate | None, after: OwnRate | None) -> AuditLine:
    """The change as the audit keeps it."""
    rate = after or before
    assert rate is not None
    what = f"{rate.gpu} at {rate.provider}" if rate.provider else rate.gpu
    return audit_line(SUBJECT, user_id, now, what, _text(before), _text(after))


def _text(rate: OwnRate | None) -> str:
    """A price as the audit shows it."""
    return "" if rate is None else f"${rate.usd_per_gpu_hour}/h{f' ({rate.note})' if rate.note else ''}"
