"""Fifty commands a second over the real WebSocket: when each is acknowledged, and whether each is answered."""

import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bot.bootstrap import Bot, read_manifest
from bot.settings import Settings
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from storage.comparisons import Comparisons
from storage.database import Database
from tests.bench.results import Result, percentile

PER_SECOND = 50
CLIENTS = 64
QUESTION = "7B on RTX4090, {} tokens, batch 4, 1000 req/h"
PATIENCE_S = 60
CHANNELS = ("#general", "#llm-costs", "#random", "#capacity-planning")


class Everyone:
    """Whoever looks at all that is stored."""

    team_id, user_id, channel_id = "T0LOCAL001", "U0LOCALADA", "C0GENERAL1"


def run(*, quick: bool) -> list[Result]:
    """Acknowledgements and answers of a steady load."""
    seconds = 5 if quick else 60
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "bench.db"
        with _running(database) as client:
            client.person().type(f"/inference {QUESTION.format(500)}")
            late, acks = _load(client, seconds)
            stored = _settled(database, len(acks) + 1) - 1
    lost = sum(ack is None for ack in acks)
    taken = [ack for ack in acks if ack is not None] or [float("nan")]
    sent = f"{len(acks):,} commands in {seconds} s, latest sent {late * 1000:.0f} ms late"
    return [
        Result("load: ack p50", percentile(taken, 0.5), "ms", note=sent),
        Result("load: ack p95", percentile(taken, 0.95), "ms"),
        Result("load: ack max", max(taken), "ms", at_most=1000),
        Result("load: commands not acknowledged", lost, "", at_most=0),
        Result("load: answers not stored", len(acks) - stored, "", at_most=0),
    ]


@contextmanager
def _running(database: Path):
    with Workspace(read_manifest("inference")) as workspace:
        connected = {"slack_api_url": workspace.api_url, "slack_bot_token": workspace.bot_token,
                     "slack_app_token": workspace.app_token, "database_path": database}  # fmt: skip
        bot = Bot(Settings.model_validate(connected))
        bot.start()
        client = WorkspaceClient(workspace.url)
        client.wait_until_connected()
        yield client
        bot.stop()


def _load(client: WorkspaceClient, seconds: int) -> tuple[float, list[float | None]]:
    """Send on the clock, whatever comes back; how late the latest was, and each ack's milliseconds or None."""
    count, late = PER_SECOND * seconds, 0.0
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as people:
        sent = []
        for n in range(count):
            due = began + n / PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            late = max(late, time.perf_counter() - due)
            sent.append(people.submit(_type, client, n))
        return late, [one.result() for one in sent]


def _type(client: WorkspaceClient, n: int) -> float | None:
    """The control API answers when the app has acknowledged."""
    began = time.perf_counter()
    text = f"/inference {QUESTION.format(400 + n % 100)}"
    answer = client.call("say", **{"as": "ada"}, channel=CHANNELS[n % len(CHANNELS)], text=text)
    return (time.perf_counter() - began) * 1000 if answer["ok"] else None


def _settled(path: Path, expected: int) -> int:
    """How many answers are stored once all are, or none was added for a while."""
    deadline = time.monotonic() + PATIENCE_S
    with Database(path) as database:
        stored = 0
        while stored < expected and time.monotonic() < deadline:
            time.sleep(0.2)
            stored = sum(1 for _ in Comparisons(database).export(Everyone.team_id, Everyone.user_id))
    return stored
