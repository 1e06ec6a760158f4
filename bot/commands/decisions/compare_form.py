"""The form of a comparison: two to six options to add, duplicate, move and remove."""

from bot.commands.decisions.compare_form_buttons import pressed
from bot.commands.decisions.compare_form_opened import open_compare
from bot.commands.decisions.compare_form_submitted import asks_compare
from bot.desk.form import Form

FORM = Form(open_compare, asks_compare, pressed)
