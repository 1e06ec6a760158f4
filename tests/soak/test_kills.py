"""Two processes on one database, killed at any instruction again and again: no summary is lost and none is doubled."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.calendar import Calendar
from bot.workspace import Workspace, web_api
from bot.workspace.client import WorkspaceClient
from bot.workspace.methods import chat
from bot.workspace.methods.call import Call, Method
from bot.workspace.models import TEAM_ID
from bot.workspace.rates import HUNDREDS
from storage.database import Database
from storage.schedules import NewSchedule, Schedules
from tests.bench.processes import ROOT
from tests.bot.background.clockwork import ADA, manifest
from tests.soak.ticker import START, SharedClock

SPEED = 300.0
"""Five minutes a second, at most."""
SCHEDULES = 24
EVERY = timedelta(minutes=15)
CHANNELS = ("C0LLMCOSTS", "C0GENERAL1", "C0PRIVATE1")
SETTLED_S = 120
ONE_THREAD = {f"{name}_NUM_THREADS": "1" for name in ("OPENBLAS", "OMP", "MKL")}
"""A process that forks has no other thread."""


class Nursery:
    """Starts processes that tick on one database in one workspace after another."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._place: tuple[str, ...] = ()
        assert process.stdout.readline() == "ready\n"

    def enter(self, path: Path, workspace: Workspace, clock: Path) -> None:
        """Those that are started from now on tick there."""
        self._place = (str(path), workspace.api_url, workspace.bot_token, str(clock))

    def start(self) -> int:
        self._process.stdin.write("\t".join(self._place) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


@pytest.fixture(scope="module")
def nursery() -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.soak.ticker", str(SPEED)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **ONE_THREAD},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    ) as process:
        yield Nursery(process)


@contextmanager
def moving(clock: SharedClock, path: Path) -> Iterator[None]:
    """Time goes by fast, and slowly while the processes do not keep up with what is due: this machine may be busy."""
    stopped = threading.Event()

    def move() -> None:
        at = time.monotonic()
        while not stopped.wait(0.02):
            before, at = at, time.monotonic()
            [(open_,)] = rows(path, "SELECT count(*) FROM posts WHERE state = 'due' AND leased_until = ''")
            [(claimed,)] = rows(path, "SELECT min(next_run_at) FROM schedules WHERE paused = 0")
            behind = open_ > SCHEDULES or (claimed and clock.now() - datetime.fromisoformat(claimed) > EVERY / 4)
            clock.move((at - before) * (SPEED / 20 if behind else SPEED))

    thread = threading.Thread(target=move)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def schedule(database: Database, now: datetime) -> None:
    """Two dozen summaries, each every fifteen minutes, which people may not ask for, a few in every minute."""
    for number in range(SCHEDULES):
        channel = CHANNELS[number % len(CHANNELS)]
        minutes = ",".join(str(number % 15 + quarter) for quarter in (0, 15, 30, 45))
        calendar = Calendar.from_text(f"{minutes} * * * * UTC")
        new = NewSchedule(team_id=TEAM_ID, user_id=ADA, channel_id=channel, private=False, spec=str(calendar))
        Schedules(database).add(new, calendar.next_run(now), now)


def kill_again_and_again(here: Nursery, processes: list[int], path: Path, client: WorkspaceClient, kills: int) -> None:
    """Kill one of two processes and start another, while Slack fails now and then."""
    caught = Counter()
    for _ in range(kills):
        time.sleep(random.uniform(0, 0.3))
        if random.random() < 0.4:
            client.fault("chat.postMessage", random.choice(["lost_reply", "server_error"]))
        which = random.randrange(2)
        os.kill(processes[which], signal.SIGKILL)
        processes[which] = here.start()
        caught.update(
            state
            for (state,) in rows(
                path, "SELECT state FROM posts WHERE state IN ('due', 'sending') AND leased_until > ''"
            )
        )
    print(f"held posts after kills: {dict(caught)}")  # noqa: T201  # pytest shows it with a failure


def settle(path: Path, client: WorkspaceClient) -> None:
    """Nothing more is due, and what is open is brought to an end."""
    client.clear_faults()
    with closing(sqlite3.connect(path, timeout=10)) as connection, connection:
        connection.execute("UPDATE schedules SET paused = 1")
    until = time.monotonic() + SETTLED_S
    while rows(path, "SELECT 1 FROM posts WHERE state IN ('due', 'sending')"):
        assert time.monotonic() < until, rows(path, "SELECT * FROM posts WHERE state IN ('due', 'sending')")
        time.sleep(0.1)


def rows(path: Path, statement: str) -> list[tuple]:
    with closing(sqlite3.connect(path, timeout=10)) as connection:
        return connection.execute(statement).fetchall()


def expected(path: Path) -> set[str]:
    """The names of all runs that were due."""
    found = set()
    for number, following in rows(path, "SELECT id, next_run_at FROM schedules"):
        due = START.replace(hour=9, minute=0) + timedelta(minutes=(number - 1) % 15)
        while due < datetime.fromisoformat(following):
            found.add(f"summary {number} {due.isoformat(timespec='microseconds')}")
            due += EVERY
    return found


async def post_and_take_a_while(call: Call) -> dict[str, Any]:
    """The worst moment to be killed in, made long: the message is there, and nobody knows."""
    body = await chat.post_message(call)
    await asyncio.sleep(0.05)
    return body


SLOW = Method(post_and_take_a_while, ("chat:write",), tier=HUNDREDS)


def posted(workspace: Workspace) -> Counter[str]:
    """How often each run is in its channel."""
    messages = [one for channel in CHANNELS for one in workspace._hub.team.channels[channel].messages]
    return Counter(one.metadata["event_payload"]["name"] for one in messages)


def run(here: Nursery, folder: Path, kills: int, *, history: bool) -> tuple[set[str], Counter[str], Path]:
    """What was due, what is in the channels, and the database."""
    seed = random.randrange(1_000_000)
    random.seed(seed)
    print(f"seed {seed}")  # noqa: T201  # pytest shows it with a failure
    path = folder / "inference.db"
    with Workspace(manifest(history=history)) as workspace, pytest.MonkeyPatch.context() as patched:
        patched.setitem(web_api.METHODS, "chat.postMessage", SLOW)
        with Database(path) as database:
            schedule(database, START)
        client = WorkspaceClient(workspace.url)
        clock = SharedClock(folder / "clock")
        workspace._hub.clock.now = lambda: clock.now().timestamp()
        here.enter(path, workspace, folder / "clock")
        processes = [here.start(), here.start()]
        try:
            with moving(clock, path):
                kill_again_and_again(here, processes, path, client, kills)
                settle(path, client)
        finally:
            for pid in processes:
                os.kill(pid, signal.SIGKILL)
        with Database(path) as database:
            assert database.check() == ()
        found = posted(workspace)
        print(f"{kills} kills, {len(found)} summaries, states {states(path)}")  # noqa: T201  # likewise
        return expected(path), found, path


def states(path: Path) -> dict[str, int]:
    return dict(rows(path, "SELECT kind || ' ' || state, count(*) FROM posts GROUP BY 1"))


def check_where_channels_can_be_read(here: Nursery, folder: Path, kills: int) -> None:
    due, found, path = run(here, folder, kills, history=True)
    assert found == Counter(due)
    assert {state for (state,) in rows(path, "SELECT state FROM posts")} == {"sent"}


def check_where_they_cannot(here: Nursery, folder: Path, kills: int) -> None:
    due, found, path = run(here, folder, kills, history=False)
    assert max(found.values()) == 1
    assert set(found) <= due
    summaries = {
        name: (number, state)
        for number, name, state in rows(path, "SELECT id, name, state FROM posts WHERE kind = 'summary'")
    }
    assert set(summaries) == due
    assert {state for _, state in summaries.values()} <= {"sent", "unsettled"}
    assert all(name in found for name, (_, state) in summaries.items() if state == "sent")
    notices = rows(path, "SELECT name FROM posts WHERE kind = 'notice' AND state = 'sent'")
    told = Counter(int(name.removeprefix("notice of ").split()[0]) for (name,) in notices)
    assert told == Counter(number for number, state in summaries.values() if state == "unsettled")


def test_twenty_kills_lose_and_double_nothing_where_channels_can_be_read(nursery, tmp_path):
    check_where_channels_can_be_read(nursery, tmp_path, 20)


def test_twenty_kills_double_nothing_and_tell_of_what_is_in_doubt_where_channels_cannot_be_read(nursery, tmp_path):
    check_where_they_cannot(nursery, tmp_path, 20)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_five_hundred_kills_lose_and_double_nothing_where_channels_can_be_read(nursery, tmp_path):
    check_where_channels_can_be_read(nursery, tmp_path, 500)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_five_hundred_kills_double_nothing_and_tell_of_what_is_in_doubt_where_channels_cannot_be_read(
    nursery, tmp_path
):
    check_where_they_cannot(nursery, tmp_path, 500)
