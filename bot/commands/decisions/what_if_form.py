"""The form that asks what would be different."""

import re

from bot.commands.decisions.what_if_question import WhatIfQuestion
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.submitted import Fields
from bot.reply import Block
from bot.views.answers.what_if import what_if_form
from calculator.team.own import Own


def open_what_if(rest: str, desk: Desk) -> Block:  # noqa: ARG001  # every form is opened alike
    """About the answer of this number, or the last one."""
    return what_if_form(rest if re.fullmatch(r"\d{1,9}", rest) else "")


def asks_what_if(fields: Fields, subject: str, own: Own) -> WhatIfQuestion:  # noqa: ARG001  # every form is read alike
    """What a submitted form asks of the answer that it was opened from."""
    return WhatIfQuestion.from_text(f"{f'{subject}: ' if subject else ''}{fields.get('change', '')}")


FORM = Form(open_what_if, asks_what_if)
