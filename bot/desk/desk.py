"""What a command may use while it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.desk.asker import Asker
from bot.desk.books import (
    Calibrations,
    Defaults,
    Deployments,
    OwnModels,
    People,
    Privacy,
    Rates,
    Rules,
    Scenarios,
    Schedules,
    StoredAnswers,
)


@dataclass(frozen=True)
class Desk:
    """What a command may use while it answers: who asks, the time, and the books that the question may be about."""

    asker: Asker
    now: datetime
    answers: StoredAnswers
    cannot_store: type[Exception]
    """What `answers` raises when the database refuses; the answer is given all the same."""
    rates: Rates
    calibrations: Calibrations
    own_models: OwnModels
    scenarios: Scenarios
    deployments: Deployments
    schedules: Schedules
    rules: Rules
    people: People
    defaults: Defaults
    privacy: Privacy
    command: str = "/inference"
    waiting: Callable[[], object] = int
    """Called once where the answer has to wait for its turn; by default nobody is told."""

    @property
    def zone(self) -> str:
        """The asker's time zone: as they or their workspace set it, else as Slack has it."""
        default = self.defaults.current().get("zone")
        return default.value if default else self.people.zone(self.asker.user_id) or "UTC"
