"""What the bot posts by itself, on its way to Slack: at most one request at a time for a post, and never one in doubt.

What Slack certainly did not take is tried again. What it may have taken is looked up in the channel; where the bot may
not look, it is left alone and its owner is told.
"""

import logging
import urllib.error
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.lookup import Found, look_up, marked
from bot.reply import Message
from bot.views.blocks import without_tables
from bot.views.notices import not_posted, paused
from storage.posts import NewPost, Post, Posts
from storage.schedules import LATE, Schedule, Schedules

log = logging.getLogger(__name__)
RETRY_AFTER = timedelta(seconds=30)
LOOK_AFTER = timedelta(seconds=30)
"""How long a message may take to appear in the channel's history."""
BACKOFF = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
TRIES = 3
"""Refusals of a post before its schedule is paused."""
NOT_TAKEN = {"ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable", "team_added_to_org"}
IN_DOUBT = {"internal_error", "fatal_error", "request_timeout"}
SERVER_ERROR = 500
Compose = Callable[[Post], Message | None]
"""The message of a post; None where it is not wanted any more."""


@dataclass(frozen=True)
class Poster:
    """Sends the posts of one workspace."""

    client: WebClient
    """A client that repeats nothing by itself: whether to repeat is decided here."""
    posts: Posts
    schedules: Schedules
    compose: Compose
    team_id: str
    now: Callable[[], datetime]
    plain: Callable[[], bool]
    """Whether the workspace is known to refuse tables and charts."""
    remember_plain: Callable[[], None]

    def send_next(self) -> bool:
        """Send one post that is ready; False where there is none."""
        post = self.posts.take(self.team_id, self.now())
        if post is None:
            return False
        message = self.compose(post)
        if message is None:
            self.posts.give_up(post, "skipped", "it was not wanted any more", self.now())
            return True
        content = {"text": message.text, "blocks": list(message.blocks)} if post.message is None else post.message
        if self.posts.sending(post, content, self.now()):
            self._send(post, content)
        return True

    def settle_next(self) -> bool:
        """Find out about one post that may have been sent; False where there is none."""
        post = self.posts.take_lapsed(self.team_id, self.now())
        if post is None:
            return False
        found = look_up(self.client, post)
        if found.ts:
            self.posts.sent(post, found.ts, self.now())
        elif found.state == "absent":
            self.posts.later(post, self.now(), post.problem, self.now())
        elif found.state == "unknown":
            self.posts.doubtful(post, self.now() + LOOK_AFTER, found.problem, self.now())
        else:
            self._leave(post, found)
        return True

    def _send(self, post: Post, content: dict[str, Any]) -> None:
        try:
            answer = self._request(post, content)
        except SlackApiError as error:
            self._refused(post, error)
        except (urllib.error.URLError, OSError, HTTPException) as error:
            self._lost(post, error)
        else:
            self.posts.sent(post, str(answer["ts"]), self.now())

    def _request(self, post: Post, content: dict[str, Any]) -> Any:
        """The one request; where Slack refuses the blocks it took nothing, so plain ones may follow."""
        simple = {**content, "blocks": list(without_tables(content["blocks"]))}
        shown = simple if self.plain() else content
        try:
            return self._post(post, shown)
        except SlackApiError as error:
            if error.response.get("error") != "invalid_blocks" or shown["blocks"] == simple["blocks"]:
                raise
        answer = self._post(post, simple)
        self.remember_plain()
        return answer

    def _post(self, post: Post, content: dict[str, Any]) -> Any:
        return self.client.chat_postMessage(channel=post.channel_id, unfurl_links=False, metadata=marked(post), **content)

    def _refused(self, post: Post, error: SlackApiError) -> None:
        """Slack said no, or something went wrong on its side."""
        now, reason = self.now(), str(error.response.get("error", ""))[:80]
        headers = {name.lower(): value for name, value in (error.response.headers or {}).items()}
        log.warning("post refused", extra={"post": post.id, "reason": reason})
        if reason in NOT_TAKEN or "retry-after" in headers:
            wait = timedelta(seconds=float(headers.get("retry-after", RETRY_AFTER.total_seconds())))
            self._later(post, now + wait, f"Slack is busy ({reason})")
        elif error.response.status_code >= SERVER_ERROR or reason in IN_DOUBT:
            self.posts.doubtful(post, now + LOOK_AFTER, f"Slack failed ({reason})", now)
        elif post.attempts + 1 < TRIES:
            self.posts.later(post, now + BACKOFF[post.attempts], reason, now)
        else:
            self._give_up(post, reason)

    def _lost(self, post: Post, error: Exception) -> None:
        """No answer. A connection that was never made took nothing; anything else is in doubt."""
        now = self.now()
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        log.warning("post unanswered", extra={"post": post.id, "reason": type(cause).__name__})
        if isinstance(cause, ConnectionRefusedError):
            self._later(post, now + RETRY_AFTER, "Slack could not be reached")
        else:
            self.posts.doubtful(post, now + LOOK_AFTER, "Slack did not answer", now)

    def _later(self, post: Post, when: datetime, problem: str) -> None:
        """Again, while it is not too late for it."""
        if post.kind == "summary" and when - post.due_at > LATE:
            self._tell(post, problem)
            self.posts.give_up(post, "skipped", f"{problem} for more than six hours", self.now())
        else:
            self.posts.later(post, when, problem, self.now())

    def _leave(self, post: Post, found: Found) -> None:
        """It may have arrived and nobody can look: not posted twice, and its owner is told."""
        self._tell(post, found.problem)
        self.posts.give_up(post, "unsettled", f"{post.problem or 'the bot stopped while posting'}; {found.problem}", self.now())

    def _give_up(self, post: Post, reason: str) -> None:
        """Refused again and again: its schedule is paused, and its owner is told."""
        self.posts.give_up(post, "failed", reason, self.now())
        if post.schedule_id is None:
            return
        schedule = self.schedules.by_id(post.schedule_id)
        changed = self.schedules.change(schedule, "bot", self.now(), "paused", paused=True, paused_why=reason)
        self._notify(post, paused(changed, reason))

    def _tell(self, post: Post, problem: str) -> None:
        if post.kind != "notice":
            self._notify(post, not_posted(post, self._schedule(post), problem))

    def _schedule(self, post: Post) -> Schedule | None:
        return None if post.schedule_id is None else self.schedules.by_id(post.schedule_id)

    def _notify(self, post: Post, message: Message) -> None:
        """Tell the owner in a direct message, itself a post."""
        now = self.now()
        self.posts.add(
            NewPost(team_id=post.team_id, name=f"notice of {post.id} {post.attempts}", kind="notice", channel_id=post.user_id,
                    user_id=post.user_id, due_at=now, message={"text": message.text, "blocks": list(message.blocks)}),
            now,
        )  # fmt: skip
