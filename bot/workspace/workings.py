"""The workings behind the screen, as the workspace's owner handles them: membership, clock, faults, exchanges."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from bot.workspace import events
from bot.workspace.errors import PersonError
from bot.workspace.faults import read_fault
from bot.workspace.hub import Hub
from bot.workspace.models import BOT_USER_ID, Json, Person
from bot.workspace.not_modelled import NOT_MODELLED

Verb = Callable[[Hub, Person, Json], Awaitable[Json]]


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
    """Move the clock by `seconds`, or to the moment `until`; answer on arrival."""
    if ("seconds" in body) == ("until" in body):
        raise PersonError("Say how far to move: either `seconds` or `until`.")
    if "until" in body:
        await hub.mover.to(_moment(body["until"]))
    else:
        await hub.mover.by(float(body["seconds"]))
    return {"ok": True, "now": hub.clock.now()}


def _moment(raw: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(raw))
    except ValueError:
        raise PersonError(f"{str(raw)!r} is no moment; write it as 2026-11-30T08:00:00Z.") from None


async def fault(hub: Hub, person: Person, body: Json) -> Json:  # noqa: ARG001
    """Switch a fault on or all of them off; ask the app to reconnect, or drop its connections."""
    if body.get("clear"):
        hub.faults.clear()
    elif body.get("kind") == "refresh":
        await hub.socket.refresh()
    elif body.get("kind") == "disconnect":
        await hub.socket.close()
    else:
        hub.faults.add(read_fault(body))
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


async def about(hub: Hub, person: Person, body: Json) -> Json:  # noqa: ARG001
    """Say what this workspace does not model."""
    return {"ok": True, "not_modelled": list(NOT_MODELLED)}


VERBS: Mapping[str, Verb] = {
    "invite": invite,
    "archive": archive,
    "advance": advance,
    "fault": fault,
    "uninstall": uninstall,
    "exchange": exchange,
    "about": about,
}
