"""`break-even`: own hardware against a hosted API and a mix of both, with the volume from which it pays."""

from bot.commands.decisions.break_even_question import BreakEvenQuestion
from bot.commands.decisions.break_even_sides import broken_even
from bot.commands.estimates import stored_answers
from bot.commands.estimates.fill_defaults import filled, held, told_in
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.reply import Message


def answer(question: BreakEvenQuestion, desk: Desk) -> Message:
    """The break-even, stored, with its buttons."""
    having = held(desk)
    about = filled(question.about, desk, having, question.availability)
    asked = question.model_copy(update={"channel": None, "about": about.question})
    found = broken_even(asked, stored_answers.own(desk))
    told = told_in(found.own, about.told, having)
    return stored_answers.store(found.model_copy(update={"own": told}), desk, question.channel)


BREAK_EVEN = Command(
    BreakEvenQuestion,
    answer,
    "Your own hardware against a hosted API and a mix of both: the volume from which it pays.",
    (
        "break-even llama-3.3-70b fp8 on 2xH100 vs gpt-4o-mini, 1k in 300 out, 2000 req/h, peak 3x, redundant",
        "break-even llama-3.3-70b fp8 on 2xH100, 1k in 300 out, 20000 req/h, peak 3x, peak 6 hours a day, private 30%",
    ),
)
