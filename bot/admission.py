"""Whom the bot answers, and where: the one place that refuses. It harms nothing: nobody is asked back, nothing is stored."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.access.rules import is_alone
from bot.desk.asker import Asker
from bot.desk.books import People, Rules
from bot.desk.question import Question
from bot.reply import Message
from bot.views.kit.notice import elsewhere, foreign, guests_refused, nobody_else, read_outside, unknown_person
from storage.errors import StorageError

T = TypeVar("T")
ANYWAY = "anyway"
"""The word that posts where another organisation reads along."""


def refused(asker: Asker, rules: Rules, people: People) -> Message | None:
    """The sentence for who may not ask, or not here; None for everyone else."""
    if not people.is_known(asker.user_id):
        return unknown_person()
    if people.is_foreign(asker.user_id, asker.team_id):
        return foreign()
    if people.is_guest(asker.user_id) and not _known(rules.guests, otherwise=False):
        return guests_refused()
    only: Sequence[str] = _known(rules.only, otherwise=())
    return None if not only or asker.channel_id in only or is_alone(asker.channel_id) else elsewhere(only)


def refused_there(question: Question, channel: str, asker: Asker, rules: Rules, people: People) -> Message | None:
    """The sentence where the answer would go to someone else, to a channel in which the bot may not be used, or outside."""
    if is_alone(channel):
        return None if channel in {asker.channel_id, asker.user_id} else nobody_else()
    only: Sequence[str] = _known(rules.only, otherwise=())
    if only and channel not in only:
        return elsewhere(only)
    if question.word != ANYWAY and people.channels.is_shared(asker.team_id, channel):
        return read_outside(channel, f"{ANYWAY} {question}")
    return None


def _known(decision: Callable[[], T], *, otherwise: T) -> T:
    """What the workspace decided; where the database does not say, members are answered all the same, and guests are not."""
    try:
        return decision()
    except StorageError:
        return otherwise
