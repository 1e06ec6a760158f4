"""Whether a post is in its channel: by the mark that every post carries, where the bot may read the channel."""

from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Literal, NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from storage.posts import Post

EVENT = "inference_post"
PAGES = 10
AROUND = timedelta(hours=1)
"""How far Slack's clock may be from the bot's."""
CANNOT = {
    "missing_scope",
    "not_in_channel",
    "channel_not_found",
    "is_archived",
    "no_permission",
    "access_denied",
    "user_not_found",
    "unknown_method",
    "method_deprecated",
}


class Found(NamedTuple):
    """What a look into the channel gave."""

    state: Literal["there", "absent", "unknown", "cannot"]
    """`unknown`: look again later; `cannot`: the bot may not look."""
    ts: str = ""
    problem: str = ""


def marked(post: Post) -> dict[str, Any]:
    """The mark by which the post is found again: message metadata, which nobody sees."""
    return {"event_type": EVENT, "event_payload": {"post": post.id, "name": post.name}}


def look_up(client: WebClient, post: Post) -> Found:
    """Look for the post in its channel, around the time at which it was sent."""
    if post.channel_id == post.user_id or post.sending_at is None:
        return Found("cannot", problem="direct messages cannot be looked up")
    try:
        return _search(client, post, post.sending_at)
    except SlackApiError as error:
        reason = str(error.response.get("error", ""))[:80]
        return Found("cannot" if reason in CANNOT else "unknown", problem=f"the channel cannot be read ({reason})")
    except (OSError, HTTPException):
        return Found("unknown", problem="Slack did not answer")


def _search(client: WebClient, post: Post, sent_at: datetime) -> Found:
    oldest, latest = (f"{moment.timestamp():.6f}" for moment in (sent_at - AROUND, sent_at + AROUND))
    cursor = None
    for _ in range(PAGES):
        page = client.conversations_history(
            channel=post.channel_id, oldest=oldest, latest=latest, limit=200, cursor=cursor, include_all_metadata=True
        )
        for message in page["messages"]:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT and metadata.get("event_payload", {}).get("name") == post.name:
                return Found("there", str(message["ts"]))
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Found("absent")
    return Found("cannot", problem="too much was written in the channel around that time")
