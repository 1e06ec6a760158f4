"""The control API: what the page and the test client do as a person."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace import attaching, clicking, submitting, typing_in, workings
from bot.workspace.errors import PersonError
from bot.workspace.hub import Hub
from bot.workspace.models import Json, Message, Person
from bot.workspace.screen import Frame, screen, sees
from bot.workspace.workings import Verb

LONGEST_WAIT_S = 30.0
BAD_REQUEST = 400


async def say(hub: Hub, person: Person, body: Json) -> Json:
    channel = hub.team.channel(body["channel"], person.id)
    if not sees(person, channel):
        raise PersonError(f"There is no channel {body['channel']!r}.")
    files = attaching.attached(hub, person, body.get("files"))
    draft = Message(channel.id, hub.team.new_ts(), person.id, str(body["text"]), files=files)
    draft.thread_ts = body.get("thread_ts")
    return await typing_in.say(hub, person, channel, draft)


def _spot(hub: Hub, person: Person, body: Json) -> clicking.Spot:
    surface = clicking.surface(hub, person, body)
    return clicking.spot(person, surface, body["block_id"], body["action_id"])


async def act(hub: Hub, person: Person, body: Json) -> Json:
    return await clicking.act(hub, person, _spot(hub, person, body), body.get("value"))


async def enter(hub: Hub, person: Person, body: Json) -> Json:
    """Enter a value without telling the app."""
    clicking.enter(hub, person, _spot(hub, person, body), body.get("value"))
    return {"ok": True}


async def suggest(hub: Hub, person: Person, body: Json) -> Json:
    return await clicking.suggest(hub, person, _spot(hub, person, body), str(body.get("typed", "")))


async def submit(hub: Hub, person: Person, body: Json) -> Json:  # noqa: ARG001
    return await submitting.submit(hub, person)


async def close(hub: Hub, person: Person, body: Json) -> Json:
    return await submitting.close(hub, person, everything=bool(body.get("all")))


async def shortcut(hub: Hub, person: Person, body: Json) -> Json:
    message = clicking.surface(hub, person, body) if body.get("message_ts") else None
    return await submitting.shortcut(
        hub, person, body["callback_id"], message if isinstance(message, Message) else None
    )


async def home(hub: Hub, person: Person, body: Json) -> Json:
    return submitting.open_home(hub, person, body.get("tab", "home"))


async def look(hub: Hub, person: Person, body: Json) -> Json:
    """Give the person's screen, or the part of it that is asked for, once it has changed since the version named."""
    wait_s = min(float(body.get("wait_s", 0)), LONGEST_WAIT_S)
    if wait_s:
        await hub.team.wait_for_change(int(body.get("since", 0)), wait_s)
    return {"ok": True, "screen": screen(hub, person, Frame.of(body))}


VERBS: Mapping[str, Verb] = {
    "say": say,
    "act": act,
    "enter": enter,
    "suggest": suggest,
    "submit": submit,
    "close": close,
    "shortcut": shortcut,
    "home": home,
    "look": look,
    **workings.VERBS,
}


async def run_verb(hub: Hub, request: Request) -> Response:
    """Do one thing as the person that the body names in `as`."""
    try:
        verb = _verb(request.path_params["verb"])
        body = json.loads(await request.body() or b"{}")
        person = hub.team.person(str(body.pop("as", "ada")))
        return JSONResponse(await verb(hub, person, body))
    except (PersonError, KeyError, TypeError, ValueError) as error:
        return JSONResponse({"ok": False, "error": "refused", "message": str(error)}, status_code=BAD_REQUEST)


def _verb(name: str) -> Verb:
    if name not in VERBS:
        raise PersonError(f"There is no such verb {name!r}.")
    return VERBS[name]


async def live(hub: Hub, websocket: WebSocket) -> None:
    """Tell the page of every change, and which run of the workspace this is, until it is closed or the workspace stops."""
    await websocket.accept()
    gone = asyncio.ensure_future(websocket.receive())
    gone.add_done_callback(lambda _: hub.team.touch())
    version = await hub.team.wait_for_change(-1, LONGEST_WAIT_S)
    with suppress(WebSocketDisconnect, RuntimeError):
        while not gone.done():
            await websocket.send_text(json.dumps({"version": version, "run": hub.run}))
            version = await hub.team.wait_for_change(version, LONGEST_WAIT_S)
    gone.cancel()
