"""`compare A vs B`: two to six options side by side."""

from bot.answers.decided import LETTERS
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.deciding import compared
from bot.commands.estimates import stored_answers
from bot.commands.estimates.fill_defaults import filled, held, told_in
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.reply import Message


def answer(question: CompareQuestion, desk: Desk) -> Message:
    """The comparison, stored, with its buttons."""
    having = held(desk)
    asked = [filled(option, desk, having, question.availability) for option in question.options]
    options = tuple(one.question for one in asked)
    found = compared(question.model_copy(update={"channel": None, "options": options}), stored_answers.own(desk))
    lettered = zip(found.options, asked, LETTERS, strict=False)
    told = tuple(told_in(option, one.told, having, letter) for option, one, letter in lettered)
    return stored_answers.store(found.model_copy(update={"options": told}), desk, question.channel)


COMPARE = Command(
    CompareQuestion,
    answer,
    "Decide between two to six options: who meets what, who wins, what would change it.",
    (
        "compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h, within 2s, high quality, 24/7",
        "compare llama-3.1-70b fp8 on 2xH100 vs int4 on 1xH100 vs 4xL40S, 1k in 300 out, 20 concurrent",
    ),
)
