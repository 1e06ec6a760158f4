"""What a team itself pays, before what the catalog says: which of its rates answers a question, and the price it makes."""

from collections.abc import Sequence

from calculator.prices.pricing import WISHES_NOTHING, hybrid, local, price_of
from calculator.prices.wish import PriceWish
from calculator.specs.gpu import GpuSpec, Mode
from calculator.specs.price import NoPrice, OwnRate, Price

SOURCE = "your team's own price"


def price_for(
    gpu: GpuSpec, mode: Mode | None = None, rates: Sequence[OwnRate] = (), wish: PriceWish = WISHES_NOTHING
) -> Price | NoPrice:
    """The team's own price in a deployment mode where it has one that answers the question, else that of price_of.

    What the question says comes first: a price, a region, `cheapest` and `spot` mean the catalog, a provider means the
    rate at that provider or the catalog, and in local mode any number behind an owned card means the computation.
    The discount of the question counts in every case. QuestionError as price_of.
    """
    mode = mode or gpu.default_mode
    at_home = mode == "local"
    rate = None if wish.is_the_catalogs else applying(rates, gpu.key, wish.provider, owned_card=at_home)
    if rate is None or (at_home and wish.owned.is_said):
        return price_of(gpu, mode, wish)
    found: Price | NoPrice = price_from(rate)
    if mode == "hybrid":
        own = local(gpu, wish.owned) if rate.provider or wish.owned.is_said else found
        found = hybrid(own, found, wish.local_share)
    return found.discounted(wish.discount) if wish.discount and isinstance(found, Price) else found


def applying(
    rates: Sequence[OwnRate], gpu: str, provider: str | None = None, *, owned_card: bool = False
) -> OwnRate | None:
    """The rate for an accelerator: at the provider where one is asked for; else at any, else the newest of all.

    For an owned card only a rate without provider counts: it is what the card costs the team.
    """
    found = [rate for rate in rates if rate.gpu == gpu and rate.until is None]
    if provider:
        return next((rate for rate in found if rate.provider == provider and not owned_card), None)
    general = [rate for rate in found if not rate.provider]
    usable = general or ([] if owned_card else found)
    return max(usable, key=lambda rate: rate.since, default=None)


def price_from(rate: OwnRate) -> Price:
    """The price that a rate makes: which one, since when, at whom, and why."""
    usd, since = float(rate.usd_per_gpu_hour), rate.since.date().isoformat()
    where, why = f" at {rate.provider}" if rate.provider else "", f": {rate.note}" if rate.note else ""
    return Price(
        usd_per_gpu_hour=usd,
        basis="own",
        providers=(rate.provider,) if rate.provider else (),
        date=since,
        source=SOURCE,
        low=usd,
        high=usd,
        note=f"{SOURCE} {rate.number} since {since}{where}{why}",
    )
