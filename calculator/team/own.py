"""What a team has of its own, beside the catalog: prices it pays, points it measured, models it serves."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from calculator.catalog.resolved import Resolved
from calculator.errors import QuestionError
from calculator.specs.model import ModelSpec
from calculator.specs.price import OwnRate
from calculator.team.measurement import OwnMeasurement

PREFIX = "our/"
OWN_NAME = re.compile(rf"{PREFIX}[a-z0-9](?:[a-z0-9.-]{{0,58}}[a-z0-9])?(?![\w/-])", re.IGNORECASE)
"""What a model of the team's own is called in a question."""


class Own(NamedTuple):
    """Everything of the team's own that an answer may rest on."""

    rates: tuple[OwnRate, ...] = ()
    """Prices that come before the catalog's."""
    measurements: tuple[OwnMeasurement, ...] = ()
    """Operating points that correct predictions."""
    models: tuple[ModelSpec, ...] = ()
    """Models from their config.json; `key` is the name that questions use."""


NOTHING = Own()


def is_own(words: str) -> bool:
    """Whether the words name a model of a team's own, known or not."""
    return OWN_NAME.fullmatch(words.strip()) is not None


def find_own(words: str, models: Sequence[ModelSpec]) -> Resolved[ModelSpec] | None:
    """The model of the team's own that `words` name; None where they mean the catalog. QuestionError for an unknown one."""
    if not is_own(words):
        return None
    name = words.strip().lower()
    found = next((model for model in models if model.key == name), None)
    if found is None:
        raise no_such_model(name, [model.key for model in models])
    return Resolved(found, words)


def no_such_model(name: str, known: Sequence[str], field: str = "model_size") -> QuestionError:
    """The team has no model of this name; perhaps one of those that are known was meant."""
    near = _closest(name, known)
    perhaps = f" Did you mean `{near[0]}`?" if near else ""
    return QuestionError(
        field,
        f"Your team has no model {name}.{perhaps} `model list` lists yours, `model {name}` and its config.json adds one.",
        near,
    )


def _closest(name: str, known: Sequence[str]) -> tuple[str, ...]:
    from rapidfuzz import process  # noqa: PLC0415  # only a misspelling pays for it

    bare = {key.removeprefix(PREFIX): key for key in known}
    return tuple(bare[key] for key, _, _ in process.extract(name.removeprefix(PREFIX), list(bare), score_cutoff=60))
