"""What is kept of a person or of a workspace, as a file and counted: over every table, found from the schema itself.

A row is a person's where any of its columns is their id, and where it hangs on such a row by a foreign key. So a table
that is added later is exported without a line here.
"""

import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from storage.database import Database

NOBODYS = ("_sqlite_migrations", "comparison_index", "sqlite_")
"""Tables, by how their names begin, that hold nothing beside what others hold."""
WITHHELD = {"response_url"}
"""Columns that are a key for half an hour, and nothing about anyone."""


class Table(NamedTuple):
    """A table as the schema has it."""

    name: str
    columns: tuple[str, ...]
    texts: tuple[str, ...]
    """The columns that hold text."""
    json: frozenset[str]
    """The columns that hold JSON."""
    parents: tuple[tuple[str, str, str], ...]
    """Column, the table that it points to, and that table's column."""


Whose = Callable[[Table, Mapping[str, Table]], str]
"""The condition of the rows of a table that are someone's; empty where it can hold none."""


class Personal:
    """Everything of a person, or of a workspace where no person is named."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, team_id: str, user_id: str = "") -> Mapping[str, int]:
        """How many rows each table has of them; tables without one are left out."""
        with self._database.read() as connection:
            found = {}
            for table, where in _wheres(connection, user_id):
                sql = f"SELECT count(*) FROM {table.name} WHERE {where}"  # noqa: S608 - the schema's own names
                found[table.name] = connection.execute(sql, _names(team_id, user_id)).fetchone()[0]
        return {name: number for name, number in found.items() if number}

    def export(self, team_id: str, user_id: str = "") -> str:
        """JSON: for each table with something of them its rows, complete, as they are stored."""
        file = io.StringIO()
        with self._database.read() as connection:
            about = {"team_id": team_id, **({"user_id": user_id} if user_id else {})}
            file.write("{\n" + json.dumps("about") + ": " + json.dumps(about))
            for table, where in _wheres(connection, user_id):
                sql = f"SELECT * FROM {table.name} WHERE {where}"  # noqa: S608
                _write(file, table, connection.execute(sql, _names(team_id, user_id)))
        file.write("\n}\n")
        return file.getvalue()


def _write(file: io.StringIO, table: Table, rows: sqlite3.Cursor) -> None:
    """The rows of one table, each on its line; nothing where there are none."""
    begin, end = f",\n{json.dumps(table.name)}: [\n  ", ""
    for row in rows:
        values = {name: _value(row[name], is_json=name in table.json) for name in table.columns}
        file.write(begin + json.dumps(values, ensure_ascii=False))
        begin, end = ",\n  ", "\n]"
    file.write(end)


def _value(value: Any, *, is_json: bool) -> Any:
    return json.loads(value) if is_json and isinstance(value, str) else value


def _names(team_id: str, user_id: str) -> dict[str, str]:
    return {"team_id": team_id, "user_id": user_id}


def _wheres(connection: sqlite3.Connection, user_id: str) -> Iterator[tuple[Table, str]]:
    """Each table that can hold something of them, and the condition of its rows that do."""
    tables = {table.name: table for table in _tables(connection)}
    for table in tables.values():
        where = _of_person(table, tables) if user_id else _of_team(table, tables)
        if where:
            yield table, where


def _of_team(table: Table, tables: Mapping[str, Table]) -> str:
    """A workspace's rows: they carry its id, or hang on one that does."""
    if "team_id" in table.columns:
        return "team_id = :team_id"
    return _hanging(table, tables, _of_team)


def _of_person(table: Table, tables: Mapping[str, Table]) -> str:
    """A person's rows in the workspace."""
    inside, named = _of_team(table, tables), " OR ".join(f"{column} = :user_id" for column in table.texts)
    found = [f"({named}) AND ({inside})" if inside and named else "", _hanging(table, tables, _of_person)]
    return " OR ".join(f"({one})" for one in found if one)


def _hanging(table: Table, tables: Mapping[str, Table], whose: "Whose") -> str:
    """The rows whose parent is theirs."""
    found = [
        f"{column} IN (SELECT {theirs} FROM {parent} WHERE {where})"  # noqa: S608
        for column, parent, theirs in table.parents
        if (where := whose(tables[parent], tables))
    ]
    return " OR ".join(found)


def _tables(connection: sqlite3.Connection) -> Iterator[Table]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid").fetchall()
    for row in rows:
        name = row["name"]
        if name.startswith(NOBODYS):
            continue
        columns = connection.execute(f"PRAGMA table_info({name})").fetchall()
        keys = connection.execute(f"PRAGMA foreign_key_list({name})").fetchall()
        parents = tuple((key["from"], key["table"], key["to"]) for key in keys)
        texts = tuple(one["name"] for one in columns if one["type"] == "TEXT")
        is_json = frozenset(re.findall(r"json_valid\((\w+)\)", row["sql"]))
        names = tuple(one["name"] for one in columns if one["name"] not in WITHHELD)
        yield Table(name, names, texts, is_json, parents)
