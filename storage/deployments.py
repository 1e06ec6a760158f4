"""Tracked deployments, and the plans that were in force one after another.

A person finds what was tracked in the open, and what was tracked in private where they look from or by themselves.
Two of a name are both found by whoever sees both; by the name, they find what is private here, then what is their own.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from calculator.spending.spend import Stretch
from calculator.spending.terms import Terms
from storage.audit import audit_line, record
from storage.comparison_index import Viewer
from storage.database import Database
from storage.deployment_records import Deployment, NewDeployment, State
from storage.errors import NameTaken, NotFound
from storage.moments import to_text

_FIELDS = (
    "name",
    "user_id",
    "channel_id",
    "channel_name",
    "private",
    "place_known",
    "question",
    "spelled_out",
    "pinned",
    "budget_usd",
    "tags",
)
_NEAREST = "ORDER BY private DESC, channel_id = :channel_id DESC"
_SEEN_BY = "team_id = :team_id AND (private = 0 OR user_id = :user_id OR channel_id = :channel_id)"


class Deployments:
    """The tracked deployments of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, new: NewDeployment, terms: Terms, since: datetime, now: datetime) -> Deployment:
        """Track a deployment that runs since then; NameTaken where there is one of that name, as open or as private."""
        columns = _columns(new.model_dump())
        values = {**columns, "team_id": new.team_id, "key": new.key, "created_at": to_text(since)}
        names = ", ".join(values)
        with self._database.transaction() as connection:
            if _find(connection, new.team_id, new.key):
                raise NameTaken(f"There is a deployment called {new.name} already.")
            row = connection.execute(
                f"INSERT INTO deployments ({names}, state) VALUES ({', '.join(f':{name}' for name in values)}, 'running') RETURNING id",  # noqa: S608  # our own column names
                values,
            ).fetchone()
            _enter(connection, row["id"], Stretch(since=since, running=True, terms=terms, why="tracked"))
            added = _by_id(connection, row["id"])
            record(connection, new.team_id, audit_line(added.subject, new.user_id, now, "tracked", "", new.spelled_out))
            return added

    def get(self, viewer: Viewer, name: str) -> Deployment:
        """The deployment of this name, in whatever state; NotFound unless the viewer may see it."""
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT * FROM deployments WHERE {_SEEN_BY} AND name = :name {_NEAREST}",  # noqa: S608
                {**_names(viewer), "name": name},
            ).fetchall()
        if not rows:
            raise NotFound(f"There is no deployment called {name} that you can see here.")
        return _record(rows[0])

    def all(self, viewer: Viewer, *states: State) -> tuple[Deployment, ...]:
        """What the viewer may see, by name; in the given states, or in any but retired."""
        wanted = json.dumps(states or ("running", "paused"))
        with self._database.read() as connection:
            rows = connection.execute(
                f"SELECT * FROM deployments WHERE {_SEEN_BY} AND state IN (SELECT value FROM json_each(:states)) ORDER BY name",  # noqa: S608
                {**_names(viewer), "states": wanted},
            ).fetchall()
        return tuple(map(_record, rows))

    def of_team(self, team_id: str) -> tuple[Deployment, ...]:
        """Every deployment of a workspace that is not retired, for the clock."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM deployments WHERE team_id = ? AND state <> 'retired' ORDER BY id", (team_id,)
            ).fetchall()
        return tuple(map(_record, rows))

    def in_unknown_places(self, team_id: str, limit: int) -> tuple[Deployment, ...]:
        """What is private since nobody knew what its channel is, the oldest first."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT * FROM deployments WHERE team_id = ? AND place_known = 0 ORDER BY id LIMIT ?", (team_id, limit)
            ).fetchall()
        return tuple(map(_record, rows))

    def change(
        self, found: Deployment, user_id: str, now: datetime, terms: Terms | None = None, /, **fields: Any
    ) -> Deployment:
        """Change fields of a deployment, and its plan where new terms are given; each change is written down."""
        with self._database.transaction() as connection:
            found = _by_id(connection, found.id)
            changed = {name: value for name, value in fields.items() if getattr(found, name) != value}
            columns = _columns({**found.model_dump(), **changed})
            after = found.model_copy(update=changed)
            other = _find(connection, found.team_id, after.key)
            if other and other["id"] != found.id:
                raise NameTaken(f"There is a deployment called {after.name} already.")
            connection.execute("UPDATE deployments SET key = ? WHERE id = ?", (after.key, found.id))
            for name, value in changed.items():
                connection.execute(f"UPDATE deployments SET {name} = ? WHERE id = ?", (columns[name], found.id))  # noqa: S608
                said = audit_line(found.subject, user_id, now, name, _text(getattr(found, name)), _text(value))
                record(connection, found.team_id, said)
            if terms is not None:
                _enter(
                    connection,
                    found.id,
                    Stretch(since=now, running=found.state == "running", terms=terms, why="edited"),
                )
            return _by_id(connection, found.id)

    def move(self, found: Deployment, user_id: str, now: datetime, state: State, why: str) -> Deployment:
        """Pause, resume, retire or restore it; nothing where it is so already."""
        with self._database.transaction() as connection:
            found = _by_id(connection, found.id)
            if found.state == state:
                return found
            connection.execute("UPDATE deployments SET state = ? WHERE id = ?", (state, found.id))
            last = _stretches(connection, [found.id])[found.id][-1]
            stretch = Stretch(since=now, running=state == "running", terms=last.terms, why=why)
            _enter(connection, found.id, stretch)
            record(connection, found.team_id, audit_line(found.subject, user_id, now, why, found.state, state))
            return _by_id(connection, found.id)

    def forget(self, found: Deployment, user_id: str, now: datetime) -> None:
        """As if it had never been tracked: its plans, usage, source, alerts and changes go; that it went is kept."""
        with self._database.transaction() as connection:
            record(connection, found.team_id, audit_line("samples", user_id, now, "removed", found.name, ""))
            connection.execute("DELETE FROM changes WHERE team_id = ? AND subject = ?", (found.team_id, found.subject))
            connection.execute("DELETE FROM deployments WHERE id = ?", (found.id,))

    def reprice(self, found: Deployment, terms: Terms, now: datetime) -> None:
        """New prices from now on: nobody's change, so the stretch itself tells it. Nothing where it is gone meanwhile."""
        with self._database.transaction() as connection:
            row = connection.execute("SELECT state FROM deployments WHERE id = ?", (found.id,)).fetchone()
            if row:
                stretch = Stretch(since=now, running=row["state"] == "running", terms=terms, why="price")
                _enter(connection, found.id, stretch)

    def stretches(self, ids: Iterable[int]) -> Mapping[int, tuple[Stretch, ...]]:
        """The plans of each deployment, oldest first."""
        with self._database.read() as connection:
            return _stretches(connection, list(ids))


