"""The form of one estimate: opened from a question, and read back to one."""

from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.form_inputs import destination_of, input_of
from bot.commands.estimates.resolve import resolve
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.language.grammar import scan
from bot.reply import Block
from bot.views.kit.form import ORDER, estimate_form
from calculator.team.own import Own


def open_estimate(asked: str, desk: Desk) -> Block:  # noqa: ARG001  # every form is opened alike
    """Filled in from a question."""
    about = EstimateQuestion.from_text(asked)
    entries = {phrase.field: input_of(phrase, getattr(about, phrase.field)) for phrase in about.phrases()}
    unlisted = about.model_copy(update=dict.fromkeys((*ORDER, "channel")))
    return estimate_form(entries, unlisted.said(), about.channel)


def asks_estimate(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001  # every form is read alike
    where = destination_of(fields)
    more = scan(fields.pop("more", ""), EstimateQuestion.phrases())
    question = EstimateQuestion.from_fields(fields)
    question = EstimateQuestion.make({**question.model_dump(exclude_none=True), **more, "channel": where})
    resolve(question, own)
    return question


FORM = Form(open_estimate, asks_estimate)
