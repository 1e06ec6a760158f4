"""The rooms and what each may import: the tree states the architecture, this test keeps it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STANDARD = set(__import__("sys").stdlib_module_names)
ROOMS = {
    "calculator": {"pydantic", "numpy", "rapidfuzz", "scipy", "calculator"},
    "storage": {"pydantic", "sqlite_utils", "calculator", "storage"},
    "bot/views": {"pydantic", "slack_sdk", "calculator", "bot", "PIL"},
    "bot/commands": {"pydantic", "calculator", "bot", "rapidfuzz"},
    "bot/calendar": {"pydantic", "calculator", "bot", "rapidfuzz"},
    "bot/workspace": {"starlette", "uvicorn", "websockets", "httpx2", "yaml", "bot", "pydantic", "anyio", "pytest"},
}
NOT_IN = {
    "bot/views": {"bot.commands", "bot.service", "bot.slack.listeners", "bot.slack.delivery"},
    "bot/commands": {"bot.service", "bot.slack.listeners", "bot.slack.delivery", "bot.workspace"},
    "bot/service.py": {"bot.slack.listeners", "bot.slack.delivery", "bot.bootstrap", "slack_bolt", "apscheduler"},
    "bot/workspace": {"bot.service", "bot.commands", "bot.slack.listeners", "bot.bootstrap"},
}
NEVER_IN_THE_CORE = {"os", "time", "random", "socket", "urllib", "logging", "sqlite3", "secrets"}
COMMAND_LINES = {"calculator/fitting.py", "calculator/accuracy/report.py"}


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def sources(room: str) -> list[Path]:
    path = ROOT / room
    return [path] if path.suffix else sorted(path.rglob("*.py"))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_what_its_table_row_allows(room: str) -> None:
    allowed = ROOMS[room] | STANDARD | {"__future__"}
    found = {f"{path.relative_to(ROOT)}: {name}" for path in sources(room) for name in imports(path)
             if name.split(".")[0] not in allowed}  # fmt: skip
    assert not found


@pytest.mark.parametrize("room", NOT_IN)
def test_a_room_does_not_reach_into_the_rooms_above_it(room: str) -> None:
    found = {f"{path.relative_to(ROOT)}: {name}" for path in sources(room) for name in imports(path)
             if any(name == no or name.startswith(f"{no}.") for no in NOT_IN[room])}  # fmt: skip
    assert not found


def test_the_core_knows_no_clock_no_chance_no_network_and_no_environment() -> None:
    paths = [path for path in sources("calculator") if str(path.relative_to(ROOT)) not in COMMAND_LINES]
    found = {f"{path.relative_to(ROOT)}: {name}" for path in paths for name in imports(path)
             if name.split(".")[0] in NEVER_IN_THE_CORE}  # fmt: skip
    assert not found


def test_only_settings_reads_the_environment() -> None:
    readers = {str(path.relative_to(ROOT)) for room in ("bot", "calculator", "storage") for path in sources(room)
               if re.search(r"os\.environ|import environ|getenv", path.read_text(encoding="utf-8"))}  # fmt: skip
    assert readers == {"bot/settings.py"}


def test_only_storage_prices_knows_genai_prices() -> None:
    users = {str(path.relative_to(ROOT)) for path in sources("storage")
             if any(name.startswith("genai_prices") for name in imports(path))}  # fmt: skip
    assert users <= {"bot/background/hosted_prices.py"}


def test_at_most_two_broad_excepts_stand_in_the_program() -> None:
    broad = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for room in ("bot", "calculator", "storage")
        for path in sources(room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    assert len(broad) <= 2, broad
