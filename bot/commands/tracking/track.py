"""`track NAME: QUESTION`: a deployment whose cost is summed up from now on."""

from typing import ClassVar

from bot.commands.estimates.fill_defaults import filled, held
from bot.commands.estimates.stored_answers import own
from bot.commands.tracking.plan import Plan, kept_text, priced
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.records import Deployment
from bot.reply import Message
from bot.views.tracking.deployment import Shown, deployment_view
from bot.views.tracking.deployment_audit import asked_to_change
from calculator.errors import QuestionError
from calculator.spending.terms import Terms


class TrackQuestion(Plan):
    """Track this deployment."""

    word: ClassVar[str] = "track"


def answer(question: TrackQuestion, desk: Desk) -> Message:
    """Tracked; where there is one of that name, what to do is asked first."""
    named = [
        one for one in desk.deployments.all("running", "paused", "retired") if one.name.lower() == question.name.lower()
    ]
    if named and named[0].state == "retired":
        raise QuestionError(
            "name",
            f"{named[0].name} is retired. `deployment {named[0].name} restore` brings it back; or choose another name.",
        )
    about = filled(question.about, desk, held(desk))
    question = question.model_copy(update={"about": about.question})
    plan = str(question).removeprefix(f"{question.word} {question.name}: ")
    if named:
        return asked_to_change(named[0].name, named[0].question, plan)
    added, terms = tracked(question, desk)
    news = "; ".join((_from_when(question), *about.told))
    return deployment_view(Shown(deployment=added, terms=terms, news=news), desk.now)


def tracked(question: TrackQuestion, desk: Desk) -> tuple[Deployment, Terms]:
    """The deployment, tracked now, and its terms; QuestionError names what is wrong, or a name that is taken."""
    found, terms = priced(question.about, own(desk))
    pinned, since = question.price == "pinned", question.since or desk.now
    if since > desk.now:
        raise QuestionError(
            "since", f"{since:%Y-%m-%d %H:%M} UTC is still to come. Track it when it runs, or leave `since` out."
        )
    added = desk.deployments.add(
        question.name,
        str(question.about),
        kept_text(found, terms, pinned=pinned),
        terms,
        since=since,
        budget_usd=question.budget_usd or None,
        pinned=pinned,
        tags=question.tags or {},
    )
    return added, terms


def _from_when(question: TrackQuestion) -> str:
    return (
        f"is tracked as running since {question.since:%Y-%m-%d %H:%M} UTC"
        if question.since
        else "is tracked from now on"
    )


TRACK = Command(
    TrackQuestion,
    answer,
    "Track a deployment: its cost is summed up and its budget watched. Alone, it opens the form.",
    (
        "track support-bot: 7B on 2xL4 cloud aws 1000/h",
        "track search: llama-3.1-70b fp8 on 2xH100, 1k in 300 out, 2000 req/h, budget $5000 a month, tags team=search cost-centre=R42",
        "track writer: gpt-4o, 1k in 300 out, 500 req/h, budget $300 a month, since 2026-11-01",
    ),
)
