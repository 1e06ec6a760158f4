"""What an hour of one accelerator costs: rented, owned, mixed, or as the person says.

Conventions for owned hardware are those of published calculators: 3 to 5 years straight line, 40 % for the host, PUE
1.2 to 1.4, 0.08 to 0.18 $/kWh, 60 to 70 % use. Each number is a parameter and is reported with the price.
"""

from calculator.catalog.prices import Choice, price_book
from calculator.specs.gpu import GpuSpec, Mode
from calculator.specs.price import NoPrice, Price

HOURS_PER_YEAR = 8760
LOCAL_SHARE = 0.7
"""Share of traffic on owned cards in hybrid mode."""


def local(  # noqa: PLR0913  # every number behind the price can be changed
    gpu: GpuSpec,
    *,
    purchase_price_usd: float | None = None,
    lifetime_years: float = 4,
    duty: float = 0.65,
    host_share: float = 0.4,
    pue: float = 1.3,
    usd_per_kwh: float = 0.15,
    power_w: float | None = None,
) -> Price | NoPrice:
    """What owning one accelerator costs per hour of use, in dollars.

    (purchase / (years x 8760 h x use)) x (1 + host) + power x PUE x $/kWh; the power is the board's.
    """
    bought = gpu.purchase_price_usd if purchase_price_usd is None else purchase_price_usd
    power = gpu.tdp_w if power_w is None else power_w
    if bought is None:
        return NoPrice(
            reason=f"no purchase price of {gpu.display_name} is known. Type yours, such as `card price $5000`, "
            "or an hourly one, such as `$0.60/h`."
        )
    if power is None:
        return NoPrice(
            reason=f"no source states the power of {gpu.display_name}. Type an hourly price, such as `$0.60/h`."
        )
    card = bought / (lifetime_years * HOURS_PER_YEAR * duty)
    parts = {"card": card, "host": card * host_share, "electricity": power / 1000 * pue * usd_per_kwh}
    total = sum(parts.values())
    basis = "as stated" if purchase_price_usd is not None else gpu.price_basis or "purchase price"
    return Price(
        usd_per_gpu_hour=total,
        basis="local",
        source=basis,
        low=total,
        high=total,
        parts=parts,
        note=f"${bought:,.0f} over {lifetime_years:g} years at {duty:.0%} use, + {host_share:.0%} host, "
        f"+ {power:g} W x PUE {pue:g} x ${usd_per_kwh:g}/kWh",
        assumptions={
            "purchase_price_usd": bought,
            "lifetime_years": lifetime_years,
            "duty": duty,
            "host_share": host_share,
            "power_w": power,
            "pue": pue,
            "usd_per_kwh": usd_per_kwh,
        },
    )


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


def price_of(  # noqa: PLR0913
    gpu: GpuSpec,
    mode: Mode | None = None,
    *,
    provider: str | None = None,
    region: str | None = None,
    choice: Choice = "median",
    usd_per_gpu_hour: float | None = None,
    discount: float = 0,
    local_share: float = LOCAL_SHARE,
    **owned: float | None,
) -> Price | NoPrice:
    """The price in a deployment mode, the hardware's default one where none is said.

    A stated price wins. `owned` are the parameters of local(), those that are None left to their defaults.
    QuestionError for an unknown provider or region.
    """
    mode = mode or gpu.default_mode
    if usd_per_gpu_hour is not None:
        found: Price | NoPrice = stated(usd_per_gpu_hour)
    elif mode == "local":
        found = local(gpu, **_given(owned))
    elif mode == "hybrid":
        rented = price_book().cloud(gpu.key, provider, region, choice)
        found = hybrid(local(gpu, **_given(owned)), rented, local_share)
    else:
        found = price_book().cloud(gpu.key, provider, region, choice)
    return found.discounted(discount) if discount and isinstance(found, Price) else found


def _given(parameters: dict[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in parameters.items() if value is not None}
