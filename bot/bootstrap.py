"""The composition root: settings in, a bot that can start and stop out. Importing it does nothing."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.http_retry import RetryHandler
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.collecting import Collector, probe
from bot.commands.base import Asker
from bot.listeners import register
from bot.posting import Poster
from bot.refreshing import Refresher, Refreshing
from bot.reply import Message
from bot.scheduling import COLLECT_S, Clock, Ticking, composed
from bot.service import Service
from bot.settings import Settings
from bot.slack_people import SlackPeople
from bot.watching import Watchman
from storage.database import Database
from storage.posts import Posts
from storage.schedules import Schedules

log = logging.getLogger(__name__)
THREADS = 64
"""Enough that acks find a free thread while deliveries wait out a rate limit."""
MANIFEST = Path(__file__).parent.parent / "manifest.yml"
Now = Callable[[], datetime]
"""Whatever tells the time."""


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


def read_manifest(command: str) -> dict[str, Any]:
    """The app's manifest, with the slash command under its configured name."""
    import yaml  # noqa: PLC0415  # only the workspace and the checks of the manifest read it

    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    manifest["features"]["slash_commands"][0]["command"] = f"/{command}"
    return manifest


def web_client(settings: Settings) -> WebClient:
    """The Web API client, which waits out rate limits and server errors."""
    retries = [
        ConnectionErrorRetryHandler(max_retry_count=2),
        RateLimitErrorRetryHandler(max_retry_count=3),
        ServerErrorRetryHandler(max_retry_count=2),
    ]
    return _client(settings, retries)


def _client(settings: Settings, retries: list[RetryHandler]) -> WebClient:
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    return WebClient(token=token, base_url=settings.slack_api_url, retry_handlers=retries)


def open_clock(settings: Settings, database: Database, service: Service, team_id: str, now: Now) -> Clock:
    """The clock of one workspace over one database. Its client repeats nothing by itself."""
    schedules = Schedules(database)
    poster = Poster(
        client=_client(settings, []), posts=Posts(database), schedules=schedules, compose=composed(service, schedules, now),
        team_id=team_id, now=now, plain=lambda: service.refuses_tables(team_id),
        remember_plain=lambda: service.remember_tables_refused(team_id),
    )  # fmt: skip
    collector = Collector(database, settings, now, team_id)
    return Clock(schedules, poster, Watchman(database, team_id, now), collector, team_id, now)


class Bot:
    """The running bot: a Bolt app over Socket Mode, its service, its clock and its database."""

    def __init__(self, settings: Settings, now: Now = utc_now) -> None:
        self._settings, self._now = settings, now
        self._database = Database(settings.database_path)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="listener")
        client = web_client(settings)
        self.app = App(client=client, listener_executor=self._threads)
        self.service = Service(self._database, now, settings.command_name, SlackPeople(client),
                               lambda source: probe(source, settings, now()))  # fmt: skip
        self.clock: Clock | None = None
        self._ticking: tuple[Ticking, ...] = ()
        self._refreshing = Refreshing(Refresher(self._database, now)) if settings.refresh_prices else None
        register(self.app, self.service, settings.command_name)
        token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
        self._socket = SocketModeHandler(self.app, token)

    def start(self) -> None:
        """Connect; returns once connected."""
        self._socket.connect()
        team_id = self.app.client.auth_test()["team_id"]
        self.clock = open_clock(self._settings, self._database, self.service, team_id, self._now)
        self._ticking = Ticking(self.clock.turn), Ticking(self.clock.collect, COLLECT_S)
        for ticking in self._ticking:
            ticking.start()
        if self._refreshing:
            self._refreshing.start()
        log.info("connected")

    def tick(self) -> None:
        """Do now what is due now; the clock does so every few seconds by itself."""
        if self.clock:
            self.clock.tick()

    def welcome(self, channel: str) -> None:
        """Say in a channel what there is to try."""
        message = self.service.reply("start", Asker())
        assert isinstance(message, Message)
        self.app.client.chat_postMessage(channel=channel, text=message.text, blocks=list(message.blocks))

    def stop(self) -> None:
        """Take no more commands, finish the accepted ones, close the database."""
        self._socket.close()
        for ticking in self._ticking:
            ticking.stop()
        if self._refreshing:
            self._refreshing.stop()
        self._threads.shutdown(wait=True)
        self._database.close()
        log.info("stopped")
