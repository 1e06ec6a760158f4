"""Prices of hosted models, from the data that genai-prices carries: no network and no key, unless it is asked for newer."""

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from calculator.catalog.hosted_offers import Offers
from calculator.catalog.resolved import HostedOffer

if TYPE_CHECKING:
    from decimal import Decimal

    from genai_prices.types import ModelInfo, PriceCalculation, TieredPrices


DAY_S = 86_400.0
FETCHED = "genai-prices, fetched"
SHORT = (1000, 200)
"""Tokens of a request that has the price of short ones."""


class HostedPrice(BaseModel):
    """What one request to a hosted model costs; many requests cost their number times this."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str
    """The provider's id, as in `anthropic`."""
    provider_name: str
    model: str
    """The id of the model that the reference was resolved to."""
    model_name: str
    usd_per_request: float
    """For the request's tokens, with any charge for the request itself."""
    input_usd_per_mtok: float
    """For a million prompt tokens of a request of this length: long requests may cost more for every token."""
    output_usd_per_mtok: float
    cached_usd_per_mtok: float | None
    """For a million prompt tokens read from the provider's cache; None where the provider has no such price."""
    in_force_since: date | None
    """The day from which the price holds, where the data says one; the data as a whole has no date."""
    fetched_at: datetime | None
    """When newer data was fetched; None for the data that genai-prices carries."""
    source: str
    """Where the figures come from, with its version or day."""


def keep_current() -> Callable[[], None]:
    """Fetch newer prices now and then once a day, in a thread of genai-prices, until the function that this gives is called.

    A fetch that fails is logged by genai-prices; the prices then stay what they are.
    """
    from genai_prices import UpdatePrices  # noqa: PLC0415 - takes a quarter of a second

    updating = UpdatePrices(update_interval=DAY_S)
    updating.start()
    return updating.stop


def newer(offers: Offers, at: datetime) -> Offers:
    """The same offers at the prices that were fetched; empty where nothing was fetched yet."""
    found = {model: tuple(_newer(offer, at) for offer in known) for model, known in offers.items()}
    return found if any(offer.source.startswith(FETCHED) for known in found.values() for offer in known) else {}


def _newer(offer: HostedOffer, at: datetime) -> HostedOffer:
    price = hosted_cost(offer.provider, offer.model_ref, *SHORT, at=at)
    if price is None or price.fetched_at is None:
        return offer
    return offer.model_copy(
        update={
            "usd_per_mtok_input": price.input_usd_per_mtok,
            "usd_per_mtok_output": price.output_usd_per_mtok,
            "usd_per_mtok_cached_input": price.cached_usd_per_mtok,
            "source": price.source,
        }
    )


def hosted_cost(  # noqa: PLR0913 - whom to ask, the three counts of a request, and its moment
    provider: str, model_ref: str, input_tokens: int, output_tokens: int, cached_tokens: int = 0, *, at: datetime
) -> HostedPrice | None:
    """The price of ONE request sent at `at`; None where no price is known.

    `input_tokens` counts the whole prompt, with the `cached_tokens` among them. Multiply the price, never the tokens:
    a prompt of a million tokens falls into the price class of long contexts.
    """
    from genai_prices import Usage, calc_price  # noqa: PLC0415 - takes a quarter of a second

    usage = Usage(input_tokens=input_tokens, output_tokens=output_tokens, cache_read_tokens=cached_tokens)
    try:
        found = calc_price(usage, model_ref, provider_id=provider, genai_request_timestamp=at)
    except LookupError:
        return None
    if found.model_price.input_mtok is None or found.model_price.output_mtok is None:
        return None  # genai-prices counts what has no price as free
    return _price(found, input_tokens, at)


def _price(found: "PriceCalculation", input_tokens: int, at: datetime) -> HostedPrice:
    from genai_prices import __version__  # noqa: PLC0415 - loaded by now

    rates, fetched = found.model_price, found.auto_update_timestamp
    assert rates.input_mtok is not None
    assert rates.output_mtok is not None
    return HostedPrice(
        provider=found.provider.id,
        provider_name=found.provider.name,
        model=found.model.id,
        model_name=found.model.name or found.model.id,
        usd_per_request=float(found.total_price),
        input_usd_per_mtok=_rate(rates.input_mtok, input_tokens),
        output_usd_per_mtok=_rate(rates.output_mtok, input_tokens),
        cached_usd_per_mtok=None if rates.cache_read_mtok is None else _rate(rates.cache_read_mtok, input_tokens),
        in_force_since=_since(found.model, at),
        fetched_at=fetched,
        source=f"{FETCHED} {fetched:%Y-%m-%d}" if fetched else f"genai-prices {__version__} bundled data",
    )


def _rate(price: "Decimal | TieredPrices", input_tokens: int) -> float:
    """The price of the tier that the request's length puts it in; it holds for all of its tokens."""
    from genai_prices.types import TieredPrices  # noqa: PLC0415 - loaded by now

    if not isinstance(price, TieredPrices):
        return float(price)
    reached = [tier.price for tier in price.tiers if input_tokens > tier.start]
    return float(reached[-1] if reached else price.base)


def _since(model: "ModelInfo", at: datetime) -> date | None:
    """The start of the price that holds at this moment, the last one in the list whose condition is met."""
    from genai_prices.types import ModelPrice, StartDateConstraint  # noqa: PLC0415 - loaded by now

    if isinstance(model.prices, ModelPrice):
        return None
    active = (row.constraint for row in reversed(model.prices) if row.constraint is None or row.constraint.active(at))
    constraint = next(active, None)
    return constraint.start_date if isinstance(constraint, StartDateConstraint) else None
