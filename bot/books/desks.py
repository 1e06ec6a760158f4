"""Where questions are answered: over the tables of a database, each question gets a desk whose books are one person's."""

from collections.abc import Callable
from datetime import datetime

from bot.access.rules import Rules
from bot.books.answers import AnswerBook
from bot.books.defaults import DefaultBook
from bot.books.deployments import DeploymentBook, Prober
from bot.books.prices import OwnPriceBook
from bot.books.privacy import PrivacyBook
from bot.books.scenarios import ScenarioBook
from bot.books.schedules import ScheduleBook
from bot.books.team import CalibrationBook, OwnModelBook
from bot.desk.asker import Asker
from bot.desk.books import People
from bot.desk.desk import Desk
from storage.errors import StorageError
from storage.tables import Tables


class Desks:
    """The desks over one database."""

    def __init__(self, tables: Tables, people: People, probe: Prober, command: str) -> None:
        self._tables, self._probe, self._command = tables, probe, command
        self.people = people
        """What is known of people, for every desk."""

    def desk(self, asker: Asker, now: datetime, waiting: Callable[[], object] = int) -> Desk:
        """What commands work with for this person, from this place."""
        bound = (asker, now, self.people, self._tables)
        return Desk(
            asker=asker,
            now=now,
            people=self.people,
            rules=Rules(*bound),
            answers=AnswerBook(*bound),
            rates=OwnPriceBook(*bound),
            calibrations=CalibrationBook(*bound),
            own_models=OwnModelBook(*bound),
            scenarios=ScenarioBook(*bound),
            deployments=DeploymentBook(*bound, self._probe),
            schedules=ScheduleBook(*bound),
            defaults=DefaultBook(*bound),
            privacy=PrivacyBook(*bound),
            cannot_store=StorageError,
            command=self._command,
            waiting=waiting,
        )

    def rules(self, asker: Asker, now: datetime) -> Rules:
        """What the person's workspace has decided."""
        return Rules(asker, now, self.people, self._tables)
