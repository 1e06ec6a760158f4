"""`estimate`: one model on one kind of hardware under one load. The default when a model or hardware is named."""

from bot.commands.estimates import stored_answers
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.fill_defaults import filled, held, told_in
from bot.commands.estimates.resolve import resolve
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.reply import Message


def answer(question: EstimateQuestion, desk: Desk) -> Message:
    """The estimate, stored, with its buttons."""
    having = held(desk)
    asked = filled(question.model_copy(update={"channel": None}), desk, having)
    found = told_in(resolve(asked.question, stored_answers.own(desk)), asked.told, having)
    return stored_answers.store(found, desk, question.channel)


ESTIMATE = Command(
    EstimateQuestion,
    answer,
    "Memory, latency, cost and fit of a model on hardware; the word itself may be left out.",
    (
        "7B on RTX4090, 500 tokens, batch 4, 1000 req/h",
        "llama-3.1-70b fp8 on 2xH100, 1k in 300 out, 20 concurrent, within 2s",
        "13b @ a100 cloud 500 tok 1000/h $3.26/h",
        "qwen2.5 32b awq on 4 x L40S",
        "gpt-4o, 1k in 300 out, 1000 req/h",
    ),
)
