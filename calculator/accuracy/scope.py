"""How accurate predictions are for one card, model or engine, or what they rest on where it was never measured."""

from dataclasses import dataclass
from typing import Literal

from calculator.accuracy.page import name_of
from calculator.accuracy.table import METRICS, Line, Table
from calculator.catalog import loader
from calculator.physics.levels import KIN, class_of

By = Literal["gpu", "model", "engine"]
LEFT_OUT = {"gpu": "cards", "model": "models"}
"""What was left out whole when predictions of a card or a model were tested as if it were new."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One card, model or engine in the committed table."""

    by: By
    key: str
    name: str
    """For people."""
    own: tuple[Line, ...]
    """Errors on its own measurements, with their groups left out; empty where it was never measured."""
    as_new: tuple[Line, ...]
    """Errors on them with all of it left out."""
    rests_on: str
    """Whose coefficients it has where it was never measured: `the hopper class`."""
    wider: float
    """How much wider its interval of the time per output token is, on a logarithmic scale; 1 for an engine."""


def scope_of(table: Table, by: By, key: str) -> Scope:
    """What the table says of a key of the catalog."""
    kind = LEFT_OUT.get(by)
    as_new = _lines(table, kind, by, key) if kind else ()
    return Scope(by, key, name_of(by, key), _lines(table, "groups", by, key), as_new, _rests_on(by, key), _wider(by))


def _lines(table: Table, kind: str, by: By, key: str) -> tuple[Line, ...]:
    found = (table.line(metric, kind, by, key) for metric in METRICS)
    return tuple(line for line in found if line)


def _rests_on(by: By, key: str) -> str:
    if by == "gpu":
        return f"the {class_of(loader.gpu(key))} class"
    if by == "model":
        return "every model of its kind"
    kin = KIN.get(key)
    return name_of("engine", kin) if kin else "all engines together"


def _wider(by: By) -> float:
    card, model, _ = loader.read("coefficients")["intervals"]["widening"].get("tpot_s", (1.0, 1.0, 1.0))
    return float({"gpu": card, "model": model}.get(by, 1.0))
