"""The price book: the team's own prices, then what providers ask, with dates, ages and sources."""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from bot.language.plain import some
from bot.reply import Message
from bot.views.kit.blocks import Figure, context, data_table, escape, section
from bot.views.kit.format import usd
from bot.views.team.own_prices import Page, card_name, dollars, own_data, own_line, paged
from calculator.catalog.price_book import Offer
from calculator.specs.gpu import GpuSpec
from calculator.specs.price import NoPrice, OwnRate, Price

OLD_DAYS = 180
"""A price that was seen longer ago than this is called old."""


class Card(NamedTuple):
    """An accelerator, its default price, and offers of it."""

    spec: GpuSpec
    price: Price | NoPrice
    offers: tuple[Offer, ...] = ()


def book_view(own: Sequence[OwnRate], cards: Sequence[Card], page: Page, *, none: bool) -> Message:
    """Own prices, then one line for each accelerator; `none` where the team has no price of its own."""
    hint = f"Your team has no prices of its own yet: `{page.command} prices set H100 $2.10/h` enters one."
    blocks = [section("*Price book*, dollars per card and hour"), *map(own_line, own)]
    if cards:
        head = ("Key", "Median", "From", "To", "Providers", "Newest seen")
        blocks.append(
            data_table("Price book, dollars per card and hour", [head, *(_line(card, page.today) for card in cards)])
        )
    blocks.append(context(hint if none else "", _explained(page, "`prices H100` shows the offers behind a line.")))
    prices = [f"{card.spec.key} {usd(card.price.usd_per_gpu_hour)}" for card in cards if isinstance(card.price, Price)]
    names = [*(f"{card_name(rate)} {dollars(rate)}" for rate in own), *prices]
    return paged(
        f"Price book, dollars per card and hour: {some(names)}",
        blocks,
        page,
        {
            "own": [own_data(rate) for rate in own],
            "items": [{"gpu": card.spec.key, "price": card.price.model_dump(mode="json")} for card in cards],
        },
    )


def card_view(card: Card, own: Sequence[OwnRate], page: Page, note: str) -> Message:
    """One accelerator: own prices, its default price, and the offers behind that."""
    name = card.spec.display_name
    blocks = [section(f"*Prices of {escape(name)}*, dollars per card and hour"), *map(own_line, own)]
    if card.offers:
        head = ("Provider", "Region", "On demand", "Spot", "Seen", "Source")
        blocks.append(data_table(f"Prices of {name}", [head, *(_offer(offer, page.today) for offer in card.offers)]))
    understood = f"Understood: {escape(note)}" if note else ""
    blocks.append(context(understood, _default(card), _explained(page), "" if own else _hint(card, page)))
    return paged(
        f"Prices of {name}: {_plainly(card, own)}",
        blocks,
        page,
        {
            "gpu": card.spec.key,
            "own": [own_data(rate) for rate in own],
            "price": card.price.model_dump(mode="json"),
            "offers": [
                offer.model_dump(mode="json") | {"age_days": age(offer.date, page.today)} for offer in card.offers
            ],
        },
    )


def age(seen: str, today: date) -> int:
    """Days since a price was seen."""
    return max((today - date.fromisoformat(seen)).days, 0)


def _line(card: Card, today: date) -> tuple[str | Figure, ...]:
    price = card.price
    assert isinstance(price, Price)
    newest = (price.date or "").rpartition(" to ")[2]
    return (
        card.spec.key,
        dollar(price.usd_per_gpu_hour),
        dollar(price.low),
        dollar(price.high),
        Figure(price.count, str(price.count)),
        f"{newest}{_old(age(newest, today))}",
    )


def _offer(offer: Offer, today: date) -> tuple[str | Figure, ...]:
    cards = f", {offer.gpus} cards" if offer.gpus > 1 else ""
    on_demand = offer.usd_per_gpu_hour if offer.on_demand_usd_per_hour is not None else None
    spot = offer.spot_usd_per_gpu_hour
    spot = offer.usd_per_gpu_hour if spot is None and on_demand is None else spot
    days = age(offer.date, today)
    return (
        f"{offer.provider}{cards}",
        offer.region,
        dollar(on_demand),
        dollar(spot),
        f"{offer.date}, {days} days ago{_old(days)}",
        source(offer.source),
    )


def dollar(value: float | None) -> str | Figure:
    """Dollars that sort by their value."""
    return "–" if value is None else Figure(value, usd(value))


def _old(days: int) -> str:
    return ", old" if days > OLD_DAYS else ""


def source(text: str) -> str:
    """The short form of a source: the page's host, or the repository."""
    page = re.search(r"https?://([^/\s]+)", text)
    return page[1].removeprefix("www.") if page else text.split("@", maxsplit=1)[0]


def _default(card: Card) -> str:
    """What an estimate takes where the team has no price of its own."""
    if isinstance(card.price, NoPrice):
        return escape(card.price.reason[0].upper() + card.price.reason[1:])
    p = card.price
    return f"Without a price of your own: {usd(p.usd_per_gpu_hour)} ({escape(p.note or '')}) over {p.count} providers."


def _hint(card: Card, page: Page) -> str:
    return f"`{page.command} prices set {card.spec.key} $2.10/h` enters your team's own price."


def _explained(page: Page, more: str = "") -> str:
    old = f"Old means seen more than {OLD_DAYS} days ago."
    return f"{page.total} prices in all. {old} {more}".strip() if page.total else ""


def _plainly(card: Card, own: Sequence[OwnRate]) -> str:
    mine = [f"your team pays {dollars(rate)}" for rate in own]
    market = f"median {usd(card.price.usd_per_gpu_hour)}" if isinstance(card.price, Price) else "no cloud price known"
    return ", ".join([*mine, market])
