"""What deployments were seen to do: by the hour for 35 days, then by the day, and the rates that people typed.

An hour counts where it begins, so times that follow each other neither lose nor repeat one. A typed rate fills the hours
of which nothing was measured. A day remembers which hours it is made of: a time that ends within it has its even share of
them, and none of them is counted again.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from calculator.spending.usage import Seen, Usage, UsageHour, first_hour, hour_of
from storage.audit import AuditLine, record
from storage.database import Database
from storage.usage_queries import ADDED, COUNTED, DAILY, EDGES, FULL_DAY, HOURLY, MEASURED, PUT, ROLL_UP

HOURLY_DAYS = 35
"""How long usage is kept by the hour."""
HOURS_PER_DAY = 24


class UsageRate(BaseModel):
    """What someone said that a deployment does, from an hour on."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    since: int
    """The first hour it holds for, counted from 1970."""
    requests_per_hour: float | None
    """None ends it: from then on nothing is known but what is measured."""
    input_tokens: float | None = None
    """Prompt tokens of a request, where said."""
    output_tokens: float | None = None
    """Output tokens of a request, where said."""
    user_id: str
    """Who said it."""


Span = tuple[int, datetime, datetime]
"""A deployment, and a time from and until."""


Said = tuple[str, AuditLine]
"""A workspace and a change in it, for its audit."""


class UsageBook:
    """The usage in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, deployment_id: int, hours: Iterable[UsageHour], seen: Seen, said: Said | None = None) -> int:
        """Keep what was seen; gives how many hours were written. `said` is what the audit keeps where a person gave it.

        Of a day that was put away only hours that it lacks are taken, or all 24 together in place of what it had.
        """
        days: dict[int, list[dict[str, Any]]] = {}
        for one in hours:
            days.setdefault(_day(one.hour), []).append(_row(deployment_id, one, seen))
        with self._database.transaction() as connection:
            counted = {day: _counted(connection, deployment_id, day, rows, seen) for day, rows in days.items()}
            free = (row for day, rows in days.items() for row in rows if not counted[day] >> (row["hour"] - day) & 1)
            _write_down(connection, said)
            return sum(connection.execute(PUT, row).rowcount for row in free)

    def hours(self, deployment_id: int, start: datetime, end: datetime) -> tuple[UsageHour, ...]:
        """What was measured in each hour that begins between two moments, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT hour, {', '.join(MEASURED)} FROM usage_hours WHERE deployment_id = ? AND hour >= ? AND hour < ? ORDER BY hour",  # noqa: S608
                (deployment_id, first_hour(start), first_hour(end)),
            ).fetchall()
        return tuple(UsageHour.model_validate(dict(row)) for row in rows)

    def rate(self, deployment_id: int, rate: UsageRate, said: Said | None = None) -> None:
        """Someone says what it does from an hour on."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO usage_rates (deployment_id, since, requests_per_hour, input_tokens, output_tokens, user_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    deployment_id,
                    rate.since,
                    rate.requests_per_hour,
                    rate.input_tokens,
                    rate.output_tokens,
                    rate.user_id,
                ),
            )
            _write_down(connection, said)

    def rates(self, ids: Iterable[int]) -> Mapping[int, tuple[UsageRate, ...]]:
        """What people said, oldest first."""
        wanted = list(ids)
        with self._database.read() as connection:
            return _rates(connection, wanted)

    def usage(self, spans: Sequence[Span]) -> Mapping[Span, Usage]:
        """What is known of each span: measured, and said for the hours that nobody measured."""
        if not spans:
            return {}
        with self._database.read() as connection:
            rates = _rates(connection, sorted({span[0] for span in spans}))
            cuts = [(span, cut) for span in dict.fromkeys(spans) for cut in _cut(span, rates[span[0]])]
            measured = _measured(connection, [(span[0], first, last) for span, (first, last, _) in cuts])
        found = dict.fromkeys(spans, Usage())
        for seen, (span, (first, last, rate)) in zip(measured, cuts, strict=True):
            found[span] += seen + _said(rate, last - first - seen.hours)
        return found

    def last_seen(self, deployment_id: int) -> int | None:
        """The newest hour of which anything was measured."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT max(hour) FROM usage_hours WHERE deployment_id = ?", (deployment_id,)
            ).fetchone()
        return None if row[0] is None else int(row[0])

    def roll_up(self, now: datetime) -> int:
        """Turn hours that are older than 35 days into days; gives how many."""
        before = hour_of(now - timedelta(days=HOURLY_DAYS))
        before -= before % HOURS_PER_DAY
        with self._database.transaction() as connection:
            if connection.execute("SELECT 1 FROM usage_hours WHERE hour < ? LIMIT 1", (before,)).fetchone() is None:
                return 0
            connection.execute(ROLL_UP, {"before": before})
            return connection.execute("DELETE FROM usage_hours WHERE hour < ?", (before,)).rowcount


