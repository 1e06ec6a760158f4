"""The memory of an idle process after ten commands: the bot with the local workspace, and the bot alone."""

import os
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from bot.bootstrap import read_manifest
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from tests.bench.results import Result

ROOT = Path(__file__).parents[2]
COMMANDS = 10
QUESTION = "/inference 7B on RTX4090, 500 tokens, batch 4, 1000 req/h"


def run(*, quick: bool) -> list[Result]:  # noqa: ARG001  # every measurement is called alike
    """Resident memory as the system counts it."""
    with tempfile.TemporaryDirectory() as folder:
        return [
            Result("idle memory: bot and local workspace", _with_workspace(folder), "MiB"),
            Result("idle memory: bot alone", _alone(folder), "MiB"),
        ]


def _with_workspace(folder: str) -> float:
    with _started(["workspace", "--db", f"{folder}/one.db"]) as process:
        return _after_commands(process, process.stdout.readline().strip())


def _alone(folder: str) -> float:
    with Workspace(read_manifest("inference")) as place:
        tokens = {"SLACK_API_URL": place.api_url, "SLACK_BOT_TOKEN": place.bot_token, "SLACK_APP_TOKEN": place.app_token,
                  "DATABASE_PATH": f"{folder}/two.db"}  # fmt: skip
        with _started([], tokens) as process:
            return _after_commands(process, place.url)


@contextmanager
def _started(arguments: list[str], environment: dict[str, str] | None = None):
    command = [sys.executable, "-m", "bot", *arguments]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **(environment or {})}, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as process:  # fmt: skip
        yield process
        process.send_signal(signal.SIGTERM)


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
