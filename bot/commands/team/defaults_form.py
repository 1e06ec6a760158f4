"""The form of defaults: one's own, or the workspace's."""

from bot.commands.team.defaults_question import NAMES, NONE, DefaultsQuestion, read_default
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.submitted import Fields
from bot.language.cleaning import clean
from bot.reply import Block
from bot.views.team.defaults import defaults_form
from calculator.team.own import Own


def open_defaults(rest: str, desk: Desk) -> Block:
    """The form, filled in with one's own, or with the workspace's."""
    workspace = rest.lower() == "workspace"
    if workspace:
        desk.defaults.must_be_admin()
    having = [one for one in desk.defaults.all() if bool(one.user_id) is not workspace]
    return defaults_form({one.name: one.value for one in having}, workspace=workspace)


def asks_defaults(fields: Fields, subject: str, own: Own) -> DefaultsQuestion:  # noqa: ARG001  # every form is read alike
    """What the form holds: an empty input takes its default away."""
    values = {name: read_default(name, clean(fields[name])) if name in fields else NONE for name in NAMES}
    return DefaultsQuestion(workspace=subject == "workspace", values=values)


FORM = Form(open_defaults, asks_defaults)
