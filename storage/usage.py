"""What deployments were seen to do: by the hour for 35 days, then by the day, and the rates that people typed.

An hour counts where it begins, so times that follow each other neither lose nor repeat one. A typed rate fills the hours
of which nothing was measured.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict

from calculator.usage import Seen, Usage, UsageHour, hour_of
from storage.database import Database

HOURLY_DAYS = 35
"""How long usage is kept by the hour."""
HOURS_PER_DAY = 24
_COLUMNS = ("requests", "input_tokens", "output_tokens", "requests_with_tokens", "running", "waiting", "kv_share",
            "ttft_p95_s", "tpot_p95_s", "latency_p95_s")  # fmt: skip
_MEASURED = tuple(name for name in _COLUMNS if name != "requests_with_tokens")
_ADDED = ("requests", "input_tokens", "output_tokens")
_PUT = f"""
    INSERT INTO usage_hours (deployment_id, hour, {', '.join(_COLUMNS)}, seen)
    VALUES (:deployment_id, :hour, {', '.join(f':{name}' for name in _COLUMNS)}, :seen)
    ON CONFLICT (deployment_id, hour) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in (*_COLUMNS, 'seen'))}
    WHERE excluded.seen = 'csv' OR usage_hours.seen = 'prometheus'"""  # noqa: S608 - our own column names
"""What a person imported stays; what was fetched is fetched anew."""
_SUMS = """
    SELECT piece.key AS key, {hours} AS hours, sum(requests) AS requests, sum(input_tokens) AS input_tokens,
        sum(output_tokens) AS output_tokens, total(requests_with_tokens) AS requests_with_tokens, {peak} AS peak_requests,
        sum(kv_share * {weight}) / sum(iif(kv_share IS NULL, 0, {weight})) AS kv_share,
        sum(ttft_p95_s * {weight}) / sum(iif(ttft_p95_s IS NULL, 0, {weight})) AS ttft_p95_s,
        sum(latency_p95_s * {weight}) / sum(iif(latency_p95_s IS NULL, 0, {weight})) AS latency_p95_s
    FROM json_each(:pieces) AS piece
    JOIN {table} ON deployment_id = json_extract(piece.value, '$[0]') AND hour >= json_extract(piece.value, '$[1]') AND hour < json_extract(piece.value, '$[2]')
    WHERE requests IS NOT NULL OR output_tokens IS NOT NULL OR running IS NOT NULL
    GROUP BY piece.key"""
_HOURLY = _SUMS.format(table="usage_hours", hours="count(*)", weight="1", peak="max(requests)")
_DAILY = _SUMS.format(table="usage_days", hours="sum(hours)", weight="hours", peak="max(requests / hours)")
_ROLL_UP = f"""
    INSERT INTO usage_days (deployment_id, hour, {', '.join(_COLUMNS)}, hours)
    SELECT deployment_id, hour - hour % 24, sum(requests), sum(input_tokens), sum(output_tokens),
        total(requests_with_tokens), {', '.join(f'avg({name})' for name in _COLUMNS[4:])}, count(*)
    FROM usage_hours WHERE hour < :before GROUP BY deployment_id, hour - hour % 24
    ON CONFLICT (deployment_id, hour) DO UPDATE SET
        {', '.join(f'{name} = coalesce({name} + excluded.{name}, {name}, excluded.{name})' for name in _ADDED)},
        requests_with_tokens = requests_with_tokens + excluded.requests_with_tokens, hours = hours + excluded.hours"""  # noqa: S608


class UsageRate(BaseModel):
    """What someone said that a deployment does, from an hour on."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

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


