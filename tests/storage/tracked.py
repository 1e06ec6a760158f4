"""Tracked deployments, schedules and posts for the storage tests, and what SQLite says of how it finds them."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from calculator.spending.terms import Terms
from calculator.spending.usage import UsageHour, hour_of
from storage.database import Database
from storage.deployment_records import Deployment, NewDeployment
from storage.deployments import Deployments
from storage.posts import NewPost
from storage.schedules import NewSchedule, Runs, Schedule
from storage.sources import UsageSource
from tests.storage.samples import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOON_HOUR = hour_of(NOON)
WRITES = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b")


@cache
def _new_file() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "bot.db"
        Database(path).close()
        return path.read_bytes()


def ready(folder: Path) -> Path:
    """A database file of the newest schema, copied, since making each anew takes longer than most tests."""
    path = folder / "bot.db"
    path.write_bytes(_new_file())
    return path


def terms(**changes: object) -> Terms:
    values = {
        "hosted": False,
        "name": "7B on 1x L4",
        "model": "llama-2-7b",
        "hardware": "l4",
        "gpus": 1,
        "input_tokens": 400,
        "output_tokens": 100,
        "usd_per_gpu_hour": Decimal("0.8"),
        "kept_usd_per_hour": Decimal("0.8"),
    }
    return Terms.model_validate(values | changes)


def new_deployment(**changes: object) -> NewDeployment:
    values = {
        "team_id": "T1",
        "name": "support-bot",
        "user_id": "U1",
        "channel_id": "C1",
        "private": False,
        "question": "7B on L4",
        "spelled_out": "llama-2-7b on 1xl4",
    }
    return NewDeployment.model_validate(values | changes)


def track(database: Database, name: str = "support-bot", since: datetime = NOON, **changes: object) -> Deployment:
    return Deployments(database).add(new_deployment(name=name, **changes), terms(), since, since)


def seen(first: int, *requests: float | None, **more: float) -> list[UsageHour]:
    """Hours one after another, with so many requests in each."""
    return [UsageHour(hour=first + number, requests=count, **more) for number, count in enumerate(requests)]


def new_schedule(**changes: object) -> NewSchedule:
    values = {"team_id": "T1", "user_id": "U1", "channel_id": "C1", "private": False, "spec": "daily at 12:00 UTC"}
    return NewSchedule.model_validate(values | changes)


def new_post(name: str = "alert 1", **changes: object) -> NewPost:
    values = {
        "team_id": "T1",
        "name": name,
        "kind": "alert",
        "channel_id": "C1",
        "user_id": "U1",
        "due_at": NOON,
        "message": {"text": "hello", "blocks": []},
    }
    return NewPost.model_validate(values | changes)


def new_source(deployment_id: int, **changes: object) -> UsageSource:
    values = {
        "deployment_id": deployment_id,
        "url": "https://prometheus.example",
        "engine": "vllm",
        "next_fetch_at": NOON,
    }
    return UsageSource.model_validate(values | changes)


def daily(_: str, now: datetime) -> Runs:
    """Every day at noon."""
    last = now.replace(hour=12, minute=0, second=0, microsecond=0)
    last = last if last <= now else last - DAY
    return Runs(last=last, following=last + DAY)


def missed(schedule: Schedule, due: datetime, following: datetime | None) -> NewPost:
    return new_post(f"missed {schedule.id} {due.isoformat()}", kind="notice", channel_id=schedule.user_id)


@contextmanager
def plans() -> Iterator[set[str]]:
    """Every step of the plan by which SQLite does what is asked of it meanwhile, with its values still unbound."""
    found: set[str] = set()

    class Explained(sqlite3.Connection):
        def execute(self, statement, values=(), /):
            if WRITES.match(statement):
                steps = super().execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall()
                found.update(step["detail"] for step in steps)
            return super().execute(statement, values)

    with (
        patch("storage.database.sqlite3.connect", partial(sqlite3.connect, factory=Explained)),
        patch("storage.database._KEPT_OPEN", 0),  # and none that was opened before
        patch("storage.database.Database._taken", lambda self: self._connect()),
    ):
        yield found


def scans(steps: set[str]) -> set[str]:
    """The steps that read a table from end to end, or every post that a workspace or a channel ever had."""
    sloppy = {step for step in steps if re.search(r"posts_1 \(team_id=\?\)|posts_by_channel \(channel_id=\?\)", step)}
    return sloppy | {
        step
        for step in steps
        if step.startswith("SCAN") and " VIRTUAL TABLE " not in step and step != "SCAN CONSTANT ROW"
    }
