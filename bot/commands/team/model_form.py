"""The form that adds a model of the team's own from its config.json."""

import json

from bot.commands.team.model_question import ModelQuestion, own_name
from bot.commands.team.pasted_config import read_config
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.language.cleaning import clean
from bot.reply import Block
from bot.views.team.model_form import model_form
from calculator.errors import QuestionError
from calculator.team.own import Own


def open_model(rest: str, desk: Desk) -> Block:  # noqa: ARG001
    return model_form(rest[:60])


def asks_model(fields: Fields, subject: str, own: Own) -> Question:  # noqa: ARG001
    """What is pasted is understood to the end; what a file holds is read later, under the question."""
    from calculator.config_json.model import model_from_config  # noqa: PLC0415  # only this form pays for it

    name, pasted, file = own_name(clean(fields.get("name", ""))), fields.get("config", ""), fields.get("file", "")
    if pasted and file:
        raise QuestionError("file", "Give the config.json once: empty the field above, or remove the file.")
    if not (pasted or file):
        raise QuestionError("config", "Paste the config.json, or choose the file below.")
    if file:
        return ModelQuestion(name=name)
    question = ModelQuestion.make({"part": "add", "name": name, "config": read_config(pasted)})
    model_from_config(json.loads(question.config), name)
    return question


FORM = Form(open_model, asks_model)
