"""The books of a database, opened once; each question gets a desk at which they are one person's."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from bot.access.rules import Rules
from bot.books.answers import AnswerBook
from bot.books.defaults import DefaultBook
from bot.books.deployments import DeploymentBook, DeploymentTables, Prober
from bot.books.prices import OwnPriceBook
from bot.books.privacy import PrivacyBook
from bot.books.scenarios import ScenarioBook
from bot.books.schedules import ScheduleBook
from bot.books.team import CalibrationBook, OwnModelBook
from bot.desk.asker import Asker
from bot.desk.books import People
from bot.desk.desk import Desk
from storage.calibrations import Calibrations
from storage.comparisons import Comparisons
from storage.database import Database
from storage.defaults import Defaults
from storage.errors import StorageError
from storage.own_models import OwnModels
from storage.posts import Posts
from storage.rates import RateBook
from storage.scenarios import Scenarios
from storage.schedules import Schedules
from storage.workspaces import Workspaces

T = TypeVar("T")


class Desks:
    """Where questions are answered, over one database."""

    def __init__(self, database: Database, people: People, probe: Prober, command: str) -> None:
        self._database, self._probe, self._command = database, probe, command
        self.people = people
        """What is known of people, for every desk."""
        self._opened: dict[Any, Any] = {}

    def _open(self, table: Callable[[Database], T]) -> T:
        """The table, which is opened the first time that it is asked for."""
        if table not in self._opened:
            self._opened[table] = table(self._database)
        found: T = self._opened[table]
        return found

    def desk(self, asker: Asker, now: datetime) -> Desk:
        """What commands work with for this person, from this place."""
        who = (asker, now, self.people)
        return Desk(
            asker=asker,
            now=now,
            people=self.people,
            rules=self.rules(asker, now),
            answers=AnswerBook(*who, self._open(Comparisons)),
            rates=OwnPriceBook(*who, self._open(RateBook)),
            calibrations=CalibrationBook(*who, self._open(Calibrations)),
            own_models=OwnModelBook(*who, self._open(OwnModels)),
            scenarios=ScenarioBook(*who, self._open(Scenarios)),
            deployments=DeploymentBook(*who, self._open(DeploymentTables.of), self._probe),
            schedules=ScheduleBook(*who, self._open(Schedules), self._open(Posts)),
            defaults=DefaultBook(*who, self._open(Defaults)),
            privacy=PrivacyBook(*who, self._database),
            cannot_store=StorageError,
            command=self._command,
        )

    def rules(self, asker: Asker, now: datetime) -> Rules:
        """What the person's workspace has decided."""
        return Rules(asker, now, self.people, self._open(Workspaces))
