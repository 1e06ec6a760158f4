"""What an accelerator costs to rent: dated offers, and the choices among them."""

from collections.abc import Iterable, Sequence
from functools import cache
from statistics import median
from typing import Literal

from calculator.base import Frozen
from calculator.catalog.loader import read
from calculator.errors import QuestionError
from calculator.specs.price import NoPrice, Price

Choice = Literal["median", "cheapest", "spot"]
OLD_BEFORE = "2026"
"""A price dated before this is called old: the catalog's others are of 2026."""


class Offer(Frozen):
    """One dated cloud offer."""

    gpu: str | None = None
    """Accelerator in the catalog; None for a card that the catalog lacks."""
    card: str
    """The card as the provider names it."""
    provider: str
    """Who rents it out."""
    instance: str
    """Instance type, or the offer's name."""
    gpus: int
    """Accelerators in the instance."""
    region: str
    """Region; `any` where the price does not depend on it."""
    on_demand_usd_per_hour: float | None = None
    """Price of the instance; None for spot and marketplace rows."""
    spot_usd_per_hour: float | None = None
    """Interruptible price of the instance."""
    usd_per_gpu_hour: float
    """Price per accelerator: on demand where there is one, else spot."""
    gpu_memory_gb: float | None = None
    """Memory of one accelerator, as stated."""
    vcpus: float | None = None
    """Processor threads of the instance."""
    memory_gb: float | None = None
    """Main memory of the instance."""
    date: str
    """When the price was seen, ISO."""
    source: str
    """Where."""
    note: str | None = None
    """What the source says about it."""

    @property
    def spot_usd_per_gpu_hour(self) -> float | None:
        """Interruptible price per accelerator."""
        return None if self.spot_usd_per_hour is None else self.spot_usd_per_hour / self.gpus


class PriceBook:
    """Dated offers and the choices among them. The default one holds the catalog's."""

    def __init__(self, offers: Iterable[Offer]) -> None:
        self._by_gpu: dict[str | None, list[Offer]] = {}
        self._answered: dict[tuple[str | None, ...], Price | NoPrice] = {}
        for offer in offers:
            self._by_gpu.setdefault(offer.gpu, []).append(offer)

    def with_newer(self, offers: Iterable[Offer]) -> "PriceBook":
        """The same with newer offers; a provider's on-demand ones take the place of all that it had of the accelerator."""
        newer = tuple(offers)
        replaced = {(offer.gpu, offer.provider) for offer in newer if offer.on_demand_usd_per_hour is not None}
        kept = (offer for known in self._by_gpu.values() for offer in known)
        return PriceBook((*(offer for offer in kept if (offer.gpu, offer.provider) not in replaced), *newer))

    def offers(self, gpu: str, provider: str | None = None, region: str | None = None) -> tuple[Offer, ...]:
        """Every offer of an accelerator, of one provider and in one region where these are given."""
        return tuple(
            offer
            for offer in self._by_gpu.get(gpu, ())
            if provider in {None, offer.provider} and region in {None, offer.region}
        )

    def cloud(
        self, gpu: str, provider: str | None = None, region: str | None = None, choice: Choice = "median"
    ) -> Price | NoPrice:
        """What renting one accelerator costs per hour, in dollars.

        median: over the providers' on-demand prices, each provider by its newest date, fewest accelerators and
        smallest size (sizes with many threads inflate the price). cheapest: the lowest of these. spot: the lowest
        interruptible price. NoPrice says what to type. QuestionError for an unknown provider or region.
        """
        asked = (gpu, provider, region, choice)
        if asked not in self._answered:
            _check("provider", provider, providers())
            _check("region", region, regions())
            self._answered[asked] = self._cloud(gpu, provider, region, choice)
        return self._answered[asked]

    def _cloud(self, gpu: str, provider: str | None, region: str | None, choice: Choice) -> Price | NoPrice:
        found = self.offers(gpu, provider, region)
        priced = _spot(found) if choice == "spot" else _on_demand(found)
        if not priced:
            return NoPrice(reason=self._no_price(gpu, provider, region, choice))
        lowest = min(priced, key=lambda pair: pair[0])
        chosen = priced if choice == "median" else [lowest]
        return _price(chosen, priced, choice, region)

    def _no_price(self, gpu: str, provider: str | None, region: str | None, choice: Choice) -> str:
        where = "".join([f" from {provider}" if provider else "", f" in {region}" if region else ""])
        kind = "spot" if choice == "spot" else "on-demand"
        others = sorted({offer.provider for offer in self.offers(gpu) if offer.on_demand_usd_per_hour})
        hint = f" Others rent it: {', '.join(others[:6])}." if others and where else ""
        return f"no {kind} price of {gpu}{where} is known.{hint} Type your own, such as `$0.60/h`."


