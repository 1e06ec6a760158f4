"""The bot's clock over a database, connected to a workspace whose time stands still until a test moves it."""

import atexit
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.background.clock import Clock
from bot.bootstrap import open_clock, read_manifest
from bot.desk.asker import Asker
from bot.reply import Message
from bot.service import Service
from bot.settings import Settings
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from bot.workspace.models import TEAM_ID
from bot.workspace.seen import SeenMessage
from storage.database import Database
from storage.posts import Post, Posts
from storage.schedules import Schedule, Schedules
from tests.storage.fresh import fresh

COSTS, ADA, BEN = "C0LLMCOSTS", "U0LOCALADA", "U0LOCALBEN"
START = datetime(2026, 11, 24, 8, 50, tzinfo=UTC)
"""A Tuesday, ten minutes before nine in UTC."""
HISTORY = ("channels:history", "groups:history")


def manifest(*, history: bool) -> dict[str, Any]:
    """The app's manifest, with or without the scopes that let it read channels."""
    found = read_manifest("inference")
    scopes = found["oauth_config"]["scopes"]["bot"]
    found["oauth_config"]["scopes"]["bot"] = [
        *(one for one in scopes if one not in HISTORY),
        *(HISTORY if history else ()),
    ]
    return found


class Idle:
    """Nothing is fetched from anywhere."""

    def run_once(self) -> int:
        return 0


@dataclass
class Clockwork:
    """A workspace, a database and the clock between them."""

    workspace: Workspace
    database: Database
    service: Service
    clock: Clock

    @property
    def client(self) -> WorkspaceClient:
        return WorkspaceClient(self.workspace.url)

    @property
    def posts(self) -> Posts:
        return self.clock.tables.posts

    def pass_(self, **time: float) -> datetime:
        """Let time go by in the workspace, without a tick; gives the time then."""
        self.workspace._hub.clock.advance(timedelta(**time).total_seconds())
        return self.workspace.now()

    def move(self, **time: float) -> datetime:
        """Let time go by, then tick."""
        now = self.pass_(**time)
        self.clock.tick()
        return now

    def until(self, moment: datetime) -> None:
        """Let time go by until then, then tick."""
        self.move(seconds=(moment - self.workspace.now()).total_seconds())

    def say(self, text: str, user: str = ADA, channel: str = COSTS) -> Message:
        """What the bot answers someone in a channel."""
        answer = self.service.reply(
            text, Asker(team_id=TEAM_ID, user_id=user, channel_id=channel, channel_name="llm-costs")
        )
        assert isinstance(answer, Message)
        return answer

    def schedule(self, spec: str = "daily 09:00 UTC", channel: str = COSTS, user: str = ADA) -> Schedule:
        """A new schedule."""
        number = self.say(f"schedule {spec} in <#{channel}>", user).data["number"]
        return self.stored(number)

    def stored(self, number: int) -> Schedule:
        """A schedule as it is stored now."""
        return Schedules(self.database).get(Asker(team_id=TEAM_ID, user_id=ADA), number)

    def rows(self, kind: str = "summary") -> list[Post]:
        """Every post of a kind, in the order in which they were recorded."""
        with closing(sqlite3.connect(self.database.path)) as connection:
            ids = connection.execute("SELECT id FROM posts WHERE kind = ? ORDER BY id", (kind,)).fetchall()
        return [self.posts.get(TEAM_ID, one) for (one,) in ids]

    def states(self, kind: str = "summary") -> list[str]:
        return [post.state for post in self.rows(kind)]

    def sent(self, channel: str = COSTS) -> list[SeenMessage]:
        """What the bot posted in a channel."""
        found = self.workspace._hub.team.channels[channel].messages
        return [
            SeenMessage(
                {
                    "text": one.text,
                    "blocks": one.blocks,
                    "ts": one.ts,
                    "user": one.user,
                    "channel": channel,
                    "metadata": one.metadata,
                }
            )
            for one in found
        ]

    def names(self, channel: str = COSTS) -> list[str]:
        """The names in the metadata of what the bot posted in a channel."""
        return [one.body["metadata"]["event_payload"]["name"] for one in self.sent(channel)]

    def told(self, user: str = ADA) -> list[SeenMessage]:
        """What the bot told someone in direct messages."""
        return self.sent(self.workspace._hub.team.direct_message(user).id)

    def requests(self, method: str = "chat.postMessage") -> Sequence[dict[str, Any]]:
        """The calls of a method that reached the workspace."""
        return [one for one in self.workspace._hub.team.exchanges if one["name"] == method]


@contextmanager
def clockwork(folder: Path, *, history: bool = True, starts_at: datetime = START) -> Iterator[Clockwork]:
    """A clock that ticks when it is told to, in a workspace where nothing has happened yet."""
    workspace = _workspace(history=history)
    hub = workspace._hub
    hub.clock.__init__(frozen=True, starts_at=starts_at)
    hub.team.__init__(hub.clock, hub.manifest.name)
    hub.faults.clear()
    with fresh(folder / "inference.db") as database:
        yield connect(workspace, database)


@cache
def _workspace(*, history: bool) -> Workspace:
    """One for all tests: to start and stop one takes a quarter of a second."""
    workspace = Workspace(manifest(history=history), frozen_clock=True)
    workspace.start()
    atexit.register(workspace.stop)
    return workspace


def connect(workspace: Workspace, database: Database) -> Clockwork:
    """Another process, as it were, on the same database."""
    settings = Settings.model_validate({"slack_api_url": workspace.api_url, "slack_bot_token": workspace.bot_token})
    service = Service(database, workspace.now)
    clock = open_clock(settings, database, service, TEAM_ID, workspace.now)
    clock.sleep = workspace._hub.clock.advance
    clock.poster.client.timeout = 5
    clock.collector = Idle()
    return Clockwork(workspace, database, service, clock)
