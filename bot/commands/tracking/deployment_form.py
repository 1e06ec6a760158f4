"""The form that changes a tracked deployment: its plan, filled in as it is."""

from bot.commands.estimates.resolve import resolve
from bot.commands.tracking.deployment_question import DeploymentQuestion
from bot.commands.tracking.plan import check_name, write_tags
from bot.commands.tracking.track import TrackQuestion
from bot.commands.tracking.track_form import plan_of
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.language.cleaning import clean
from bot.language.shared_words import BUDGET
from bot.reply import Block
from bot.views.tracking.forms import PlanFilled, plan_form
from calculator.team.own import Own


def open_deployment(rest: str, desk: Desk) -> Block:
    found = desk.deployments.mine(rest)
    budget = "" if found.budget_usd is None else BUDGET.write(found.budget_usd)
    return plan_form(
        PlanFilled(
            name=found.name,
            question=found.question,
            budget=budget,
            pinned=found.pinned,
            tags=write_tags(found.tags) if found.tags else "",
            known=found.name,
        )
    )


def asks_change(fields: Fields, subject: str, own: Own) -> Question:
    """Everything that the form holds, a new name too."""
    name, plan = check_name(clean(fields.get("name", ""))), plan_of({"budget": "$0", "tags": "none", **fields})
    resolve(TrackQuestion.read(name, plan).about, own)
    renamed = f"{name}: " if name != subject else ""
    return DeploymentQuestion(name=subject, do="becomes", rest=f"{renamed}{plan}")


FORM = Form(open_deployment, asks_change)
