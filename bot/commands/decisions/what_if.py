"""`what if`: an answer of one's own again with something different, and what that changes."""

from bot.commands.decisions.ask_again import answered, asked_in
from bot.commands.decisions.what_if_question import WhatIfQuestion
from bot.commands.estimates import stored_answers
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.records import StoredAnswer
from bot.reply import Message
from calculator.errors import QuestionError


def answer(question: WhatIfQuestion, desk: Desk) -> Message:
    """The difference, then the new answer, stored."""
    from bot.commands.decisions.what_if_made import made  # noqa: PLC0415  # rarely asked
    from bot.views.answers.what_if import Told, nothing_helps, what_if_view  # noqa: PLC0415

    stored, own = _base(question, desk), stored_answers.own(desk)
    asked = asked_in(stored.question)
    before = answered(asked, own)
    changed = made(asked, before, question, own)
    if changed.question is None:
        return nothing_helps(stored.number, question.change(), changed.how)
    now = answered(changed.question, own)
    message = stored_answers.store(now, desk, question.about.channel)
    told = Told(number=stored.number, change=question.change(), how=changed.how, then=stored_answers.shown_in(stored))
    return what_if_view(message, before, now, told, question.option)


def _base(question: WhatIfQuestion, desk: Desk) -> StoredAnswer:
    """The answer that it is asked of."""
    if question.number is not None:
        return desk.answers.get(question.number)
    last = desk.answers.last()
    if last is None:
        raise QuestionError(
            "number",
            "You have no answer here yet that could change. Ask a question first, or name an answer: `what if 12: fp8`.",
        )
    return last


WHAT_IF = Command(
    WhatIfQuestion,
    answer,
    "Your last answer here again with something different, and what that changes; `cheaper` and `faster` look for it.",
    (
        "what if fp8",
        "what if on 2xL40S",
        "what if 5000 req/h",
        "what if cheaper",
        "what if option B: on L40S",
        "what if 12: batch 16, within 1s",
    ),
)
