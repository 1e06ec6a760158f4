"""Messages as Slack shows them, and the checks every message passes."""

import json
from typing import Any

from bot.limits.payloads import blocks_too_long, check_blocks
from bot.workspace.blocks import with_ids
from bot.workspace.errors import SlackError
from bot.workspace.models import APP_ID, BOT_ID, BOT_USER_ID, TEAM_ID, Json, Message
from bot.workspace.team import Team

MOST_TEXT = 40_000


def checked_blocks(blocks: Any) -> list[Json]:
    """Refuse blocks as Slack does; fill in the ids of the others."""
    if blocks in (None, "", []):
        return []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    problems = check_blocks(blocks, "message")
    if problems:
        raise SlackError("invalid_blocks", messages=problems)
    if blocks_too_long(blocks):
        raise SlackError("msg_blocks_too_long")
    return with_ids(blocks)


def checked_metadata(metadata: Any) -> Json | None:
    """Accept metadata with a type and a payload."""
    if metadata in (None, ""):
        return None
    if not isinstance(metadata, dict) or not metadata.get("event_type") or "event_payload" not in metadata:
        raise SlackError("invalid_metadata_format")
    return metadata


def compose(team: Team, channel: str, body: Json, **more: Any) -> Message:
    """Make a message of the app from what the app sent."""
    blocks = checked_blocks(body.get("blocks"))
    text, attachments = str(body.get("text") or ""), body.get("attachments") or []
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    metadata = checked_metadata(body.get("metadata"))
    content: Json = {"blocks": blocks, "attachments": attachments, "metadata": metadata}
    return Message(channel, team.new_ts(), BOT_USER_ID, text[:MOST_TEXT], **content, **more)


def shown(team: Team, message: Message, *, with_metadata: bool = False) -> Json:
    """Give the message object of Web API answers and payloads."""
    body: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": TEAM_ID}
    if message.user == BOT_USER_ID:
        profile = {"id": BOT_ID, "app_id": APP_ID, "name": team.people[BOT_USER_ID].real_name, "team_id": TEAM_ID}
        body |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": {**profile, "deleted": False, "updated": 0}}
    optional = {"blocks": message.blocks, "attachments": message.attachments, "files": message.files}
    body |= {key: value for key, value in optional.items() if value}
    if message.thread_ts:
        body |= {"thread_ts": message.thread_ts, "parent_user_id": _parent_user(team, message)}
    if message.edited:
        body["edited"] = {"user": message.user, "ts": message.edited}
    if message.metadata and with_metadata:
        body["metadata"] = message.metadata
    return {**body, **_thread(team, message)}


def replies(team: Team, message: Message) -> list[Message]:
    """Give the replies that everyone in the channel sees."""
    channel = team.channels[message.channel]
    if message.ts not in channel.threads:
        return []
    found = [one for one in channel.messages if one.thread_ts == message.ts and not one.visible_to]
    return [one for one in found if one.ts != message.ts]


def as_json(value: Any, error: str) -> Any:
    """Read an argument that forms carry as a JSON string."""
    if not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(error) from None


def _parent_user(team: Team, message: Message) -> str | None:
    parent = team.message(message.channel, message.thread_ts or "")
    return parent.user if parent else None


def _thread(team: Team, message: Message) -> Json:
    found = replies(team, message)
    if not found:
        return {}
    people = list(dict.fromkeys(one.user for one in found))
    counts = {"reply_count": len(found), "reply_users_count": len(people), "latest_reply": found[-1].ts}
    return {"thread_ts": message.ts, "reply_users": people, **counts}
