"""What a workspace has of its own, as one person sees and changes it: measurements and models."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.access.bound import Bound
from bot.access.owners import must_own
from calculator.errors import QuestionError
from calculator.specs.model import ModelSpec
from calculator.team.measurement import OwnMeasurement
from calculator.team.own import Own
from storage.errors import NameTaken, NotFound
from storage.own_models import OwnModel
from storage.tables import Tables

MOST = 200
"""Models that a workspace may have."""


@dataclass(frozen=True)
class CalibrationBook(Bound):
    """Own measurements of the asker's workspace."""

    def current(self) -> tuple[OwnMeasurement, ...]:
        """What counts now, the newest first."""
        return self.tables.calibrations.current(self.asker.team_id)

    def add(self, measurements: Sequence[OwnMeasurement]) -> tuple[OwnMeasurement, ...]:
        """Measurements from now on, entered by the asker; gives them with their numbers."""
        return self.tables.calibrations.add(self.asker.team_id, self.asker.user_id, measurements, self.now)

    def remove(self, number: int) -> OwnMeasurement:
        """A measurement that counts no longer; QuestionError where it is not the asker's to remove."""
        found = next((one for one in self.current() if one.number == number), None)
        if found:
            must_own(self.asker, self.people, found.user_id, f"Measurement {number}")
        return self.tables.calibrations.remove(self.asker.team_id, self.asker.user_id, number, self.now)

    def restore(self, number: int) -> OwnMeasurement:
        """A removed measurement that counts again."""
        return self.tables.calibrations.restore(self.asker.team_id, self.asker.user_id, number, self.now)


@dataclass(frozen=True)
class OwnModelBook(Bound):
    """Own models of the asker's workspace."""

    def current(self) -> tuple[OwnModel, ...]:
        """All that may be used, by name."""
        return self.tables.own_models.current(self.asker.team_id)

    def specs(self) -> tuple[ModelSpec, ...]:
        """The same as the calculator takes them."""
        return specs_of(self.current())

    def get(self, name: str) -> OwnModel | None:
        """What the name means, or meant before it was removed; None for a name that was never given."""
        return self.tables.own_models.get(self.asker.team_id, name)

    def add(self, name: str, config: str) -> OwnModel:
        """A model from now on; QuestionError where the name means another one, or there is no room."""
        if len(self.current()) >= MOST:
            raise QuestionError("name", f"Your team has {MOST} models already. Remove one first: `model list`.")
        try:
            return self.tables.own_models.add(self.asker.team_id, self.asker.user_id, name, config, self.now)
        except NameTaken as error:
            raise QuestionError("name", str(error)) from error

    def remove(self, name: str) -> OwnModel:
        """A model that may no longer be used; QuestionError where it is not the asker's to remove."""
        found = next((one for one in self.current() if one.name.lower() == name.lower()), None)
        if found:
            must_own(self.asker, self.people, found.user_id, f"Model {name}")
        try:
            return self.tables.own_models.remove(self.asker.team_id, self.asker.user_id, name, self.now)
        except NotFound as error:
            raise QuestionError("name", str(error)) from error


@lru_cache(maxsize=256)
def spec_of(name: str, config: str) -> ModelSpec:
    """The model that a config.json describes, under the name that questions use."""
    from calculator.config_json.model import model_from_config  # noqa: PLC0415  # only an own model needs it

    return model_from_config(json.loads(config), name)


def specs_of(models: Sequence[OwnModel]) -> tuple[ModelSpec, ...]:
    """Own models as the calculator takes them; those that it understands no longer are left out."""
    return tuple(spec for one in models if (spec := _understood(one)))


def _understood(model: OwnModel) -> ModelSpec | None:
    try:
        return spec_of(model.name, model.config)
    except QuestionError:
        return None


def own_of(tables: Tables, team_id: str) -> Own:
    """All that a workspace has of its own."""
    return Own(
        rates=tables.rates.current(team_id),
        measurements=tables.calibrations.current(team_id),
        models=specs_of(tables.own_models.current(team_id)),
    )
