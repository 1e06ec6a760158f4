"""What Slack says of people: who is an admin, and in which time zone someone is."""

import logging
import threading
import time
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.desk.books import Channels

log = logging.getLogger(__name__)
REMEMBERED_S = 600.0
"""Slack is asked about a person at most every ten minutes."""
MOST = 5_000


class SlackPeople:
    """People of a workspace, as `users.info` has them (scope `users:read`); remembered for ten minutes."""

    def __init__(self, client: WebClient, channels: Channels, remembered_s: float = REMEMBERED_S) -> None:
        self._client, self._remembered_s = client, remembered_s
        self._company: str | None = None
        """The organisation's id; empty for none, None until Slack has said it."""
        self.channels = channels
        self._known: dict[str, tuple[float, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def is_admin(self, user_id: str) -> bool:
        """Whether they administer the workspace; not where Slack does not say."""
        person = self._person(user_id)
        return bool(person.get("is_admin") or person.get("is_owner"))

    def is_known(self, user_id: str) -> bool:
        """Whether Slack says, or ever said, who they are."""
        person = self._person(user_id)
        return bool(person) and not person.get("deleted")

    def is_guest(self, user_id: str) -> bool:
        """Whether they are a guest, of one channel or of several."""
        person = self._person(user_id)
        return bool(person.get("is_restricted") or person.get("is_ultra_restricted"))

    def is_foreign(self, user_id: str, team_id: str) -> bool:
        """Whether they belong to another organisation. In an Enterprise organisation people move between workspaces."""
        person = self._person(user_id)
        if person.get("is_stranger"):
            return True
        if not person or person.get("team_id") == team_id:
            return False
        company = (person.get("enterprise_user") or {}).get("enterprise_id")
        return not company or company != self._enterprise()

    def _enterprise(self) -> str | None:
        """The Enterprise organisation for which the bot was authorized; None where it is a workspace of its own."""
        if self._company is None:
            try:
                self._company = str(self._client.auth_test().get("enterprise_id") or "")
            except (SlackApiError, OSError):
                return None
        return self._company or None

    def zone(self, user_id: str) -> str | None:
        """The IANA name of their time zone."""
        return self._person(user_id).get("tz")

    def _person(self, user_id: str) -> dict[str, Any]:
        at = time.monotonic()
        with self._lock:
            asked, person = self._known.get(user_id, (-self._remembered_s, {}))
        if at - asked < self._remembered_s or not user_id:
            return person
        try:
            found = dict(self._client.users_info(user=user_id)["user"])
        except (SlackApiError, OSError) as error:
            reason = error.response["error"] if isinstance(error, SlackApiError) else type(error).__name__
            log.info("person not known", extra={"reason": reason})
            return person
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[user_id] = (at, found)
        return found
