"""chat.*: posting, changing and deleting messages."""

from collections.abc import Mapping

from bot.workspace import messages
from bot.workspace.errors import SlackError
from bot.workspace.methods.call import Call, Method
from bot.workspace.models import BOT_USER_ID, Channel, Json, Message
from bot.workspace.rates import HUNDREDS, POSTING, TIER_3, TIER_4

MOST_UPDATED_TEXT = 4000


def destination(call: Call) -> Channel:
    """Find where to post: a channel's id or name, or a person's id for a direct message."""
    where = call.need("channel")
    person = call.hub.team.people.get(where)
    if person and not person.is_bot:
        return call.hub.team.direct_message(person.id)
    channel = call.channel()
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER_ID not in channel.members and not call.has_scope("chat:write.public"):
        raise SlackError("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    thread_ts = call.text("thread_ts") or None
    if thread_ts and call.hub.team.message(channel.id, thread_ts) is None:
        raise SlackError("thread_not_found")
    return thread_ts


async def post_message(call: Call) -> Json:
    channel = destination(call)
    call.hub.rates.take(f"messages of {channel.id}", POSTING)
    body = call.message_body()
    message = messages.compose(call.hub.team, channel.id, body, thread_ts=_thread(call, channel))
    call.hub.team.post(message)
    shown = messages.shown(call.hub.team, message, with_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}


async def post_ephemeral(call: Call) -> Json:
    channel = call.channel()
    person = call.person()
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    if person.id not in channel.members:
        raise SlackError("user_not_in_channel")
    if len(call.text("text")) > messages.MOST_TEXT:
        raise SlackError("msg_too_long")
    body = call.message_body()
    where = {"visible_to": person.id, "thread_ts": call.text("thread_ts") or None}
    message = call.hub.team.post(messages.compose(call.hub.team, channel.id, body, **where))
    return {"ok": True, "message_ts": message.ts}


def _own_message(call: Call, refusal: str) -> Message:
    channel = call.channel()
    message = call.hub.team.message(channel.id, call.need("ts"))
    if message is None or message.visible_to is not None:
        raise SlackError("message_not_found")
    if message.user != BOT_USER_ID:
        raise SlackError(refusal)
    return message


async def update(call: Call) -> Json:
    message = _own_message(call, "cant_update_message")
    if len(call.text("text")) > MOST_UPDATED_TEXT:
        raise SlackError("msg_too_long")
    team, body = call.hub.team, call.message_body()
    new = messages.compose(team, message.channel, body)
    message.text, message.blocks, message.attachments = new.text, new.blocks, new.attachments
    message.metadata = new.metadata if body["metadata"] is not None else message.metadata
    message.edited = new.ts
    team.touch()
    shown = messages.shown(team, message, with_metadata=True)
    return {"ok": True, "channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


async def delete(call: Call) -> Json:
    message = _own_message(call, "cant_delete_message")
    call.hub.team.channels[message.channel].messages.remove(message)
    call.hub.team.touch()
    return {"ok": True, "channel": message.channel, "ts": message.ts}


async def get_permalink(call: Call) -> Json:
    channel = call.channel()
    ts = call.need("message_ts")
    if call.hub.team.message(channel.id, ts) is None:
        raise SlackError("message_not_found")
    link = f"{call.hub.address}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"ok": True, "channel": channel.id, "permalink": link}


METHODS: Mapping[str, Method] = {
    "chat.postMessage": Method(post_message, ("chat:write",), tier=HUNDREDS),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), tier=TIER_4),
    "chat.update": Method(update, ("chat:write",), tier=TIER_3),
    "chat.delete": Method(delete, ("chat:write",), tier=TIER_3),
    "chat.getPermalink": Method(get_permalink, tier=HUNDREDS),
}
