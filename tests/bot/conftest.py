"""The real bot, connected over a real WebSocket to the local workspace, and people who use it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bootstrap import Bot
from bot.desk.asker import Asker
from bot.service import Service
from bot.settings import Settings
from bot.workspace import Workspace
from bot.workspace.client import Actor, WorkspaceClient
from tests.storage.fresh import fresh, laid

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


class Clocked(Place):
    """A place whose clock the bot shares: when it is moved, what is due comes."""

    allowed: tuple[str, ...] = ()

    def start(self) -> None:
        self.bot = Bot(settings_for(self.workspace, self.database, prometheus_urls=self.allowed), self.workspace.now)
        self.bot.start()
        self.workspace.on_move = self.bot.tick
        self.client.wait_until_connected()

    def restart(self) -> None:
        self.workspace.on_move = None
        self.bot.stop()
        self.start()

    def until(self, moment: datetime) -> None:
        self.client.advance_to(moment)

    def summaries(self) -> list[str]:
        return [one.words for one in self.person().messages("#llm-costs") if "Model costs" in one.words]


def settings_for(workspace: Workspace, database: Path, **more: object) -> Settings:
    connected = {
        "slack_api_url": workspace.api_url,
        "slack_bot_token": workspace.bot_token,
        "slack_app_token": workspace.app_token,
    }
    return Settings.model_validate({**connected, "database_path": database, **more})


def connect(workspace: Workspace, database: Path) -> Bot:
    bot = Bot(settings_for(workspace, database))
    bot.start()
    return bot


@pytest.fixture
def place(tmp_path: Path, workspace: Workspace, workspace_client: WorkspaceClient) -> Iterator[Place]:
    database = laid(tmp_path / "inference.db")
    here = Place(workspace, workspace_client, connect(workspace, database), database)
    workspace_client.wait_until_connected()
    yield here
    here.bot.stop()


@pytest.fixture
def clocked(tmp_path: Path, workspace: Workspace, workspace_client: WorkspaceClient) -> Iterator[Clocked]:
    here = Clocked(workspace, workspace_client, None, laid(tmp_path / "inference.db"))
    here.start()
    yield here
    workspace.on_move = None
    here.bot.stop()


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    with fresh(tmp_path / "inference.db") as database:
        yield Service(database, lambda: NOON)


@pytest.fixture
def asker() -> Asker:
    return Asker(team_id="T1", user_id="U1", channel_id="C1", channel_name="general")
