"""Where the usage of deployments is fetched from, and how that goes. Secrets are named here, never kept."""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from storage.audit import audit_line, record
from storage.database import Database
from storage.moments import Moment, to_text

_DUE = """
    FROM sources CROSS JOIN deployments ON deployments.id = deployment_id
    WHERE next_fetch_at <= ? AND team_id = ? AND state = 'running'"""


class UsageSource(BaseModel):
    """Where one deployment's usage is fetched from."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    deployment_id: int
    url: str
    """Base address of a Prometheus HTTP API."""
    selector: str = ""
    """Label matchers that pick this deployment's series, as in `{model_name="llama"}`."""
    token: str = ""
    """Name of the environment variable that holds the bearer token; empty for none."""
    engine: str
    """Whose metrics to look for: vllm, sglang, tgi or llama.cpp."""
    fetched_hour: int = 0
    """The last hour that was fetched, counted from 1970; 0 before the first."""
    next_fetch_at: Moment
    """When to fetch again."""
    seen_at: Moment | None = None
    """When the deployment was last seen to answer anything."""
    failing_since: Moment | None = None
    """Since when fetching fails; None while it works."""
    problem: str = ""
    """What went wrong last, for people."""


class Sources:
    """The sources in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def set(self, team_id: str, source: UsageSource, user_id: str, now: datetime) -> None:
        """Fetch from here from now on."""
        with self._database.transaction() as connection:
            before = _find(connection, source.deployment_id)
            _write(connection, source)
            said = audit_line(
                f"deployment {source.deployment_id}", user_id, now, "source", _text(before), _text(source)
            )
            record(connection, team_id, said)

    def get(self, deployment_id: int) -> UsageSource | None:
        """Where it is fetched from, if anywhere."""
        with self._database.read() as connection:
            return _find(connection, deployment_id)

    def of(self, ids: Iterable[int]) -> Mapping[int, UsageSource]:
        """Where these are fetched from, as far as they are."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT sources.* FROM json_each(?) AS wanted JOIN sources ON deployment_id = wanted.value",
                (json.dumps(list(ids)),),
            ).fetchall()
        return {row["deployment_id"]: _record(row) for row in rows}

    def due(self, team_id: str, now: datetime) -> bool:
        """Whether anything is to be fetched."""
        with self._database.read() as connection:
            return connection.execute(f"SELECT 1 {_DUE} LIMIT 1", (to_text(now), team_id)).fetchone() is not None

    def remove(self, team_id: str, deployment_id: int, user_id: str, now: datetime) -> None:
        """Fetch no more."""
        with self._database.transaction() as connection:
            before = _find(connection, deployment_id)
            if before is None:
                return
            connection.execute("DELETE FROM sources WHERE deployment_id = ?", (deployment_id,))
            record(
                connection,
                team_id,
                audit_line(f"deployment {deployment_id}", user_id, now, "source", _text(before), ""),
            )

    def claim_due(
        self, team_id: str, now: datetime, again_at: datetime, *, limit: int = 100
    ) -> tuple[UsageSource, ...]:
        """The sources that are due, running deployments only. Of several processes one gets each: it is due again at `again_at`."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                f"SELECT sources.* {_DUE} ORDER BY next_fetch_at LIMIT ?",
                (to_text(now), team_id, limit),
            ).fetchall()
            for row in rows:
                connection.execute(
                    "UPDATE sources SET next_fetch_at = ? WHERE deployment_id = ?",
                    (to_text(again_at), row["deployment_id"]),
                )
        return tuple(map(_record, rows))

    def fetched(self, source: UsageSource, hour: int, seen_at: datetime | None, next_fetch_at: datetime) -> None:
        """It answered, up to this hour; `seen_at` is None where it had nothing to say of the deployment."""
        self._settle(source, hour, seen_at or source.seen_at, next_fetch_at, None, "")

    def failed(self, source: UsageSource, problem: str, now: datetime, next_fetch_at: datetime) -> None:
        """It did not answer."""
        self._settle(source, source.fetched_hour, source.seen_at, next_fetch_at, source.failing_since or now, problem)

    def _settle(  # noqa: PLR0913, PLR0917 - the columns that a fetch decides
        self,
        source: UsageSource,
        hour: int,
        seen_at: datetime | None,
        next_fetch_at: datetime,
        failing_since: datetime | None,
        problem: str,
    ) -> None:
        """Write how the fetch went, unless the source has been changed meanwhile."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE sources SET fetched_hour = ?, seen_at = ?, next_fetch_at = ?, failing_since = ?, problem = ?"
                " WHERE deployment_id = ? AND url = ? AND selector = ? AND token = ? AND engine = ?",
                (
                    hour,
                    seen_at and to_text(seen_at),
                    to_text(next_fetch_at),
                    failing_since and to_text(failing_since),
                    problem,
                    source.deployment_id,
                    source.url,
                    source.selector,
                    source.token,
                    source.engine,
                ),
            )


def _write(connection: sqlite3.Connection, source: UsageSource) -> None:
    values = source.model_dump()
    moments = {name: values[name] and to_text(values[name]) for name in ("next_fetch_at", "seen_at", "failing_since")}
    names = ", ".join(values)
    connection.execute(
        f"INSERT OR REPLACE INTO sources ({names}) VALUES ({', '.join(f':{name}' for name in values)})",  # noqa: S608
        values | moments,
    )


def _find(connection: sqlite3.Connection, deployment_id: int) -> UsageSource | None:
    row = connection.execute("SELECT * FROM sources WHERE deployment_id = ?", (deployment_id,)).fetchone()
    return _record(row) if row else None


def _record(row: sqlite3.Row) -> UsageSource:
    return UsageSource.model_validate({name: row[name] for name in UsageSource.model_fields})


def _text(source: UsageSource | None) -> str:
    return (
        " ".join(filter(None, (source.url, source.selector, source.token and f"token {source.token}")))
        if source
        else ""
    )
