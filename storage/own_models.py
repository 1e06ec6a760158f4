"""A workspace's own models: their config.json as it was given, by whom and when.

A name never changes its meaning: once given it is this config.json's, also after the model was removed, because
questions that are stored carry the name.
"""

import sqlite3
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from storage.audit import audit_line, record
from storage.database import Database
from storage.errors import NameTaken, NotFound
from storage.moments import Moment, to_text

SUBJECT = "models"
"""What the audit calls the own models."""
_BY_NAME = "SELECT name, config, user_id, added_at, removed_at FROM own_models WHERE team_id = ? AND name = ?"
_CURRENT = """
    SELECT name, config, user_id, added_at, removed_at FROM own_models
    WHERE team_id = ? AND removed_at IS NULL ORDER BY name"""
_INSERT = """
    INSERT INTO own_models (team_id, name, config, user_id, added_at, removed_at) VALUES (?, ?, ?, ?, ?, NULL)
    ON CONFLICT (team_id, name) DO UPDATE SET removed_at = NULL"""


class OwnModel(BaseModel):
    """A model of the team's own."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: str
    """What questions call it."""
    config: str
    """Its config.json."""
    user_id: str
    """Who gave it."""
    added_at: Moment
    removed_at: Moment | None = None
    """When it was removed; None while it may be used."""


class OwnModels:
    """The own models in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def current(self, team_id: str) -> tuple[OwnModel, ...]:
        """All that may be used, by name."""
        with self._database.read() as connection:
            return tuple(
                OwnModel.model_validate(dict(row)) for row in connection.execute(_CURRENT, (team_id,)).fetchall()
            )

    def get(self, team_id: str, name: str) -> OwnModel | None:
        """What the name means, or meant before it was removed; None for a name that was never given."""
        with self._database.read() as connection:
            return _find(connection, team_id, name)

    def add(self, team_id: str, user_id: str, name: str, config: str, now: datetime) -> OwnModel:
        """Keep a model, or take one back that was removed; NameTaken where the name means another config.json."""
        with self._database.transaction() as connection:
            before = _find(connection, team_id, name)
            if before and before.config != config:
                raise NameTaken(f"{name} is the name of another config.json. Choose another one.")
            connection.execute(_INSERT, (team_id, name, config, user_id, to_text(now)))
            record(connection, team_id, audit_line(SUBJECT, user_id, now, name, "", "added"))
            found = _find(connection, team_id, name)
            assert found is not None
            return found

    def remove(self, team_id: str, user_id: str, name: str, now: datetime) -> OwnModel:
        """A model may no longer be used; NotFound where the workspace has none of this name."""
        with self._database.transaction() as connection:
            found = _find(connection, team_id, name)
            if found is None or found.removed_at is not None:
                raise NotFound(f"Your team has no model {name}. `model list` lists those it has.")
            connection.execute(
                "UPDATE own_models SET removed_at = ? WHERE team_id = ? AND name = ?", (to_text(now), team_id, name)
            )
            record(connection, team_id, audit_line(SUBJECT, user_id, now, name, "in use", "removed"))
            return found


def _find(connection: sqlite3.Connection, team_id: str, name: str) -> OwnModel | None:
    row = connection.execute(_BY_NAME, (team_id, name)).fetchone()
    return None if row is None else OwnModel.model_validate(dict(row))
