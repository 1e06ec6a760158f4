"""The Web API: arguments, tokens, scopes, faults, and Slack's way of saying no."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from bot.workspace.errors import SlackError, TooFastError
from bot.workspace.faults import Fault
from bot.workspace.hub import Hub
from bot.workspace.methods import chat, conversations, files, managing, people, scheduled, views
from bot.workspace.methods.call import Call, Method
from bot.workspace.models import Json
from bot.workspace.responses import use

METHODS: Mapping[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **managing.METHODS,
    **people.METHODS,
    **scheduled.METHODS,
    **views.METHODS,
}


async def call_method(hub: Hub, request: Request) -> Response:
    """Answer one call, with whatever fault is switched on for it."""
    name = request.path_params["method"]
    args = await _arguments(request)
    fault = hub.faults.take(name)
    if fault and fault.kind != "lost_reply":
        return await faulty(hub, name, args, fault)
    try:
        body = await _run(hub, name, args)
    except TooFastError as error:
        return await faulty(hub, name, args, Fault(name, "ratelimited", retry_after=error.retry_after))
    status = "ok" if body["ok"] else body.get("error", "refused")
    hub.team.log("from app", name, _without_token(args), body, status if fault is None else "lost_reply")
    if fault:
        return PlainTextResponse("upstream connect error", status_code=503)
    scopes = ",".join(hub.manifest.scopes)
    accepted = ",".join(METHODS[name].scopes) if name in METHODS else ""
    return JSONResponse(body, headers={"x-oauth-scopes": scopes, "x-accepted-oauth-scopes": accepted})


async def _run(hub: Hub, name: str, args: Json) -> Json:
    try:
        method = _method(name)
        _authorize(hub, method, args.get("token"))
        hub.rates.take(name, method.tier)
        return await method.run(Call(hub, _without_token(args)))
    except SlackError as error:
        return error.body()


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


def _authorize(hub: Hub, method: Method, token: Any) -> None:
    if method.wants == "none":
        return
    if not token:
        raise SlackError("not_authed")
    if token not in (hub.tokens.bot, hub.tokens.app):
        raise SlackError("invalid_auth")
    if token != (hub.tokens.app if method.wants == "app" else hub.tokens.bot):
        raise SlackError("not_allowed_token_type")
    if hub.tokens.revoked:
        raise SlackError("token_revoked")
    if method.scopes and not any(scope in hub.manifest.scopes for scope in method.scopes):
        raise SlackError("missing_scope", needed=",".join(method.scopes), provided=",".join(hub.manifest.scopes))


async def _arguments(request: Request) -> Json:
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        args |= _json_object(await request.body())
    elif kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        async with request.form() as form:
            args |= {key: value for key, value in form.items() if isinstance(value, str)}
    header = request.headers.get("authorization", "")
    if header.startswith("Bearer "):
        args["token"] = header.removeprefix("Bearer ").strip()
    return args


def _json_object(body: bytes) -> Json:
    try:
        value = json.loads(body or b"{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _without_token(args: Json) -> Json:
    return {key: value for key, value in args.items() if key != "token"}


async def faulty(hub: Hub, name: str, args: Json, fault: Fault) -> Response:
    """Answer as the fault has it."""
    hub.team.log("from app", name, _without_token(args), {"fault": fault.kind}, fault.kind)
    if fault.kind == "ratelimited":
        headers = {"Retry-After": str(fault.retry_after)}
        return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)
    if fault.kind == "timeout":
        await asyncio.sleep(fault.seconds)
    if fault.kind == "error":
        return JSONResponse({"ok": False, "error": fault.error})
    return PlainTextResponse("internal server error", status_code=500)


async def post_response(hub: Hub, request: Request) -> Response:
    """Answer a POST to a response_url."""
    body = _json_object(await request.body())
    fault = hub.faults.take("response_url")
    if fault:
        return await faulty(hub, "response_url", body, fault)
    try:
        use(hub, request.path_params["key"], body)
    except SlackError as error:
        hub.team.log("from app", "response_url", body, error.body(), error.code)
        gone = error.code in ("used_url", "expired_url", "invalid_url")
        return JSONResponse(error.body(), status_code=404 if gone else 400)
    hub.team.log("from app", "response_url", body, "ok", "ok")
    return PlainTextResponse("ok")


async def upload(hub: Hub, request: Request) -> Response:
    """Take the bytes of a file."""
    file = hub.team.files.get(request.path_params["file_id"])
    fault = hub.faults.take("upload")
    if fault:
        return await faulty(hub, "upload", {}, fault)
    try:
        content = await request.body()
    except ClientDisconnect:
        return PlainTextResponse("incomplete", status_code=400)
    if file is None or len(content) != file.length:
        return PlainTextResponse("file_not_found" if file is None else "length mismatch", status_code=400)
    file.content = content
    hub.team.log("from app", "upload", {"file": file.id, "bytes": len(content)}, "OK", "ok")
    return PlainTextResponse(f"OK - {len(content)}")
