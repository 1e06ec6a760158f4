"""What a `what if` asks instead: the question of an answer with the change that is said, or that is looked for."""

from typing import NamedTuple

from bot.answers.decided import LETTERS
from bot.answers.kinds import AnyAnswer, CompareAnswer, EstimateAnswer, HostedAnswer, OneAnswer
from bot.commands.decisions.ask_again import Asked
from bot.commands.decisions.break_even_question import BreakEvenQuestion
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.decisions.what_if_question import WhatIfQuestion
from bot.commands.decisions.what_if_variants import (
    break_even_variant,
    comparison_variant,
    recommendation_variant,
    required,
    said_by,
    variant,
)
from bot.commands.decisions.what_if_wish import Found, look
from calculator.errors import QuestionError
from calculator.specs.workload import Workload
from calculator.team.own import Own

WEIGHT = {"cheaper": "high", "faster": "low"}
"""How much cost weighs in a recommendation that is to be so."""


class Made(NamedTuple):
    """The question with what is different."""

    question: Asked | None
    """None where nothing was found that helps."""
    how: str = ""
    """What was taken, in words, or why nothing was; empty where the change was said."""


def made(asked: Asked, before: AnyAnswer, by: WhatIfQuestion, own: Own) -> Made:
    """The question that is asked instead; QuestionError where there can be none."""
    if by.wish:
        return _wished(asked, before, by, own)
    if isinstance(asked, CompareQuestion):
        assert isinstance(before, CompareAnswer)
        return Made(comparison_variant(asked, by, [_load_of(option) for option in before.options]))
    if isinstance(asked, RecommendQuestion):
        return Made(recommendation_variant(asked, by))
    if isinstance(asked, BreakEvenQuestion):
        return Made(break_even_variant(asked, by))
    _refuse_requirements(by)
    return Made(variant(asked, said_by(by)))


def _load_of(option: OneAnswer) -> Workload:
    return option.estimate.workload if isinstance(option, EstimateAnswer) else option.workload


def _refuse_requirements(by: WhatIfQuestion) -> None:
    """An estimate is of one option, and held against its limits alone."""
    said = ["option"] if by.option else list(required(by))
    if said:
        raise QuestionError(
            said[0],
            f"The answer is one estimate, which has no {said[0]}. `compare` and `recommend` have: say it there.",
        )


def _wished(asked: Asked, before: AnyAnswer, by: WhatIfQuestion, own: Own) -> Made:
    """The change that helps most, looked for in the one option that it is about."""
    assert by.wish is not None
    if isinstance(asked, RecommendQuestion):
        return _weighed(asked, by)
    if isinstance(asked, CompareQuestion):
        assert isinstance(before, CompareAnswer)
        return _wished_of_one(asked, before, by, own)
    if isinstance(asked, BreakEvenQuestion):
        return Made(
            None, "a break-even has no single figure to lower. Say what is different, such as `what if on 2xL40S`."
        )
    assert isinstance(before, EstimateAnswer | HostedAnswer)
    if by.option:
        _refuse_requirements(by)
    found = look(by.wish, asked, before, None, own)
    return Made(found.best.question, _taken(found)) if found.best else Made(None, _in_vain(found, by))


def _wished_of_one(asked: CompareQuestion, before: CompareAnswer, by: WhatIfQuestion, own: Own) -> Made:
    """The option that is named, else the one to take, else the closest."""
    assert by.wish is not None
    letters = LETTERS[: len(asked.options)]
    if by.option and by.option not in letters:
        raise QuestionError("option", f"The options are {', '.join(letters)}. Say for example `what if B: {by.wish}`.")
    letter = by.option or (before.decision.winner or before.decision.ranked[0]).option.name
    place = letters.index(letter)
    found = look(by.wish, asked.options[place], before.options[place], asked, own)
    if not found.best:
        return Made(None, _in_vain(found, by, f" of option {letter}"))
    options = (*asked.options[:place], found.best.question, *asked.options[place + 1 :])
    return Made(asked.model_copy(update={"options": options, "channel": None}), f"for option {letter}, {_taken(found)}")


def _weighed(asked: RecommendQuestion, by: WhatIfQuestion) -> Made:
    """A recommendation has looked everywhere already: cost weighs more, or less."""
    assert by.wish is not None
    weight = WEIGHT[by.wish]
    if by.option or asked.cost_sensitivity == weight:
        return Made(
            None,
            "the whole catalog was looked through already. Drop or loosen a requirement, such as the quality or a limit.",
        )
    about = asked.about.model_copy(update={"channel": None})
    values = {**required(asked), "cost_sensitivity": weight, "about": about}
    return Made(RecommendQuestion.make(values), f"cost weighs {'more' if weight == 'high' else 'less'} in the choice")


def _taken(found: Found) -> str:
    assert found.best is not None
    return f"{found.best.words} helps most of {found.tried} changes that were tried"


def _in_vain(found: Found, by: WhatIfQuestion, of_what: str = "") -> str:
    if not found.tried:
        return "there is nothing to change in it: a service runs as its provider decides, and the cheapest one counts."
    return f"none of {found.tried} changes{of_what} that were tried makes it {by.wish} and still meets every limit."
