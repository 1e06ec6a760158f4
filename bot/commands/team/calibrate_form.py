"""The form that enters a measurement: its setup, and figures, pasted output or a file."""

from collections.abc import Callable
from typing import TypeVar

from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import resolve
from bot.commands.team.calibrate import measurements, printed
from bot.commands.team.calibrate_question import SETUP, CalibrateQuestion, setup_phrases
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.language.grammar import scan
from bot.reply import Block
from bot.views.team.calibrate_form import calibrate_form
from calculator.errors import QuestionError
from calculator.team.own import Own

T = TypeVar("T")


def open_calibrate(rest: str, desk: Desk) -> Block:  # noqa: ARG001
    """Filled in with what a question says of the setup; its price and limits are not measured."""
    about = EstimateQuestion.from_text(rest)
    others = dict.fromkeys(name for name in EstimateQuestion.model_fields if name not in SETUP)
    return calibrate_form(str(about.model_copy(update=others)))


def asks_calibrate(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    """Each input is read by itself, so that an error stands under its own; what a file holds is read later."""
    question, figures, table, file = (fields.get(name, "") for name in ("question", "figures", "table", "file"))
    if sum(map(bool, (figures, table, file))) > 1:
        raise QuestionError("file" if file else "table", "Give what you measured once: empty the other two.")
    setup = EstimateQuestion.make(_under("question", lambda: scan(question, setup_phrases())))
    said = _under("figures", lambda: scan(figures, CalibrateQuestion.phrases()))
    measured = _under(
        "table" if table else "figures", lambda: CalibrateQuestion.make({"about": setup, **said, "pasted": table})
    )
    resolve(setup, own)
    benchmark = _under("table", lambda: printed(measured))
    if not file:
        _under("table" if table else "figures", lambda: measurements(measured, own, benchmark))
    return measured


def _under(field: str, read: Callable[[], T]) -> T:
    """What is read, its errors under the input that holds it."""
    try:
        return read()
    except QuestionError as error:
        raise QuestionError(field, error.message) from error


FORM = Form(open_calibrate, asks_calibrate)
