"""Events: sent only when the manifest subscribes to them, redelivered until acknowledged."""

from bot.workspace import payloads
from bot.workspace.hub import Hub
from bot.workspace.models import BOT_USER_ID, TEAM_ID, Json, Message, Person
from bot.workspace.views import shown

MESSAGE_EVENTS = {"public": ("message.channels", "channel"), "private": ("message.groups", "group")}


def send(hub: Hub, name: str, body: Json) -> None:
    """Send one event in the background, if the app subscribed to it."""
    if name in hub.manifest.events:
        hub.background(hub.app.deliver_event(payloads.event(hub, body), name))


def message_posted(hub: Hub, message: Message) -> None:
    """Tell the app of a person's message: a mention, a direct message, or a message of a channel."""
    channel = hub.team.channels[message.channel]
    if BOT_USER_ID not in channel.members:
        return
    body: Json = {"user": message.user, "text": message.text, "ts": message.ts, "channel": channel.id}
    body |= {"team": TEAM_ID, "event_ts": message.ts, "client_msg_id": hub.team.new_id("M"), "blocks": message.blocks}
    if message.thread_ts:
        body["thread_ts"] = message.thread_ts
    shared: Json = {"subtype": "file_share"} if message.files else {}
    body |= {"files": message.files, "upload": False} if message.files else {}
    if channel.kind == "im":
        send(hub, "message.im", {"type": "message", "channel_type": "im", **shared, **body})
        return
    name, kind = MESSAGE_EVENTS[channel.kind]
    send(hub, name, {"type": "message", "channel_type": kind, **shared, **body})
    if f"<@{BOT_USER_ID}" in message.text:
        send(hub, "app_mention", {"type": "app_mention", **body})


def home_opened(hub: Hub, person: Person, tab: str) -> None:
    """Tell the app that someone looks at its Home (or Messages) tab."""
    channel = hub.team.direct_message(person.id)
    body = {"type": "app_home_opened", "user": person.id, "channel": channel.id, "tab": tab}
    body["event_ts"] = hub.team.new_ts()
    view = hub.team.homes.get(person.id)
    send(hub, "app_home_opened", {**body, "view": shown(view)} if view and tab == "home" else dict(body))


def member_joined(hub: Hub, channel: str, inviter: str) -> None:
    body = {"type": "member_joined_channel", "user": BOT_USER_ID, "channel": channel, "inviter": inviter}
    send(hub, "member_joined_channel", {**body, "team": TEAM_ID, "event_ts": hub.team.new_ts()})


def uninstalled(hub: Hub) -> None:
    send(hub, "tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER_ID]}})
    send(hub, "app_uninstalled", {"type": "app_uninstalled"})
