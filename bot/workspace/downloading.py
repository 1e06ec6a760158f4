"""The bytes of a file, as Slack's file host gives them."""

import mimetypes
from secrets import compare_digest
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from bot.workspace.hub import Hub
from bot.workspace.web_api import faulty

LOGIN = (
    '<!DOCTYPE html><html lang="en-US"><head><title>Slack</title></head><body>Sign in to your workspace</body></html>'
)
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")


async def download(hub: Hub, request: Request) -> Response:
    """Give a file to the page, or to an app that may read files; others get the page to log in at, or are sent there."""
    if compare_digest(request.query_params.get("token", "").encode(), hub.tokens.page.encode()):
        return _content(hub, request)
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
    if not compare_digest(bearer.encode(), hub.tokens.bot.encode()):
        return RedirectResponse(f"{hub.address}/?redir={quote(request.url.path, safe='')}", status_code=302)
    fault = hub.faults.take("download")
    if fault:
        return await faulty(hub, "download", {"path": request.url.path}, fault)
    readable = "files:read" in hub.manifest.scopes and not hub.tokens.revoked
    answer = _content(hub, request) if readable else HTMLResponse(LOGIN)
    status = ("ok" if answer.status_code == 200 else "file_not_found") if readable else "missing_scope"
    hub.team.log("from app", "download", {"path": request.url.path}, {"bytes": len(answer.body)}, status)
    return answer


def _content(hub: Hub, request: Request) -> Response:
    file = hub.team.files.get(request.path_params["file_id"])
    if file is None or file.content is None:
        return PlainTextResponse("not found", status_code=404)
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    kind = mimetypes.guess_type(file.name)[0]
    return Response(file.content, media_type=kind if kind in PICTURES else "application/octet-stream", headers=headers)
