"""What a restored backup must not forget: what was posted, erased and numbered since it was written.

The database that is replaced still knows it. Where that is lost, what was due since then may have been posted: it is looked
up, or its owner asked, before it is posted again.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from storage.database import Database
from storage.errors import StorageError, translated
from storage.moments import to_text
from storage.retention import digest
from storage.tables import Tables

UNSURE = "posted since the backup until"
"""The fact of the machine: what was due until then may have been posted already."""
MACHINE = ""
NUMBERED = "schedules numbered"
"""The fact of a workspace: the highest number that a schedule ever had."""
_HIGHEST = """SELECT team_id, max(number) FROM (
    SELECT team_id, number FROM schedules
    UNION ALL SELECT team_id, CAST(value AS INTEGER) FROM workspace_facts WHERE key = ?) GROUP BY team_id"""
GAP = 1000
"""Numbers that are left out where nobody knows which were given since."""
_NAMED = (
    "comparisons",
    "deployments",
    "schedules",
    "scenarios",
    "rates",
    "calibrations",
    "own_models",
    "defaults",
    "posts",
    "changes",
)
"""Tables that name people."""


def carry_over(restored: Path, replaced: Path | None, now: datetime) -> bool:
    """Bring it into a copy of the backup; False where the replaced database is lost, or of another history."""
    with Database(restored) as database:
        known = replaced is not None and replaced.exists() and _from(database, replaced)
        if not known:
            with database.transaction() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO workspace_facts VALUES (?, ?, ?)", (MACHINE, UNSURE, to_text(now))
                )
                connection.execute("UPDATE comparison_numbers SET last = last + ?", (GAP,))
        return known


def _from(database: Database, replaced: Path) -> bool:
    """Whether it could be read there and was brought over."""
    try:
        with (
            translated(replaced),
            closing(sqlite3.connect(f"{replaced.absolute().as_uri()}?mode=ro", uri=True)) as source,
        ):
            rows = _read(source)
            erased = {tuple(row) for row in source.execute("SELECT digest, erased_at FROM erasures").fetchall()}
    except StorageError:
        return False
    with database.transaction() as connection:
        if (
            not {tuple(row) for row in connection.execute("SELECT id, created_at FROM schedules").fetchall()}
            <= rows["schedules"]
        ):
            return False
        _bring(connection, rows)
        erased -= {tuple(row) for row in connection.execute("SELECT digest, erased_at FROM erasures").fetchall()}
    _erase_again(database, {one for one, _ in erased})
    return True


def _read(source: sqlite3.Connection) -> dict[str, set[tuple[object, ...]]]:
    """What is brought over, as plain rows."""
    source.row_factory = None
    columns = ", ".join(_posted(source))
    return {
        "schedules": set(source.execute("SELECT id, created_at FROM schedules").fetchall()),
        "posts": set(source.execute(f"SELECT {columns} FROM posts").fetchall()),  # noqa: S608 - the schema's own names
        "numbers": set(source.execute("SELECT team_id, last FROM comparison_numbers").fetchall()),
        "highest": set(source.execute(_HIGHEST, (NUMBERED,)).fetchall()),
    }


def _posted(connection: sqlite3.Connection) -> list[str]:
    """The columns of a post but its number, which another one may have."""
    return [row[1] for row in connection.execute("PRAGMA table_info(posts)").fetchall() if row[1] != "id"]


def _bring(connection: sqlite3.Connection, rows: dict[str, set[tuple[object, ...]]]) -> None:
    names = _posted(connection)
    at = names.index("schedule_id")
    there = {None, *(row[0] for row in connection.execute("SELECT id FROM schedules").fetchall())}
    found = [row for row in rows["posts"] if row[at] in there]
    again = ", ".join(f"{name} = excluded.{name}" for name in names if name not in {"team_id", "name"})
    connection.executemany(
        f"INSERT INTO posts ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608 - the schema's own names
        f" ON CONFLICT (team_id, name) DO UPDATE SET {again}",
        found,
    )
    connection.executemany(
        "INSERT INTO comparison_numbers VALUES (?, ?) ON CONFLICT (team_id) DO UPDATE SET last = max(last, excluded.last)",
        list(rows["numbers"]),
    )
    connection.executemany(
        "INSERT INTO workspace_facts VALUES (?, ?, ?) ON CONFLICT (team_id, key) DO UPDATE"
        " SET value = max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))",
        [(team, NUMBERED, str(number)) for team, number in rows["highest"]],
    )


def _erase_again(database: Database, digests: set[object]) -> None:
    """Whoever was erased since the backup is erased from it as well."""
    with database.read() as connection:
        people = set(_people(connection))
    retention = Tables(database).retention
    for team, user in sorted(people):
        if digest(team, user) in digests:
            retention.erase_person(team, user)
    for team in sorted({team for team, _ in people}):
        if digest(team, "") in digests:
            retention.erase_team(team)


def _people(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    for table in _NAMED:
        for row in connection.execute(f"SELECT DISTINCT team_id, user_id FROM {table}").fetchall():  # noqa: S608 - our own words
            yield row[0], row[1]
