"""The control API: what the page and the test client do as a person."""

import json
from collections.abc import Awaitable, Callable, Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace import clicking, events, submitting, typing_in
from bot.workspace.errors import PersonError
from bot.workspace.faults import Fault
from bot.workspace.hub import Hub
from bot.workspace.models import BOT_USER_ID, Json, Message, Person
from bot.workspace.screen import screen, sees

LONGEST_WAIT_S = 30.0
BAD_REQUEST = 400

Verb = Callable[[Hub, Person, Json], Awaitable[Json]]


async def say(hub: Hub, person: Person, body: Json) -> Json:
    channel = hub.team.channel(body["channel"], person.id)
    if not sees(person, channel):
        raise PersonError(f"There is no channel {body['channel']!r}.")
    return await typing_in.say(hub, person, channel, str(body["text"]), body.get("thread_ts"))


def _spot(hub: Hub, person: Person, body: Json) -> clicking.Spot:
    surface = clicking.surface(hub, person, body)
    return clicking.spot(person, surface, body["block_id"], body["action_id"])


async def act(hub: Hub, person: Person, body: Json) -> Json:
    return await clicking.act(hub, person, _spot(hub, person, body), body.get("value"))


async def enter(hub: Hub, person: Person, body: Json) -> Json:
    """Enter a value without telling the app."""
    clicking.enter(hub, _spot(hub, person, body), body.get("value"))
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


async def invite(hub: Hub, person: Person, body: Json) -> Json:
    """Put the app into a channel, or take it out."""
    channel = hub.team.channel(body["channel"])
    if body.get("remove"):
        channel.members.discard(BOT_USER_ID)
    else:
        channel.members.add(BOT_USER_ID)
        events.member_joined(hub, channel.id, person.id)
    hub.team.touch()
    return {"ok": True}


async def archive(hub: Hub, person: Person, body: Json) -> Json:  # noqa: ARG001
    hub.team.channel(body["channel"]).is_archived = bool(body.get("archived", True))
    hub.team.touch()
    return {"ok": True}


async def advance(hub: Hub, person: Person, body: Json) -> Json:  # noqa: ARG001
    hub.clock.advance(float(body["seconds"]))
    hub.team.touch()
    return {"ok": True, "now": hub.clock.now()}


async def fault(hub: Hub, person: Person, body: Json) -> Json:  # noqa: ARG001
    if body.get("clear"):
        hub.faults.clear()
    elif body.get("kind") == "refresh":
        await hub.socket.refresh()
    elif body.get("kind") == "disconnect":
        await hub.socket.close()
    else:
        hub.faults.add(Fault(**body))
    hub.team.touch()
    return {"ok": True}


async def uninstall(hub: Hub, person: Person, body: Json) -> Json:  # noqa: ARG001
    events.uninstalled(hub)
    hub.tokens.revoked = True
    return {"ok": True}


async def exchange(hub: Hub, person: Person, body: Json) -> Json:  # noqa: ARG001
    """Give one exchange in full, or all of them."""
    if body.get("id") is None:
        return {"ok": True, "exchanges": list(hub.team.exchanges)}
    found = next((one for one in hub.team.exchanges if one["id"] == body["id"]), None)
    return {"ok": found is not None, "exchange": found}


async def look(hub: Hub, person: Person, body: Json) -> Json:
    """Give the person's screen, once it has changed since the version named."""
    wait_s = min(float(body.get("wait_s", 0)), LONGEST_WAIT_S)
    if wait_s:
        await hub.team.wait_for_change(int(body.get("since", 0)), wait_s)
    return {"ok": True, "screen": screen(hub, person)}


VERBS: Mapping[str, Verb] = {
    "say": say,
    "act": act,
    "enter": enter,
    "suggest": suggest,
    "submit": submit,
    "close": close,
    "shortcut": shortcut,
    "home": home,
    "invite": invite,
    "archive": archive,
    "advance": advance,
    "fault": fault,
    "uninstall": uninstall,
    "exchange": exchange,
    "look": look,
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
    """Tell the page of every change."""
    await websocket.accept()
    version = -1
    try:
        while True:
            version = await hub.team.wait_for_change(version, LONGEST_WAIT_S)
            await websocket.send_text(json.dumps({"version": version}))
    except (WebSocketDisconnect, RuntimeError):
        return
