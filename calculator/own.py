"""What a team has of its own, beside the catalog: prices it pays, points it measured, models it serves."""

from calculator.base import Frozen
from calculator.calibration import OwnMeasurement
from calculator.model import ModelSpec
from calculator.price import OwnRate


class Own(Frozen):
    """Everything of the team's own that an answer may rest on."""

    rates: tuple[OwnRate, ...] = ()
    """Prices that come before the catalog's."""
    measurements: tuple[OwnMeasurement, ...] = ()
    """Operating points that correct predictions."""
    models: tuple[ModelSpec, ...] = ()
    """Models from their config.json; `key` is the name that questions use."""


NOTHING = Own()
