"""The application layer: a question in, a reply out, the history kept. It knows neither Slack's transport nor the clock."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.agenda import Agenda, Rules
from bot.calendar import Calendar
from bot.commands import command_of, read
from bot.commands.base import Asker, Desk, Question
from bot.commands.books import People
from bot.commands.record import own
from bot.fleet import Fleet, FleetBooks, Prober
from bot.own_books import CalibrationBook, ModelBook
from bot.people import Strangers
from bot.rate_card import RateCard
from bot.reply import Block, Message, Reply
from bot.scenario_book import ScenarioBook
from bot.shelf import Shelf
from bot.views.notice import misunderstood, storage_failed
from calculator.errors import QuestionError
from calculator.own import Own
from storage.calibrations import Calibrations
from storage.comparisons import Comparisons
from storage.database import Database
from storage.deliveries import Deliveries
from storage.errors import NotFound, StorageError
from storage.own_models import OwnModels
from storage.posts import Posts
from storage.rates import RateBook
from storage.scenarios import Scenarios
from storage.schedules import Schedule, Schedules
from storage.sources import Source
from storage.workspaces import Workspaces

log = logging.getLogger(__name__)
TABLES_REFUSED = "tables refused"


def no_probe(_: Source) -> tuple[Source, str]:
    """Where nothing may be fetched: without settings that allow an address."""
    raise QuestionError(
        "source", "Nothing may be fetched: whoever runs me must name the server in PROMETHEUS_URLS first."
    )


class Service:
    """Answers questions from every surface."""

    def __init__(
        self, database: Database, now: Callable[[], datetime], command: str = "inference", people: People | None = None,
        probe: Prober = no_probe,
    ) -> None:  # fmt: skip
        self._now = now
        self._command = f"/{command}"
        self._database = database
        self._people, self._probe = people or Strangers(), probe
        self._comparisons = Comparisons(database)
        self._rates = RateBook(database)
        self._calibrations, self._models = Calibrations(database), OwnModels(database)
        self._fleet = FleetBooks.of(database)
        self._workspaces = Workspaces(database)
        self._deliveries = Deliveries(database)

    def answer(self, text: str, asker: Asker) -> Reply:
        """The answer to `text`; QuestionError where it is not understood."""
        return self.ask(read(text), asker)

    def ask(self, question: Question, asker: Asker) -> Reply:
        """The answer to a question."""
        try:
            return command_of(question).answer(question, self.desk(asker))
        except NotFound as error:
            raise QuestionError("number", str(error)) from error

    def reply(self, text: str | Question, asker: Asker, attached: Callable[[], str] | None = None) -> Reply:
        """The answer, or the message that says what to type instead or what is wrong with the database.

        What `attached` gives, the lines of a file, stands below the text.
        """
        try:
            asked = f"{text}\n{attached()}" if attached else text
            return self.ask(asked, asker) if isinstance(asked, Question) else self.answer(asked, asker)
        except QuestionError as error:
            return misunderstood(error, text=str(text), command=self._command)
        except StorageError as error:
            log.warning("storage failed", extra={"reason": str(error)})
            return storage_failed(error)

    def desk(self, asker: Asker) -> Desk:
        """What commands work with for this person, from this place."""
        now, people = self._now(), self._people
        return Desk(
            asker, now, Shelf(self._comparisons, asker, now), StorageError, RateCard(self._rates, asker, now),
            CalibrationBook(self._calibrations, asker, now, people), ModelBook(self._models, asker, now, people),
            ScenarioBook(Scenarios(self._database), asker, now, people),
            Fleet(self._fleet, asker, now, people, self._probe),
            Agenda(Schedules(self._database), Posts(self._database), asker, now, people),
            Rules.of(self._database, asker, people), people, self._command,
        )  # fmt: skip

    def own(self, asker: Asker) -> Own:
        """What the person's team has of its own."""
        return own(self.desk(asker))

    def home(self, asker: Asker) -> Block:
        """The person's Home tab: what they run, what is scheduled, and what to try first."""
        from bot.commands.home import home_of  # noqa: PLC0415  # only Slack has one

        try:
            return home_of(self.desk(asker))
        except StorageError as error:
            log.warning("storage failed", extra={"reason": str(error)})
            return {"type": "home", "blocks": list(storage_failed(error).blocks)}

    def summary(self, schedule: Schedule, due: datetime, notes: tuple[str, ...] = ()) -> Message:
        """What a schedule posts for the run that is due: what anyone in its channel may see."""
        from bot.commands.summary import rolling_edges, scheduled_edges, summary_of  # noqa: PLC0415  # only the clock posts

        calendar = Calendar.from_text(schedule.spec)
        asker = Asker(team_id=schedule.team_id, user_id="", channel_id=schedule.channel_id)
        edges = scheduled_edges(calendar, due) if calendar.last_run(due) == due else rolling_edges(calendar, due)
        what = f"Schedule {schedule.number}: {schedule.spec}"
        return summary_of(self.desk(asker), edges, calendar.zone, what, schedule.about, schedule.channel_id, notes)

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
