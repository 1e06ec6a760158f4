"""Which published measurement is closest to a deployment: what was measured, never the figure itself."""

import math
from functools import lru_cache
from typing import NamedTuple

from calculator.catalog import loader
from calculator.specs.deployment import Deployment
from calculator.specs.precision import PRECISIONS

OTHER_CARD, OTHER_MODEL, OTHER_ENGINE, OTHER_PRECISION, PER_DOUBLING = 4.0, 4.0, 1.5, 1.0, 0.25
"""How far apart two setups are for each difference; batches by how often one doubles into the other."""


class Setup(NamedTuple):
    """A model on a card in an engine and a precision, and the numbers in flight that were measured."""

    model: str
    card: str
    engine: str
    precision: str
    batches: tuple[int, ...]


@lru_cache(maxsize=1)
def setups() -> tuple[Setup, ...]:
    """Every setup that was measured."""
    rows = loader.read("coefficients").get("measured", ())
    return tuple(Setup(model, card, engine, precision, tuple(sizes)) for model, card, engine, precision, sizes in rows)


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[str], frozenset[str]]:
    return frozenset(setup.card for setup in setups()), frozenset(setup.model for setup in setups())


def is_known_card(key: str) -> bool:
    """Whether anything was measured on this accelerator."""
    return key in _known()[0]


def is_known_model(key: str) -> bool:
    """Whether anything was measured of this model."""
    return key in _known()[1]


def is_known_campaign(name: str) -> bool:
    """Whether measurements of this source were fitted."""
    return name in loader.read("coefficients").get("sources", ())


def nearest_measurement(deployment: Deployment, batch: float) -> str | None:
    """The closest measured setup in words; None where neither card nor model was ever measured.

    `batch` is the number of sequences in flight per replica.
    """
    d = deployment
    setup = _nearest(d.model.key, d.gpu.key, d.engine.key, d.precision.key)
    if setup is None:
        return None
    size = min(setup.batches, key=lambda measured: _doublings(measured, batch), default=None)
    return ", ".join(_words(setup)) + (f", batch {size}" if size else "")


@lru_cache(maxsize=2048)
def _nearest(model: str, card: str, engine: str, precision: str) -> Setup | None:
    close = [setup for setup in setups() if card == setup.card or model == setup.model]
    return min(close, key=lambda setup: _distance(setup, model, card, engine, precision), default=None)


def _distance(setup: Setup, model: str, card: str, engine: str, precision: str) -> float:
    differences = (
        (OTHER_CARD, setup.card != card),
        (OTHER_MODEL, setup.model != model),
        (OTHER_ENGINE, setup.engine != engine),
        (OTHER_PRECISION, setup.precision != precision),
    )
    size = _doublings(loader.model(setup.model).counts.active, loader.model(model).counts.active) if _has(model) else 0
    return sum(weight for weight, differs in differences if differs) + PER_DOUBLING * size


def _has(model: str) -> bool:
    return model in loader.model_keys()


def _doublings(a: float, b: float) -> float:
    return abs(math.log2(max(a, 1) / max(b, 1)))


def _words(setup: Setup) -> tuple[str, ...]:
    precision = PRECISIONS.get(setup.precision)
    engine = loader.engine(setup.engine).display_name if setup.engine in loader.engine_keys() else "another engine"
    return (
        loader.gpu(setup.card).display_name,
        loader.model(setup.model).display_name,
        precision.label if precision else setup.precision,
        engine,
    )
