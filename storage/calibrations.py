"""A workspace's own measurements: who entered which operating point when; removed ones are kept and can come back.

Rows are numbered within their workspace in the order of entry; since none is ever deleted, a number stays what it is.
"""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from calculator.team.measurement import OwnMeasurement
from storage.audit import AuditLine, audit_line, record
from storage.database import Database
from storage.errors import NotFound
from storage.moments import to_text

SUBJECT = "calibrations"
"""What the audit calls the measurements."""
KEPT_ASIDE = {"number", "user_id", "measured_at"}
"""Fields of a measurement that have columns of their own."""
_NUMBERED = """
    SELECT * FROM (
        SELECT id, row_number() OVER (ORDER BY id) AS number, point, user_id, measured_at, removed_at
        FROM calibrations WHERE team_id = :team_id
    )"""
_CURRENT = f"{_NUMBERED} WHERE removed_at IS NULL ORDER BY number DESC"
_BY_NUMBER = f"{_NUMBERED} WHERE number = :number"
_INSERT = """
    INSERT INTO calibrations (team_id, point, user_id, measured_at) VALUES (:team_id, :point, :user_id, :now)"""


class Calibrations:
    """The own measurements in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, team_id: str) -> tuple[OwnMeasurement, ...]:
        """What counts now, the newest first."""
        with self._database.read() as connection:
            return tuple(_measurement(row) for row in connection.execute(_CURRENT, {"team_id": team_id}).fetchall())

    def add(
        self, team_id: str, user_id: str, measurements: Sequence[OwnMeasurement], now: datetime
    ) -> tuple[OwnMeasurement, ...]:
        """Keep measurements, all or none; gives them with their numbers."""
        with self._database.transaction() as connection:
            for one in measurements:
                values = {"team_id": team_id, "user_id": user_id, "point": _point(one), "now": to_text(now)}
                connection.execute(_INSERT, values)
            rows = connection.execute(_CURRENT, {"team_id": team_id}).fetchmany(len(measurements))
            added = tuple(_measurement(row) for row in reversed(rows))
            for one in added:
                record(connection, team_id, _line(user_id, now, one, "", "added"))
            return added

    def remove(self, team_id: str, user_id: str, number: int, now: datetime) -> OwnMeasurement:
        """A measurement counts no longer; NotFound where the workspace has none of this number that does."""
        return self._turn(team_id, user_id, number, now, counts=False)

    def restore(self, team_id: str, user_id: str, number: int, now: datetime) -> OwnMeasurement:
        """A removed measurement counts again; NotFound where the workspace has none of this number."""
        return self._turn(team_id, user_id, number, now, counts=True)

    def _turn(self, team_id: str, user_id: str, number: int, now: datetime, *, counts: bool) -> OwnMeasurement:
        with self._database.transaction() as connection:
            row = connection.execute(_BY_NUMBER, {"team_id": team_id, "number": number}).fetchone()
            if row is None or (row["removed_at"] is None) == counts:
                state = "that was removed" if counts else "that counts now"
                raise NotFound(f"Your team has no measurement {number} {state}. `calibrations` lists those that count.")
            removed_at = None if counts else to_text(now)
            connection.execute("UPDATE calibrations SET removed_at = ? WHERE id = ?", (removed_at, row["id"]))
            found = _measurement(row)
            before, after = ("removed", "restored") if counts else ("counted", "removed")
            record(connection, team_id, _line(user_id, now, found, before, after))
            return found


def _point(measurement: OwnMeasurement) -> str:
    return json.dumps(measurement.model_dump(mode="json", exclude=KEPT_ASIDE, exclude_none=True))


def _measurement(row: sqlite3.Row) -> OwnMeasurement:
    aside: dict[str, Any] = {name: row[name] for name in KEPT_ASIDE}
    return OwnMeasurement.model_validate(json.loads(row["point"]) | aside)


def _line(user_id: str, now: datetime, one: OwnMeasurement, before: str, after: str) -> AuditLine:
    what = f"measurement {one.number}: {one.model} on {one.gpu}, {one.said}"
    return audit_line(SUBJECT, user_id, now, what, before, after)
