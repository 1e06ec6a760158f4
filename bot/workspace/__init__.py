"""The local workspace: a stand-in for Slack to which an unmodified app connects."""

import socket
from collections.abc import Mapping
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import uvicorn

HOST = "127.0.0.1"


class Workspace:
    """One workspace with one team, served on this machine only.

    `url` is the page's address, `api_url` the base of the Web API; the tokens are drawn anew each time.
    With `frozen_clock` its time moves only when it is moved; `ack_timeout_s` is how long it waits for the app.
    """

    def __init__(
        self,
        manifest: Mapping[str, Any],
        port: int = 0,
        *,
        frozen_clock: bool = False,
        ack_timeout_s: float = 3.0,
    ) -> None:
        from bot.workspace.hub import Hub  # noqa: PLC0415
        from bot.workspace.manifest import read_manifest  # noqa: PLC0415

        self._hub = Hub(read_manifest(manifest), frozen_clock=frozen_clock, ack_timeout_s=ack_timeout_s)
        self._port = port
        self._thread: Thread | None = None
        self._server: uvicorn.Server | None = None
        self.bot_token = self._hub.tokens.bot
        self.app_token = self._hub.tokens.app
        self.signing_secret = self._hub.tokens.signing_secret
        self.url = ""
        self.api_url = ""

    def start(self) -> None:
        """Listen, in a thread of its own; return once connections are accepted."""
        listener = socket.create_server((HOST, self._port))
        address = f"http://{HOST}:{listener.getsockname()[1]}"
        self._hub.address = address
        self.url = f"{address}/{self._hub.tokens.page}/"
        self.api_url = f"{address}/api/"
        started = Event()
        self._server = self._build_server(started)
        self._thread = Thread(target=self._server.run, args=([listener],), name="workspace", daemon=True)
        self._thread.start()
        started.wait()

    def _build_server(self, started: Event) -> "uvicorn.Server":
        import uvicorn  # noqa: PLC0415

        from bot.workspace.server import build  # noqa: PLC0415

        class Server(uvicorn.Server):
            async def startup(self, sockets: list[socket.socket] | None = None) -> None:
                await super().startup(sockets)
                started.set()

        config = uvicorn.Config(
            build(self._hub),
            log_level="warning",
            log_config=None,
            access_log=False,
            ws="websockets-sansio",
            timeout_graceful_shutdown=1,
            server_header=False,
        )
        return Server(config)

    def stop(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
