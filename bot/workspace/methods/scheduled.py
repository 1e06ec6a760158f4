"""chat.scheduleMessage and what becomes of scheduled messages: listed, deleted, posted when their time comes."""

from collections.abc import Mapping

from bot.workspace import messages
from bot.workspace.errors import SlackError
from bot.workspace.hub import Hub
from bot.workspace.methods.call import Call, Method
from bot.workspace.methods.chat import destination
from bot.workspace.models import BOT_ID, Json, Scheduled
from bot.workspace.rates import TIER_3

MOST_AHEAD_SECONDS = 120 * 86_400
LAST_CHANCE_SECONDS = 60
WINDOW_SECONDS = 5 * 60
MOST_IN_A_WINDOW = 30


def shown(entry: Scheduled) -> Json:
    """Give the scheduled message object."""
    times = {"post_at": entry.post_at, "date_created": entry.made_at}
    return {"id": entry.id, "channel_id": entry.message.channel, **times, "text": entry.message.text}


async def schedule(call: Call) -> Json:
    channel = destination(call)
    post_at, now = call.number("post_at", 0), call.hub.clock.now()
    if post_at <= now:
        raise SlackError("time_in_past")
    if post_at > now + MOST_AHEAD_SECONDS:
        raise SlackError("time_too_far")
    message = messages.compose(call.hub.team, channel.id, call.message_body())
    _check_window(
        [one.post_at for one in call.hub.team.scheduled.values() if one.message.channel == channel.id], post_at
    )
    entry = Scheduled(call.hub.team.new_id("Q"), post_at, int(now), message)
    call.hub.team.scheduled[entry.id] = entry
    call.hub.background(_post_later(call.hub, entry))
    waiting = {"text": message.text, "type": "delayed_message", "bot_id": BOT_ID}
    return {"ok": True, "channel": channel.id, "scheduled_message_id": entry.id, "post_at": post_at, "message": waiting}


def _check_window(taken: list[int], post_at: int) -> None:
    """Refuse one more in any five minutes that already have thirty."""
    starts = [post_at, *(start for start in taken if post_at - WINDOW_SECONDS < start <= post_at)]
    if any(sum(0 <= one - start < WINDOW_SECONDS for one in taken) >= MOST_IN_A_WINDOW for start in starts):
        raise SlackError("restricted_too_many")


async def _post_later(hub: Hub, entry: Scheduled) -> None:
    await hub.clock.sleep(entry.post_at - hub.clock.now())
    if hub.team.scheduled.pop(entry.id, None):
        entry.message.ts = hub.team.new_ts()
        hub.team.post(entry.message)


def resume(hub: Hub) -> None:
    """Wait again for what an earlier run of the workspace kept."""
    for entry in hub.team.scheduled.values():
        hub.background(_post_later(hub, entry))


async def delete(call: Call) -> Json:
    channel, entry = call.channel(), call.hub.team.scheduled.get(call.need("scheduled_message_id"))
    soonest = call.hub.clock.now() + LAST_CHANCE_SECONDS
    if entry is None or entry.message.channel != channel.id or entry.post_at < soonest:
        raise SlackError("invalid_scheduled_message_id")
    del call.hub.team.scheduled[entry.id]
    return {"ok": True}


async def list_all(call: Call) -> Json:
    oldest, latest = call.number("oldest", 0), call.number("latest", 0)
    if latest and oldest >= latest:
        raise SlackError("invalid_time_range")
    where = _channel(call)
    waiting = sorted(call.hub.team.scheduled.values(), key=lambda one: one.post_at)
    found = [one for one in waiting if where in ("", one.message.channel) and oldest <= one.post_at]
    return call.page("scheduled_messages", [shown(one) for one in found if not latest or one.post_at <= latest])


def _channel(call: Call) -> str:
    try:
        return call.channel().id if call.text("channel") else ""
    except SlackError:
        raise SlackError("invalid_channel") from None


METHODS: Mapping[str, Method] = {
    "chat.scheduleMessage": Method(schedule, ("chat:write",), tier=TIER_3),
    "chat.deleteScheduledMessage": Method(delete, ("chat:write",), tier=TIER_3),
    "chat.scheduledMessages.list": Method(list_all, tier=TIER_3),
}
