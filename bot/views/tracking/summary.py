"""A statement as the message that a channel gets: the bill, one table, a chart, what moved, what to do about it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.reply import Block, Message
from bot.views.help.start import OFFER, add_samples
from bot.views.kit.blocks import actions, button, context, escape, fitting, header, literal, section, table
from bot.views.kit.chart import bar_chart, distinct
from bot.views.kit.format import count, percent
from bot.views.kit.money import bar, change, dollars, per_million
from bot.views.tracking.statement_json import export
from calculator.base import Frozen
from calculator.spending.statement import Line, Statement

ROWS = 12
"""Deployments in the table; the others are one row."""
DRAWN = 4
"""Deployments in the chart; the others are one series."""
CUT = "There is more than one message holds. `deployments csv` has all of it."
COLUMNS = ("Deployment", "Cost / planned", "Change", "Busy time / planned", "In use", "$/M tokens", "Month forecast")


class Summary(Frozen):
    """What is posted, and why now."""

    statement: Statement
    zone: str
    """The schedule's zone: periods are told in it."""
    what: str
    """`Schedule 3`, or who asked."""
    about: str = ""
    """Which deployments, as typed; empty for all."""
    notes: tuple[str, ...] = ()
    """What else to say, such as a run that was missed."""
    preview: bool = False
    fresh: bool = False
    """The asker sees nothing tracked at all."""


def summary_view(summary: Summary, command: str) -> Message:
    """The summary of a period."""
    found = summary.statement
    if not found.lines:
        return _empty(summary, command)
    title = f"Model costs, {_span(found.start, found.end, summary.zone)}"
    blocks = (
        header(title),
        section(_verdict(found)),
        *(section(f":warning: {escape(note)}") for note in summary.notes),
        table(_table(found), right=range(1, len(COLUMNS))),
        *_chart(summary),
        *_paragraphs(found),
        _small_print(summary),
    )
    buttons = actions(
        button("Deployments", "deployments", "deployments"),
        button("As CSV", "csv", "deployments csv"),
        button("Schedules", "schedules", "schedules"),
    )
    text = f"{title}: {dollars(found.cost_usd)}, {change(found.cost_usd, found.before_usd)} against the period before"
    return Message(text=text, blocks=(*fitting(blocks, CUT), buttons), data=export(found))


def _verdict(found: Statement) -> str:
    """The bill, against the period before, the month and its budget."""
    moved = change(found.cost_usd, found.before_usd)
    first = f"*{dollars(found.cost_usd)}* in this period, *{moved}* against the one before."
    ahead = f"{found.month} is at {dollars(found.month_usd)} and on its way to *{dollars(found.forecast_usd)}*"
    lines = [first, f"{ahead}{_against(found)}."]
    if found.unknown:
        lines.append(f":warning: In no total, since no price of it is known: {', '.join(map(literal, found.unknown))}.")
    return "\n".join(lines)


def _against(found: Statement) -> str:
    """The budgets, against the deployments that have one."""
    if found.budget_usd is None:
        return ""
    limited = [line for line in found.lines if line.budget_usd is not None]
    used = found.total(line.month_usd for line in limited)
    whose = "" if len(limited) == len(found.lines) else f"; {len(limited)} of {len(found.lines)} deployments have one"
    return f"; {bar(used, found.budget_usd)} of {dollars(found.budget_usd)} budget is used{whose}"


def _table(found: Statement) -> list[tuple[str, ...]]:
    shown, rest = found.lines[:ROWS], found.lines[ROWS:]
    if len(rest) == 1:
        shown, rest = found.lines, ()
    rows = [_row(line.name if line.running else f"{line.name} (paused)", (line,)) for line in shown]
    others = [_row(f"{len(rest)} others", rest)] if rest else []
    return [COLUMNS, *rows, *others, _row("Total", found.lines)]


def _row(name: str, lines: tuple[Line, ...]) -> tuple[str, ...]:
    """The figures of one deployment, or the sums of several."""
    one = lines[0] if len(lines) == 1 else None
    sums = [_sum(lines, figure) for figure in ("cost_usd", "planned_usd", "busy_usd", "busy_planned_usd")]
    cost, planned, busy, busy_planned = sums
    before = _known(line.before.cost_usd for line in lines)
    use = one.this.utilization if one else None
    return (
        name,
        f"{dollars(cost)} / {dollars(planned)}",
        change(cost, before),
        f"{'not seen' if busy is None else dollars(busy)} / {'–' if busy_planned is None else dollars(busy_planned)}",
        "–" if use is None else percent(use),
        per_million(one.this.usd_per_million_tokens) if one else "–",
        dollars(_known(line.forecast_usd for line in lines)),
    )


def _sum(lines: tuple[Line, ...], figure: str) -> Decimal | None:
    return _known(getattr(line.this, figure) for line in lines)


