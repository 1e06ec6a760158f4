"""The form of a schedule: when, where, about what."""

from bot.commands.tracking.schedule_question import ScheduleQuestion
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.language.cleaning import clean
from bot.reply import Block
from bot.views.tracking.forms import schedule_form
from calculator.team.own import Own


def open_schedule(rest: str, desk: Desk) -> Block:
    names = [one.name for one in desk.deployments.all()]
    asked = ScheduleQuestion.from_text(rest) if rest else ScheduleQuestion()
    if asked.number is None:
        return schedule_form(asked.spec, asked.about, asked.channel or desk.asker.channel_id, None, names)
    found = desk.schedules.mine(asked.number)
    return schedule_form(found.spec, found.about, found.channel_id, found.number, names)


def asks_schedule(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    where, about = fields.get("channel"), clean(fields.get("deployments", ""))
    text = f"{clean(fields.get('schedule', ''))}{f' in <#{where}>' if where else ''}{f' of {about}' if about else ''}"
    return ScheduleQuestion.from_text(f"{subject} becomes {text}" if subject else text)


FORM = Form(open_schedule, asks_schedule)
