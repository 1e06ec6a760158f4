"""The web application: Slack's addresses beside the page's own."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.workspace import control, downloading, web_api
from bot.workspace.guard import Guard
from bot.workspace.hub import Hub
from bot.workspace.keeping import kept_in
from bot.workspace.methods import scheduled

PAGE = Path(__file__).parent / "page"
PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
NOT_FOUND = 404


def build(hub: Hub) -> Starlette:
    """Put the routes together around one hub."""
    doors = Doors(hub)
    routes = [
        Route("/api/{method:str}", doors.method, methods=["GET", "POST"]),
        Route("/response/{key}", doors.response_url, methods=["POST"]),
        Route("/upload/v1/{file_id}", doors.upload, methods=["POST"]),
        Route("/files/{file_id}/{name:path}", doors.file),
        WebSocketRoute("/link/", doors.link),
        Route("/{token}/control/{verb}", doors.verb, methods=["POST"]),
        WebSocketRoute("/{token}/live", doors.live),
        Route("/{token}/{name:path}", doors.page),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Guard)], lifespan=doors.lifespan)


class Doors:
    """Each route's way in."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:  # noqa: ARG002
        async with kept_in(self._hub, self._hub.keep_at) if self._hub.keep_at else nullcontext():
            scheduled.resume(self._hub)
            yield
            await self._hub.close()

    async def method(self, request: Request) -> Response:
        return await web_api.call_method(self._hub, request)

    async def response_url(self, request: Request) -> Response:
        return await web_api.post_response(self._hub, request)

    async def upload(self, request: Request) -> Response:
        return await web_api.upload(self._hub, request)

    async def file(self, request: Request) -> Response:
        return await downloading.download(self._hub, request)

    async def link(self, websocket: WebSocket) -> None:
        await self._hub.socket.serve(websocket)

    async def verb(self, request: Request) -> Response:
        if not self._is_page(request.path_params["token"]):
            return PlainTextResponse("not found", status_code=NOT_FOUND)
        return await control.run_verb(self._hub, request)

    async def live(self, websocket: WebSocket) -> None:
        if self._is_page(websocket.path_params["token"]):
            await control.live(self._hub, websocket)
        else:
            await websocket.close()

    async def page(self, request: Request) -> Response:
        """Serve the page's files; the token in the address lets one in."""
        path = (PAGE / (request.path_params["name"] or "index.html")).resolve()
        allowed = self._is_page(request.path_params["token"]) and path.is_relative_to(PAGE)
        if not allowed or not path.is_file():
            return PlainTextResponse("not found", status_code=NOT_FOUND)
        return FileResponse(path, headers=PAGE_HEADERS)

    def _is_page(self, token: str) -> bool:
        return secrets.compare_digest(token.encode(), self._hub.tokens.page.encode())
