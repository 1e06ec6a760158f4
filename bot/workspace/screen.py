"""What one person sees: channels, messages, modals, Home, and the workings behind them."""

from dataclasses import dataclass
from typing import Self

from bot.workspace import messages, views
from bot.workspace.hub import Hub
from bot.workspace.models import BOT_USER_ID, SLACKBOT_ID, Channel, Json, Message, Person, View
from bot.workspace.values import values_of

MOST_MESSAGES = 300
"""The most messages of one channel, unless more are asked for."""
MOST_EXCHANGES = 400


@dataclass(frozen=True)
class Frame:
    """How much of a screen is wanted: without a `channel` the newest messages of all of them, replies among them.

    With one, by id or #name, its newest `most` messages outside threads, and the messages of `thread`.
    """

    channel: str = ""
    thread: str = ""
    most: int = MOST_MESSAGES
    exchanges: int = MOST_EXCHANGES

    @classmethod
    def of(cls, body: Json) -> Self:
        """Read what a page asks for."""
        most, exchanges = int(body.get("most", MOST_MESSAGES)), int(body.get("exchanges", MOST_EXCHANGES))
        return cls(str(body.get("channel") or ""), str(body.get("thread") or ""), max(most, 1), max(exchanges, 0))


def screen(hub: Hub, person: Person, frame: Frame = Frame()) -> Json:
    """Give everything that this person's screen shows."""
    team = hub.team
    hub.team.direct_message(person.id)
    channels = [channel for channel in team.channels.values() if sees(person, channel)]
    return {
        "version": team.version,
        "me": person.id,
        "app": {"user_id": BOT_USER_ID, "name": hub.manifest.name, "home_tab": hub.manifest.home_tab},
        "people": [_person(one) for one in team.people.values()],
        "channels": [_channel(person, one) for one in channels],
        **_conversations(hub, person, channels, frame),
        "modals": [_view(view) for view in team.stacks.get(person.id, [])],
        "home": _view(team.homes[person.id]) if person.id in team.homes else None,
        "notices": [notice for notice in team.notices if notice["person"] == person.id],
        **_offers(hub),
        **_workings(hub, frame.exchanges),
    }


def sees(person: Person, channel: Channel) -> bool:
    """Say whether a channel is in this person's sidebar."""
    return person.id in channel.members or (channel.kind == "public" and not person.is_guest)


def _person(person: Person) -> Json:
    roles = {"is_admin": person.is_admin, "is_guest": person.is_guest, "is_bot": person.is_bot}
    names = {"id": person.id, "name": person.name, "real_name": person.real_name, "tz": person.tz}
    return {**names, **roles, "can_act": not person.is_bot and person.id != SLACKBOT_ID}


def _channel(person: Person, channel: Channel) -> Json:
    about = {"id": channel.id, "name": channel.name, "kind": channel.kind, "topic": channel.topic}
    membership = {"is_member": person.id in channel.members, "app_is_member": BOT_USER_ID in channel.members}
    from_others = (one for one in reversed(channel.messages) if one.user != person.id and _visible(person, one))
    newest = next(from_others, None)
    return {**about, **membership, "is_archived": channel.is_archived, "latest": newest.ts if newest else ""}


def _visible(person: Person, message: Message) -> bool:
    return message.visible_to in (None, person.id)


def _conversations(hub: Hub, person: Person, channels: list[Channel], frame: Frame) -> Json:
    """Give the messages of all channels, or those of one, how many came before them, and those of a thread."""

    def seen(found: list[Message]) -> list[Json]:
        return [message_seen(hub, person, one) for one in found]

    visible = {one.id: [message for message in one.messages if _visible(person, message)] for one in channels}
    if not frame.channel:
        return {"messages": {name: seen(found[-frame.most :]) for name, found in visible.items()}}
    shown = next((one.id for one in channels if frame.channel in (one.id, f"#{one.name}")), channels[0].id)
    top = [one for one in visible[shown] if one.thread_ts in (None, one.ts)]
    thread = [one for one in visible[shown] if frame.thread and frame.thread in (one.ts, one.thread_ts)]
    return {
        "channel": shown,
        "messages": {shown: seen(top[-frame.most :])},
        "earlier": max(len(top) - frame.most, 0),
        "thread": seen(thread),
    }


def message_seen(hub: Hub, person: Person, message: Message) -> Json:
    """Give a message with what this person has chosen in it."""
    shown = messages.shown(hub.team, message, with_metadata=True)
    values = values_of(message.blocks, message.values.get(person.id, {}))
    return {**shown, "channel": message.channel, "is_ephemeral": message.visible_to is not None, "values": values}


def _view(view: View) -> Json:
    return {**views.shown(view), "errors": view.errors}


def _offers(hub: Hub) -> Json:
    manifest = hub.manifest
    commands = [
        {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
        for one in manifest.commands.values()
    ]
    shortcuts = [
        {"callback_id": one.callback_id, "name": one.name, "type": one.type} for one in manifest.shortcuts.values()
    ]
    return {"commands": commands, "shortcuts": shortcuts}


def _workings(hub: Hub, most: int) -> Json:
    newest = list(hub.team.exchanges)[-most:] if most else []
    summaries = [{key: one[key] for key in ("id", "at", "direction", "name", "status")} for one in newest]
    clock = {"now": hub.clock.now(), "frozen": hub.clock.frozen, "moving_to": hub.mover.target}
    connections = sum(not connection.retired for connection in hub.socket.connections)
    urls = [] if hub.manifest.socket_mode else list(hub.manifest.urls())
    way = {"mode": "http" if urls else "socket", "connections": connections, "request_urls": urls}
    return {"exchanges": summaries, "clock": clock, "faults": hub.faults.listed(), **way}
