"""How the bot hears of people: over a WebSocket that it opens itself, or by HTTP requests that Slack sends."""

import logging
import socket
import time
from contextlib import suppress
from typing import Any, Protocol
from urllib.error import URLError

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.error import BoltError
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin.connection import Connection as WebSocket

from bot.operating.measures import Measures
from bot.operating.web_server import Listening
from bot.settings import CannotStartError, Settings, SettingsError
from bot.slack.client import NO_ACCOUNT

REFUSALS = (BoltError, SlackApiError)
"""What Bolt and the client raise where Slack refuses a token."""
WRONG_TOKEN = {*NO_ACCOUNT, "not_allowed_token_type", "missing_scope", "invalid_token"}
SILENT_AFTER = 5
"""Pings without any answer after which a connection is down."""
UNREACHABLE = (URLError, TimeoutError, ConnectionError)


class MeasuredApp(App):
    """A Bolt app that measures how fast it acknowledges, whichever way it is reached."""

    def __init__(self, measures: Measures, **options: Any) -> None:
        logging.getLogger("slack_bolt.App").addFilter(_is_news)
        super().__init__(**options)
        self._measures = measures

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Bolt's answer, which is the acknowledgement."""
        started = time.monotonic()
        response: BoltResponse = super().dispatch(req)
        self._measures.acknowledged(time.monotonic() - started)
        return response


def _is_news(record: logging.LogRecord) -> bool:
    """Bolt warns at every start that the token in the environment, which it reads by itself, is not needed."""
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


class Connection(Protocol):
    """The way from Slack to the listeners."""

    @property
    def is_up(self) -> bool:
        """Whether what people do arrives now."""

    def start(self) -> None:
        """Return once it is up."""

    def stop(self) -> None:
        """Take nothing more; what was taken is acknowledged first."""


class SocketMode:
    """A WebSocket to Slack, opened anew by the SDK whenever it breaks."""

    def __init__(self, app: App, token: str) -> None:
        self._handler = SocketModeHandler(app, token)
        self._heard = time.monotonic()
        """When a connection was last known to answer pings, or the first one was opened."""

    @property
    def is_up(self) -> bool:
        """Whether the WebSocket is open, and answers: the SDK replaces one that went silent by one that may be as silent."""
        client = self._handler.client
        session = client.current_session
        if session is not None and session.last_ping_pong_time is not None:
            self._heard = time.monotonic()
        return client.is_connected() and time.monotonic() - self._heard < client.ping_interval * SILENT_AFTER

    def start(self) -> None:
        """Return once connected."""
        self._handler.connect()
        self._heard = time.monotonic()

    def stop(self) -> None:
        """Take nothing more, acknowledge what was taken, close the WebSocket; none of the SDK's reads is waited out."""
        client = self._handler.client
        client.closed = True
        client.message_queue.put(None)  # ends the read of the queue, which lasts a second
        client.message_processor.shutdown()
        client.message_workers.shutdown()
        client.auto_reconnect_enabled = False
        client.current_session_state.terminated = True
        _end_read(client.current_session)
        client.current_session_runner.shutdown()
        self._handler.close()


def _end_read(session: WebSocket | None) -> None:
    """End the read of the socket, which lasts three seconds."""
    sock = session.sock if session else None
    if sock is not None:
        with suppress(OSError):  # it is closed already
            socket.socket.shutdown(sock, socket.SHUT_RD)  # not TLS's own, after which words would go out in clear


def connection_of(app: App, settings: Settings) -> Connection:
    """The connection that the settings choose."""
    if settings.http_listen:
        from bot.slack.http_mode import build  # noqa: PLC0415  # Socket Mode needs no web server

        return Listening(build(app, settings.signing_secret), settings.http_listen, "HTTP_LISTEN")
    return SocketMode(app, settings.slack_app_token.get_secret_value() if settings.slack_app_token else "")


def explained(error: Exception, settings: Settings) -> SettingsError | CannotStartError:
    """What it means for whoever runs the bot: a wrong token, which stays wrong, or a Slack that is not well just now."""
    if isinstance(error, UNREACHABLE):
        return CannotStartError(
            f"Slack cannot be reached at {settings.slack_api_url} ({error}). Check the network and SLACK_API_URL."
        )
    refused = error if isinstance(error, SlackApiError) else error.__context__
    said = str(refused.response["error"]) if isinstance(refused, SlackApiError) else str(error)
    if said not in WRONG_TOKEN:
        return CannotStartError(
            f"Slack did not let the bot in ({said}). Try again; `python -m bot doctor` looks for the cause."
        )
    names = "SLACK_BOT_TOKEN" if settings.http_listen else "SLACK_BOT_TOKEN and SLACK_APP_TOKEN"
    return SettingsError(f"Slack refuses the bot ({said}). Check {names}; `python -m bot doctor` says which is wrong.")
