"""What an hour of one accelerator costs: rented, owned, mixed, or as the person says.

Conventions for owned hardware are those of published calculators: 3 to 5 years straight line, 40 % for the host, PUE
1.2 to 1.4, 0.08 to 0.18 $/kWh, 60 to 70 % use. Each number is a parameter and is reported with the price.
"""

from calculator.catalog.price_book import price_book
from calculator.prices.wish import LOCAL_SHARE, OwnedCard, PriceWish
from calculator.specs.gpu import GpuSpec, Mode
from calculator.specs.price import NoPrice, Price

HOURS_PER_YEAR = 8760
CONVENTION = OwnedCard(lifetime_years=4, duty=0.65, host_share=0.4, pue=1.3, usd_per_kwh=0.15)
WISHES_NOTHING = PriceWish()


def local(gpu: GpuSpec, owned: OwnedCard = OwnedCard()) -> Price | NoPrice:  # noqa: B008  # immutable
    """What owning one accelerator costs per hour of use, in dollars.

    (purchase / (years x 8760 h x use)) x (1 + host) + power x PUE x $/kWh; the power is the board's.
    """
    a = _numbers(gpu, owned)
    if isinstance(a, NoPrice):
        return a
    card = a["purchase_price_usd"] / (a["lifetime_years"] * HOURS_PER_YEAR * a["duty"])
    electricity = a["power_w"] / 1000 * a["pue"] * a["usd_per_kwh"]
    parts = {"card": card, "host": card * a["host_share"], "electricity": electricity}
    total = sum(parts.values())
    return Price(
        usd_per_gpu_hour=total,
        basis="local",
        source="as stated" if owned.purchase_price_usd is not None else gpu.price_basis or "purchase price",
        low=total,
        high=total,
        parts=parts,
        note=f"${a['purchase_price_usd']:,.0f} over {a['lifetime_years']:g} years at {a['duty']:.0%} use, "
        f"+ {a['host_share']:.0%} host, + {a['power_w']:g} W x PUE {a['pue']:g} x ${a['usd_per_kwh']:g}/kWh",
        assumptions=a,
    )


def _numbers(gpu: GpuSpec, owned: OwnedCard) -> dict[str, float] | NoPrice:
    """Every number behind the price, as said or by convention; why there is none where a source states it for nobody."""
    known = CONVENTION._replace(purchase_price_usd=gpu.purchase_price_usd, power_w=gpu.tdp_w)
    said = {name: value for name, value in owned._asdict().items() if value is not None}
    numbers = {**known._asdict(), **said}
    if numbers["purchase_price_usd"] is None:
        return NoPrice(
            reason=f"no purchase price of {gpu.display_name} is known. Type yours, such as `card price $5000`, "
            "or an hourly one, such as `$0.60/h`."
        )
    if numbers["power_w"] is None:
        return NoPrice(
            reason=f"no source states the power of {gpu.display_name}. Type an hourly price, such as `$0.60/h`."
        )
    order = ("purchase_price_usd", "lifetime_years", "duty", "host_share", "power_w", "pue", "usd_per_kwh")
    return {name: numbers[name] for name in order}


def stated(usd_per_gpu_hour: float, basis: str = "stated") -> Price:
    """A price that the person gives; it overrides everything."""
    usd = usd_per_gpu_hour
    return Price(usd_per_gpu_hour=usd, basis=basis, source="as stated", low=usd, high=usd, note="as stated")


def hybrid(own: Price | NoPrice, rented: Price | NoPrice, local_share: float = LOCAL_SHARE) -> Price | NoPrice:
    """Owned cards for a share of the traffic, the same card rented for the rest."""
    if isinstance(own, NoPrice):
        return own
    if isinstance(rented, NoPrice):
        return rented
    parts = {"local": own.usd_per_gpu_hour * local_share, "cloud": rented.usd_per_gpu_hour * (1 - local_share)}
    return Price(
        usd_per_gpu_hour=sum(parts.values()),
        basis="hybrid",
        providers=rented.providers,
        region=rented.region,
        date=rented.date,
        source=f"{own.source}; {rented.source}",
        count=rented.count,
        parts=parts,
        low=own.usd_per_gpu_hour * local_share + rented.low * (1 - local_share),
        high=own.usd_per_gpu_hour * local_share + rented.high * (1 - local_share),
        note=f"{local_share:.0%} of the traffic on owned cards ({own.note}), the rest rented ({rented.note})",
        assumptions=own.assumptions | {"local_share": local_share},
    )


def price_of(gpu: GpuSpec, mode: Mode | None = None, wish: PriceWish = WISHES_NOTHING) -> Price | NoPrice:
    """The price in a deployment mode, the hardware's default one where none is said.

    A stated price wins. QuestionError for an unknown provider or region.
    """
    mode = mode or gpu.default_mode
    if wish.usd_per_gpu_hour is not None:
        found: Price | NoPrice = stated(wish.usd_per_gpu_hour)
    elif mode == "local":
        found = local(gpu, wish.owned)
    else:
        found = price_book().cloud(gpu.key, wish.provider, wish.region, wish.choice)
        if mode == "hybrid":
            found = hybrid(local(gpu, wish.owned), found, wish.local_share)
    return found.discounted(wish.discount) if wish.discount and isinstance(found, Price) else found
