"""What the bot posts by itself, on its way to Slack: at most one request at a time for a post, and never one in doubt.

What Slack certainly did not take is tried again. What it may have taken is looked up in the channel; where the bot may
not look, it is left alone and its owner is told. Only what goes to a person is then repeated, since nobody else tells them.
"""

import logging
import re
import urllib.error
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any, Literal

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.background.backoff import LOOK_AFTER, Patience
from bot.background.post_lookup import Found, look_up, marked
from bot.reply import Message
from bot.slack.client import NO_ACCOUNT
from bot.views.kit.blocks import context, escape, without_tables
from bot.views.tracking.schedule_notices import REASONS, not_posted, paused
from storage.posts import NewPost, Post
from storage.schedules import LATE
from storage.tables import Tables

log = logging.getLogger(__name__)
RETRY_AFTER = timedelta(seconds=30)
BACKOFF = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
TRIES = 3
"""Refusals of a post before its schedule is paused."""
INSISTING = timedelta(days=30)
"""How long a person is to be told something while the bot has no account."""
REPEATING = timedelta(days=1)
"""How long something for a person is repeated that may not have arrived."""
NOT_TAKEN = {"ratelimited", "rate_limited", "message_limit_exceeded", "service_unavailable", "team_added_to_org"}
IN_DOUBT = {"internal_error", "fatal_error", "request_timeout"}
CODE = re.compile(r"[a-z0-9_]{1,80}")
"""How Slack names its reasons. Anything else was said by something between the bot and Slack."""
SERVER_ERROR, TOO_MANY = 500, 429
Compose = Callable[[Post], Message | None]
"""The message of a post; None where it is not wanted any more. NotAllowed where an admin forbids it."""


class NotAllowed(Exception):  # noqa: N818 - the name says what happened
    """The workspace's rules forbid the post."""


