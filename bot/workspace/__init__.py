"""The local workspace: a stand-in for Slack to which an unmodified app connects."""

import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import uvicorn

HOST = "127.0.0.1"


class Workspace:
    """One workspace with one team, served on this machine only.

    `url` is the page's address, `api_url` the base of the Web API; the tokens are drawn anew each time.
    Its clock begins at `starts_at` (now, when absent) and runs; with `frozen_clock` it moves only when it is moved.
    An app that lives by this clock reads it with `now` and is called through `on_move` whenever it is moved.
    `ack_timeout_s` is how long it waits for the app. With `rate_limits` an app that calls a method
    or posts to a channel more often than Slack allows is told `ratelimited` (429) and when to come back.
    `keep_at` names a file: what was said, the tokens and how far the clock was moved are kept there for the next run,
    and `goes_on` says that there was an earlier one.
    The manifest chooses Socket Mode or HTTP mode; a `request_url` means HTTP mode, with this URL for everything.
    """

    def __init__(  # noqa: PLR0913  # each is a choice of its own
        self,
        manifest: Mapping[str, Any],
        port: int = 0,
        *,
        frozen_clock: bool = False,
        starts_at: datetime | None = None,
        ack_timeout_s: float = 3.0,
        rate_limits: bool = False,
        request_url: str = "",
        keep_at: Path | None = None,
    ) -> None:
        from bot.workspace.clock import Clock  # noqa: PLC0415
        from bot.workspace.hub import Hub  # noqa: PLC0415
        from bot.workspace.keeping import restore  # noqa: PLC0415
        from bot.workspace.manifest import read_manifest  # noqa: PLC0415

        clock = Clock(frozen=frozen_clock, starts_at=starts_at)
        self._hub = Hub(read_manifest(manifest), clock, ack_timeout_s=ack_timeout_s, rate_limits=rate_limits)
        self._hub.keep_at = keep_at
        self.goes_on = keep_at is not None and restore(self._hub, keep_at)
        self._port = port
        self._thread: Thread | None = None
        self._server: uvicorn.Server | None = None
        self.bot_token = self._hub.tokens.bot
        self.app_token = self._hub.tokens.app
        self.signing_secret = self._hub.tokens.signing_secret
        self.url = ""
        self.api_url = ""
        if request_url:
            self.request_url = request_url

    @property
    def request_url(self) -> str:
        """Where the app hears of interactions in HTTP mode.

        Set it, before anything is delivered, when the app gets its address only after the workspace has started:
        everything is then posted there. ValueError when it is no web address.
        """
        return "" if self._hub.manifest.socket_mode else self._hub.manifest.interactivity_url

    @request_url.setter
    def request_url(self, url: str) -> None:
        self._hub.use(self._hub.manifest.told_at(url))

    @property
    def environment(self) -> dict[str, str]:
        """What another process needs to connect, by the names of the environment variables of Slack's samples."""
        return {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": self.bot_token,
            "SLACK_APP_TOKEN": self.app_token,
            "SLACK_SIGNING_SECRET": self.signing_secret,
        }

    def now(self) -> datetime:
        """Give the time in this workspace, in UTC; any thread may ask."""
        return self._hub.clock.moment()

    @property
    def on_move(self) -> Callable[[], object] | None:
        """What is called at each quarter of an hour that the clock moves past, in a thread of its own; the clock waits for it.

        What it raises is logged, and the clock moves on. Without it the clock moves in one step.
        """
        return self._hub.mover.on_move

    @on_move.setter
    def on_move(self, call: Callable[[], object] | None) -> None:
        self._hub.mover.on_move = call

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
            self._hub.mover.halt()
            self._server.should_exit = True
            self._thread.join()
            self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
