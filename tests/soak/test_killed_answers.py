"""Bots killed while people ask: nobody who was acknowledged waits in vain, and nobody is answered twice."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager

import pytest

from bot.bootstrap import read_manifest
from bot.workspace import Workspace
from bot.workspace.client import ClientError, OperationTimeoutError, WorkspaceClient
from storage.database import Database
from tests.bench.processes import ROOT, connected_to
from tests.soak.test_kills import rows

PEOPLE = 3
SETTLED_S = 60
IMPATIENT = """
import sys
from datetime import timedelta
import bot.slack.unanswered
import storage.accepted
storage.accepted.LEASE = timedelta(seconds=4)
storage.accepted.TELLING = timedelta(seconds=20)  # one may be killed while it tells, too
bot.bootstrap = __import__("bot.bootstrap").bootstrap
bot.bootstrap.CHECK_S = 0.5
from bot.__main__ import main
sys.exit(main([]))
"""
"""The bot, with leases that a test can wait out."""


def start(place, path):
    return subprocess.Popen(
        [sys.executable, "-c", IMPATIENT],
        cwd=ROOT,
        env={**os.environ, **connected_to(place, path)},
        stderr=subprocess.DEVNULL,
    )


@contextmanager
def asking(place, acknowledged):
    """People who ask one question after another, each with a length of its own, and note which were acknowledged."""
    stopped, numbers = threading.Event(), iter(range(500, 1_000_000))

    def ask():
        client = WorkspaceClient(place.url)
        while not stopped.is_set():
            number = next(numbers)
            try:
                client.person().type(f"/inference 7B on RTX4090, {number} tokens")
            except (OperationTimeoutError, ClientError):
                time.sleep(0.05)  # nobody is there: the person was told so
            else:
                acknowledged.append(number)
            time.sleep(random.uniform(0, 0.1))

    threads = [threading.Thread(target=ask) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def what_came(place):
    """How often each question was answered, and how often its person was told that it was not."""
    messages = [one for channel in place._hub.team.channels.values() for one in channel.messages]
    lengths = [(word, one.text) for one in messages for word in one.text.replace(",", "").split() if word.isdigit()]
    answered = Counter(int(word) for word, text in lengths if f"answers {int(word):,} tokens" in text)
    told = Counter(int(word) for word, text in lengths if "restarted" in text)
    return answered, told


def check(folder, kills):
    seed = random.randrange(1_000_000)
    random.seed(seed)
    print(f"seed {seed}")  # noqa: T201  # pytest shows it with a failure
    path, acknowledged = folder / "inference.db", []
    Database(path).close()
    with Workspace(read_manifest("inference"), ack_timeout_s=3) as place:
        bots = [start(place, path), start(place, path)]
        client = WorkspaceClient(place.url)
        client.wait_until(lambda screen: screen["connections"] == 2, timeout_s=60)
        try:
            with asking(place, acknowledged):
                for turn in range(kills):
                    time.sleep(random.uniform(0.2, 1))
                    bots[turn % 2].kill()
                    bots[turn % 2].wait()
                    bots[turn % 2] = start(place, path)
                    client.wait_until(lambda screen: screen["connections"] == 2, timeout_s=60)
            until = time.monotonic() + SETTLED_S
            while rows(path, "SELECT 1 FROM accepted"):
                assert time.monotonic() < until, rows(path, "SELECT * FROM accepted")
                time.sleep(0.2)
        finally:
            for one in bots:
                one.terminate()
            for one in bots:
                one.wait(timeout=60)
        answered, told = what_came(place)
    print(f"{kills} kills, {len(acknowledged)} acknowledged, {len(answered)} answered, {len(told)} told")  # noqa: T201  # likewise
    assert [number for number in acknowledged if not answered[number] and not told[number]] == []
    assert [number for number, times in answered.items() if times > 1] == []
    with closing(Database(path)) as database:
        assert database.check() == ()


def test_four_kills_leave_nobody_waiting_and_answer_nobody_twice(tmp_path):
    check(tmp_path, 4)


@pytest.mark.soak
@pytest.mark.timeout(1800)
def test_a_hundred_kills_leave_nobody_waiting_and_answer_nobody_twice(tmp_path):
    check(tmp_path, 100)
