"""The sample deployments: what was added, what it shows, and how they go again."""

from collections.abc import Sequence

from bot.desk.records import Deployment
from bot.reply import Block, Message
from bot.views.help.start import add_samples
from bot.views.kit.blocks import actions, button, confirm, context, escape, section, table
from bot.views.kit.format import percent, plural
from bot.views.kit.money import bar, dollars
from bot.views.tracking.statement_json import export
from calculator.spending.statement import Line, Statement

OF = "of sample=yes"
COLUMNS = ("Deployment", "What it is", "Last 7 days", "In use", "Budget of the month")


def samples_view(found: Sequence[Deployment], statement: Statement, *, added: bool) -> Message:
    """The samples with their figures, and what to do with them."""
    many = plural(len(found), "sample deployment")
    there = f"{many} of yours {'is' if len(found) == 1 else 'are'} there already; nothing was added"
    news = f"{many} added, with two weeks of usage" if added else there
    text = f"{news}. This is sample data, not yours."
    lines = {line.key: line for line in statement.lines}
    where = ", ".join(dict.fromkeys(f"<#{one.channel_id}>" for one in found if one.channel_id.startswith("C")))
    note = (
        "Cards and prices are real, the requests are made up. They have the tag `sample=yes`, and count in summaries "
        f"until you remove them. Their alerts come {f'to {where}' if where else 'here'}, within an hour."
    )
    rows = [COLUMNS, *(_row(one, lines.get(one.key)) for one in found)]
    return Message(
        text=text,
        blocks=(section(f"*{news}.* This is sample data, not yours."), table(rows, (2, 3)), context(note), _buttons()),
        data=export(statement) | {"names": [one.name for one in found], "added": added},
    )


def _row(one: Deployment, line: Line | None) -> tuple[str, ...]:
    name = one.name if one.state == "running" else f"{one.name} ({one.state})"
    if line is None:
        return (name, one.question, "–", "–", "–")
    use, budget = line.this.utilization, "none"
    if one.budget_usd is not None and line.month_usd is not None:
        budget = f"{bar(line.month_usd, one.budget_usd)} of {dollars(one.budget_usd)}"
    return name, line.terms.name, dollars(line.this.cost_usd), "–" if use is None else percent(use), budget


def _buttons() -> Block:
    gone = "They go with their usage, and out of every summary. `samples` adds them again."
    ask = confirm("Remove the samples?", gone, "Remove")
    return actions(
        button("Cost summary", "summary", f"summary {OF}", style="primary"),
        button("Schedule it weekly…", "schedule", f"form schedule every monday 09:00 {OF}"),
        button("Remove the samples", "remove", "samples remove", style="danger", confirm=ask),
    )


def removed_view(names: Sequence[str], schedules: Sequence[int]) -> Message:
    """What is gone, and the schedules that would still sum it up."""
    many = plural(len(names), "sample deployment")
    gone = f"{many} removed, with all usage and alerts: {', '.join(names)}. No summary holds them any more."
    text = gone if names else "There are no samples of yours to remove."
    numbers = ", ".join(map(str, schedules))
    kept = [section(f":warning: Schedule {numbers} still posts a summary of samples.")] if schedules else []
    delete = [button(f"Delete schedule {one}", f"delete-{one}", f"schedule {one} delete") for one in schedules[:3]]
    return Message(
        text=text,
        blocks=(section(escape(text)), *kept, actions(add_samples(), *delete)),
        data={"removed": list(names), "schedules": list(schedules)},
    )
