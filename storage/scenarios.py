"""Scenarios: questions that a channel keeps under a name, with the last answer to each.

A scenario is seen in its channel alone. A version that was replaced or removed has ended; it is kept and can come back.
"""

import sqlite3
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from storage.audit import AuditLine, audit_line, record
from storage.database import Database
from storage.errors import NameTaken, NotFound
from storage.moments import Moment, to_text

_OF_CHANNEL = "team_id = :team_id AND channel_id = :channel_id"
_CURRENT = f"SELECT * FROM scenarios WHERE {_OF_CHANNEL} AND ended_at IS NULL ORDER BY name"  # noqa: S608 - our own words
_OF_TEAM = "SELECT * FROM scenarios WHERE team_id = :team_id AND ended_at IS NULL ORDER BY channel_id, name"
_NAMED = f"SELECT * FROM scenarios WHERE {_OF_CHANNEL} AND name = :name AND ended_at IS NULL"  # noqa: S608
_ENDED = f"""
    SELECT * FROM scenarios WHERE {_OF_CHANNEL} AND name = :name AND ended_at IS NOT NULL
    ORDER BY ended_at DESC, id DESC LIMIT 1"""  # noqa: S608
_INSERT = """
    INSERT INTO scenarios (team_id, channel_id, name, user_id, title, about, question, saved_at, answered_at, answer)
    VALUES (:team_id, :channel_id, :name, :user_id, :title, :about, :question, :now, :now, :answer) RETURNING *"""


class NewScenario(BaseModel):
    """A scenario, before it is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    team_id: str = Field(min_length=1)
    """The workspace."""
    channel_id: str
    """Where it is seen."""
    name: str = Field(min_length=1)
    """What people call it; unique in the channel, capitals aside."""
    user_id: str = Field(min_length=1)
    """Who saved it."""
    title: str = ""
    """Its name for people who read the report."""
    about: str = ""
    """What it is about, in a sentence or two."""
    question: str
    """The comparison or the recommendation, in its canonical text."""
    answer: str | None
    """JSON text: its last answer as it was given; None where nothing is left of it."""


class Scenario(NewScenario):
    """A stored scenario."""

    id: int
    """Unique in this database."""
    saved_at: Moment
    answered_at: Moment
    """When its last answer was given."""
    ended_at: Moment | None = None
    """When it was replaced or removed; None while it is seen."""

    @property
    def subject(self) -> str:
        """What the audit calls it."""
        return f"scenario {self.id}"


class Scenarios:
    """The scenarios of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, team_id: str, channel_id: str) -> tuple[Scenario, ...]:
        """Those of a channel, by name."""
        with self._database.read() as connection:
            rows = connection.execute(_CURRENT, {"team_id": team_id, "channel_id": channel_id}).fetchall()
        return tuple(map(_scenario, rows))

    def of_team(self, team_id: str) -> tuple[Scenario, ...]:
        """Those of every channel of a workspace."""
        with self._database.read() as connection:
            rows = connection.execute(_OF_TEAM, {"team_id": team_id}).fetchall()
        return tuple(map(_scenario, rows))

    def save(self, new: NewScenario, now: datetime, *, replaces: int | None = None) -> Scenario:
        """Keep a scenario in place of the version `replaces`; NameTaken where another one has the name by now."""
        with self._database.transaction() as connection:
            before = _find(connection, _NAMED, new)
            if before and before.id != replaces:
                raise NameTaken(f"{new.name} was saved by somebody else just now.")
            if before:
                _end(connection, before, now)
            row = connection.execute(_INSERT, {**new.model_dump(), "now": to_text(now)}).fetchone()
            saved = _scenario(row)
            record(
                connection,
                saved.team_id,
                _line(saved, new.user_id, now, before.question if before else "", saved.question),
            )
            return saved

    def remove(self, found: Scenario, user_id: str, now: datetime) -> Scenario:
        """A scenario is seen no longer; NotFound where it has ended already."""
        with self._database.transaction() as connection:
            before = _find(connection, _NAMED, found)
            if before is None or before.id != found.id:
                raise NotFound(f"There is no scenario {found.name} in this channel any more.")
            _end(connection, before, now)
            record(connection, before.team_id, _line(before, user_id, now, before.question, ""))
            return before

    def ended(self, team_id: str, channel_id: str, name: str) -> Scenario | None:
        """The version of this name that ended last; None where there is none."""
        with self._database.read() as connection:
            row = connection.execute(_ENDED, {"team_id": team_id, "channel_id": channel_id, "name": name}).fetchone()
        return None if row is None else _scenario(row)

    def restore(self, ended: Scenario, user_id: str, now: datetime) -> Scenario:
        """A version that ended is seen again; the one that took its place ends."""
        with self._database.transaction() as connection:
            before = _find(connection, _NAMED, ended)
            if before:
                _end(connection, before, now)
            connection.execute("UPDATE scenarios SET ended_at = NULL WHERE id = ?", (ended.id,))
            back = _find(connection, _NAMED, ended)
            if back is None:
                raise NotFound(f"Nothing is left of the scenario {ended.name}.")
            record(
                connection, back.team_id, _line(back, user_id, now, before.question if before else "", back.question)
            )
            return back

    def keep_answer(self, found: Scenario, answer: str, now: datetime) -> None:
        """The last answer to the scenario, which the next one is held against."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE scenarios SET answer = ?, answered_at = ? WHERE id = ?", (answer, to_text(now), found.id)
            )


def _find(connection: sqlite3.Connection, sql: str, like: NewScenario) -> Scenario | None:
    place = {"team_id": like.team_id, "channel_id": like.channel_id, "name": like.name}
    row = connection.execute(sql, place).fetchone()
    return None if row is None else _scenario(row)


def _end(connection: sqlite3.Connection, found: Scenario, now: datetime) -> None:
    connection.execute("UPDATE scenarios SET ended_at = ? WHERE id = ?", (to_text(now), found.id))


def _line(one: Scenario, user_id: str, now: datetime, before: str, after: str) -> AuditLine:
    return audit_line(one.subject, user_id, now, one.name, before, after)


def _scenario(row: sqlite3.Row) -> Scenario:
    return Scenario.model_validate(dict(row))