@cache
def shipped() -> PriceBook:
    """The offers of the data file."""
    table = read("gpu_prices")
    return PriceBook(Offer.model_validate(row | {"source": table["sources"][row["source"]]}) for row in table["offers"])


class _Current:
    """What holds in this process: the data file's offers, or these with newer ones."""

    book: PriceBook | None = None


def price_book() -> PriceBook:
    """The catalog's offers, with the newer ones that were handed to `renew`."""
    return _Current.book or shipped()


def renew(offers: Iterable[Offer]) -> None:
    """Newer offers for everyone in this process from now on; without any, those of the data file alone."""
    newer = tuple(offers)
    _Current.book = shipped().with_newer(newer) if newer else None


@cache
def providers() -> tuple[str, ...]:
    """Every provider with an offer."""
    return tuple(sorted({row["provider"] for row in read("gpu_prices")["offers"]}))


@cache
def regions() -> tuple[str, ...]:
    """Every region that an offer names."""
    return tuple(sorted({row["region"] for row in read("gpu_prices")["offers"]} - {"any"}))


Priced = Sequence[tuple[float, Offer]]


def _on_demand(offers: Iterable[Offer]) -> Priced:
    """One on-demand price per provider: newest date, fewest accelerators, lowest price among the sizes."""
    best: dict[str, Offer] = {}
    for offer in offers:
        if offer.on_demand_usd_per_hour is not None:
            known = best.get(offer.provider)
            if known is None or _rank(offer) < _rank(known):
                best[offer.provider] = offer
    return [(offer.usd_per_gpu_hour, offer) for offer in best.values()]


def _rank(offer: Offer) -> tuple[int, int, float]:
    return (-int(offer.date.replace("-", "")), offer.gpus, offer.usd_per_gpu_hour)


def _spot(offers: Iterable[Offer]) -> Priced:
    priced = []
    for offer in offers:
        spot = offer.spot_usd_per_gpu_hour
        if spot is None and offer.on_demand_usd_per_hour is None:
            spot = offer.usd_per_gpu_hour
        if spot is not None:
            priced.append((spot, offer))
    return priced


def _price(chosen: Priced, considered: Priced, choice: Choice, region: str | None) -> Price:
    dates = sorted({offer.date for _, offer in chosen})
    low, high = min(value for value, _ in considered), max(value for value, _ in considered)
    sources = sorted({offer.source for _, offer in chosen})
    old = f"; {'old' if dates[-1] < OLD_BEFORE else 'oldest'}: {dates[0][:7]}" if dates[0] < OLD_BEFORE else ""
    kind = {"median": "median on-demand price", "cheapest": "cheapest on-demand price", "spot": "cheapest spot price"}
    return Price(
        usd_per_gpu_hour=median(value for value, _ in chosen),
        basis="cloud",
        providers=tuple(sorted({offer.provider for _, offer in chosen})),
        region=region or (chosen[0][1].region if len({offer.region for _, offer in chosen}) == 1 else None),
        date=dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}",
        source="; ".join(sources) if len(sources) <= 2 else f"{len(sources)} price lists",
        low=low,
        high=high,
        count=len({offer.provider for _, offer in considered}),
        note=kind[choice] + old,
    )


def _check(field: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        raise QuestionError(field, f"No prices from “{value}”. Type one of {', '.join(known)}.", known)
