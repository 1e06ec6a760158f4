"""What was asked, answered: of a question that is known, of a stored answer's text, and of a stored answer anew."""

from bot.answers.kinds import AnyAnswer
from bot.commands.decisions.break_even_question import BreakEvenQuestion
from bot.commands.decisions.break_even_sides import broken_even
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.deciding import compared
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.decisions.recommend_search import searched
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import resolve
from bot.commands.estimates.stored_answers import own, store
from bot.desk.desk import Desk
from bot.desk.records import StoredAnswer
from bot.reply import Message
from calculator.team.own import NOTHING, Own

Asked = EstimateQuestion | CompareQuestion | RecommendQuestion | BreakEvenQuestion
DECIDING = (CompareQuestion, RecommendQuestion, BreakEvenQuestion)
"""The questions that decide among several answers."""


def asked_in(text: str) -> Asked:
    """The question of a stored answer, from its canonical text."""
    word, _, rest = text.partition(" ")
    kind = next((kind for kind in DECIDING if kind.word == word), None)
    return kind.from_text(rest) if kind else EstimateQuestion.from_text(text)


def answered(question: Asked, own: Own = NOTHING) -> AnyAnswer:
    """The answer to an estimate, a comparison, a recommendation or a break-even, with what is the team's own."""
    if isinstance(question, CompareQuestion):
        return compared(question, own)
    if isinstance(question, RecommendQuestion):
        return searched(question, own)
    if isinstance(question, BreakEvenQuestion):
        return broken_even(question, own)
    return resolve(question.model_copy(update={"channel": None}), own)


def ask(text: str, own: Own = NOTHING) -> AnyAnswer:
    """The answer to a question in its canonical text."""
    return answered(asked_in(text), own)


def answer_again(stored: StoredAnswer, desk: Desk) -> Message:
    """The same question with today's catalog and prices, stored anew, with what changed."""
    return store(ask(stored.question, own(desk)), desk, since=stored)
