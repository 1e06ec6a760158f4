"""`recommend`: the best of the whole catalog for what one needs."""

from bot.answers.decided import LETTERS
from bot.commands.decisions.recommend_question import RecommendQuestion
from bot.commands.decisions.recommend_search import searched
from bot.commands.estimates import stored_answers
from bot.commands.estimates.fill_defaults import held, told_in, wherever
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.reply import Message


def answer(question: RecommendQuestion, desk: Desk) -> Message:
    """The best few, stored, with the buttons of a comparison."""
    having = held(desk)
    about = wherever(question.about.model_copy(update={"channel": None}), desk, having, question.availability)
    wanted, own = question.model_copy(update={"about": about.question}), stored_answers.own(desk)
    found = searched(wanted, own, desk.waiting)
    lettered = zip(found.options, LETTERS, strict=False)
    options = tuple(told_in(option, about.told, having, letter) for option, letter in lettered)
    return stored_answers.store(found.model_copy(update={"options": options}), desk, question.about.channel)


RECOMMEND = Command(
    RecommendQuestion,
    answer,
    "The best of the whole catalog, hosted models included, for what you need.",
    (
        "recommend chatbot, 1000 req/h, within 2s, high quality, 24/7",
        "recommend code assistant, 5000 req/h, within 500ms, must work offline",
        "recommend llama-3.3-70b, 1k in 300 out, 2000 req/h, budget $5000 a month",
    ),
)
