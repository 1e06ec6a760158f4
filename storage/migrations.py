"""The history of the schema: small steps, append only, each in a transaction of its own.

A step that has been released is never edited; a change is one more step at the end of STEPS. A step is known by its
function's name. Nothing but an actual migration imports sqlite-utils, which takes about as long as an answer.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import NotABackup, SchemaTooNew

if TYPE_CHECKING:
    from sqlite_utils import Database

SET = "storage"


def create_comparisons(db: "Database") -> None:
    """Questions with their answers. `results` is last, so that reading the rest of a row skips its long text."""
    db.conn.execute("""
        CREATE TABLE comparisons (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            team_id TEXT NOT NULL,
            number INTEGER NOT NULL,
            channel_id TEXT NOT NULL,
            channel_name TEXT NOT NULL,
            private INTEGER NOT NULL CHECK (private IN (0, 1)),
            user_id TEXT NOT NULL,
            kind TEXT NOT NULL,
            question TEXT NOT NULL,
            spelled_out TEXT NOT NULL,
            headline TEXT NOT NULL,
            parts TEXT NOT NULL,
            created_at TEXT NOT NULL,
            shared_channel_id TEXT,
            shared_at TEXT,
            deleted_at TEXT,
            results TEXT NOT NULL CHECK (json_valid(results)),
            UNIQUE (team_id, number)
        )""")
    db.conn.execute("CREATE INDEX comparisons_of_person ON comparisons (team_id, user_id, id)")


def create_comparison_numbers(db: "Database") -> None:
    """The last number given out in each workspace, so that the number of a removed row is never given again."""
    db.conn.execute("""
        CREATE TABLE comparison_numbers (
            team_id TEXT PRIMARY KEY,
            last INTEGER NOT NULL
        ) WITHOUT ROWID""")


def create_comparison_shares(db: "Database") -> None:
    """Every channel in which a comparison was shared."""
    db.conn.execute("""
        CREATE TABLE comparison_shares (
            comparison_id INTEGER NOT NULL REFERENCES comparisons (id) ON DELETE CASCADE,
            channel_id TEXT NOT NULL,
            shared_at TEXT NOT NULL,
            PRIMARY KEY (comparison_id, channel_id)
        ) WITHOUT ROWID""")


def create_comparison_index(db: "Database") -> None:
    """The full-text index. `scope` names who may find a row, so that a search walks only rows that may be shown."""
    db.conn.execute("""
        CREATE VIEW comparison_texts AS
        SELECT
            id,
            'u' || hex(team_id || ' ' || user_id) || coalesce((
                SELECT group_concat(' c' || hex(team_id || ' ' || shares.channel_id), '')
                FROM comparison_shares AS shares WHERE shares.comparison_id = comparisons.id
            ), '') AS scope,
            question || ' ' || spelled_out || ' ' || headline || ' ' || parts AS words
        FROM comparisons WHERE deleted_at IS NULL""")
    db.conn.execute("""
        CREATE VIRTUAL TABLE comparison_index USING fts5 (
            scope, words, content = 'comparison_texts', content_rowid = 'id',
            tokenize = 'unicode61 remove_diacritics 2', columnsize = 0
        )""")


def create_workspace_facts(db: "Database") -> None:
    """Small facts about a workspace."""
    db.conn.execute("""
        CREATE TABLE workspace_facts (
            team_id TEXT NOT NULL,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (team_id, key)
        ) WITHOUT ROWID""")


def create_deliveries(db: "Database") -> None:
    """What Slack has delivered lately; its ids are unique over all workspaces."""
    db.conn.execute("CREATE TABLE deliveries (id TEXT PRIMARY KEY, seen_at TEXT NOT NULL) WITHOUT ROWID")
    db.conn.execute("CREATE INDEX deliveries_by_age ON deliveries (seen_at)")


STEPS: tuple[Callable[["Database"], None], ...] = (
    create_comparisons,
    create_comparison_numbers,
    create_comparison_shares,
    create_comparison_index,
    create_workspace_facts,
    create_deliveries,
)


def pending(connection: sqlite3.Connection, path: Path) -> list[str]:
    """The names of the steps still to do, in order; SchemaTooNew when the file has one that is unknown here."""
    names = [step.__name__ for step in STEPS]
    applied = _applied(connection)
    if applied - set(names):
        raise SchemaTooNew(path)
    return [name for name in names if name not in applied]


def apply(connection: sqlite3.Connection, path: Path, name: str) -> None:
    """Do the step `name` in the caller's write transaction, unless another process has done it meanwhile."""
    from sqlite_utils import Database  # noqa: PLC0415 - slow, and needed only when the schema changes
    from sqlite_utils.migrations import Migrations  # noqa: PLC0415 - likewise

    left = pending(connection, path)
    if name not in left:
        return
    history = Migrations(SET)
    for step in STEPS:
        history()(step)
    history.apply(Database(connection), stop_before=left[left.index(name) + 1 :])


def require_ours(connection: sqlite3.Connection, path: Path) -> None:
    """Raise unless this program, in this version or an older one, wrote the file."""
    if not _applied(connection):
        raise NotABackup(path)
    pending(connection, path)


def _applied(connection: sqlite3.Connection) -> set[str]:
    table = connection.execute("SELECT 1 FROM sqlite_master WHERE name = '_sqlite_migrations'").fetchall()
    if not table:
        return set()
    rows = connection.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", (SET,))
    return {name for (name,) in rows.fetchall()}
