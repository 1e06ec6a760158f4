"""`defaults`: what is taken for granted where a question leaves it out, of oneself and of the workspace."""

from bot.commands.team.defaults_question import NAMES, NONE, DefaultsQuestion, read_default
from bot.desk.question import Command, Desk
from bot.desk.submitted import Fields
from bot.language.grammar import clean
from bot.reply import Block, Message
from bot.views.team.defaults import Shown, defaults_form, defaults_view
from calculator.team.own import Own


def answer(question: DefaultsQuestion, desk: Desk) -> Message:
    """All of them, after what was asked."""
    if question.values:
        kept = {name: None if value == NONE else value for name, value in question.values.items()}
        desk.defaults.change(kept, workspace=question.workspace)
    news = _news(question)
    return defaults_view(shown(desk)._replace(news=news), desk.command)


def shown(desk: Desk) -> Shown:
    """What the asker has, and what their workspace has."""
    found = desk.defaults.all()
    own = {one.name: one for one in found if one.user_id}
    shared = {one.name: one for one in found if not one.user_id}
    return Shown(own, shared, len(desk.rates.current()), desk.people.is_admin(desk.asker.user_id))


def _news(question: DefaultsQuestion) -> str:
    if not question.values:
        return ""
    whose = "The workspace's" if question.workspace else "Your"
    if set(question.values.values()) == {NONE}:
        return f"{whose} defaults are reset." if len(question.values) > 1 else f"{whose} default is reset."
    return f"{whose} defaults are kept." if len(question.values) > 1 else f"{whose} default is kept."


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


DEFAULTS = Command(
    DefaultsQuestion,
    answer,
    "What is taken where a question leaves it out: hours a month, provider, discount, time zone, currency.",
    (
        "defaults",
        "defaults hours 730",
        "defaults provider aws, discount 20%",
        "defaults zone Europe/Berlin",
        "defaults currency EUR at 0.92",
        "defaults reset",
        "defaults workspace hours 176",
    ),
)
