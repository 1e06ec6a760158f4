"""`defaults`: what is taken for granted where a question leaves it out, of oneself and of the workspace."""

from bot.commands.team.defaults_question import NONE, DefaultsQuestion
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.reply import Message
from bot.views.team.defaults import Shown, defaults_view


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