def _names(viewer: Viewer) -> dict[str, Any]:
    return {"team_id": viewer.team_id, "user_id": viewer.user_id, "channel_id": viewer.channel_id}


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _column(values[name]) for name in _FIELDS}


def _column(value: Any) -> Any:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value) if isinstance(value, Decimal) else value


def _text(value: Any) -> str:
    """A field as the audit shows it."""
    if isinstance(value, dict):
        return ", ".join(f"{name}={word}" for name, word in value.items())
    return "" if value is None else str(value)


def _find(connection: sqlite3.Connection, team_id: str, key: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = connection.execute(
        "SELECT * FROM deployments WHERE team_id = ? AND key = ?", (team_id, key)
    ).fetchone()
    return row


def _by_id(connection: sqlite3.Connection, row_id: int) -> Deployment:
    """As it is now: what was found before may have been changed meanwhile."""
    row = connection.execute("SELECT * FROM deployments WHERE id = ?", (row_id,)).fetchone()
    if row is None:
        raise NotFound("That deployment is gone.")
    return _record(row)


def _enter(connection: sqlite3.Connection, row_id: int, stretch: Stretch) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO plans (deployment_id, since, running, why, terms) VALUES (?, ?, ?, ?, ?)",
        (row_id, to_text(stretch.since), stretch.running, stretch.why, stretch.terms.model_dump_json()),
    )


def _stretches(connection: sqlite3.Connection, ids: list[int]) -> dict[int, tuple[Stretch, ...]]:
    rows = connection.execute(
        "SELECT plans.* FROM json_each(?) AS wanted JOIN plans ON deployment_id = wanted.value ORDER BY deployment_id, since",
        (json.dumps(ids),),
    ).fetchall()
    found: dict[int, tuple[Stretch, ...]] = dict.fromkeys(ids, ())
    for row in rows:
        terms = Terms.model_validate_json(row["terms"])
        stretch = Stretch(
            since=datetime.fromisoformat(row["since"]), running=bool(row["running"]), terms=terms, why=row["why"]
        )
        found[row["deployment_id"]] += (stretch,)
    return found


def _record(row: sqlite3.Row) -> Deployment:
    return Deployment.model_validate({name: row[name] for name in Deployment.model_fields})
