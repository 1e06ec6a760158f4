"""The database damaged, full, read-only, locked or from tomorrow, and the bot killed: people get their answers all the same."""

import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.bootstrap import read_manifest
from bot.service import Service
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from storage.comparisons import Comparisons
from storage.database import Database
from tests.bench.processes import ROOT, connected_to, started
from tests.bot.conftest import NOON

QUESTION = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"
AS_ANOTHER_USER = """
import os, sys
import storage.migrations, bot.terminal
from bot.__main__ import main
if os.getuid() == 0:
    os.setuid(65534)
sys.exit(main(sys.argv[1:]))
"""


def ask(database: Path, *command: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *(command or ("-m", "bot")), "ask", "--db", str(database), QUESTION]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def damage(path: Path) -> None:
    path.write_text("Dear diary, " * 1000)


def write_as_tomorrow(path: Path) -> None:
    Database(path).close()
    with closing(sqlite3.connect(path)) as newer, newer:
        newer.execute("INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('storage', 'from_the_future')")


@pytest.mark.parametrize(
    ("spoil", "problem", "remedy"),
    [
        (damage, "is damaged or is not a database", "restore"),
        (write_as_tomorrow, "newer version", "Start the newer version"),
        (Path.mkdir, "cannot be opened", "Check that the path is a file"),
    ],
)
def test_the_terminal_names_what_is_wrong_with_the_file_and_the_remedy(tmp_path, spoil, problem, remedy):
    path = tmp_path / "bot.db"
    spoil(path)
    done = ask(path)
    assert done.returncode == 1
    assert problem in done.stderr
    assert remedy in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_terminal_names_a_read_only_file():
    """Root may write anything, so root asks as another user."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bot.db"
        Database(path).close()
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        done = ask(path, "-c", AS_ANOTHER_USER)
        Path(folder).chmod(0o755)
    assert (done.returncode, done.stdout) == (1, "")
    assert "may be read but not written" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("impatient")
def test_the_terminal_answers_with_a_warning_while_another_process_holds_the_file(tmp_path, capsys):
    path = tmp_path / "bot.db"
    Database(path).close()
    with held(path):
        assert main(["ask", "--db", str(path), QUESTION]) == 0
    said = capsys.readouterr().out
    assert "Fits" in said
    assert "stop the other process" in said


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Another process is writing."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


class Restricted(Database):
    """A database in which SQLite refuses every write, for the reason that a pragma gives."""

    pragma = ""

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        with super().transaction() as connection:
            connection.execute(self.pragma)
            yield connection


@contextmanager
def full(database: Database) -> Iterator[None]:
    database.pragma = "PRAGMA max_page_count = 1"  # SQLite takes the present size: not one page more
    yield


@contextmanager
def read_only(database: Database) -> Iterator[None]:
    database.pragma = "PRAGMA query_only = ON"
    yield


@contextmanager
def locked(database: Database) -> Iterator[None]:
    with held(database.path):
        yield


@contextmanager
def damaged(database: Database) -> Iterator[None]:
    damage(database.path)
    yield


@contextmanager
def removed(database: Database) -> Iterator[None]:
    database.path.unlink()
    yield


@pytest.mark.parametrize(
    ("trouble", "says"),
    [
        (full, "no space left"),
        (read_only, "write permission"),
        (locked, "stayed locked"),
        (damaged, "restore"),
        (removed, "cannot be opened"),
    ],
)
def test_the_running_bot_answers_and_says_that_the_answer_is_not_stored(tmp_path, asker, trouble, says):
    with Restricted(tmp_path / "bot.db", busy_timeout_s=0.1) as database, trouble(database):
        service = Service(database, lambda: NOON)
        answers = [
            service.reply(f"{QUESTION} within {n}s", asker) for n in range(9, 1, -1)
        ]  # the first may still find room
        history = service.reply("history", asker)
    warned = str(answers[-1].blocks)
    assert "RTX 4090" in answers[-1].text
    assert "not in your history" in warned
    assert says in warned
    assert history.text


def test_once_the_trouble_is_over_answers_are_stored_again(tmp_path, asker):
    with Database(tmp_path / "bot.db", busy_timeout_s=0.1) as database:
        service = Service(database, lambda: NOON)
        with held(database.path):
            assert "not in your history" in str(service.reply(QUESTION, asker).blocks)
        assert "not in your history" not in str(service.reply(QUESTION, asker).blocks)
        assert service.reply("show 1", asker).text


def test_a_bot_killed_under_load_keeps_every_answer_that_anyone_saw(tmp_path):
    path = tmp_path / "bot.db"
    with (
        Workspace(read_manifest("inference"), ack_timeout_s=1) as place,
        started(environment=connected_to(place, path)) as process,
        ThreadPoolExecutor(8) as people,
    ):
        client = WorkspaceClient(place.url)
        client.wait_until_connected()
        typed = [
            people.submit(client.call, "say", **{"as": "ada"}, channel="#general", text=f"/inference {QUESTION}")
            for _ in range(100)
        ]
        client.wait_until(lambda screen: len(numbers(screen)) >= 20)
        process.kill()
        [one.result() for one in typed]
        seen = client.wait_until(numbers)
    with Database(path) as database:
        stored = {row.number for row in Comparisons(database).export("T0LOCAL001", "U0LOCALADA")}
        assert database.check() == ()
    assert seen <= stored


def numbers(screen: dict) -> set[int]:
    """The numbers of the answers on a screen."""
    texts = [
        element["text"]
        for messages in screen["messages"].values()
        for message in messages
        for block in message.get("blocks", ())
        if block["type"] == "context"
        for element in block["elements"]
    ]
    return {int(text.removeprefix("#").split()[0]) for text in texts if text.startswith("#")}
