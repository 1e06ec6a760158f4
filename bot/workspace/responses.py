"""response_urls: five uses in thirty minutes, new messages, replacements and deletions."""

from bot.workspace.errors import SlackError
from bot.workspace.hub import Hub
from bot.workspace.messages import checked_blocks, compose
from bot.workspace.models import Json, Message, ResponseUrl

MOST_USES = 5


def use(hub: Hub, key: str, body: Json) -> None:
    """Apply what the app posted to a response_url."""
    found = hub.team.response_urls.get(key)
    if found is None:
        raise SlackError("invalid_url")
    if hub.clock.now() >= found.expires:
        raise SlackError("expired_url")
    if found.uses >= MOST_USES:
        raise SlackError("used_url")
    respond(hub, found, body)
    found.uses += 1


def respond(hub: Hub, where: ResponseUrl, body: Json) -> None:
    """Post, replace or delete as a response says."""
    original = hub.team.message(where.channel, where.message_ts) if where.message_ts else None
    if body.get("delete_original"):
        _delete(hub, original)
    elif body.get("replace_original") and original is not None:
        _replace(hub, original, body)
    else:
        _post(hub, where, body)


def _post(hub: Hub, where: ResponseUrl, body: Json) -> None:
    hidden = body.get("response_type", "ephemeral") != "in_channel"
    thread_ts = body.get("thread_ts") or where.thread_ts
    visible_to = where.person if hidden else None
    hub.team.post(compose(hub.team, where.channel, body, visible_to=visible_to, thread_ts=thread_ts))


def _replace(hub: Hub, original: Message, body: Json) -> None:
    blocks = checked_blocks(body.get("blocks"))
    if not blocks and not body.get("text"):
        raise SlackError("no_text")
    original.blocks, original.text = blocks, str(body.get("text") or "")
    original.attachments = body.get("attachments") or []
    original.edited = hub.team.new_ts()
    hub.team.touch()


def _delete(hub: Hub, original: Message | None) -> None:
    if original is not None:
        hub.team.channels[original.channel].messages.remove(original)
        hub.team.touch()
