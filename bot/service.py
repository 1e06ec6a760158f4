"""The application layer: a question in, a reply out, the history kept. It knows neither Slack's transport nor the clock."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.access.people import Strangers
from bot.admission import refused, refused_there
from bot.books.accepted import Accepting
from bot.books.deployments import Prober
from bot.books.desks import Desks
from bot.commands import command_of, read, word_of
from bot.commands.estimates.stored_answers import own
from bot.desk.asker import Asker
from bot.desk.books import People
from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.records import Schedule, UsageSource
from bot.desk.registry import ENTRY_OF
from bot.operating.measures import Measures, Unmeasured
from bot.reply import Block, Message, Reply
from bot.views.answers.thread import from_thread
from bot.views.kit.notice import misunderstood, storage_failed
from bot.views.kit.simpler import NATIVE, TABLES, TEXT
from calculator.errors import QuestionError
from calculator.team.own import Own
from storage.database import Database
from storage.errors import NotFound, StorageError
from storage.tables import Tables

if TYPE_CHECKING:
    from bot.commands.thread_follow_up import Followed

log = logging.getLogger(__name__)
REFUSED = {TEXT: "tables refused", TABLES: "data tables refused"}
"""What is remembered of a workspace that needs a simpler form, the simplest first."""


def no_probe(_: UsageSource) -> tuple[UsageSource, str]:
    """Where nothing may be fetched: without settings that allow an address."""
    raise QuestionError(
        "source", "Nothing may be fetched: whoever runs me must name the server in PROMETHEUS_URLS first."
    )


class Service:
    """Answers questions from every surface."""

    def __init__(  # noqa: PLR0913, PLR0917 - what an answer may rest on
        self,
        database: Database,
        now: Callable[[], datetime],
        command: str = "inference",
        people: People | None = None,
        probe: Prober = no_probe,
        measures: Measures | None = None,
    ) -> None:
        self._now = now
        self._command = f"/{command}"
        self._tables = Tables(database)
        self._desks = Desks(self._tables, people or Strangers(), probe, self._command)
        self.channels = self._desks.people.channels
        """What is known of channels, for the clock too."""
        self.changed: Callable[[Asker], None] = lambda _: None
        """Told whenever something may have changed that the person's Home tab shows."""
        self.measures = measures or Unmeasured()
        self.accepting = Accepting(self._tables, now, self.measures)

    def answer(self, text: str, asker: Asker) -> Reply:
        """The answer to `text`; QuestionError where it is not understood. In a thread it may go on from what was asked there."""
        return self._answer(text, self.desk(asker))

    def _answer(self, text: str, desk: Desk) -> Reply:
        followed = self._followed(text, desk) if desk.asker.thread_ts else None
        answer = self.ask(followed.question if followed else read(text), desk)
        base = followed and followed.base
        return from_thread(answer, base.number, base.question) if base and isinstance(answer, Message) else answer

    def _followed(self, text: str, desk: Desk) -> "Followed | None":
        """What a text in a thread asks of the thread's last question."""
        from bot.commands.thread_follow_up import follow  # noqa: PLC0415  # only threads have one

        return follow(text, desk)

    def ask(self, question: Question, desk: Desk) -> Reply:
        """The answer to a question."""
        target = question.goes_to(desk.asker.channel_id)
        if target and (no := self._refused_to(question, target, desk)):
            return no
        try:
            answer = command_of(question).reply(question, desk)
        except NotFound as error:
            raise QuestionError("number", str(error)) from error
        if isinstance(answer, Message) and answer.channel and (no := self._refused_to(question, answer.channel, desk)):
            return no
        self.measures.asked(question.word, "answered")
        if not ENTRY_OF[question.word].keeps_home:
            self.changed(desk.asker)
        return answer

    def _refused_to(self, question: Question, channel: str, desk: Desk) -> Message | None:
        """The sentence where it may not be posted there: asked before it is answered, and of the answer itself."""
        return refused_there(question, channel, desk.asker, desk.rules, desk.people)

    def reply(
        self,
        text: str | Question,
        asker: Asker,
        attached: Callable[[], str] | None = None,
        waiting: Callable[[], object] = int,
    ) -> Reply:
        """The answer, or the message that says what to type instead or what is wrong with the database.

        What `attached` gives, the lines of a file, stands below the text. `waiting` is called where the answer takes long.
        """
        try:
            if no := self.refused(asker):
                return no
            asked = f"{text}\n{attached()}" if attached else text
            desk = self.desk(asker, waiting)
            return self.ask(asked, desk) if isinstance(asked, Question) else self._answer(asked, desk)
        except QuestionError as error:
            self.measures.asked(word_of(text), "misunderstood")
            return misunderstood(error, text=str(text), command=self._command)
        except StorageError as error:
            self.measures.asked(word_of(text), "failed")
            log.warning("storage failed", extra={"reason": str(error)})
            return storage_failed(error)

    def refused(self, asker: Asker) -> Message | None:
        """The sentence for who may not ask, or not here; None for everyone else."""
        return refused(asker, self._desks.rules(asker, self._now()), self._desks.people)

    def desk(self, asker: Asker, waiting: Callable[[], object] = int) -> Desk:
        """What commands work with for this person, from this place."""
        return self._desks.desk(asker, self._now(), waiting)

    def own(self, asker: Asker) -> Own:
        """What the person's team has of its own."""
        return own(self.desk(asker))

    def home(self, asker: Asker, look: str = "") -> Block:
        """The person's Home tab. `look` is the words and the page of the answers that they look at: `llama page 2`."""
        from bot.books.status import health_of  # noqa: PLC0415  # likewise
        from bot.commands.home.home import home_of, looked  # noqa: PLC0415  # only Slack has one

        try:
            if no := self.refused(asker):
                return {"type": "home", "blocks": list(no.blocks)}
            admin = self._desks.people.is_admin(asker.user_id)
            health = health_of(self._tables, asker, self._now()) if admin else None
            return home_of(self.desk(asker), looked(look), health)
        except StorageError as error:
            log.warning("storage failed", extra={"reason": str(error)})
            return {"type": "home", "blocks": list(storage_failed(error).blocks)}

    def opened_home(self, asker: Asker) -> None:
        """The person looks at their Home tab, which is kept fresh from now on."""
        if not self.refused(asker):
            self._tables.homes.opened(asker.team_id, asker.user_id, self._now())

    def has_home(self, asker: Asker) -> bool:
        """Whether they ever looked at it."""
        return self._tables.homes.is_open(asker.team_id, asker.user_id)

    def summary(
        self, schedule: Schedule, due: datetime, notes: tuple[str, ...] = (), desk: Desk | None = None
    ) -> Message:
        """What a schedule posts for the run that is due: what anyone in its channel may see, at whose desk it is made."""
        from bot.commands.tracking.summary import scheduled_summary  # noqa: PLC0415  # only the clock posts

        there = Asker(team_id=schedule.team_id, user_id="", channel_id=schedule.channel_id)
        return scheduled_summary(schedule, due, desk or self.desk(there), notes)

    def shared(self, asker: Asker, number: int, channel: str, thread_ts: str | None = None) -> None:
        """The stored answer was posted in the channel, as this thread's first message or in it."""
        self._tables.comparisons.mark_shared(asker.team_id, number, channel, self._now(), thread_ts)
        self.changed(asker)

    def refuses_tables(self, team_id: str) -> bool:
        """The workspace is known to refuse tables."""
        return self.simplest(team_id) == TEXT

    def remember_tables_refused(self, team_id: str) -> None:
        """Send plain text in place of tables from now on."""
        self.remember_simplest(team_id, TEXT)

    def simplest(self, team_id: str) -> int:
        """The form of blocks that the workspace is known to need, of `views.simpler`."""
        return next((form for form, fact in REFUSED.items() if self._tables.workspaces.get(team_id, fact)), NATIVE)

    def remember_simplest(self, team_id: str, form: int) -> None:
        """Send blocks in this form from now on."""
        self._tables.workspaces.set(team_id, REFUSED[form], self._now().isoformat())
