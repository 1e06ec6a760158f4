"""Fifty commands a second over the real WebSocket: when each is acknowledged, and whether each is answered."""

import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bot.bootstrap import read_manifest
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from storage.comparisons import Comparisons
from storage.database import Database
from tests.bench.processes import connected_to, started
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
        with _running(database) as (place, client):
            client.person().type(f"/inference {QUESTION.format(500)}")
            late, acks = _load(client, seconds)
            received = _settled(lambda: _received(place), len(acks) + 1) - 1
            stored = _stored(database) - 1
    lost = sum(ack is None for ack in acks)
    taken = [ack for ack in acks if ack is not None] or [float("nan")]
    sent = f"{len(acks):,} commands in {seconds} s, latest sent {late * 1000:.0f} ms late"
    return [
        Result("load: ack p50", percentile(taken, 0.5), "ms", note=sent),
        Result("load: ack p95", percentile(taken, 0.95), "ms"),
        Result("load: ack max", max(taken), "ms", at_most=1000),
        Result("load: commands not acknowledged", lost, "", at_most=0),
        Result("load: answers not received", len(acks) - received, "", at_most=0),
        Result("load: answers not stored", len(acks) - stored, "", at_most=0),
    ]


@contextmanager
def _running(database: Path):
    """The workspace here, the bot in a process of its own as in production."""
    with (
        Workspace(read_manifest("inference")) as workspace,
        started(environment=connected_to(workspace, database)),
    ):
        client = WorkspaceClient(workspace.url)
        client.wait_until_connected()
        yield workspace, client


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


def _settled(count: Callable[[], int], expected: int) -> int:
    """The count once it is as expected, or after a while."""
    deadline = time.monotonic() + PATIENCE_S
    while (found := count()) < expected and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


def _received(place: Workspace) -> int:
    """How many answers of the bot are on the screens."""
    messages = [message for channel in place._hub.team.channels.values() for message in channel.messages]
    return sum("RTX 4090" in message.text for message in messages)


def _stored(path: Path) -> int:
    with Database(path) as database:
        return sum(1 for _ in Comparisons(database).export(Everyone.team_id, Everyone.user_id))
