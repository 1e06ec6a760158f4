"""The list of tracked deployments with this month's figures."""

from collections.abc import Sequence
from typing import Protocol

from bot.desk.records import Deployment
from bot.reply import Block, Message
from bot.views.help.start import OFFER, add_samples
from bot.views.kit.blocks import actions, button, context, escape, literal, plain_text, section
from bot.views.kit.format import percent, plural
from bot.views.kit.money import bar, dollars
from bot.views.tracking.deployment import MARKS
from bot.views.tracking.statement_json import export
from calculator.spending.statement import Line, Statement

PAGE = 8


class Asked(Protocol):
    """The question behind the list."""

    @property
    def about(self) -> str: ...
    @property
    def retired(self) -> bool: ...
    @property
    def page(self) -> int: ...


def deployments_view(
    asked: Asked, found: Sequence[Deployment], statement: Statement, *, total: int, command: str
) -> Message:
    """One page of deployments, each with its menu."""
    if not found:
        return _empty(asked, command)
    lines = {line.key: line for line in statement.lines}
    which = f" of {escape(asked.about)}" if asked.about else ""
    title = f"*{'Retired' if asked.retired else 'Tracked'} deployments{which}*: {total}"
    summed = (
        f", {dollars(statement.month_usd)} in {statement.month} so far, on the way to {dollars(statement.forecast_usd)}"
    )
    blocks = [section(title + ("" if asked.retired or total > PAGE else summed))]
    private = {one.name.lower() for one in found if one.private}
    for one in found:
        item, figures = deployment_item(one, lines.get(one.key))
        if not one.private and one.name.lower() in private:  # the name finds the other one: a menu would act on that
            del item["accessory"]
        blocks += [item, figures]
    base = f"deployments{' retired' if asked.retired else ''}{f' of {asked.about}' if asked.about else ''}"
    turn = [
        button("Earlier", "earlier", f"{base} page {asked.page - 1}") if asked.page > 1 else None,
        button("More", "more", f"{base} page {asked.page + 1}") if asked.page * PAGE < total else None,
        button("Track another", "track", "form track"),
        button("Summary", "summary", f"summary{f' of {asked.about}' if asked.about else ''}"),
    ]
    text = f"{plural(total, 'deployment')}: " + "; ".join(f"{one.name} ({one.state})" for one in found)
    return Message(
        text=text[:3000],
        blocks=(*blocks, actions(*turn)),
        data=export(statement) | {"total": total, "names": [one.name for one in found]},
    )


def deployment_item(one: Deployment, line: Line | None) -> tuple[Block, Block]:
    """One deployment with its menu, in a list or on a Home tab."""
    what = escape(line.terms.name) if line else escape(one.question[:600])
    words = {
        "Show": "",
        "Edit": "",
        "Pause": " pause",
        "Resume": " resume",
        "Retire": " retire",
        "Restore": " restore",
        "Audit": " audit",
    }
    left_out = {
        "running": {"Resume", "Restore"},
        "paused": {"Pause", "Restore"},
        "retired": {"Edit", "Pause", "Resume", "Retire"},
    }[one.state]
    options = [
        {
            "text": plain_text(label),
            "value": f"form deployment {one.name}" if label == "Edit" else f"deployment {one.name}{word}",
        }
        for label, word in words.items()
        if label not in left_out
    ]
    menu = {"type": "overflow", "action_id": f"more-{one.name}", "options": options[:5]}
    lock = ":lock: " if one.private else ""
    return section(f"{MARKS[one.state]} {lock}*{literal(one.name)}*  {what}", accessory=menu), context(
        _figures(one, line)
    )


def _figures(one: Deployment, line: Line | None) -> str:
    if line is None:
        return f"Owner <@{one.user_id}>"
    parts = [f"{dollars(line.month_usd)} this month, on its way to {dollars(line.forecast_usd)}"]
    if one.budget_usd is not None and line.month_usd is not None:
        parts.append(f"{bar(line.month_usd, one.budget_usd)} of {dollars(one.budget_usd)}")
    if line.this.utilization is not None:
        parts.append(f"{percent(line.this.utilization)} in use")
    tags = ", ".join(f"{name}={value}" for name, value in one.tags.items())
    return " · ".join(
        [*parts, *([escape(tags)] if tags else []), "you" if one.user_id == "local" else f"<@{one.user_id}>"]
    )


def _empty(asked: Asked, command: str) -> Message:
    if asked.page > 1:
        text, example = f"There is no page {asked.page}.", f"{command} deployments"
    elif asked.retired:
        text, example = "No deployment was retired.", f"{command} deployments"
    else:
        text, example = (
            "Nothing is tracked yet. Track a deployment:",
            f"{command} track support-bot: 7B on 2xL4 cloud aws 1000/h",
        )
    fresh = asked.page == 1 and not asked.retired
    offer = f"\n{OFFER}" if fresh else ""
    buttons = actions(button("Track a deployment", "track", "form track"), add_samples() if fresh else None)
    spoken = f"{text} {example}" if text.endswith(":") else text
    return Message(
        text=spoken,
        blocks=(section(f"{text}\n`{example}`{offer}"), buttons),
        data={"total": 0, "names": [], "deployments": []},
    )
