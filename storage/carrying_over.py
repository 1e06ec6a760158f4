"""What a restored backup must not forget: what was posted, raised, erased and numbered since it was written.

The database that is replaced still knows it. Where that is lost, what was due since then may have been posted: it is looked
up, or its owner asked, before it is posted again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from storage.database import Database
from storage.errors import StorageError, translated
from storage.moments import to_text
from storage.retention import digest
from storage.tables import Tables
from storage.workspaces import DOUBTED, MACHINE, NEWEST, UNSURE

NUMBERED = "schedules numbered"
"""The fact of a workspace: the highest number that a schedule ever had."""
GAP = 1000
"""Numbers that are left out where nobody knows which were given since."""
_HIGHEST = """SELECT team_id, max(number) FROM (
    SELECT team_id, number FROM schedules
    UNION ALL SELECT team_id, CAST(value AS INTEGER) FROM workspace_facts WHERE key = ?) GROUP BY team_id"""
_RAISE = """INSERT INTO workspace_facts VALUES (?, ?, ?) ON CONFLICT (team_id, key) DO UPDATE
    SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))"""
_ERASED = "SELECT digest, erased_at FROM erasures"

Rows = list[dict[str, object]]


class Replaced(NamedTuple):
    """What the replaced database knows."""

    schedules: set[tuple[object, ...]]
    """Their ids and when each was made: those of the backup are among them, or were erased since."""
    numbers: dict[str, int]
    highest: dict[str, int]
    erased: set[tuple[str, str]]
    posts: Rows
    alarms: Rows
    unsure: str


def carry_over(restored: Path, replaced: Path | None, now: datetime) -> bool:
    """Bring it into a copy of the backup; False where the replaced database is lost, or of another history."""
    with Database(restored) as database:
        found = _read(replaced) if replaced is not None and replaced.exists() else None
        if found:
            _erase_again(database, found.erased)
        with database.lasting() as connection:
            connection.execute(
                "DELETE FROM workspace_facts WHERE team_id = ? AND key IN (?, ?)", (MACHINE, NEWEST, DOUBTED)
            )
            known = found is not None and _is_of(connection, found)
            if found and known:
                _bring(connection, found)
            if not known or (found and found.unsure):
                _doubt(connection, max(found.unsure if found else "", "" if known else to_text(now)))
            if not known:
                _leave_numbers_out(connection)
        return known


def _read(replaced: Path) -> Replaced | None:
    """What is known there; None where it cannot be read, or is of another version."""
    address = f"{replaced.absolute().as_uri()}?mode=ro"
    try:
        with translated(replaced), closing(sqlite3.connect(address, uri=True)) as source:
            source.row_factory = sqlite3.Row
            unsure = source.execute(
                "SELECT value FROM workspace_facts WHERE team_id = '' AND key = ?", (UNSURE,)
            ).fetchone()
            return Replaced(
                schedules=_tuples(source, "SELECT id, created_at FROM schedules"),
                numbers=dict(_tuples(source, "SELECT team_id, last FROM comparison_numbers")),
                highest=dict(map(tuple, source.execute(_HIGHEST, (NUMBERED,)).fetchall())),
                erased=_tuples(source, _ERASED),
                posts=[dict(row) for row in source.execute("SELECT * FROM posts").fetchall()],
                alarms=[dict(row) for row in source.execute("SELECT * FROM alarms").fetchall()],
                unsure=unsure["value"] if unsure else "",
            )
    except (StorageError, sqlite3.Error):
        return None


def _tuples(connection: sqlite3.Connection, query: str) -> set[Any]:
    return {tuple(row) for row in connection.execute(query).fetchall()}


def _is_of(connection: sqlite3.Connection, found: Replaced) -> bool:
    """Whether the replaced database went on from this backup: it has its schedules, and has numbered on."""
    numbers: dict[str, int] = dict(_tuples(connection, "SELECT team_id, last FROM comparison_numbers"))
    return _tuples(connection, "SELECT id, created_at FROM schedules") <= found.schedules and all(
        found.numbers.get(team, 0) >= last for team, last in numbers.items()
    )


def _bring(connection: sqlite3.Connection, found: Replaced) -> None:
    there = {None, *(row[0] for row in connection.execute("SELECT id FROM schedules").fetchall())}
    posts = [{name: one[name] for name in one if name != "id"} for one in found.posts if one["schedule_id"] in there]
    _put(connection, "posts", posts, ("team_id", "name"))
    deployments = {row[0] for row in connection.execute("SELECT id FROM deployments").fetchall()}
    alarms = [one for one in found.alarms if one["deployment_id"] in deployments]
    _put(connection, "alarms", alarms, ("deployment_id", "kind"))
    connection.executemany(
        "INSERT INTO comparison_numbers VALUES (?, ?) ON CONFLICT (team_id) DO UPDATE SET last = max(last, excluded.last)",
        list(found.numbers.items()),
    )
    connection.executemany(_RAISE, [(team, NUMBERED, str(number)) for team, number in found.highest.items()])


def _put(connection: sqlite3.Connection, table: str, rows: Rows, key: tuple[str, ...]) -> None:
    """Insert rows in place of those of the same key, column by column as both know them."""
    here = [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]
    for row in rows:
        names = [name for name in here if name in row]
        again = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
        connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608 - the schema's own names
            f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {again}",
            row,
        )


def _doubt(connection: sqlite3.Connection, until: str) -> None:
    """What is open, and what was due until then, may have been posted."""
    connection.execute("INSERT OR REPLACE INTO workspace_facts VALUES (?, ?, ?)", (MACHINE, UNSURE, until))
    connection.execute("UPDATE posts SET state = 'sending', sending_at = due_at, leased_until = '' WHERE state = 'due'")


def _leave_numbers_out(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE comparison_numbers SET last = last + ?", (GAP,))
    highest = connection.execute(_HIGHEST, (NUMBERED,)).fetchall()
    connection.executemany(_RAISE, [(team, NUMBERED, str(number + GAP)) for team, number in highest])


def _erase_again(database: Database, erased: set[tuple[str, str]]) -> None:
    """Whoever was erased since the backup is erased from it as well, and from any older one that is restored after it."""
    with database.lasting() as connection:
        fresh = erased - _tuples(connection, _ERASED)
        connection.executemany("INSERT INTO erasures VALUES (?, ?)", sorted(fresh))
        people, teams = set(_people(connection)), {row[0] for row in _teams(connection)}
    digests, retention = {one for one, _ in fresh}, Tables(database).retention
    for team, user in sorted(people):
        if digest(team, user) in digests:
            retention.erase_person(team, user)
    for team in sorted(teams):
        if digest(team, "") in digests:
            retention.erase_team(team)


def _owned(connection: sqlite3.Connection) -> Iterator[tuple[str, list[str]]]:
    """Every table that has rows of workspaces, with its columns."""
    for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]
        if "team_id" in columns:
            yield table, columns


def _people(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for table, columns in _owned(connection):
        for column in {"user_id", "set_by", "channel_id"} & set(columns):
            rows = connection.execute(f"SELECT DISTINCT team_id, {column} FROM {table}").fetchall()  # noqa: S608 - the schema's own names
            yield from ((row[0], row[1]) for row in rows if row[1])


def _teams(connection: sqlite3.Connection) -> Iterator[tuple[str]]:
    for table, _ in _owned(connection):
        yield from (tuple(row) for row in connection.execute(f"SELECT DISTINCT team_id FROM {table}").fetchall())  # noqa: S608 - the schema's own names
