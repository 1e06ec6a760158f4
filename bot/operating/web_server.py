"""A web server in a thread of its own: started once it listens, stopped once it has answered what it took."""

import socket
from threading import Event, Thread
from typing import TYPE_CHECKING

from bot.settings import Address, CannotStartError

if TYPE_CHECKING:
    import uvicorn
    from starlette.applications import Starlette

FINISHING_S = 10
"""How long requests that were taken may go on when the server stops."""


class Listening:
    """Serves an application at an address. `variable` is the setting that is named when nothing can listen there."""

    def __init__(self, app: "Starlette", address: Address, variable: str) -> None:
        self._app, self._address, self._variable = app, address, variable
        self._server: uvicorn.Server | None = None
        self._thread: Thread | None = None
        self.port = address.port
        """The port, once it listens: one that was free where the address says 0."""

    @property
    def is_up(self) -> bool:
        """Whether connections are accepted."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Return once connections are accepted; CannotStartError where the address cannot be had."""
        listener = self._listener()
        self.port = listener.getsockname()[1]
        started = Event()
        self._server = _server(self._app, started)
        self._thread = Thread(target=self._server.run, args=([listener],), name=self._variable.lower(), daemon=True)
        self._thread.start()
        started.wait()

    def _listener(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self._address.host else socket.AF_INET
        try:
            return socket.create_server(self._address, family=family)
        except OSError as error:
            raise CannotStartError(
                f"{self._variable}: nothing can listen at {self._address} ({error.strerror or error}). "
                "Choose another address, or stop what listens there."
            ) from error

    def stop(self) -> None:
        """Accept nothing more, answer what was taken."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()
            self._server = self._thread = None


def _server(app: "Starlette", started: Event) -> "uvicorn.Server":
    import uvicorn  # noqa: PLC0415  # slow to import, and Socket Mode alone needs no server

    from bot.operating.web_connection import Impatient  # noqa: PLC0415  # likewise

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            started.set()

    config = uvicorn.Config(
        app,
        http=Impatient,
        log_config=None,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        timeout_graceful_shutdown=FINISHING_S,
    )
    return Server(config)
