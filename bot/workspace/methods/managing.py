"""conversations.* that change a channel: leaving it and setting its topic."""

from collections.abc import Mapping

from bot.workspace.errors import SlackError
from bot.workspace.methods.call import Call, Method
from bot.workspace.methods.conversations import KINDS, shown
from bot.workspace.models import BOT_USER_ID, Channel, Json
from bot.workspace.rates import TIER_2, TIER_3

MOST_TOPIC = 250
MANAGE = ("channels:manage", "channels:write", "groups:write", "im:write", "mpim:write")
TOPIC = (*MANAGE, "channels:write.topic", "groups:write.topic", "im:write.topic", "mpim:write.topic")


async def leave(call: Call) -> Json:
    channel = call.channel()
    _manage(call, channel)
    if channel.name == "general":
        raise SlackError("cant_leave_general")
    if BOT_USER_ID not in channel.members:
        return {"ok": False, "not_in_channel": True}
    if len(channel.members) == 1:
        raise SlackError("last_member")
    channel.members.discard(BOT_USER_ID)
    call.hub.team.touch()
    return {"ok": True}


async def set_topic(call: Call) -> Json:
    channel = call.channel()
    _manage(call, channel, ":write.topic")
    if BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    if len(call.text("topic")) > MOST_TOPIC:
        raise SlackError("too_long")
    channel.topic = call.text("topic")
    call.hub.team.touch()
    return {"ok": True, "channel": shown(channel)}


def _manage(call: Call, channel: Channel, narrow: str = ":write") -> None:
    """See that the app may change this channel, by a scope of its kind or by a narrower one."""
    if channel.kind == "im":
        raise SlackError("method_not_supported_for_channel_type")
    if not call.has_scope(f"{KINDS[channel.kind]}{narrow}"):
        call.require_scope("channels:manage" if channel.kind == "public" else "groups:write")
    if channel.is_archived:
        raise SlackError("is_archived")


METHODS: Mapping[str, Method] = {
    "conversations.leave": Method(leave, MANAGE, tier=TIER_3),
    "conversations.setTopic": Method(set_topic, TOPIC, tier=TIER_2),
}
