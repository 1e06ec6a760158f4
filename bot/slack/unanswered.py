"""Questions that were acknowledged and never answered: their person is told, with a button that asks again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http.client import HTTPException
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.books.accepted import Accepting
from bot.desk.asker import Asker
from bot.slack.delivery import Memory, Outlet
from bot.views.kit.notice import unanswered
from storage.accepted import Accepted
from storage.errors import StorageError

log = logging.getLogger(__name__)
CHECK_S = 5
"""How often this process renews its leases, and looks for what others left behind."""
FORGOTTEN = timedelta(days=1)
"""Slack did not take the note for so long: nobody waits for that answer any more."""
AT_ONCE = 100


@dataclass(frozen=True)
class Unanswered:
    """Tells people of one workspace what was not answered."""

    accepting: Accepting
    client: WebClient
    memory: Memory
    team_id: str
    command: str
    now: Callable[[], datetime]

    def live(self) -> None:
        """Say that this process lives; apart from telling, which may wait for Slack."""
        _unless_locked(lambda: self.accepting.table.renew(self.now()))

    def tell(self) -> None:
        """Tell of what others left behind, and of what Slack did not take."""
        _unless_locked(self._tell_all)

    def _tell_all(self) -> None:
        self.accepting.table.renew(self.now())  # what is being answered here is not left behind
        for _ in range(AT_ONCE):
            if (left := self.accepting.table.take_lapsed(self.team_id, self.now())) is None:
                return
            self._settle(left)

    def _settle(self, left: Accepted) -> None:
        if self.now() - left.accepted_at > FORGOTTEN:
            log.warning("unanswered, and not told")
            self.accepting.table.finish(left.id)
            return
        try:
            self._tell(left)
        except (SlackApiError, OSError, HTTPException) as error:
            log.warning("unanswered, and not told yet", extra={"reason": type(error).__name__})
        else:
            log.warning("told of an unanswered question")
            self.accepting.table.finish(left.id)

    def _tell(self, left: Accepted) -> None:
        asker = Asker(team_id=left.team_id, user_id=left.user_id, channel_id=left.channel_id, thread_ts=left.thread_ts)
        restarted = left.process != self.accepting.table.process
        note = unanswered(left.text, self.command, restarted=restarted)
        outlet = Outlet(self.client, asker, self.memory, left.response_url or None)
        try:
            outlet.deliver(note)
        except URLError:  # nothing was sent there: it may have been the response address alone
            replace(outlet, response_url=None).deliver(note)


def _unless_locked(work: Callable[[], object]) -> None:
    try:
        work()
    except StorageError as error:
        log.warning("the unanswered wait for the database", extra={"reason": str(error)})
