"""What someone says of the price that they want: where from, which one, less what, and the numbers behind an owned card."""

from typing import NamedTuple

from calculator.catalog.price_book import Choice

LOCAL_SHARE = 0.7
"""Share of traffic on owned cards in hybrid mode."""


class OwnedCard(NamedTuple):
    """The numbers behind an owned card; each that is None is left to the convention, and each is reported with the price."""

    purchase_price_usd: float | None = None
    """The catalog's where None."""
    lifetime_years: float | None = None
    """Straight line."""
    duty: float | None = None
    """Share of its lifetime in which it is used."""
    host_share: float | None = None
    """What the rest of the server costs, as a share of the card."""
    pue: float | None = None
    """Power of the building per power of the machines."""
    usd_per_kwh: float | None = None
    power_w: float | None = None
    """The board's where None."""

    @property
    def is_said(self) -> bool:
        """Whether any of them is."""
        return any(value is not None for value in self)


class PriceWish(NamedTuple):
    """Which price; without a word the median of the catalog, or the convention for an owned card."""

    provider: str | None = None
    region: str | None = None
    choice: Choice = "median"
    usd_per_gpu_hour: float | None = None
    """A price that is stated overrides everything."""
    discount: float = 0
    """Share that is taken off, of any price."""
    local_share: float = LOCAL_SHARE
    owned: OwnedCard = OwnedCard()

    @property
    def is_the_catalogs(self) -> bool:
        """Whether it asks for the catalog's price, so that a price of one's own does not answer."""
        return self.usd_per_gpu_hour is not None or self.region is not None or self.choice != "median"
