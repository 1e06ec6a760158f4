"""Processes that tick, to be killed: one that has everything imported says so, and forks another for each line it reads.

`python -m tests.soak.ticker SPEED`; a line is DATABASE API_URL TOKEN CLOCK with tabs between, the answer is the number of the
process that was started. CLOCK is a file with the time, which whoever reads the answers moves on.
"""

import mmap
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import storage.posts
from bot.background import backoff as patience
from bot.background import posting
from bot.bootstrap import open_clock
from bot.desk.asker import Asker
from bot.service import Service
from bot.settings import Settings
from bot.workspace.models import TEAM_ID
from storage.database import Database
from storage.schedules import Schedules

START = datetime(2026, 11, 24, 8, 59, tzinfo=UTC)
ANSWER_S = 3.0
"""How long a process waits for an answer, in real time."""


class SharedClock:
    """The time in a file that several processes map: seconds since the start."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(8))
        with path.open("r+b") as file:
            self._seconds = memoryview(mmap.mmap(file.fileno(), 8)).cast("d")

    def now(self) -> datetime:
        return START + timedelta(seconds=self._seconds[0])

    def move(self, seconds: float) -> None:
        self._seconds[0] += seconds


def slow_down(speed: float) -> None:
    """What must be longer than a request stays so on a fast clock."""
    storage.posts.REQUEST = timedelta(seconds=(ANSWER_S + 0.5) * speed)
    storage.posts.LEASE = timedelta(seconds=(ANSWER_S + 1.5) * speed)
    posting.LOOK_AFTER = patience.LOOK_AFTER = timedelta(seconds=0.5 * speed)
    patience.LONGEST_PAUSE = timedelta(seconds=2 * speed)


class Idle:
    """Nothing is fetched from anywhere."""

    def run_once(self) -> int:
        return 0


def tick(path: Path, api_url: str, token: str, now: Callable[[], datetime], speed: float) -> None:
    """Tick until killed."""
    with Database(path) as database:
        settings = Settings.model_validate({"slack_api_url": api_url, "slack_bot_token": token})
        clock = open_clock(settings, database, Service(database, now), TEAM_ID, now)
        clock.collector, clock.sleep = Idle(), lambda seconds: time.sleep(seconds / speed)
        clock.poster.client.timeout = ANSWER_S
        while True:
            clock.tick()
            time.sleep(random.random() / 100)


def warm_up() -> None:
    """Read now what a first summary reads, so that those who are forked have it."""
    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "warm.db") as database:
        service, asker = Service(database, lambda: START), Asker(team_id=TEAM_ID, user_id="U1", channel_id="C1")
        service.answer("schedule 0 * * * * UTC in <#C1>", asker)
        service.summary(Schedules(database).get(asker, 1), START)


def main() -> None:
    speed = float(sys.argv[1])
    slow_down(speed)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    warm_up()
    print("ready", flush=True)  # noqa: T201
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            random.seed()
            path, api_url, token, clock = line.rstrip("\n").split("\t")
            tick(Path(path), api_url, token, SharedClock(Path(clock)).now, speed)
        print(pid, flush=True)  # noqa: T201
    os.killpg(
        0, signal.SIGKILL
    )  # with all whom it started, and with nobody else: the test gave it a session of its own


if __name__ == "__main__":
    main()
