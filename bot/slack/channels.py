"""What Slack says of channels: who may read along. A channel of which it says nothing is taken for a private one."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.desk.records import KnownChannel

log = logging.getLogger(__name__)
REMEMBERED = timedelta(days=1)
"""A channel may be made private, or be shared with another organisation, at any time."""
REFUSED_S = 600.0
"""Where Slack refuses or cannot be reached, it is not asked again so soon."""
MOST = 5_000
HIDDEN = {"channel_not_found", "channel_is_limited_access", "not_in_channel"}
"""What is said of a channel that the bot may not see: whatever it was before, it is private now."""


class Kept(Protocol):
    """Where it is remembered."""

    def get(self, team_id: str, channel_id: str) -> KnownChannel | None: ...
    def keep(self, team_id: str, found: KnownChannel) -> None: ...


class SlackChannels:
    """Channels as `conversations.info` has them (scopes `channels:read` and `groups:read`), remembered for a day."""

    def __init__(self, client: WebClient, kept: Kept, now: Callable[[], datetime]) -> None:
        self._client, self._kept, self._now = client, kept, now
        self._refused: dict[str, float] = {}
        """When Slack may be asked again."""

    def is_public(self, team_id: str, channel_id: str) -> bool:
        """Whether anyone of the workspace may read it."""
        found = self._known(team_id, channel_id)
        return found is not None and not found.private

    def is_shared(self, team_id: str, channel_id: str) -> bool:
        """Whether another organisation reads it too, as far as is known."""
        found = self._known(team_id, channel_id)
        return found is not None and found.shared

    def is_known(self, team_id: str, channel_id: str) -> bool:
        """Whether Slack has ever said what it is."""
        return self._kept.get(team_id, channel_id) is not None

    def _known(self, team_id: str, channel_id: str) -> KnownChannel | None:
        before, now = self._kept.get(team_id, channel_id), self._now()
        if before and abs(now - before.looked_at) < REMEMBERED:
            return before
        if not channel_id.startswith(("C", "G")) or time.monotonic() < self._refused.get(channel_id, 0):
            return before
        try:
            said = self._client.conversations_info(channel=channel_id)["channel"]
        except (SlackApiError, OSError) as error:
            reason = error.response["error"] if isinstance(error, SlackApiError) else type(error).__name__
            log.info("channel not known", extra={"reason": reason})
            if len(self._refused) >= MOST:
                self._refused.clear()
            self._refused[channel_id] = time.monotonic() + REFUSED_S
            return None if reason in HIDDEN else before
        private = not said.get("is_channel") or any(said.get(name) for name in ("is_private", "is_im", "is_mpim"))
        shared = any(said.get(name) for name in ("is_ext_shared", "is_pending_ext_shared"))
        found = KnownChannel(channel_id=channel_id, private=private, shared=shared, looked_at=now)
        self._kept.keep(team_id, found)
        return found
