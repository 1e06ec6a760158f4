"""`deployment NAME`: one tracked deployment, and what can be done with it; `deployments`: all of them, also as a file."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeVar

from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.deciding import compared
from bot.commands.estimates import stored_answers
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.fill_defaults import filled, held
from bot.commands.tracking.deployment_question import NEEDS, DeploymentQuestion
from bot.commands.tracking.plan import NAME, TAGS, Plan, check_name, kept_text, priced
from bot.desk.command import Command
from bot.desk.desk import Desk
from bot.desk.records import Deployment, State
from bot.language.quantities import UnreadableError
from bot.language.shared_words import BUDGET
from bot.reply import Message
from bot.views.tracking.deployment import Shown, deployment_view
from bot.views.tracking.deployment_audit import ask_before_retiring, audit_view
from calculator.errors import QuestionError
from calculator.spending.terms import Terms

T = TypeVar("T")
PERSON = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
SOURCE = re.compile(
    r"(?P<url>\S+?)(?:\s*(?P<selector>\{[^{}]*\}))?(?:\s+token\s+(?P<token>\w+))?(?:\s+engine\s+(?P<engine>[\w.]+))?",
    re.IGNORECASE,
)
MOVES: dict[str, tuple[State, str]] = {
    "pause": ("paused", "paused"),
    "resume": ("running", "resumed"),
    "retire": ("retired", "retired"),
    "restore": ("running", "restored"),
}


def answer(question: DeploymentQuestion, desk: Desk) -> Message:
    """The deployment, or what became of it."""
    if question.do == "show":
        return _shown(desk.deployments.get(question.name), desk)
    if question.do == "audit":
        found = desk.deployments.get(question.name)
        return audit_view(found.name, desk.deployments.audit(found))
    if question.do == "compare":
        return _compare(desk.deployments.get(question.name), question.rest, desk)
    found = desk.deployments.mine(question.name)
    if question.do in MOVES:
        return _move(found, question, desk)
    return CHANGES[question.do](found, question.rest, desk)


def _shown(found: Deployment, desk: Desk, news: str = "") -> Message:
    """The deployment with what it cost over the last seven days."""
    plan = desk.deployments.plan(found)
    week = desk.deployments.statement([found], [desk.now - timedelta(days=14), desk.now - timedelta(days=7), desk.now])
    line = week.lines[0] if week.lines else None
    shown = Shown(
        deployment=found,
        terms=plan[-1].terms,
        news=news,
        line=line,
        source=desk.deployments.source(found),
        alerts=tuple(desk.deployments.alerts([found])[found.id]),
    )
    return deployment_view(shown, desk.now)


def _move(found: Deployment, question: DeploymentQuestion, desk: Desk) -> Message:
    """Pause, resume, retire or restore; retiring asks back."""
    state, why = MOVES[question.do]
    if found.state == state:
        raise QuestionError("deployment", f"{found.name} is {state} already.")
    if question.do == "resume" and found.state == "retired":
        raise QuestionError("deployment", f"{found.name} is retired: `deployment {found.name} restore` brings it back.")
    if question.do == "retire" and question.rest.lower() != "yes":
        return ask_before_retiring(found.name, desk.command)
    return _shown(desk.deployments.move(found, state, why), desk, f"is {why}")


def _compare(found: Deployment, rest: str, desk: Desk) -> Message:
    """The plan beside another option, which takes from it what it leaves out."""
    question = CompareQuestion.from_text(f"{found.spelled_out} vs {rest}")
    hidden = found.private and found.channel_id != desk.asker.channel_id
    alone = replace(desk, asker=desk.asker.model_copy(update={"thread_ts": None})) if hidden else desk
    return stored_answers.store(compared(question, stored_answers.own(desk)), alone)


def _becomes(found: Deployment, rest: str, desk: Desk) -> Message:
    """Another plan from now on, and another name where one stands before a colon; budget, price and tags stay where it says none."""
    name, colon, plan = rest.partition(":")
    said = Plan.read(name, plan) if colon and NAME.fullmatch(name) else Plan.read(found.name, rest)
    pinned = found.pinned if said.price is None else said.price == "pinned"
    about = filled(said.about, desk, held(desk))
    answer_, terms = priced(about.question, stored_answers.own(desk))
    fields: dict[str, Any] = {
        "name": said.name,
        "question": str(about.question),
        "spelled_out": kept_text(answer_, terms, pinned=pinned),
        "pinned": pinned,
    }
    fields |= {} if said.budget_usd is None else {"budget_usd": said.budget_usd or None}
    fields |= {} if said.tags is None else {"tags": said.tags}
    changed = desk.deployments.change(found, terms, **fields)
    return _shown(changed, desk, "; ".join(("has a new plan from now on", *about.told)))


def _budget(found: Deployment, rest: str, desk: Desk) -> Message:
    if rest.lower() in {"none", "off", "no"}:
        return _shown(desk.deployments.change(found, budget_usd=None), desk, "has no budget any more")
    budget = _read(BUDGET.read, "budget", rest)
    if not 0 < budget <= Decimal(10) ** 9:
        raise QuestionError(
            "budget", f"“{rest}” is no budget: write an amount above zero, such as `$600 a month`, or `none`."
        )
    return _shown(desk.deployments.change(found, budget_usd=budget), desk, f"has a budget of {BUDGET.write(budget)}")


def _price(found: Deployment, rest: str, desk: Desk) -> Message:
    if rest.lower() not in {"pinned", "floating"}:
        raise QuestionError(
            "price",
            f"“{rest}” is neither `pinned`, which keeps today's price, nor `floating`, which follows the price book.",
        )
    pinned = rest.lower() == "pinned"
    answer_, terms = priced(EstimateQuestion.from_text(found.question), stored_answers.own(desk))
    changed = desk.deployments.change(found, terms, pinned=pinned, spelled_out=kept_text(answer_, terms, pinned=pinned))
    return _shown(changed, desk, f"has a {rest.lower()} price")


def _tags(found: Deployment, rest: str, desk: Desk) -> Message:
    if rest.lower() in {"none", "off"}:
        return _shown(desk.deployments.change(found, tags={}), desk, "has no tags any more")
    tags = {**found.tags, **_read(TAGS.read, "tags", rest)}
    return _shown(desk.deployments.change(found, tags=tags), desk, "has new tags")


def _owner(found: Deployment, rest: str, desk: Desk) -> Message:
    person = PERSON.fullmatch(rest)
    if person is None:
        raise QuestionError("owner", f"“{rest}” is no person: pick one from the list that `@` opens.")
    people = desk.people
    if not people.is_known(person[1]) or people.is_foreign(person[1], desk.asker.team_id) or people.is_guest(person[1]):
        raise QuestionError("owner", f"{rest} is no member of this workspace that I know: choose a member.")
    return _shown(desk.deployments.change(found, user_id=person[1]), desk, "has a new owner")


def _rename(found: Deployment, rest: str, desk: Desk) -> Message:
    return _shown(desk.deployments.change(found, name=check_name(rest)), desk, f"was called {found.name}")


def _source(found: Deployment, rest: str, desk: Desk) -> Message:
    """Fetch usage from a Prometheus server, or stop it."""
    if rest.lower() in {"none", "off"}:
        desk.deployments.stop_fetching(found)
        return _shown(found, desk, "is fetched from nowhere any more; what was seen stays")
    said = SOURCE.fullmatch(rest)
    if said is None:
        raise QuestionError(
            "source", f"“{rest}” is no source: write {NEEDS['source']}, and `token NAME` where it needs one."
        )
    engine = (said["engine"] or _engine(desk.deployments.plan(found)[-1].terms, found)).lower()
    told = desk.deployments.fetch_from(found, said["url"], said["selector"] or "", said["token"] or "", engine)
    return _shown(found, desk, f"is fetched every hour from now on: {told}")


def _open(found: Deployment, rest: str, desk: Desk) -> Message:  # noqa: ARG001  # every change is called alike
    """Anyone of the workspace sees it from now on."""
    if not found.private:
        raise QuestionError("deployment", f"{found.name} is open already.")
    return _shown(
        desk.deployments.change(found, private=False, place_known=True), desk, "is seen in the whole workspace"
    )


def _close(found: Deployment, rest: str, desk: Desk) -> Message:  # noqa: ARG001
    """Its channel and its owner alone see it from now on."""
    if found.private and found.place_known:
        raise QuestionError("deployment", f"{found.name} is private already.")
    return _shown(desk.deployments.change(found, private=True, place_known=True), desk, "is private from now on")


def _engine(terms: Terms, found: Deployment) -> str:
    if terms.hosted:
        raise QuestionError(
            "source",
            f"{found.name} is hosted: its provider has no Prometheus. `usage {found.name}` takes what you know.",
        )
    return EstimateQuestion.from_text(found.spelled_out).engine or "vllm"


def _read(read: Callable[[str], T], field: str, text: str) -> T:
    try:
        return read(text)
    except UnreadableError as error:
        raise QuestionError(field, f"{error}.") from error


CHANGES: dict[str, Callable[[Deployment, str, Desk], Message]] = {
    "becomes": _becomes,
    "budget": _budget,
    "price": _price,
    "tags": _tags,
    "owner": _owner,
    "rename": _rename,
    "source": _source,
    "open": _open,
    "close": _close,
}
DEPLOYMENT = Command(
    DeploymentQuestion,
    answer,
    "One tracked deployment: show, change, pause, resume, retire, restore, compare, and who changed it.",
    (
        "deployment support-bot",
        "deployment support-bot becomes 13B on 1xL40S 1000/h",
        "deployment support-bot budget $600 a month",
        "deployment support-bot price pinned",
        "deployment support-bot compare 1xL40S",
        'deployment support-bot source https://prometheus.example {model_name="llama"} token PROMETHEUS_TOKEN_PROD',
        "deployment support-bot open",
        "deployment support-bot pause",
        "deployment support-bot retire",
        "deployment support-bot audit",
    ),
)
