"""Offers as gpuhunt lists them, under the names and in the regions that the catalog knows; what could be two cards is left out."""

import math
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple, Protocol

from calculator.catalog.loader import gpu, read
from calculator.catalog.lookup import find_gpu
from calculator.catalog.price_book import Offer
from calculator.errors import QuestionError

SOURCE = "gpuhunt (dstack) <- the provider's price list"
PROVIDERS = {"lambdalabs": "lambda", "datacrunch": "verda", "vastai": "vast-ai", "jarvislabs": "jarvis-labs"}
"""What gpuhunt calls them, where the catalog says it otherwise."""
FORMS = ("sxm", "pcie", "nvl")
"""What tells two cards of one name apart, where the instance's name says it."""
ANYWHERE = "any"
MEMORY_TOLERANCE = 0.1
"""gpuhunt counts 270 GB where the label says 288."""


class Listed(Protocol):
    """One row of gpuhunt's catalog. The price is for the whole instance, dollars an hour."""

    @property
    def provider(self) -> str: ...
    @property
    def instance_name(self) -> str: ...
    @property
    def location(self) -> str: ...
    @property
    def price(self) -> float: ...
    @property
    def gpu_count(self) -> int: ...
    @property
    def gpu_name(self) -> str | None: ...
    @property
    def gpu_memory(self) -> float | None: ...
    @property
    def spot(self) -> bool: ...


class Place(NamedTuple):
    """What tells one offer from another: the card, whose, where, how many of them, and whether it may be interrupted."""

    gpu: str
    provider: str
    region: str
    gpus: int
    spot: bool


def recognised(items: Iterable[Listed], today: str) -> tuple[Offer, ...]:
    """The cheapest of each card, provider, region, size and kind, as offers seen on the ISO day `today`.

    Left out: providers, regions and cards that the catalog does not know, so that a default price keeps its meaning.
    """
    best: dict[Place, Offer] = {}
    for item in items:
        provider = PROVIDERS.get(item.provider, item.provider)
        region, key = _region(provider, item.location), _card(provider, item)
        if region is None or key is None or not (math.isfinite(item.price) and item.price > 0):
            continue
        place, usd = Place(key, provider, region, item.gpu_count, item.spot), item.price / item.gpu_count
        if place not in best or usd < best[place].usd_per_gpu_hour:
            best[place] = offer(place, item.gpu_name or key, usd, today, SOURCE)
    return tuple(best.values())


def offer(place: Place, card: str, usd: float, day: str, source: str) -> Offer:
    """An offer at `usd` per card and hour, seen on an ISO day; `card` as the provider names it."""
    return Offer.model_validate(
        {
            "gpu": place.gpu,
            "card": card,
            "provider": place.provider,
            "instance": f"{place.gpus}x {card}",
            "gpus": place.gpus,
            "region": place.region,
            "spot_usd_per_hour" if place.spot else "on_demand_usd_per_hour": usd * place.gpus,
            "usd_per_gpu_hour": usd,
            "date": day,
            "source": source,
        }
    )


def _region(provider: str, location: str) -> str | None:
    """The catalog's region: the same one, or `any` at a provider whose prices do not depend on it."""
    known = _regions().get(provider, frozenset())
    if location in known:
        return location
    return ANYWHERE if known == {ANYWHERE} else None


def _card(provider: str, item: Listed) -> str | None:
    """The one card that is meant: by the instance where the catalog knows it, else by name, memory and form."""
    if item.gpu_count < 1 or not item.gpu_name or not item.gpu_memory:
        return None
    known = _instances().get((provider, item.instance_name))
    form = next((word for word in FORMS if word in item.instance_name.lower()), "")
    return known or _only_card(item.gpu_name, item.gpu_memory, form)


@cache
def _only_card(name: str, memory_gb: float, form: str) -> str | None:
    try:
        found = find_gpu(name)
    except QuestionError:
        return None
    keys = (found.spec.key, *found.alternatives)
    cards = [gpu(key) for key in keys if form in key or not any(other in key for other in FORMS)]
    fitting = [card for card in cards if abs(card.memory_label_gb / memory_gb - 1) <= MEMORY_TOLERANCE]
    return fitting[0].key if len(fitting) == 1 else None


@cache
def _regions() -> dict[str, frozenset[str]]:
    rows = read("gpu_prices")["offers"]
    return {
        one: frozenset(row["region"] for row in rows if row["provider"] == one)
        for one in {row["provider"] for row in rows}
    }


@cache
def _instances() -> dict[tuple[str, str], str]:
    """The card of each instance type that the catalog prices."""
    return {(row["provider"], row["instance"]): row["gpu"] for row in read("gpu_prices")["offers"] if row.get("gpu")}
