"""The team's own prices of accelerators: listed, entered, ended."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from bot.reply import Block, Message
from bot.views.kit.blocks import actions, button, context, escape, fitting, literal, section
from bot.views.kit.format import date as moment
from bot.views.kit.format import usd
from calculator.catalog import gpu, gpu_keys
from calculator.specs.price import NoPrice, OwnRate, Price

CUT = "This is longer than one message holds; `--json` in the terminal shows all of it."


class Page(NamedTuple):
    """A page among others."""

    total: int
    """Entries in all."""
    following: str
    """The question that shows the next page; empty on the last."""
    today: date
    command: str


def ended_view(rates: Sequence[OwnRate], page: Page) -> Message:
    """Own prices that hold no longer, the last to end first."""
    if not rates:
        text = "No price of your team's own has ended yet."
        return Message(text=text, blocks=(section(text),), data={"total": 0, "ended": []})
    blocks = [
        section("*Prices that your team had*, dollars per card and hour"),
        *(section(_told(rate)) for rate in rates),
    ]
    lines = [f"{card_name(rate)} {dollars(rate)}" for rate in rates]
    return paged(f"Ended: {'; '.join(lines)}", blocks, page, {"ended": [own_data(rate) for rate in rates]})


def entered(rate: OwnRate, before: OwnRate | None, market: Price | NoPrice, undo: str) -> Message:
    """A price holds from now on: what it replaces, and what everyone else pays."""
    text = f"{card_name(rate)} costs your team {dollars(rate)} per card and hour from now on."
    was = f"It was {dollars(before)} since {before.since:%Y-%m-%d}." if before else ""
    others = f"The catalog says {usd(market.usd_per_gpu_hour)}: {market.note}." if isinstance(market, Price) else ""
    used = "Estimates use it unless the question says a price, another provider, a region, `cheapest` or `spot`."
    note = f"\n{literal(rate.note)}" if rate.note else ""
    blocks = (
        section(f"{escape(text)}{note}"),
        context(was, escape(others), used),
        actions(button("Undo", "undo", undo), button("Price book", "prices", "prices")),
    )
    return Message(text=text, blocks=blocks, data={"set": own_data(rate), "was": own_data(before) if before else None})


def ask_before_removing(rate: OwnRate, command: str) -> Message:
    """Nothing is removed by one word."""
    what = f"{card_name(rate)}, {dollars(rate)} per card and hour"
    text = f"Remove price {rate.number} ({what})? Estimates use the catalog's price from then on."
    yes = button("Remove", "remove", f"prices remove {rate.number} yes", style="danger")
    hint = context(f"Or type `{command} prices remove {rate.number} yes`.")
    return Message(text=text, blocks=(section(escape(text)), actions(yes), hint), data={"remove": own_data(rate)})


def removed(rate: OwnRate, undo: str) -> Message:
    """The price has ended; `prices history` keeps it."""
    text = f"Price {rate.number} ({card_name(rate)}, {dollars(rate)} per card and hour) has ended. `prices history` keeps it."
    blocks = (section(escape(text)), actions(button("Undo", "undo", undo), button("Price book", "prices", "prices")))
    return Message(text=text, blocks=blocks, data={"removed": own_data(rate)})


def own_data(rate: OwnRate) -> dict[str, Any]:
    """An own price for programs."""
    return rate.model_dump(mode="json") | {"usd_per_gpu_hour": float(rate.usd_per_gpu_hour)}


def paged(text: str, blocks: Sequence[Block], page: Page, data: dict[str, Any]) -> Message:
    """A page that fits in one message, with a button to the next."""
    turn = [actions(button("More", "more", page.following))] if page.following else []
    return Message(text=text[:3000], blocks=(*fitting(blocks, CUT), *turn), data={"total": page.total, **data})


def own_line(rate: OwnRate) -> Block:
    """A price that holds, with a button to remove it."""
    return section(
        _told(rate),
        accessory=button(
            "Remove",
            f"remove-{rate.number}",
            f"prices remove {rate.number}",
            accessibility_label=f"Remove price {rate.number}",
        ),
    )


def _told(rate: OwnRate) -> str:
    """`*3*  H100 SXM5 80GB at aws: *$2.10*, since 24 Nov 2026 by @ada`, and the note below."""
    until = f" until {moment(rate.until)}" if rate.until else ""
    by = f"<@{rate.user_id}>" if rate.user_id != "local" else "you"
    note = f"\n{literal(rate.note)}" if rate.note else ""
    line = f"*{rate.number}*  {escape(card_name(rate))}: *{dollars(rate)}*"
    return f"{line}, since {moment(rate.since)}{until}, by {by}{note}"


def card_name(rate: OwnRate) -> str:
    """`H100 SXM5 80GB at aws`; the key of a card that has left the catalog."""
    name = gpu(rate.gpu).display_name if rate.gpu in gpu_keys() else rate.gpu
    return f"{name}{f' at {rate.provider}' if rate.provider else ''}"


def dollars(rate: OwnRate) -> str:
    """`$2.10`."""
    return usd(float(rate.usd_per_gpu_hour))
