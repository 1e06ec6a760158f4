"""The composition root: settings in, a bot that can start and stop out. Importing it does nothing."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.http_retry.builtin_handlers import (
    ConnectionErrorRetryHandler,
    RateLimitErrorRetryHandler,
    ServerErrorRetryHandler,
)

from bot.commands.base import Asker
from bot.listeners import register
from bot.reply import Message
from bot.service import Service
from bot.settings import Settings
from storage.database import Database

log = logging.getLogger(__name__)
THREADS = 64
"""Enough that acks find a free thread while deliveries wait out a rate limit."""
MANIFEST = Path(__file__).parent.parent / "manifest.yml"


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


def read_manifest(command: str) -> dict[str, Any]:
    """The app's manifest, with the slash command under its configured name."""
    import yaml  # noqa: PLC0415  # only the workspace and the checks of the manifest read it

    manifest: dict[str, Any] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    manifest["features"]["slash_commands"][0]["command"] = f"/{command}"
    return manifest


def open_service(settings: Settings) -> tuple[Database, Service]:
    """The service over the database file."""
    database = Database(settings.database_path)
    return database, Service(database, utc_now, settings.command_name)


def web_client(settings: Settings) -> WebClient:
    """The Web API client, which waits out rate limits and server errors."""
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else None
    retries = [
        ConnectionErrorRetryHandler(max_retry_count=2),
        RateLimitErrorRetryHandler(max_retry_count=3),
        ServerErrorRetryHandler(max_retry_count=2),
    ]
    return WebClient(token=token, base_url=settings.slack_api_url, retry_handlers=retries)


class Bot:
    """The running bot: a Bolt app over Socket Mode, its service and its database."""

    def __init__(self, settings: Settings) -> None:
        self._database, self.service = open_service(settings)
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="listener")
        self.app = App(client=web_client(settings), listener_executor=self._threads)
        register(self.app, self.service, settings.command_name)
        token = settings.slack_app_token.get_secret_value() if settings.slack_app_token else ""
        self._socket = SocketModeHandler(self.app, token)

    def start(self) -> None:
        """Connect; returns once connected."""
        self._socket.connect()
        log.info("connected")

    def welcome(self, channel: str) -> None:
        """Say in a channel what can be asked."""
        message = self.service.reply("help", Asker())
        assert isinstance(message, Message)
        self.app.client.chat_postMessage(channel=channel, text=message.text, blocks=list(message.blocks))

    def stop(self) -> None:
        """Take no more commands, finish the accepted ones, close the database."""
        self._socket.close()
        self._threads.shutdown(wait=True)
        self._database.close()
        log.info("stopped")
