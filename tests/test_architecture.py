"""The rooms, their order, and what each may import: the tree states the architecture, this test keeps it."""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

import pytest
from pydantic import BaseModel

ROOT = Path(__file__).parent.parent
FLOORS = (
    "calculator calculator.base calculator.errors",
    "calculator.specs calculator.benchmarks",
    "calculator.catalog calculator.config_json",
    "calculator.physics calculator.prices",
    "calculator.team calculator.measured",
    "calculator.estimates",
    "calculator.decisions calculator.spending calculator.launch calculator.fit",
    "calculator.accuracy",
    "calculator.fitting calculator.validation",
    "storage",
    "bot bot.limits bot.addresses bot.language",
    "bot.calendar bot.reply bot.settings bot.workspace",
    "bot.desk bot.answers bot.operating bot.prometheus bot.reloading",
    "bot.access bot.views bot.views.kit",
    "bot.views.estimates bot.views.team bot.views.history bot.views.admin",
    "bot.views.decisions bot.views.pictures bot.views.help",
    "bot.views.answers bot.views.tracking",
    "bot.views.scenarios bot.views.home",
    "bot.admission bot.books bot.commands.estimates bot.commands.admin",
    "bot.commands.decisions bot.commands.team",
    "bot.commands.tracking",
    "bot.commands",
    "bot.commands.history bot.commands.scenarios bot.commands.help bot.commands.thread_follow_up",
    "bot.commands.forms bot.commands.home",
    "bot.service bot.reference",
    "bot.slack bot.terminal",
    "bot.background bot.doctor",
    "bot.bootstrap",
    "bot.__main__",
)
"""From the ground up. A room imports only itself and rooms of lower floors; a room is a folder with all in it, or a file."""
FRONT = {"calculator", "bot", "bot.views", "bot.commands"}
"""Folders whose __init__ alone is the room: what is in them are rooms of their own."""
FLOOR_OF = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms.split()}
THIRD_PARTIES = {
    "pydantic": {"calculator", "storage", "bot"},
    "numpy": {"calculator"},
    "scipy": {"calculator.fit"},
    "rapidfuzz": {"calculator.catalog", "calculator.team.own", "bot.calendar", "bot.language", "bot.commands"},
    "sqlite_utils": {"storage"},
    "slack_bolt": {"bot.slack"},
    "slack_sdk": {"bot.slack", "bot.background", "bot.doctor", "bot.bootstrap"},
    "apscheduler": {"bot.background"},
    "genai_prices": {"bot.background.hosted_prices"},
    "gpuhunt": {"bot.background.price_refresh"},
    "httpx2": {"bot.prometheus", "bot.slack", "bot.workspace"},
    "PIL": {"bot.views.pictures"},
    "prometheus_client": {"bot.operating"},
    "pythonjsonlogger": {"bot.operating"},
    "starlette": {"bot.workspace", "bot.operating", "bot.slack"},
    "tzdata": {"bot.calendar.zone_rules"},
    "uvicorn": {"bot.workspace", "bot.operating"},
    "watchfiles": {"bot.reloading"},
    "yaml": {"bot.slack", "bot.workspace"},
    "pytest": {"bot.workspace.fixtures"},
}
"""The packages that are not Python's own, and the rooms or files that import each: none elsewhere, and none for nothing."""
NO_STORAGE = ("bot.limits", "bot.language", "bot.calendar", "bot.reply", "bot.workspace", "bot.views", "bot.answers")
VALUES_ONLY = ("bot.desk", "bot.commands")
"""Storage's frozen records are values there; its tables are not known."""
TABLES = {"storage.tables", "bot.books", "bot.bootstrap"}
"""Who may know the class of a table; everyone else is given the tables."""
NEVER_IN_THE_CORE = {"os", "time", "random", "socket", "urllib", "logging", "sqlite3", "secrets"}
COMMAND_LINES = {"calculator.fitting", "calculator.accuracy.report", "calculator.accuracy.__main__"}


class Import(NamedTuple):
    """One name that a module imports, whether at its top, inside a function or for types alone."""

    importer: str
    module: str
    name: str
    line: int

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} imports {self.module} {self.name}".rstrip()


def within(module: str, places: Iterator[str] | set[str] | tuple[str, ...]) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the program, by its dotted name."""
    paths = [path for top in ("calculator", "storage", "bot") for path in sorted((ROOT / top).rglob("*.py"))]
    names = (".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in paths)
    return dict(zip(names, paths, strict=True))


@cache
def parsed(path: Path) -> ast.Module:
    """What stands in a file, read once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports() -> tuple[Import, ...]:
    return tuple(one for name, path in modules().items() for one in _imports(name, path))


