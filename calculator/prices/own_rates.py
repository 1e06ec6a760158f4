"""What a team itself pays, before what the catalog says: which of its rates answers a question, and the price it makes."""

from collections.abc import Sequence

from calculator.catalog.prices import Choice
from calculator.prices.pricing import LOCAL_SHARE, hybrid, local, price_of
from calculator.specs.gpu import GpuSpec, Mode
from calculator.specs.price import NoPrice, OwnRate, Price

SOURCE = "your team's own price"


def price_for(  # noqa: PLR0913  # as price_of, and the team's rates
    gpu: GpuSpec,
    mode: Mode | None = None,
    rates: Sequence[OwnRate] = (),
    *,
    provider: str | None = None,
    region: str | None = None,
    choice: Choice = "median",
    usd_per_gpu_hour: float | None = None,
    discount: float = 0,
    local_share: float = LOCAL_SHARE,
    **owned: float | None,
) -> Price | NoPrice:
    """The team's own price in a deployment mode where it has one that answers the question, else that of price_of.

    What the question says comes first: a price, a region, `cheapest` and `spot` mean the catalog, a provider means the
    rate at that provider or the catalog, and in local mode any number behind an owned card means the computation.
    The discount of the question counts in every case. QuestionError as price_of.
    """
    mode = mode or gpu.default_mode
    rate = None
    if usd_per_gpu_hour is None and region is None and choice == "median":
        rate = applying(rates, gpu.key, provider, owned_card=mode == "local")
    says_owned = any(value is not None for value in owned.values())
    if rate is None or (mode == "local" and says_owned):
        return price_of(
            gpu,
            mode,
            provider=provider,
            region=region,
            choice=choice,
            discount=discount,
            usd_per_gpu_hour=usd_per_gpu_hour,
            local_share=local_share,
            **owned,
        )
    found: Price | NoPrice = price_from(rate)
    if mode == "hybrid":
        given = {name: value for name, value in owned.items() if value is not None}
        own = local(gpu, **given) if rate.provider or says_owned else found
        found = hybrid(own, found, local_share)
    return found.discounted(discount) if discount and isinstance(found, Price) else found


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
