"""The WebSocket to Slack: one that has gone silent is noticed, and a start says nothing that is no news."""

import base64
import hashlib
import logging
import socket
import threading
import time

import pytest

from bot.bootstrap import Bot
from bot.settings import Address
from tests.bot.conftest import settings_for
from tests.bot.operating.test_operating import look

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@pytest.fixture
def silent():
    """An address where a WebSocket opens, and then nothing is ever said, not even to a ping."""
    listener, open_ones = socket.create_server(("127.0.0.1", 0)), []

    def serve():
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            open_ones.append(sock)
            head = b""
            while b"\r\n\r\n" not in head:
                head += sock.recv(4096)
            key = next(
                line.split(b":", 1)[1].strip()
                for line in head.split(b"\r\n")
                if line.lower().startswith(b"sec-websocket-key")
            )
            accept = base64.b64encode(hashlib.sha1(key + MAGIC).digest())
            sock.sendall(
                b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                + accept
                + b"\r\n\r\n"
            )

    threading.Thread(target=serve, daemon=True).start()
    yield f"ws://127.0.0.1:{listener.getsockname()[1]}/"
    listener.close()
    for sock in open_ones:
        sock.close()


def test_a_connection_that_has_never_answered_a_ping_makes_the_bot_unready(workspace, tmp_path, silent, monkeypatch):
    bot = Bot(settings_for(workspace, tmp_path / "a.db", operate_listen=Address("127.0.0.1", 0)))
    client = bot.connection._handler.client
    monkeypatch.setattr(client, "issue_new_wss_url", lambda: silent)
    client.ping_interval = 0.1
    with bot:
        assert look(bot, "/readyz")[0] == 200
        until = time.monotonic() + 10
        while time.monotonic() < until and "not connected to Slack" not in look(bot, "/readyz")[1]:
            time.sleep(0.01)
        assert time.monotonic() < until
        assert look(bot, "/healthz")[0] == 200


def test_a_token_in_the_environment_is_no_news(workspace, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("SLACK_BOT_TOKEN", workspace.bot_token)
    with caplog.at_level(logging.WARNING):
        Bot(settings_for(workspace, tmp_path / "a.db")).stop()
    assert [record.getMessage() for record in caplog.records] == []
