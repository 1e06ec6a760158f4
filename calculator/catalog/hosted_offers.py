"""Hosted models and published scores."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from pydantic import ValidationError

from calculator.catalog.loader import model_blocks, read
from calculator.catalog.names import hosted_name, hosted_only_keys
from calculator.catalog.resolved import HostedModel, HostedOffer, Quality
from calculator.errors import CatalogError

Offers = Mapping[str, tuple[HostedOffer, ...]]
"""Hosted offers by model."""


@cache
def quality(key: str) -> Quality | None:
    """Published scores of a model; a bare name finds its dated entry (`claude-haiku-4-5`). None where unscored."""
    rows = read("quality")
    dated = next((name for name in rows if re.fullmatch(re.escape(key) + r"-20\d{6}", name)), None)
    name = key if key in rows else dated
    try:
        return Quality.model_validate(rows[name] | {"key": name}) if name else None
    except ValidationError as error:
        raise CatalogError(f"quality.json, {name}: {error}") from error


def hosted_model(key: str) -> HostedModel | None:
    """The hosted side of a model, open or not; None for one that nobody in the catalog hosts."""
    return (_Current.model or _shipped_model)(key)


class _Current:
    """What holds in this process: None for the data file's prices."""

    model: Callable[[str], HostedModel | None] | None = None


def prices_in_force() -> object:
    """A mark of the hosted prices that hold in this process: another one when they were renewed."""
    return _Current.model


def renew(offers: Offers) -> None:
    """Newer prices for everyone in this process from now on; without any, those of the data file."""
    _Current.model = cache(lambda key: _model(key, offers)) if offers else None


@cache
def _shipped_model(key: str) -> HostedModel | None:
    return _model(key, hosted_offers())


def _model(key: str, known: Offers) -> HostedModel | None:
    offers = known.get(key, ())
    if not offers and key not in hosted_only_keys():
        return None
    block = model_blocks().get(key)
    name = block["display_name"] if block else hosted_name(key)
    return HostedModel(key=key, display_name=name, offers=offers, quality=quality(key))


@cache
def hosted_offers() -> Offers:
    """The offers of the data file by model."""
    grouped: dict[str, list[HostedOffer]] = {}
    table = read("hosted_prices")
    for row in table["offers"]:
        fields = {name: value for name, value in row.items() if name != "model"}
        fields["source"] = table["sources"][row["source"]]
        grouped.setdefault(row["model"], []).append(HostedOffer.model_validate(fields))
    return {key: tuple(offers) for key, offers in grouped.items()}
