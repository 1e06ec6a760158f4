"""Who may talk to the workspace: this machine only, from its own page, with bodies of modest size."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "::1")
MOST_BODY_BYTES = 17 * 2**20
FORBIDDEN, TOO_LARGE, POLICY_VIOLATION = 403, 413, 1008


class BodyTooLargeError(Exception):
    """A body went over the limit while it was being read."""


class Guard:
    """Refuses foreign Host and Origin headers and bodies over the limit."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if not _is_local(headers):
            await _refuse(scope, receive, send, FORBIDDEN)
        elif int(headers.get("content-length") or 0) > MOST_BODY_BYTES:
            await _refuse(scope, receive, send, TOO_LARGE)
        else:
            await self._limited(scope, receive, send)

    async def _limited(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body") or b"")
            if read > MOST_BODY_BYTES:
                raise BodyTooLargeError
            return message

        try:
            await self._app(scope, counted if scope["type"] == "http" else receive, send)
        except BodyTooLargeError:
            await _refuse(scope, receive, send, TOO_LARGE)


def _is_local(headers: Headers) -> bool:
    host, origin = headers.get("host", ""), headers.get("origin")
    if _name(f"//{host}") not in LOOPBACK:
        return False
    return origin is None or (urlsplit(origin).netloc == host and origin.startswith("http://"))


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})
    else:
        await PlainTextResponse("refused", status_code=status)(scope, receive, send)