class UsageBook:
    """The usage in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, deployment_id: int, hours: Iterable[UsageHour], seen: Seen) -> int:
        """Keep what was seen; gives how many hours were written."""
        rows = [_row(deployment_id, one, seen) for one in hours]
        with self._database.transaction() as connection:
            return sum(connection.execute(_PUT, row).rowcount for row in rows)

    def hours(self, deployment_id: int, start: datetime, end: datetime) -> tuple[UsageHour, ...]:
        """What was measured in each hour that begins between two moments, oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT hour, {', '.join(_MEASURED)} FROM usage_hours WHERE deployment_id = ? AND hour >= ? AND hour < ? ORDER BY hour",  # noqa: S608
                (deployment_id, _first_hour(start), _first_hour(end)),
            ).fetchall()
        return tuple(UsageHour.model_validate(dict(row)) for row in rows)

    def rate(self, deployment_id: int, rate: UsageRate) -> None:
        """Someone says what it does from an hour on."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO usage_rates (deployment_id, since, requests_per_hour, input_tokens, output_tokens, user_id)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (deployment_id, rate.since, rate.requests_per_hour, rate.input_tokens, rate.output_tokens, rate.user_id),
            )

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
            cuts = [(span, cut) for span in spans for cut in _cut(span, rates[span[0]])]
            pieces = json.dumps([[span[0], first, last] for span, (first, last, _) in cuts])
            measured = [_sums(connection, statement, pieces) for statement in (_HOURLY, _DAILY)]
        found = dict.fromkeys(spans, Usage())
        for key, (span, (first, last, rate)) in enumerate(cuts):
            seen = sum((sums[key] for sums in measured if key in sums), Usage())
            found[span] += seen + _said(rate, last - first - seen.hours)
        return found

    def last_seen(self, deployment_id: int) -> int | None:
        """The newest hour of which anything was measured."""
        with self._database.read() as connection:
            row = connection.execute("SELECT max(hour) FROM usage_hours WHERE deployment_id = ?", (deployment_id,)).fetchone()
        return None if row[0] is None else int(row[0])

    def roll_up(self, now: datetime) -> int:
        """Turn hours that are older than 35 days into days; gives how many."""
        before = hour_of(now - timedelta(days=HOURLY_DAYS))
        before -= before % HOURS_PER_DAY
        with self._database.transaction() as connection:
            if connection.execute("SELECT 1 FROM usage_hours WHERE hour < ? LIMIT 1", (before,)).fetchone() is None:
                return 0
            connection.execute(_ROLL_UP, {"before": before})
            return connection.execute("DELETE FROM usage_hours WHERE hour < ?", (before,)).rowcount


def _row(deployment_id: int, one: UsageHour, seen: Seen) -> dict[str, object]:
    counted = one.input_tokens is not None or one.output_tokens is not None
    return {**one.model_dump(), "deployment_id": deployment_id, "seen": seen,
            "requests_with_tokens": one.requests or 0.0 if counted else 0.0}  # fmt: skip


def _first_hour(moment: datetime) -> int:
    """The first hour that begins at the moment or after it."""
    return -int(-moment.timestamp() // 3600)


def _cut(span: Span, rates: Sequence[UsageRate]) -> Iterable[tuple[int, int, UsageRate | None]]:
    """The span in whole hours, cut where someone said something else."""
    first, last = _first_hour(span[1]), _first_hour(span[2])
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


def _sums(connection: sqlite3.Connection, statement: str, pieces: str) -> dict[int, Usage]:
    rows = connection.execute(statement, {"pieces": pieces}).fetchall()
    return {int(row["key"]): Usage.model_validate({name: row[name] for name in Usage.model_fields}) for row in rows}


def _said(rate: UsageRate | None, hours: float) -> Usage:
    """What the rate says of the hours that nobody measured."""
    if rate is None or rate.requests_per_hour is None or hours <= 0:
        return Usage()
    requests = rate.requests_per_hour * hours
    counted = rate.input_tokens is not None and rate.output_tokens is not None
    return Usage(
        hours=hours, requests=requests, peak_requests=rate.requests_per_hour, requests_with_tokens=requests if counted else 0.0,
        input_tokens=requests * (rate.input_tokens or 0) if counted else None,
        output_tokens=requests * (rate.output_tokens or 0) if counted else None,
    )  # fmt: skip


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
