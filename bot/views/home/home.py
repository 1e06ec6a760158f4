"""The Home tab."""

from collections.abc import Mapping, Sequence

from bot.desk.records import Deployment
from bot.language.plain import clip
from bot.reply import Block
from bot.views.admin.status import Health, status_blocks
from bot.views.help.start import FIRST, OFFER, add_samples, first_steps
from bot.views.home.answers import Answers, answers_blocks
from bot.views.kit.blocks import actions, button, context, divider, escape, header, section
from bot.views.kit.money import dollars
from bot.views.team.defaults import Shown as Defaults
from bot.views.team.defaults import brief, prices_line
from bot.views.tracking.alerts import KINDS
from bot.views.tracking.deployments import deployment_item
from bot.views.tracking.schedules import Shown, schedule_item
from calculator.base import Frozen
from calculator.spending.alerts import Raised
from calculator.spending.statement import Statement

SCHEDULES = 10


class Home(Frozen):
    """What someone's Home tab shows."""

    mine: tuple[Deployment, ...]
    """Their deployments."""
    others: int
    """Deployments of others that they may see."""
    more: int
    """Deployments of theirs that are not shown."""
    statement: Statement
    """Their deployments, this month so far."""
    raised: Mapping[int, Sequence[Raised]]
    schedules: tuple[Shown, ...]
    answers: Answers
    """A page of their answers."""
    defaults: Defaults
    """The defaults that they have."""
    health: Health | None = None
    """How the bot is doing; None for people who are no admins."""

    @property
    def is_new(self) -> bool:
        """Whether they have neither asked nor tracked anything."""
        return not (self.mine or self.answers.items or self.answers.words or self.answers.page > 1)


def home_view(home: Home, command: str) -> Block:
    """The view, within Slack's limits for a Home tab."""
    answers = answers_blocks(home.answers, command)
    first, last = (_try(command), _links()) if home.is_new else ([], _first(command))
    parts = [
        first,
        _deployments(home),
        answers,
        _schedules(home),
        _defaults(home.defaults),
        last,
        status_blocks(home.health) if home.health else [],
    ]
    blocks = [block for part in parts if part for block in (divider(), *part)][1:]
    return {"type": "home", "blocks": blocks, "private_metadata": f"{home.answers.words} page {home.answers.page}"}


def _deployments(home: Home) -> list[Block]:
    track = actions(
        button("Track a deployment", "track", "form track"),
        None if home.mine else add_samples(),
        button("Summary", "summary", "summary"),
        button("All deployments", "deployments", "deployments"),
        button("Alerts", "alerts", "alerts"),
    )
    others = context(f"{home.others} more are tracked by others.") if home.others else None
    if not home.mine:
        empty = section(
            f"You track no deployment yet. Track one, and its cost is summed up and its budget watched.\n{OFFER}"
        )
        return [header("Your deployments"), empty, *([others] if others else []), track]
    found = home.statement
    blocks = [
        header("Your deployments"),
        section(f"*{dollars(found.month_usd)}* in {found.month} so far, on the way to *{dollars(found.forecast_usd)}*"),
    ]
    lines = {line.key: line for line in found.lines}
    for one in home.mine:
        blocks += deployment_item(one, lines.get(one.key))
        if raised := home.raised[one.id]:
            blocks.append(
                context(":rotating_light: " + ", ".join(KINDS.get(alert.kind, alert.kind) for alert in raised))
            )
    more = [context(f"{home.more} more of yours: `deployments` lists them all.")] if home.more else []
    return [*blocks, *more, *_closed(home), *([others] if others else []), track]


def _closed(home: Home) -> list[Block]:
    """What only its owner and its channel see, since nobody knew what that channel is."""
    names = [f"`{escape(one.name)}`" for one in home.mine if not one.place_known]
    numbers = [f"schedule {one.schedule.number}" for one in home.schedules if not one.schedule.place_known]
    if not (names or numbers):
        return []
    remedy = " `deployment NAME open` shows one to all." if names else ""
    said = f":lock: Seen in their channels and by you alone, since I do not know whether those are public: {', '.join((*names, *numbers))}.{remedy}"
    return [context(clip(said, 1900))]


def _schedules(home: Home) -> list[Block]:
    new = actions(
        button("Schedule a summary", "schedule", "form schedule"), button("All schedules", "schedules", "schedules")
    )
    if not home.schedules:
        return [header("Scheduled summaries"), section("No summary is scheduled yet."), new]
    blocks = [
        header("Scheduled summaries"),
        *(block for one in home.schedules[:SCHEDULES] for block in schedule_item(one)),
    ]
    return [*blocks, new]


def _defaults(found: Defaults) -> list[Block]:
    return [
        header("Your defaults"),
        section(brief(found), accessory=button("Edit…", "defaults-edit", "form defaults")),
        context(prices_line(found.prices)),
    ]


def _try(command: str) -> list[Block]:
    """What to try first, for someone who is new."""
    return [header("Try this first"), *first_steps(command)]


def _first(command: str) -> list[Block]:
    """What to type."""
    return [header("Ask in any channel"), section("\n".join(f"`{command} {one.text}`" for one in FIRST)), *_links()]


def _links() -> list[Block]:
    return [
        actions(
            button("Open the form", "form", "form"),
            button("Help", "help", "help"),
            button("History", "history", "history"),
            button("Price book", "prices", "prices"),
        )
    ]
