"""The memory of an idle process after ten commands: the bot with the local workspace, and the bot alone."""

import subprocess
import tempfile
from pathlib import Path

from bot.bootstrap import read_manifest
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from tests.bench.processes import connected_to, started
from tests.bench.results import Result

COMMANDS = 10
QUESTION = "/inference 7B on RTX4090, 500 tokens, batch 4, 1000 req/h"


def run(*, quick: bool) -> list[Result]:
    """Resident memory as the system counts it."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            Result("idle memory: bot and local workspace", _with_workspace(Path(folder) / "one.db"), "MiB"),
            Result("idle memory: bot alone", _alone(Path(folder) / "two.db"), "MiB"),
        ]


def _with_workspace(database: Path) -> float:
    with started("workspace", "--db", str(database)) as process:
        return _after_commands(process, process.stdout.readline().strip())


def _alone(database: Path) -> float:
    with (
        Workspace(read_manifest("inference")) as place,
        started(environment=connected_to(place, database)) as process,
    ):
        return _after_commands(process, place.url)


def _after_commands(process: subprocess.Popen[str], url: str) -> float:
    client = WorkspaceClient(url)
    client.wait_until_connected()
    ada = client.person()
    for _ in range(COMMANDS):
        ada.type(QUESTION)
        ada.wait_for_message(containing="Fits")
    return _resident_mib(process.pid)


def _resident_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))
