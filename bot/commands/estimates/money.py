"""What is said of money: which price, whose, less what, and the numbers behind a card of one's own."""

from typing import Annotated

from pydantic import Field

from bot.commands.estimates.choices import PRICES, Positive, Share
from bot.desk.question import Question
from bot.language.names import provider_words, region_words
from bot.language.phrases import Phrase
from bot.language.quantities import FACTOR, SHARE, USD, USD_PER_HOUR, USD_PER_KWH


class Money(Question):
    """What it may cost, or does."""

    usd_per_gpu_hour: Annotated[
        Positive | None, Phrase(USD_PER_HOUR, "{}", "at {}", names=("price", "price_per_hour"))
    ] = None
    """A price of your own for one accelerator for one hour."""
    discount: Annotated[Share | None, Phrase(SHARE, "{} discount", "{} off", "discount {}", "discount of {}")] = None
    """Committed or negotiated discount on the price."""
    provider: Annotated[str | None, Phrase(provider_words, "{}", "from {}")] = None
    """The provider whose price counts."""
    region: Annotated[str | None, Phrase(region_words, "{}", "in {}")] = None
    """The region whose price counts."""
    price_choice: Annotated[str | None, Phrase(PRICES, "{}", names=("pricing",))] = None
    """median (the default), cheapest or spot, among the providers."""
    hours_per_month: Annotated[
        float | None,
        Phrase(FACTOR, "{} hours a month", "{} hours per month", "{} h/month", "{} hours/month", example="176"),
    ] = Field(None, gt=0, le=744)
    """Hours a month that the deployment is kept; your default where none is said, else 720."""
    local_share: Annotated[Share | None, Phrase(SHARE, "{} local", "local share {}", "{} on own cards")] = None
    """In hybrid mode, the share of requests on owned hardware."""
    purchase_price_usd: Annotated[
        Positive | None,
        Phrase(USD, "card price {}", "bought for {}", "purchase price {}", names=("card_price", "gpu_cost")),
    ] = None
    """What one owned accelerator cost."""
    lifetime_years: Annotated[Positive | None, Phrase(FACTOR, "over {} years", "{} years", example="4")] = None
    """Years over which an owned accelerator is written off."""
    duty: Annotated[
        Share | None, Phrase(SHARE, "{} busy", "{} utilization", "{} utilisation", "busy {}", names=("utilization",))
    ] = None
    """Share of the time that owned hardware is in use."""
    usd_per_kwh: Annotated[
        Positive | None,
        Phrase(USD_PER_KWH, "{}", "electricity {}", names=("electricity",)),
    ] = None
    """Price of electricity."""
    pue: Annotated[float | None, Phrase(FACTOR, "pue {}")] = Field(None, ge=1, le=3)
    """Power usage effectiveness of the room."""