def _imports(importer: str, path: Path) -> Iterator[Import]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (Import(importer, alias.name, "", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                inside = whole in modules()
                yield Import(importer, whole if inside else node.module, "" if inside else alias.name, node.lineno)


def room_of(module: str) -> str | None:
    """The innermost room that the module is in."""
    parts = module.split(".")
    for end in range(len(parts), 0, -1):
        room = ".".join(parts[:end])
        if room in FLOOR_OF and (room == module or room not in FRONT):
            return room
    return None


def inner() -> Iterator[Import]:
    """Imports of one module of the program by another."""
    return (one for one in imports() if one.module in modules() and one.module != one.importer)


def test_every_file_is_in_a_room() -> None:
    assert [name for name in modules() if room_of(name) is None] == []


def test_every_room_has_files() -> None:
    assert set(FLOOR_OF) == {room_of(name) for name in modules()}


def test_a_room_imports_only_itself_and_rooms_of_lower_floors() -> None:
    rooms = ((one, room_of(one.importer), room_of(one.module)) for one in inner())
    upward = [
        str(one) for one, room, other in rooms if room and other and room != other and FLOOR_OF[other] >= FLOOR_OF[room]
    ]
    assert upward == []


def test_no_files_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = {}
    for one in inner():
        graph.setdefault(one.importer, set()).add(one.module)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_the_local_workspace_knows_nothing_of_the_bot_but_slacks_limits() -> None:
    mine = [one for one in inner() if one.importer.startswith("bot.workspace")]
    assert [str(one) for one in mine if not within(one.module, ("bot.workspace", "bot.limits"))] == []


def test_other_peoples_packages_are_known_where_they_are_needed_and_nowhere_else() -> None:
    own = {"calculator", "storage", "bot"} | sys.stdlib_module_names
    foreign = [(one, one.module.split(".")[0]) for one in imports() if one.module.split(".")[0] not in own]
    assert [str(one) for one, package in foreign if not within(one.importer, THIRD_PARTIES.get(package, set()))] == []
    places = {(package, place) for package, places in THIRD_PARTIES.items() for place in places}
    used = {
        (package, place)
        for one, package in foreign
        for place in THIRD_PARTIES[package]
        if within(one.importer, {place})
    }
    assert used == places


@pytest.mark.parametrize("place", NO_STORAGE)
def test_what_is_shown_and_said_knows_nothing_of_storage(place: str) -> None:
    assert [str(one) for one in imports() if within(one.importer, {place}) and within(one.module, {"storage"})] == []


@pytest.mark.parametrize("place", VALUES_ONLY)
def test_commands_and_the_desk_know_storages_records_as_values_alone(place: str) -> None:
    known = [one for one in imports() if within(one.importer, {place}) and within(one.module, {"storage"})]
    assert [str(one) for one in known if not _is_value(getattr(import_module(one.module), one.name, None))] == []


def _is_value(thing: object) -> bool:
    """A frozen record, or the words of one of its fields."""
    return (isinstance(thing, type) and issubclass(thing, BaseModel)) or type(thing).__name__ == "_LiteralGenericAlias"


def test_the_classes_of_tables_are_known_to_the_books_alone() -> None:
    names = {one.name for one in imports() if one.importer == "storage.tables"} - {"Database"}
    outside = [one for one in imports() if one.name in names and within(one.module, {"storage"})]
    assert [str(one) for one in outside if not within(one.importer, TABLES)] == []


def test_the_readmes_table_says_of_each_room_what_it_says_of_itself() -> None:
    """From the ground up, a row for each folder below calculator and bot, and one for storage."""
    named = dict.fromkeys("/".join(room.split(".")[:2]) for floor in FLOORS for room in floor.split())
    rooms = [path for path in named if (ROOT / path).is_dir() and path not in FRONT]
    said = {path: ast.get_docstring(parsed(ROOT / path / "__init__.py")) for path in rooms}
    rows = [f"| [{path}]({path}) | {text.splitlines()[0] if text else ''} |" for path, text in said.items()]
    table = re.findall(
        r"^\| \[[\w/]+\]\([\w/]+\) \| .*$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert table == rows


def test_the_core_knows_no_clock_no_chance_no_network_and_no_environment() -> None:
    core = [one for one in imports() if within(one.importer, {"calculator"}) and one.importer not in COMMAND_LINES]
    assert [str(one) for one in core if one.module.split(".")[0] in NEVER_IN_THE_CORE] == []


def test_only_settings_reads_the_environment() -> None:
    reads = re.compile(r"os\.environ|import environ|getenv")
    readers = {name for name, path in modules().items() if reads.search(path.read_text(encoding="utf-8"))}
    assert readers == {"bot.settings"}


def test_at_most_two_broad_excepts_stand_in_the_program() -> None:
    broad = [
        f"{name}:{node.lineno}"
        for name, path in modules().items()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert len(broad) <= 2, broad


def test_no_file_and_no_function_grows_past_a_page() -> None:
    """250 lines for a file, 35 for a function; migrations are appended to and never changed."""
    long = [
        f"{name} ({count})"
        for name, path in modules().items()
        if name != "storage.migrations" and (count := path.read_text(encoding="utf-8").count("\n")) > 250
    ]
    for name, path in modules().items():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                long += [f"{name}.{node.name} ({lines})"] if lines > 35 else []
    assert long == []


def test_a_signature_of_seven_or_more_is_a_record() -> None:
    """But for the local workspace's own, whose keywords are choices that other projects' tests make."""
    long = [
        f"{name}.{node.name}"
        for name, path in modules().items()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and len(
            [
                one
                for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
                if one.arg not in {"self", "cls"}
            ]
        )
        > 6
    ]
    assert long == ["bot.workspace.__init__"]


def test_the_formatter_lays_out_everything_but_long_tables_of_data() -> None:
    """A table of data at the top of a module keeps its own lines where the formatter would make it ten lines longer."""
    elsewhere, tables = [], 0
    for name, path in modules().items():
        text = path.read_text(encoding="utf-8")
        ends = {node.end_lineno for node in parsed(path).body if isinstance(node, ast.Assign | ast.AnnAssign)}
        for number, line in enumerate(text.splitlines(), 1):
            if re.search(r"# fmt: (skip|off)", line):
                tables += 1
                elsewhere += [f"{name}:{number}"] if number not in ends else []
    assert elsewhere == []
    assert tables <= 41
