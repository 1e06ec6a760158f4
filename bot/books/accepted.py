"""From the acknowledgement to the answer: written down before the work, crossed out when the person has it.

What a process that was killed leaves behind, and what Slack did not take, is told to its person: see bot/slack/unanswered.py.
"""

import logging
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from bot.desk.asker import Asker
from bot.operating.measures import Measures
from storage.accepted import NewAccepted
from storage.errors import StorageError
from storage.tables import Tables

log = logging.getLogger(__name__)


class Accepting:
    """What was acknowledged and is being answered."""

    def __init__(self, tables: Tables, now: Callable[[], datetime], measures: Measures) -> None:
        self.table = tables.accepted
        """As this process holds it: what it has taken is its own until it lives no longer."""
        self._now, self._measures = now, measures

    @contextmanager
    def taken(self, delivery_id: str, asker: Asker, text: str, response_url: str | None) -> Iterator[bool]:
        """Within, a question is answered; it stays written down when that fails. False where it came before."""
        name, started = delivery_id or secrets.token_hex(16), time.monotonic()
        first = self._take(name, asker, text, response_url)
        try:
            yield first
        finally:
            self.table.let_go(name)
        if first:
            self._measures.answered(time.monotonic() - started)
            self.finish(name)

    def _take(self, name: str, asker: Asker, text: str, response_url: str | None) -> bool:
        """Without the database a question is answered all the same."""
        asked = NewAccepted(
            id=name,
            team_id=asker.team_id,
            user_id=asker.user_id,
            channel_id=asker.channel_id,
            thread_ts=None if asker.begins_thread else asker.thread_ts,
            text=text,
            response_url=response_url or "",
        )
        try:
            return self.table.take(asked, self._now())
        except StorageError as error:
            log.warning("not written down", extra={"reason": str(error)})
            return True

    def finish(self, delivery_id: str) -> None:
        """Its person has an answer, or an apology."""
        try:
            self.table.finish(delivery_id)
        except StorageError as error:
            log.warning("not crossed out", extra={"reason": str(error)})
