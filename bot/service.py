"""The application layer: a question in, a reply out, the history kept. It knows neither Slack's transport nor the clock."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.commands import command_of, read
from bot.commands.base import Asker, Desk, Question
from bot.reply import Reply
from bot.shelf import Shelf
from bot.views.notice import misunderstood, storage_failed
from calculator.errors import QuestionError
from storage.comparisons import Comparisons
from storage.database import Database
from storage.deliveries import Deliveries
from storage.errors import NotFound, StorageError
from storage.workspaces import Workspaces

log = logging.getLogger(__name__)
TABLES_REFUSED = "tables refused"


class Service:
    """Answers questions from every surface."""

    def __init__(self, database: Database, now: Callable[[], datetime], command: str = "inference") -> None:
        self._now = now
        self._command = f"/{command}"
        self._comparisons = Comparisons(database)
        self._workspaces = Workspaces(database)
        self._deliveries = Deliveries(database)

    def answer(self, text: str, asker: Asker) -> Reply:
        """The answer to `text`; QuestionError where it is not understood."""
        return self.ask(read(text), asker)

    def ask(self, question: Question, asker: Asker) -> Reply:
        """The answer to a question."""
        try:
            return command_of(question).answer(question, self._desk(asker))
        except NotFound as error:
            raise QuestionError("number", str(error)) from error

    def reply(self, text: str | Question, asker: Asker) -> Reply:
        """The answer, or the message that says what to type instead or what is wrong with the database."""
        try:
            return self.ask(text, asker) if isinstance(text, Question) else self.answer(text, asker)
        except QuestionError as error:
            return misunderstood(error, text=str(text), command=self._command)
        except StorageError as error:
            log.warning("storage failed", extra={"reason": str(error)})
            return storage_failed(error)

    def _desk(self, asker: Asker) -> Desk:
        now = self._now()
        return Desk(asker, now, Shelf(self._comparisons, asker, now), StorageError, self._command)

    def first_time(self, event_id: str) -> bool:
        """Whether this event was not seen in the last ten minutes: Slack repeats events."""
        return not self._deliveries.seen(event_id, self._now())

    def shared(self, asker: Asker, number: int, channel: str) -> None:
        """The stored answer was posted in the channel."""
        self._comparisons.mark_shared(asker.team_id, number, channel, self._now())

    def refuses_tables(self, team_id: str) -> bool:
        """The workspace is known to refuse tables."""
        return self._workspaces.get(team_id, TABLES_REFUSED) is not None

    def remember_tables_refused(self, team_id: str) -> None:
        """Send plain text in place of tables from now on."""
        self._workspaces.set(team_id, TABLES_REFUSED, self._now().isoformat())
