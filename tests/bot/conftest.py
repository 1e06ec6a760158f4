"""The real bot, connected over a real WebSocket to the local workspace, and people who use it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bootstrap import Bot, read_manifest
from bot.commands.base import Asker
from bot.service import Service
from bot.settings import Settings
from bot.workspace import Workspace
from bot.workspace.client import Actor, WorkspaceClient
from storage.database import Database

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@dataclass
class Place:
    """A workspace with the bot in it."""

    workspace: Workspace
    client: WorkspaceClient
    bot: Bot
    database: Path

    def restart(self) -> None:
        """Stop the bot and start it anew on the same database."""
        self.bot.stop()
        self.bot = connect(self.workspace, self.database)
        self.client.wait_until_connected()

    def person(self, name: str = "ada") -> Actor:
        return self.client.person(name)


def connect(workspace: Workspace, database: Path) -> Bot:
    settings = Settings.model_validate({
        "slack_api_url": workspace.api_url, "slack_bot_token": workspace.bot_token,
        "slack_app_token": workspace.app_token, "database_path": database,
    })  # fmt: skip
    bot = Bot(settings)
    bot.start()
    return bot


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    database = tmp_path / "inference.db"
    with Workspace(read_manifest("inference")) as workspace:
        here = Place(workspace, WorkspaceClient(workspace.url), connect(workspace, database), database)
        here.client.wait_until_connected()
        yield here
    here.bot.stop()  # after the workspace: an idle connection that is still open takes the SDK three seconds to close


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with Database(tmp_path / "inference.db") as database:
        yield Service(database, lambda: NOON)


@pytest.fixture
def asker() -> Asker:
    return Asker(team_id="T1", user_id="U1", channel_id="C1", channel_name="general")
