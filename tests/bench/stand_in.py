"""The least that answers as Slack does: the Web API says ok, a response address takes what is posted. On this machine."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

from slack_bolt import BoltRequest

TEAM, BOT = "T0BENCH001", "U0BENCHBOT"
EVERY_ANSWER = {
    "ok": True,
    "url": "https://bench.slack.com/",
    "team": "bench",
    "team_id": TEAM,
    "user": "bot",
    "user_id": BOT,
    "bot_id": "B0BENCH001",
    "ts": "1700000000.000100",
    "channel": {"id": "D0BENCH001"},
    "file_id": "F0BENCH001",
    "files": [{"id": "F0BENCH001"}],
    "view": {"id": "V0BENCH001"},
}


class Handler(BaseHTTPRequestHandler):
    """Answers at once and forgets."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet per answer

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b"ok" if self.path.startswith(("/commands/", "/upload")) else self.server.answer
        self.send_response(200)
        self.send_header("Content-Type", "text/plain" if body == b"ok" else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815  # the standard library's name

    def log_message(self, *_: object) -> None:
        """Nothing."""


class StandIn(ThreadingHTTPServer):
    """Listens on a free port while the `with` lasts."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.answer = json.dumps({**EVERY_ANSWER, "upload_url": f"{self.address}/upload"}).encode()
        self._thread = Thread(target=self.serve_forever, args=(0.05,), daemon=True)

    @property
    def api_url(self) -> str:
        return f"{self.address}/api/"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()

    def slash_command(self, text: str) -> BoltRequest:
        """What Slack sends when someone types the command."""
        body = {
            "type": "slash_commands",
            "token": "x",
            "team_id": TEAM,
            "team_domain": "bench",
            "channel_id": "C0BENCH001",
            "channel_name": "general",
            "user_id": "U0BENCH001",
            "user_name": "ada",
            "command": "/inference",
            "text": text,
            "api_app_id": "A0BENCH001",
            "response_url": f"{self.address}/commands/1",
            "trigger_id": "1.1.x",
        }
        return BoltRequest(mode="socket_mode", body=body)
