"""Saved scenarios when prices change: a decision that comes out differently is told in its channel, once."""

import logging
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from bot.answers.shown import ShownAnswer
from bot.commands.decisions.ask_again import ask
from bot.views.answers.answer import shown_of
from calculator.catalog.hosted_offers import prices_in_force
from calculator.catalog.price_book import price_book
from calculator.errors import QuestionError
from calculator.team.own import Own
from storage.scenarios import Scenario
from storage.tables import Tables

log = logging.getLogger(__name__)
REMEMBERED = 1024
"""Scenarios that are not asked anew while prices, measurements and models are what they were."""


class Changed(NamedTuple):
    """A scenario that comes out differently, and its answer of now."""

    scenario: Scenario
    before: ShownAnswer
    now: ShownAnswer


def changed(tables: Tables, team_id: str, own: Own) -> Iterator[Changed]:
    """Every scenario of a workspace asked again; those whose recommendation is another one than in their last answer."""
    for found in tables.scenarios.of_team(team_id):
        try:
            answer = _remembered(found.question, own, price_book(), prices_in_force())
        except QuestionError as error:
            log.warning("scenario not asked anew", extra={"scenario": found.id, "reason": error.field})
            continue
        before = ShownAnswer.model_validate_json(found.answer) if found.answer else None
        if before and _choice(before) != _choice(answer):
            yield Changed(found, before, answer)


@lru_cache(REMEMBERED)
def _remembered(question: str, own: Own, _: object, __: object) -> ShownAnswer:
    """The answer to a question; the same at the same prices."""
    return shown_of(ask(question, own))


def _choice(answer: ShownAnswer) -> object:
    """What is recommended: the option, and what it is, since a recommendation may find another one."""
    taken = answer.decided.taken
    return taken and taken.model, answer.decided.winner
