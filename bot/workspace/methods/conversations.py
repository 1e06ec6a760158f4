"""conversations.* and users.conversations."""

import re
from collections.abc import Mapping
from decimal import Decimal

from bot.workspace import events, messages
from bot.workspace.errors import SlackError
from bot.workspace.methods.call import Call, Method
from bot.workspace.models import APP_ID, BOT_USER_ID, TEAM_ID, Channel, Json, Message
from bot.workspace.rates import TIER_2, TIER_3, TIER_4

KINDS = {"public": "channels", "private": "groups", "im": "im"}
TIMESTAMP = re.compile(r"\d+(\.\d+)?")
TYPES = {"public_channel": "public", "private_channel": "private", "im": "im", "mpim": "mpim"}


def shown(channel: Channel) -> Json:
    """Give the conversation object."""
    flags = {"is_channel": channel.kind == "public", "is_group": False, "is_im": channel.kind == "im"}
    privacy = {"is_private": channel.kind != "public", "is_mpim": False, "is_general": channel.name == "general"}
    common: Json = {"id": channel.id, **flags, **privacy, "is_archived": channel.is_archived, "is_org_shared": False}
    if channel.kind == "im":
        other = next(iter(channel.members - {BOT_USER_ID}), BOT_USER_ID)
        return {**common, "user": other, "is_user_deleted": False, "is_open": True}
    topic = {"value": channel.topic, "creator": "", "last_set": 0}
    names = {"name": channel.name, "name_normalized": channel.name, "topic": topic, "purpose": topic}
    sharing = {"is_shared": False, "is_ext_shared": False, "is_pending_ext_shared": False, "context_team_id": TEAM_ID}
    member = {"is_member": BOT_USER_ID in channel.members, "num_members": len(channel.members)}
    return {**common, **names, **sharing, **member}


def _require(call: Call, channel: Channel, what: str) -> None:
    call.require_scope(f"{KINDS[channel.kind]}:{what}")


def _listed(call: Call) -> list[Channel]:
    wanted = [TYPES.get(name.strip()) for name in (call.text("types") or "public_channel").split(",")]
    if None in wanted:
        raise SlackError("invalid_types")
    for kind in wanted:
        if kind in KINDS:
            call.require_scope(f"{KINDS[kind]}:read")
    hide = call.flag("exclude_archived")
    channels = [one for one in call.hub.team.channels.values() if one.kind in wanted and not (hide and one.is_archived)]
    return [one for one in channels if one.kind == "public" or BOT_USER_ID in one.members]


async def list_all(call: Call) -> Json:
    return call.page("channels", [shown(channel) for channel in _listed(call)])


async def list_mine(call: Call) -> Json:
    mine = [shown(channel) for channel in _listed(call) if BOT_USER_ID in channel.members]
    return call.page("channels", mine)


async def info(call: Call) -> Json:
    channel = call.channel()
    _require(call, channel, "read")
    return {"ok": True, "channel": shown(channel)}


async def open_im(call: Call) -> Json:
    call.require_scope("im:write")
    if call.text("channel"):
        channel = call.channel()
    else:
        people = [name for name in call.need("users").split(",") if name]
        if len(people) != 1 or people[0] not in call.hub.team.people:
            raise SlackError("user_not_found" if len(people) == 1 else "method_not_supported_for_channel_type")
        channel = call.hub.team.direct_message(people[0])
    return {"ok": True, "no_op": True, "already_open": True, "channel": {"id": channel.id}}


async def join(call: Call) -> Json:
    channel = call.channel()
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER_ID not in channel.members:
        channel.members.add(BOT_USER_ID)
        events.member_joined(call.hub, channel.id, BOT_USER_ID)
        call.hub.team.touch()
    return {"ok": True, "channel": shown(channel)}


async def members(call: Call) -> Json:
    channel = call.channel()
    _require(call, channel, "read")
    page = call.page("members", [{"id": member} for member in sorted(channel.members)])
    return {**page, "members": [member["id"] for member in page["members"]]}


async def history(call: Call) -> Json:
    channel = _readable(call)
    found = [one for one in channel.messages if one.visible_to is None and one.thread_ts in (None, one.ts)]
    return _messages(call, list(reversed(_within(call, found))))


async def replies(call: Call) -> Json:
    channel = _readable(call)
    parent = call.hub.team.message(channel.id, call.need("ts"))
    if parent is None or parent.visible_to is not None:
        raise SlackError("thread_not_found")
    return _messages(call, _within(call, [parent, *messages.replies(call.hub.team, parent)]))


def _readable(call: Call) -> Channel:
    channel = call.channel()
    _require(call, channel, "history")
    if BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _within(call: Call, found: list[Message]) -> list[Message]:
    oldest, latest = _moment(call, "oldest", "0"), _moment(call, "latest", "99999999999")
    if call.flag("inclusive"):
        return [one for one in found if oldest <= Decimal(one.ts) <= latest]
    return [one for one in found if oldest < Decimal(one.ts) < latest]


def _moment(call: Call, name: str, default: str) -> Decimal:
    raw = call.text(name) or default
    if not TIMESTAMP.fullmatch(raw):
        raise SlackError(f"invalid_ts_{name}")
    return Decimal(raw)


def _messages(call: Call, found: list[Message]) -> Json:
    keep = call.flag("include_all_metadata")
    page = call.page("messages", found)
    shown_ = [messages.shown(call.hub.team, one, with_metadata=keep) for one in page["messages"]]
    more = bool(page["response_metadata"]["next_cursor"])
    return {**page, "messages": shown_, "has_more": more, "pin_count": 0, "api_app_id": APP_ID}


READ = tuple(f"{kind}:read" for kind in KINDS.values())
HISTORY = tuple(f"{kind}:history" for kind in KINDS.values())

METHODS: Mapping[str, Method] = {
    "conversations.list": Method(list_all, READ, tier=TIER_2),
    "conversations.info": Method(info, READ, tier=TIER_3),
    "conversations.open": Method(open_im, ("im:write",), tier=TIER_3),
    "conversations.join": Method(join, ("channels:join",), tier=TIER_3),
    "conversations.members": Method(members, READ, tier=TIER_4),
    "conversations.history": Method(history, HISTORY, tier=TIER_3),
    "conversations.replies": Method(replies, HISTORY, tier=TIER_3),
    "users.conversations": Method(list_mine, READ, tier=TIER_2),
}
