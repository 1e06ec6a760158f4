"""Defaults into questions: what a question leaves out is filled in as if it had been typed, and told in the answer.

So the question that is stored says everything, and a default of tomorrow changes no answer of today. A price of the
team's own comes before a default provider, and a default discount counts on rented prices of the catalog alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, TypeVar, cast

from bot.answers.kinds import EstimateAnswer, HostedAnswer
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.desk.desk import Desk
from bot.desk.records import Default
from bot.language.quantities import SHARE
from bot.views.team.defaults import in_currency, whose
from calculator.catalog import find_gpu, find_hosted
from calculator.catalog.price_book import price_book, providers
from calculator.errors import QuestionError
from calculator.prices.own_rates import applying
from calculator.specs.gpu import GpuSpec
from calculator.specs.price import Price
from calculator.specs.workload import HOURS_PER_MONTH

OneAnswer = TypeVar("OneAnswer", bound=EstimateAnswer | HostedAnswer)
AROUND_THE_CLOCK = "24/7"
Held = Mapping[str, Default]


class Filled(NamedTuple):
    """A question with what it left out, and what was filled in, in words."""

    question: EstimateQuestion
    told: tuple[str, ...] = ()


def held(desk: Desk) -> Held:
    """The asker's defaults by name; none where the database refuses, as with prices of one's own."""
    try:
        return desk.defaults.current()
    except desk.cannot_store:
        return {}


def filled(question: EstimateQuestion, desk: Desk, having: Held, availability: str | None = None) -> Filled:
    """The question as if its defaults had been typed. `availability` is what was required of all options."""
    if not having:
        return Filled(question)
    told: tuple[str, ...] = ()
    for fill in (_hours if _may_fill_hours(having, availability) else _nothing, _provider, _discount):
        values, words = fill(question, desk, having)
        question, told = question.model_copy(update=values), (*told, *words)
    return Filled(question, told)


def wherever(about: EstimateQuestion, desk: Desk, having: Held, availability: str | None = None) -> Filled:
    """The same for a search: without hardware it looks at all providers, so none of them is a default."""
    anywhere = {name: one for name, one in having.items() if name not in {"provider", "discount"}}
    return filled(about, desk, having if about.hardware_type else anywhere, availability)


def told_in(answer: OneAnswer, told: Iterable[str], having: Held, option: str = "") -> OneAnswer:
    """The answer that says which defaults it rests on, and what it is in the currency of the asker; `option` is its letter."""
    if not having:
        return answer
    lines = (*told, *in_currency(answer, having.get("currency"), option))
    return cast("OneAnswer", answer.model_copy(update={"told": lines})) if lines else answer


Part = tuple[dict[str, Any], tuple[str, ...]]
NOTHING: Part = ({}, ())


def _nothing(question: EstimateQuestion, desk: Desk, having: Held) -> Part:  # noqa: ARG001  # all are called alike
    return NOTHING


def _may_fill_hours(having: Held, availability: str | None) -> bool:
    """Not where business hours are required, nor 24/7 where the default is less."""
    around = availability == AROUND_THE_CLOCK and "hours" in having
    return not availability or (around and float(having["hours"].value) >= HOURS_PER_MONTH)


def _hours(question: EstimateQuestion, desk: Desk, having: Held) -> Part:  # noqa: ARG001
    """Hours that are kept in a month."""
    default = having.get("hours")
    if default is None or question.hours_per_month is not None:
        return NOTHING
    return {"hours_per_month": float(default.value)}, (f"{default.value} hours a month: {whose(default)}",)


def _provider(question: EstimateQuestion, desk: Desk, having: Held) -> Part:
    """The provider whose price counts, where it has one and nothing else was said of the price."""
    default = having.get("provider")
    said = (question.provider, question.region, question.price_choice, question.usd_per_gpu_hour)
    if default is None or default.value not in providers() or any(one is not None for one in said):
        return NOTHING
    taken = ({"provider": default.value}, (f"{default.value}: {whose(default)}",))
    card = _rented(question)
    if card is None:
        return taken if default.value in _hosts(question) else NOTHING
    rates = desk.rates.current()
    if applying(rates, card.key) is not None and applying(rates, card.key, default.value) is None:
        return NOTHING
    if applying(rates, card.key, default.value) or isinstance(price_book().cloud(card.key, default.value), Price):
        return taken
    return {}, (f"no price of {card.display_name} is known at {default.value}, {whose(default)}: all providers count",)


def _discount(question: EstimateQuestion, desk: Desk, having: Held) -> Part:
    """What is committed or negotiated off the catalog's price of a rented card; never off a price of one's own."""
    default, card = having.get("discount"), _rented(question)
    said = question.discount is not None or question.usd_per_gpu_hour is not None or question.price_choice == "spot"
    if default is None or card is None or said or question.deployment_mode == "hybrid":
        return NOTHING
    of_the_market = question.region is not None or question.price_choice not in {None, "median"}
    if not of_the_market and applying(desk.rates.current(), card.key, question.provider):
        return NOTHING
    return {"discount": SHARE.read(default.value)}, (f"{default.value} discount: {whose(default)}",)


def _rented(question: EstimateQuestion) -> GpuSpec | None:
    """The card that is rented; None where it is owned, or a service, or not understood, which is told later."""
    try:
        card = find_gpu(question.hardware_type).spec if question.hardware_type else None
    except QuestionError:
        return None
    mode = question.deployment_mode or (card.default_mode if card else "api")
    return card if mode in {"cloud", "hybrid"} else None


def _hosts(question: EstimateQuestion) -> frozenset[str]:
    """Who offers it as a service, where it is asked about as one."""
    if question.hardware_type or not question.model_size:
        return frozenset()
    try:
        return frozenset(offer.provider for offer in find_hosted(question.model_size).spec.offers)
    except QuestionError:
        return frozenset()