@dataclass(frozen=True)
class Poster:
    """Sends the posts of one workspace."""

    client: WebClient
    """A client that repeats nothing by itself: whether to repeat is decided here."""
    tables: Tables
    compose: Compose
    team_id: str
    now: Callable[[], datetime]
    plain: Callable[[], bool]
    """Whether the workspace is known to refuse tables and charts."""
    remember_plain: Callable[[], None]
    patience: Patience = field(default_factory=Patience)

    def send_next(self) -> bool:
        """Send one post that is ready; False where there is none, or where Slack is left alone."""
        post = self.tables.posts.take(self.team_id, self.now()) if self.patience.over(self.now()) else None
        if post is None:
            return False
        if _too_late(post, self.now()):
            self._drop(post, "skipped", f"{post.problem or 'the bot was not running'} for more than six hours")
            return True
        try:
            message = self.compose(post)
        except NotAllowed:
            self._give_up(post, "restricted_action")
            return True
        if message is None:
            self.tables.posts.give_up(post, "skipped", "it was not wanted any more", self.now())
        elif self.tables.posts.sending(post, content := _content(message), self.now()):
            self._send(post, content)
        return True

    def crowded(self) -> bool:
        """Whether a post waits for its turn in its channel."""
        return self.patience.over(self.now()) and self.tables.posts.crowded(self.team_id, self.now())

    def settle_next(self) -> bool:
        """Find out about one post that may have been sent; False where there is none, or where Slack does not say."""
        post = self.tables.posts.take_lapsed(self.team_id, self.now())
        if post is None:
            return False
        found, now = look_up(self.client, post), self.now()
        if found.ts:
            self.tables.posts.sent(post, found.ts, now)
        elif found.state == "absent":
            self._later(post, now, post.problem or "the bot stopped while posting")
        elif found.state == "unknown" and post.sending_at and now - post.sending_at < LATE:
            self.tables.posts.doubtful(post, now + LOOK_AFTER, found.problem, now)
        elif _to_a_person(post) and now - post.due_at < REPEATING:
            self._later(post, now + BACKOFF[0], post.problem)
        else:
            self._leave(post, found)
        return found.state != "unknown"

    def _send(self, post: Post, content: dict[str, Any]) -> None:
        try:
            answer = self._request(post, content)
        except SlackApiError as error:
            self._refused(post, error)
        except (OSError, HTTPException) as error:
            self._lost(post, error)
        else:
            self.patience.answered()
            self.tables.posts.sent(post, str(answer["ts"]), self.now())

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
        return self.client.chat_postMessage(
            channel=post.channel_id, unfurl_links=False, metadata=marked(post), **content
        )

    def _refused(self, post: Post, error: SlackApiError) -> None:
        """Slack said no, or something went wrong on its side."""
        now, status, said = self.now(), error.response.status_code, str(error.response.get("error", ""))
        reason = said if CODE.fullmatch(said) else f"HTTP {status}"
        wait = _retry_after(error.response.headers)
        log.warning("post refused", extra={"post": post.id, "reason": reason})
        if reason in NOT_TAKEN or status == TOO_MANY or (wait and status < SERVER_ERROR):
            self._later(post, now + (wait or RETRY_AFTER), f"Slack is busy ({reason})")
        elif status >= SERVER_ERROR or reason in IN_DOUBT or reason != said:
            self._doubt(post, f"Slack failed ({reason})")
        elif post.attempts + 1 < TRIES:
            self.tables.posts.later(post, now + BACKOFF[post.attempts], reason, now, refused=True)
        elif _to_a_person(post) and reason in NO_ACCOUNT and now - post.due_at < INSISTING:
            self.tables.posts.later(post, now + BACKOFF[-1], reason, now)
        else:
            self._give_up(post, reason)

    def _lost(self, post: Post, error: Exception) -> None:
        """No answer. What urllib reports as a URLError befell a request before it was all sent, so Slack took nothing."""
        cause = error.reason if isinstance(error, urllib.error.URLError) else error
        log.warning("post unanswered", extra={"post": post.id, "reason": type(cause).__name__})
        if isinstance(error, urllib.error.URLError):
            self.patience.failed(self.now())
            self._later(post, self.now() + RETRY_AFTER, "Slack could not be reached")
        else:
            self._doubt(post, "Slack did not answer")

    def _doubt(self, post: Post, problem: str) -> None:
        """Slack may have it."""
        now = self.now()
        self.patience.failed(now)
        self.tables.posts.doubtful(post, now + LOOK_AFTER, problem, now)

    def _later(self, post: Post, when: datetime, problem: str) -> None:
        """Again, while it is not too late for it."""
        if _too_late(post, when):
            self._drop(post, "skipped", f"{problem} for more than six hours")
        else:
            self.tables.posts.later(post, when, problem, self.now())

    def _leave(self, post: Post, found: Found) -> None:
        """It may have arrived and nobody can look: not posted twice, and its owner is told."""
        self._drop(post, "unsettled", f"{post.problem or 'the bot stopped while posting'}; {found.problem}")

    def _drop(self, post: Post, state: Literal["unsettled", "skipped"], problem: str) -> None:
        """It is not tried again by itself, and its owner is told, with a button to post it again."""
        schedule = None if post.schedule_id is None else self.tables.schedules.by_id(post.schedule_id)
        notice = (
            None
            if post.kind == "notice"
            else self._notice(post, not_posted(post, schedule, problem, certain=state == "skipped"))
        )
        self.tables.posts.give_up(post, state, problem, self.now(), notice)

    def _give_up(self, post: Post, reason: str) -> None:
        """Refused for good: a summary's schedule is paused and its owner told; an alert goes to its owner instead."""
        if post.schedule_id is not None:
            schedule = self.tables.schedules.by_id(post.schedule_id)
            self.tables.schedules.refused(post, reason, self._notice(post, paused(schedule, reason)), self.now())
        else:
            notice = None if _to_a_person(post) else self._notice(post, _redirected(post, reason))
            self.tables.posts.give_up(post, "failed", reason, self.now(), notice)

    def _notice(self, post: Post, message: Message) -> NewPost:
        """Something for the owner in a direct message, itself a post."""
        now = self.now()
        return NewPost(
            team_id=post.team_id,
            name=f"notice of {post.id} {now.isoformat()}",
            kind="notice",
            channel_id=post.user_id,
            user_id=post.user_id,
            due_at=now,
            message=_content(message),
        )


def _content(message: Message) -> dict[str, Any]:
    return {"text": message.text, "blocks": list(message.blocks)}


def _to_a_person(post: Post) -> bool:
    return post.channel_id == post.user_id


def _too_late(post: Post, when: datetime) -> bool:
    """Whether a summary is six hours past its time, or past the moment at which a person wanted it once more."""
    return post.kind == "summary" and when - (post.settled_at or post.due_at) > LATE


def _redirected(post: Post, reason: str) -> Message:
    """An alert for its owner, since its channel did not take it."""
    message = post.message or {"text": "", "blocks": []}
    why = context(f"For <#{post.channel_id}>, but {escape(REASONS.get(reason, f'Slack says {reason}'))}.")
    return Message(text=message["text"], blocks=(*message["blocks"], why))


def _retry_after(headers: Mapping[str, Any]) -> timedelta | None:
    """How long Slack wants to be left alone, where it says so."""
    said = next((str(value) for name, value in headers.items() if name.lower() == "retry-after"), "")
    return timedelta(seconds=int(said)) if re.fullmatch(r"[0-9]{1,6}", said) else None
