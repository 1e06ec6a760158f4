"""`prices`: what an hour of an accelerator costs, the team's own prices first, and how these are entered and ended."""

from typing import TypeVar

from bot.commands.team.prices_question import PricesQuestion
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.reply import Message
from bot.views.team.own_prices import Page, ask_before_removing, ended_view, entered, removed
from bot.views.team.prices import Card, book_view, card_view
from calculator.catalog import find_gpu, gpu, gpu_keys
from calculator.catalog.price_book import Offer, price_book
from calculator.errors import QuestionError
from calculator.specs.price import OwnRate, Price

PAGE = 20
T = TypeVar("T")


def answer(question: PricesQuestion, desk: Desk) -> Message:
    """A page of the price book, or what became of a change."""
    if question.part in {"set", "remove"}:
        return _change(question, desk)
    if question.part == "history":
        shown, page = _page(list(desk.rates.ended()), question, desk)
        return ended_view(shown, page)
    return _card(question, desk) if question.hardware_type else _book(question, desk)


def _change(question: PricesQuestion, desk: Desk) -> Message:
    """A new price is anyone's to enter; one that holds is changed by whoever entered it, or by a workspace admin."""
    theirs = [rate for rate in desk.rates.current() if _concerns(question, rate) and rate.user_id != desk.asker.user_id]
    if theirs and not desk.people.is_admin(desk.asker.user_id):
        raise QuestionError(
            "owner", f"Price {theirs[0].number} was entered by someone else: only they or a workspace admin change it."
        )
    return _set(question, desk) if question.part == "set" else _remove(question, desk)


def _concerns(question: PricesQuestion, rate: OwnRate) -> bool:
    """Whether the change ends this price."""
    if question.part == "remove":
        return rate.number == question.number
    return (rate.gpu, rate.provider) == (find_gpu(question.hardware_type or "").spec.key, question.provider or "")


def _set(question: PricesQuestion, desk: Desk) -> Message:
    assert question.price is not None
    spec, provider = find_gpu(question.hardware_type or "").spec, question.provider or ""
    before = next((rate for rate in desk.rates.current() if _concerns(question, rate)), None)
    rate = desk.rates.set(spec.key, provider, question.price, question.note)
    undo = _setting(before) if before else f"prices remove {rate.number} yes"
    return entered(rate, before, price_book().cloud(spec.key, question.provider), undo)


def _remove(question: PricesQuestion, desk: Desk) -> Message:
    """Ended, with a button to undo; asked back first where `yes` was not said."""
    number = question.number or 0
    if question.sure:
        rate = desk.rates.end(number)
        return removed(rate, _setting(rate))
    found = next((rate for rate in desk.rates.current() if rate.number == number), None)
    if found is None:
        raise QuestionError(
            "number", f"Your price book has no price {number} that holds now. `prices` lists those that do."
        )
    return ask_before_removing(found, desk.command)


def _setting(rate: OwnRate) -> str:
    """The question that enters this price anew; not checked, since its card may have left the catalog."""
    return str(
        PricesQuestion.model_construct(
            part="set",
            hardware_type=rate.gpu,
            price=rate.usd_per_gpu_hour,
            provider=rate.provider or None,
            note=rate.note,
        )
    )


def _card(question: PricesQuestion, desk: Desk) -> Message:
    """One accelerator: the team's own prices, then every offer, cheapest first and spot alone last."""
    found = find_gpu(question.hardware_type or "")
    own = [rate for rate in desk.rates.current() if rate.gpu == found.spec.key]
    offers = sorted(price_book().offers(found.spec.key), key=_rank)
    shown, page = _page([*own, *offers], question, desk)
    card = Card(found.spec, price_book().cloud(found.spec.key), tuple(one for one in shown if isinstance(one, Offer)))
    note = " ".join(
        filter(None, (found.note, f"(others: {', '.join(found.alternatives)})" if found.alternatives else ""))
    )
    return card_view(card, [one for one in shown if isinstance(one, OwnRate)], page, note)


def _book(question: PricesQuestion, desk: Desk) -> Message:
    """The team's own prices, then every accelerator that somebody rents out."""
    priced = ((gpu(key), price_book().cloud(key)) for key in gpu_keys())
    cards = [Card(spec, price) for spec, price in priced if isinstance(price, Price)]
    own = desk.rates.current()
    shown, page = _page([*own, *cards], question, desk)
    return book_view(
        [one for one in shown if isinstance(one, OwnRate)],
        [one for one in shown if isinstance(one, Card)],
        page,
        none=not own,
    )


def _rank(offer: Offer) -> tuple[bool, float, str]:
    return offer.on_demand_usd_per_hour is None, offer.usd_per_gpu_hour, offer.provider


def _page(entries: list[T], question: PricesQuestion, desk: Desk) -> tuple[list[T], Page]:
    """The entries of the page that was asked for, and what is said about it."""
    start = (question.page - 1) * PAGE
    shown = entries[start : start + PAGE]
    if question.page > 1 and not shown:
        raise QuestionError(
            "page", f"There is no page {question.page}. `{question.model_copy(update={'page': 1})}` is the first."
        )
    turn = question.model_copy(update={"page": question.page + 1}) if len(entries) > start + PAGE else None
    return shown, Page(len(entries), str(turn) if turn else "", desk.now.date(), desk.command)


PRICES = Command(
    PricesQuestion,
    answer,
    "The price book: what an hour of an accelerator costs, with your team's own prices first.",
    (
        "prices",
        "prices H100",
        "prices set H100 $2.10/h",
        "prices set A100 $1.80/h aws note reserved until June",
        "prices remove 3",
        "prices history",
    ),
)
