"""Replies applied: posted, shown to one person, opened as a form, sent as a file. The one way out to Slack."""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import default_retry_handlers
from slack_sdk.webhook import WebhookClient

from bot.desk.asker import Asker
from bot.limits.payloads import check_message, check_view
from bot.reply import Message, Modal, Reply
from bot.slack.client import RESPONSE_URL, counters
from bot.slack.uploads import upload
from bot.views.kit.form import Origin, opened_from
from bot.views.kit.notice import cannot_open, cannot_post, not_uploaded, posted
from bot.views.kit.simpler import forms

log = logging.getLogger(__name__)
HTTP_OK = 200
NOT_ALLOWED = {
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "no_permission",
    "user_not_in_channel",
    "messages_tab_disabled",
}


class Memory(Protocol):
    """What delivery remembers beyond one reply."""

    def shared(self, asker: Asker, number: int, channel: str, thread_ts: str | None) -> None:
        """The stored answer was posted in the channel, as this thread's first message or in it."""

    def simplest(self, team_id: str) -> int:
        """The form of blocks that the workspace is known to need: 0 as they are, 1 no data tables, 2 plain text."""

    def remember_simplest(self, team_id: str, form: int) -> None:
        """Send blocks in this form from now on."""


@dataclass(frozen=True)
class Outlet:
    """The ways to reach the person who asked, best first: the response address, the channel, direct messages."""

    client: WebClient
    asker: Asker
    memory: Memory
    response_url: str | None = None
    trigger_id: str | None = None

    def deliver(self, reply: Reply) -> None:
        """Send the reply where it belongs. What Slack refuses for good is told to the person who asked."""
        if isinstance(reply, Modal):
            self._open(reply)
        elif reply.audience == "channel" or reply.channel:
            self._post(reply)
        else:
            self._tell(reply)
        if isinstance(reply, Message) and reply.file:
            reason = upload(self.client, self.asker.user_id, reply.file)
            if reason:
                self._tell(not_uploaded(reply.file.name, reason))

    def _open(self, modal: Modal) -> None:
        origin = Origin(
            channel=self.asker.channel_id,
            channel_name=self.asker.channel_name,
            response_url=self.response_url,
            user=self.asker.user_id,
        )
        view = opened_from(modal.view, origin)
        must_fit(check_view(view))
        try:
            self.client.views_open(trigger_id=self.trigger_id or "", view=view)
        except SlackApiError as error:
            if error.response["error"] not in {"expired_trigger_id", "invalid_trigger_id", "trigger_exchanged"}:
                raise
            self._tell(cannot_open())

    def _post(self, message: Message) -> None:
        channel = message.channel or self.asker.channel_id
        thread = self.asker.thread_ts if channel == self.asker.channel_id else None
        ts = thread
        try:
            answer = self._with_fallback(
                lambda content: self.client.chat_postMessage(
                    channel=channel,
                    thread_ts=thread,
                    unfurl_links=False,
                    **content,
                ),
                message,
            )
            ts = thread or answer["ts"]
        except SlackApiError as error:
            if error.response["error"] not in NOT_ALLOWED:
                raise
            if channel != self.asker.channel_id or not self._respond(message, "in_channel"):
                self._tell(cannot_post(channel, error.response["error"]))
                return
        if message.shares is not None:
            self.memory.shared(self.asker, message.shares, channel, ts)
        if message.shares is not None and self.asker.thread_ts is None:
            self._tell(posted(channel))

    def _tell(self, message: Message) -> None:
        """To the one person: by the response address, else an ephemeral message, else a direct one."""
        if self.asker.thread_ts is None and self._respond(message, "ephemeral"):
            return
        asker = self.asker
        thread = None if asker.begins_thread else asker.thread_ts
        try:
            self._with_fallback(
                lambda content: self.client.chat_postEphemeral(
                    channel=asker.channel_id,
                    user=asker.user_id,
                    thread_ts=thread,
                    **content,
                ),
                message,
            )
        except SlackApiError as error:
            log.info("ephemeral message refused", extra={"reason": error.response["error"]})
            self._with_fallback(
                lambda content: self.client.chat_postMessage(channel=asker.user_id, **content),
                message,
            )

    def _respond(self, message: Message, kind: str) -> bool:
        """Whether the response address took it: it lives 30 minutes and five uses, and only answers a status."""
        if not self.response_url:
            return False
        counted = counters(self.client)
        webhook = WebhookClient(self.response_url, retry_handlers=[*counted, *default_retry_handlers()])

        def send(content: dict[str, Any]) -> None:
            result = webhook.send(response_type=kind, replace_original=message.replaces, **content)
            for counting in counted if result.status_code == HTTP_OK else ():  # of other answers the SDK tells
                counting.count(RESPONSE_URL, "refused" if _refused(result.body) else "ok")
            if result.status_code != HTTP_OK or _refused(result.body):
                refused: Any = SlackApiError
                raise refused("response address", {"ok": False, "error": _reason(result.body)})

        try:
            self._with_fallback(send, message)
        except SlackApiError as error:
            log.info("response address refused", extra={"reason": error.response["error"]})
            return False
        return True

    def _with_fallback(self, send: Callable[[dict[str, Any]], Any], message: Message) -> Any:
        """Send; where the workspace refuses tables, send the next simpler form instead and remember it."""
        must_fit(check_message({"text": message.text, "blocks": list(message.blocks) or None}))
        known = self.memory.simplest(self.asker.team_id)
        for form, blocks in forms(message.blocks, known):
            try:
                answer = send({"text": message.text, "blocks": list(blocks) or None})
            except SlackApiError as error:
                refused = error
                if error.response["error"] != "invalid_blocks":
                    raise
            else:
                if form > known:
                    self.memory.remember_simplest(self.asker.team_id, form)
                return answer
        raise refused

    def at(self, asker: Asker) -> "Outlet":
        """The same ways out for another place."""
        return replace(self, asker=asker)


def _refused(body: str) -> bool:
    """Whether a response address says no: it answers `ok`, nothing, or JSON."""
    try:
        answer = json.loads(body)
    except ValueError:
        return False
    return isinstance(answer, dict) and answer.get("ok") is False


def _reason(body: str) -> str:
    return next((word for word in ("invalid_blocks", "used_url", "expired_url") if word in body), body[:80] or "failed")


def must_fit(problems: list[str]) -> None:
    """A payload beyond Slack's limits is a bug of ours: found here, before Slack answers with silence."""
    if problems:
        raise AssertionError(f"the payload breaks Slack's limits: {'; '.join(problems[:3])}")
