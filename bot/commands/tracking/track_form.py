"""The form that tracks a deployment: its name, its question, its budget, its tags."""

from bot.commands.estimates.resolve import resolve
from bot.commands.tracking.plan import check_name
from bot.commands.tracking.track import TrackQuestion
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.language.cleaning import clean
from bot.reply import Block
from bot.views.tracking.forms import PlanFilled, plan_form
from calculator.errors import QuestionError
from calculator.team.own import Own


def open_track(rest: str, desk: Desk) -> Block:  # noqa: ARG001
    return plan_form(PlanFilled(question=rest))


def asks_track(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    question = TrackQuestion.read(check_name(clean(fields.get("name", ""))), plan_of(fields))
    resolve(question.about, own)
    return question


def plan_of(fields: Fields) -> str:
    """The plan as one would type it: each input is read by itself, so that an error stands under its own."""
    question = clean(fields.get("question", ""))
    own = {phrase.field: phrase for phrase in TrackQuestion.phrases()}
    said = [question]
    for field, name, form in (
        ("budget_usd", "budget", "budget {}"),
        ("tags", "tags", "tags {}"),
        ("since", "since", "since {}"),
    ):
        if text := clean(fields.get(name, "")):
            try:
                said.append(form.format(own[field].quantity.write(own[field].read(text))))
            except QuestionError as error:
                raise QuestionError(name, error.message) from error
    return ", ".join([*said, fields.get("price", "floating")])


FORM = Form(open_track, asks_track)
