"""The form that says what a deployment really does: figures, pasted lines, or a file."""

from bot.commands.tracking.usage import UsageQuestion
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.reply import Block
from bot.views.tracking.forms import usage_form
from calculator.errors import QuestionError
from calculator.team.own import Own


def open_usage(rest: str, desk: Desk) -> Block:
    return usage_form(desk.deployments.mine(rest).name)


def asks_usage(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    """A file stands alone: what it holds is read later, under the question."""
    if fields.pop("file", ""):
        if fields:
            raise QuestionError("file", "Give this file alone: empty the fields above, or remove the file.")
        return UsageQuestion(name=subject)
    if table := fields.pop("table", ""):
        return UsageQuestion.from_text(f"{subject}\n{table}")
    if not fields:
        raise QuestionError("requests_per_hour", "Say how many requests arrive, such as 1240/h, or give CSV below.")
    return UsageQuestion.from_fields(fields, name=subject)


FORM = Form(open_usage, asks_usage)