def _known(values: Iterator[Decimal | None]) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def _chart(summary: Summary) -> list[Block]:
    """The bill of the last periods, for the dearest deployments and the others."""
    found = summary.statement
    if len(found.labels) < 2:
        return []
    drawn, rest = found.lines[:DRAWN], found.lines[DRAWN:]
    names = distinct([line.name for line in drawn])
    series = {name: [float(value or 0) for value in line.trend] for name, line in zip(names, drawn, strict=True)}
    if rest:
        series["the others"] = [
            float(found.total(line.trend[index] for line in rest)) for index in range(len(found.labels))
        ]
    return [bar_chart("Cost by period", _labels(found.labels, summary.zone), series, "US dollars")]


def _labels(starts: tuple[datetime, ...], zone: str) -> list[str]:
    """When each period began, as short as they stay apart."""
    local = [start.astimezone(ZoneInfo(zone)) for start in starts]
    for form in ("%d %b", "%d %b %H:%M", "%d %b %H:%M %Z"):
        labels = [f"{start:{form}}" for start in local]
        if len(set(labels)) == len(labels):
            return labels
    return [f"{start:%d %b %H:%M}Z" for start in starts]


def _paragraphs(found: Statement) -> Iterator[Block]:
    lines = [*_moved(found), *_idle(found), *_saving(found), *_prices(found)]
    if lines:
        yield section("\n".join(f"• {line}" for line in lines))
    budgets = [
        f"{bar(line.month_usd, line.budget_usd)} {literal(line.name)}: {dollars(line.month_usd)} of {dollars(line.budget_usd)}"
        for line in found.lines[:ROWS]
        if line.budget_usd is not None and line.month_usd is not None
    ]
    if len(budgets) > 1:
        yield section(f"*Budgets for {found.month}*\n" + "\n".join(budgets))


def _moved(found: Statement) -> Iterator[str]:
    movers = found.movers()
    if movers:
        told = [f"{literal(line.name)} {change(line.this.cost_usd, line.before.cost_usd)}" for line in movers]
        yield f"*Moved most*: {', '.join(told)}"


def _idle(found: Statement) -> Iterator[str]:
    if found.idle_usd > 0:
        worst = max(found.lines, key=lambda line: line.this.idle_usd or Decimal(0))
        most = f", {dollars(worst.this.idle_usd)} of it by {literal(worst.name)}" if len(found.lines) > 1 else ""
        yield f"*Idle*: {dollars(found.idle_usd)} was kept and not used{most}"


def _saving(found: Statement) -> Iterator[str]:
    saving = max(
        (line for line in found.lines if line.saving_usd), key=lambda line: line.saving_usd or Decimal(0), default=None
    )
    if saving:
        yield f"*Save*: the load of {literal(saving.name)} fits {escape(saving.saving)}; {dollars(saving.saving_usd)} a month less"


def _prices(found: Statement) -> Iterator[str]:
    changed = [f"{literal(line.name)} {escape(told)}" for line in found.lines for told in line.price_changes]
    if changed:
        yield f"*New prices*: {'; '.join(changed[:5])}"


def _small_print(summary: Summary) -> Block:
    found = summary.statement
    kept = (
        "*Cost* is every card for every hour that it ran, or the use of a hosted model. *Busy time* counts each request as if it had the "
        "deployment to itself, so it can exceed the cost"
    )
    seen = [
        f"{literal(line.name)} {_seen(line)}" for line in found.lines[:ROWS] if line.this.usage.requests is not None
    ]
    unseen = sum(line.this.usage.requests is None for line in found.lines)
    missing = f"{unseen} of {len(found.lines)} without usage: planned figures stand in for them" if unseen else ""
    about = f"{summary.what}{f', {summary.about}' if summary.about else ''}, months in UTC"
    return context(kept, f"Seen: {'; '.join(seen)}"[:2900] if seen else "", missing, escape(about))


def _seen(line: Line) -> str:
    usage = line.this.usage
    hours = line.this.hours
    part = f" in {usage.hours:,.0f} of {float(hours):,.0f} h" if usage.hours + 1 < float(hours) else ""
    return f"{count(round(usage.requests or 0))} requests{part}"


def _span(start: datetime, end: datetime, zone: str) -> str:
    begin, finish = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    return f"{begin:%a %d %b %H:%M} to {finish:%a %d %b %Y %H:%M} {zone}"


def _empty(summary: Summary, command: str) -> Message:
    about = f" for {escape(summary.about)}" if summary.about else ""
    text = f"No deployment is tracked{about}, so there is nothing to sum up yet."
    example = f"`{command} track support-bot: 7B on 2xL4 cloud aws 1000/h`"
    notes = [section(f":warning: {escape(note)}") for note in summary.notes]
    offer = [section(OFFER, accessory=add_samples())] if summary.fresh else []
    return Message(
        text=text,
        blocks=(section(f"{text}\nTrack one: {example}"), *notes, *offer, context(escape(summary.what))),
        data=export(summary.statement),
    )
