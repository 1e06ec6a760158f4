"""Whether a post is in its channel: by the mark that every post carries, where the bot may read the channel."""

import urllib.error
from datetime import timedelta
from http.client import HTTPException
from typing import Any, Literal, NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from storage.posts import Post

EVENT = "inference_post"
PAGES = 5
EARLIER = timedelta(minutes=5)
"""How far Slack's clock may be behind the bot's."""
CANNOT = {"missing_scope", "not_in_channel", "channel_not_found", "is_archived", "no_permission", "access_denied", "user_not_found",
          "account_inactive", "token_revoked", "invalid_auth", "not_authed", "unknown_method", "method_deprecated"}  # fmt: skip


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
    """Look for the post in its channel, from shortly before it was sent."""
    if post.channel_id.startswith("U") or post.sending_at is None:
        return Found("cannot", problem="direct messages cannot be looked up")
    oldest = f"{(post.sending_at - EARLIER).timestamp():.6f}"
    try:
        return _search(client, post, oldest)
    except SlackApiError as error:
        reason = str(error.response.get("error", ""))[:80]
        return Found("cannot" if reason in CANNOT else "unknown", problem=f"the channel cannot be read ({reason})")
    except (urllib.error.URLError, OSError, HTTPException):
        return Found("unknown", problem="Slack did not answer")


def _search(client: WebClient, post: Post, oldest: str) -> Found:
    cursor = None
    for _ in range(PAGES):
        page = client.conversations_history(channel=post.channel_id, oldest=oldest, limit=200, cursor=cursor, include_all_metadata=True)
        for message in page["messages"]:
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT and metadata.get("event_payload", {}).get("name") == post.name:
                return Found("there", str(message["ts"]))
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return Found("absent")
    return Found("unknown", problem="too much was written in the channel since")
