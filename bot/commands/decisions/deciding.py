"""Answers held against what is required: options for the decision, and what it takes to flip each."""

from collections.abc import Sequence
from typing import cast

from bot.answers.decided import LETTERS
from bot.answers.kinds import CompareAnswer, EstimateAnswer, OneAnswer
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.wanted import Wanted
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import resolve
from bot.views.estimates.quality import scores_of
from bot.views.estimates.verdict import name_of
from calculator.decisions.criteria import Option
from calculator.decisions.decision import decide
from calculator.decisions.flips import Flipper
from calculator.prices.own_rates import price_for
from calculator.specs.requirements import BUSINESS_HOURS, Tier
from calculator.team.own import NOTHING, Own


def compared(question: CompareQuestion, own: Own = NOTHING) -> CompareAnswer:
    """Every option's answer, and the decision among them."""
    answers = [resolve(at_hours(option, question), own, load_of(question)) for option in question.options]
    return decided(answers, question, own).model_copy(update={"asked": str(question)})


def decided(answers: Sequence[OneAnswer], wanted: Wanted, own: Own = NOTHING) -> CompareAnswer:
    """The decision among answers, and what flips each that does not win."""
    needs = wanted.requirements
    decision = decide([option_of(answer, letter) for answer, letter in zip(answers, LETTERS, strict=False)], needs)
    flipper = Flipper(needs, lambda gpu, mode: price_for(gpu, mode, own.rates), own.measurements)
    flips = (flipper.flip(one, decision.winner) for one in decision.ranked[1 if decision.winner else 0 :])
    said = f", {wanted.said()}" if wanted.said() else ""
    text = f"{CompareQuestion.word} {' vs '.join(answer.spelled_out for answer in answers)}{said}"
    return CompareAnswer(
        asked=text,
        spelled_out=text,
        options=tuple(answers),
        needs=needs,
        decision=decision,
        flips=tuple(flip for flip in flips if flip),
    )


def at_hours(option: EstimateQuestion, wanted: Wanted) -> EstimateQuestion:
    """The question kept in business hours where these are required and no others are said."""
    if wanted.availability == "business hours" and option.hours_per_month is None:
        return option.model_copy(update={"hours_per_month": BUSINESS_HOURS})
    return option


def load_of(wanted: Wanted) -> dict[str, float]:
    """What is required of capacity, as fields of a workload."""
    found: dict[str, float] = {"peak_factor": wanted.peak_factor} if wanted.peak_factor else {}
    return found | ({"spare_replicas": 1} if wanted.redundancy else {})


def option_of(answer: OneAnswer, name: str) -> Option:
    """An answer as something to choose."""
    scored = scores_of(answer)
    tier = cast("Tier", scored.tier) if scored else None
    if isinstance(answer, EstimateAnswer):
        estimate = answer.estimate
        return Option(name=name, label=name_of(answer), workload=estimate.workload, estimate=estimate, tier=tier)
    hosted = answer.offers[0] if answer.offers else None
    return Option(name=name, label=name_of(answer), workload=answer.workload, hosted=hosted, tier=tier)