def _day(hour: int) -> int:
    """The first hour of its day, in UTC."""
    return hour - hour % HOURS_PER_DAY


def _counted(
    connection: sqlite3.Connection, deployment_id: int, day: int, rows: Iterable[dict[str, Any]], seen: Seen
) -> int:
    """Which hours of the day are put away, a bit each; none once an import brings the whole day anew."""
    if seen == "csv" and len({row["hour"] for row in rows}) == HOURS_PER_DAY:
        connection.execute(FULL_DAY, (deployment_id, day))
    row = connection.execute(COUNTED, (deployment_id, day)).fetchone()
    return int(row["which"]) if row else 0


def _row(deployment_id: int, one: UsageHour, seen: Seen) -> dict[str, Any]:
    counted = one.input_tokens is not None and one.output_tokens is not None
    return {
        **one.model_dump(),
        "deployment_id": deployment_id,
        "seen": seen,
        "requests_with_tokens": one.requests or 0.0 if counted else 0.0,
    }


def _cut(span: Span, rates: Sequence[UsageRate]) -> Iterable[tuple[int, int, UsageRate | None]]:
    """The span in whole hours, cut where someone said something else."""
    first, last = first_hour(span[1]), first_hour(span[2])
    held = None
    for rate in rates:
        if rate.since > first:
            until = min(rate.since, last)
            if first < until:
                yield first, until, held
            first = until
        held = rate
    if first < last:
        yield first, last, held


def _measured(connection: sqlite3.Connection, pieces: Sequence[tuple[int, int, int]]) -> list[Usage]:
    """What was measured in each piece: hours, whole days, and the parts of days at its ends."""
    found = [Usage()] * len(pieces)
    for statement in (HOURLY, DAILY):
        for row in connection.execute(statement, {"pieces": json.dumps(pieces)}).fetchall():
            found[int(row["key"])] += _usage(row)
    newest = connection.execute("SELECT max(hour) FROM usage_days").fetchone()[0]
    edges = [
        (key, deployment_id, day)
        for key, (deployment_id, first, last) in enumerate(pieces)
        for day in {_day(hour) for hour in (first, last) if hour % HOURS_PER_DAY}
        if newest is not None and day <= newest
    ]
    days = json.dumps([edge[1:] for edge in edges])
    for row in connection.execute(EDGES, {"edges": days}).fetchall() if edges else ():
        key, _, day = edges[int(row["key"])]
        found[key] += _part(row, pieces[key][1] - day, pieces[key][2] - day)
    return found


def _usage(row: sqlite3.Row) -> Usage:
    return Usage.model_validate({name: row[name] for name in Usage.model_fields})


def _part(row: sqlite3.Row, first: int, last: int) -> Usage:
    """The share of a day that its hours between the two have, each as much as any other."""
    within = (1 << min(last, HOURS_PER_DAY)) - (1 << max(first, 0))
    hours = (int(row["which"]) & within).bit_count()
    if not hours:
        return Usage()
    whole, share = _usage(row), hours / row["hours"]
    added = {
        name: value * share for name in (*ADDED, "requests_with_tokens") if (value := getattr(whole, name)) is not None
    }
    return whole.model_copy(update={**added, "hours": hours})


def _said(rate: UsageRate | None, hours: float) -> Usage:
    """What the rate says of the hours that nobody measured."""
    if rate is None or rate.requests_per_hour is None or hours <= 0:
        return Usage()
    requests = rate.requests_per_hour * hours
    counted = rate.input_tokens is not None and rate.output_tokens is not None
    return Usage(
        hours=hours,
        requests=requests,
        peak_requests=rate.requests_per_hour,
        requests_with_tokens=requests if counted else 0.0,
        input_tokens=requests * (rate.input_tokens or 0) if counted else None,
        output_tokens=requests * (rate.output_tokens or 0) if counted else None,
    )


def _rates(connection: sqlite3.Connection, ids: list[int]) -> dict[int, tuple[UsageRate, ...]]:
    rows = connection.execute(
        "SELECT usage_rates.* FROM json_each(?) AS wanted JOIN usage_rates ON deployment_id = wanted.value"
        " ORDER BY deployment_id, since",
        (json.dumps(ids),),
    ).fetchall()
    found: dict[int, tuple[UsageRate, ...]] = dict.fromkeys(ids, ())
    for row in rows:
        found[row["deployment_id"]] += (UsageRate.model_validate({name: row[name] for name in UsageRate.model_fields}),)
    return found


def _write_down(connection: sqlite3.Connection, said: Said | None) -> None:
    if said:
        record(connection, *said)
