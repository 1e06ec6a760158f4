"""One tracked deployment: what it is, what it costs, how it is watched, and what can be done with it."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.desk.records import Deployment, UsageSource
from bot.language.plain import clip
from bot.reply import Block, Message
from bot.views.kit.blocks import actions, button, context, escape, literal, section, table
from bot.views.kit.format import count, percent, seconds
from bot.views.kit.money import bar, change, dollars, per_million
from calculator.base import Frozen
from calculator.spending.alerts import Raised
from calculator.spending.statement import Line
from calculator.spending.terms import Terms

MARKS = {"running": ":large_green_circle:", "paused": ":double_vertical_bar:", "retired": ":black_square_for_stop:"}
HOURS = Decimal(720)


class Shown(Frozen):
    """What is shown of a deployment."""

    deployment: Deployment
    terms: Terms
    """The plan in force."""
    news: str = ""
    """What has just become of it."""
    line: Line | None = None
    """Its last seven days."""
    source: UsageSource | None = None
    """Where its usage is fetched."""
    alerts: tuple[Raised, ...] = ()


def deployment_view(shown: Shown, now: datetime) -> Message:
    """The deployment, with its buttons."""
    one, terms = shown.deployment, shown.terms
    news = f" {escape(shown.news)}." if shown.news else ""
    title = f"{MARKS[one.state]} *{literal(one.name)}*{news}\n{escape(terms.name)}"
    blocks = (
        section(title),
        table([("Figure", "Value", "In detail"), *_rows(shown, now)]),
        _small_print(shown),
        _buttons(one),
    )
    text = f"{one.name}{f' {shown.news}' if shown.news else ''}: {terms.name}, {_monthly(terms)}"
    return Message(text=clip(text, 3000), blocks=blocks, data=_json(shown))


def _rows(shown: Shown, now: datetime) -> Iterator[tuple[str, str, str]]:
    terms = shown.terms
    yield "Planned cost", _monthly(terms), _planned(terms)
    if shown.line:
        line = shown.line
        moved = change(line.this.cost_usd, line.before.cost_usd)
        yield "Last 7 days", dollars(line.this.cost_usd), f"{moved} against the 7 before; busy time {_busy(line)}"
        yield "Month", dollars(line.month_usd), f"on its way to {dollars(line.forecast_usd)}"
        yield "In use", "not seen" if line.this.utilization is None else percent(line.this.utilization), _use(line)
    budget = shown.deployment.budget_usd
    if budget is not None and shown.line and shown.line.month_usd is not None:
        yield (
            "Budget",
            bar(shown.line.month_usd, budget),
            f"{dollars(shown.line.month_usd)} of {dollars(budget)} this month",
        )
    elif budget is not None:
        yield "Budget", dollars(budget), "a calendar month in UTC"
    yield "Usage", *_usage(shown, now)
    if shown.alerts:
        yield "Alerts", str(len(shown.alerts)), ", ".join(one.kind for one in shown.alerts)


def _monthly(terms: Terms) -> str:
    """What a month of the plan costs."""
    if terms.hosted:
        busy, planned = terms.busy_usd_per_request, terms.planned_per_calendar_hour
        return "by use" if busy is None or planned is None else f"{dollars(busy * planned * HOURS)} a month"
    return "unknown" if terms.kept_usd_per_hour is None else f"{dollars(terms.kept_usd_per_hour * HOURS)} a month"


def _planned(terms: Terms) -> str:
    load = "no load planned" if terms.requests_per_hour is None else f"{count(terms.requests_per_hour)} req/h"
    room = (
        "" if terms.capacity_requests_per_hour is None else f" of {count(terms.capacity_requests_per_hour)} it can do"
    )
    return f"720 h; {load}{room}; {terms.input_tokens:,} in, {terms.output_tokens:,} out"


def _busy(line: Line) -> str:
    return (
        "not seen"
        if line.this.busy_usd is None
        else f"{dollars(line.this.busy_usd)} of {dollars(line.this.busy_planned_usd)} planned"
    )


def _use(line: Line) -> str:
    usage = line.this.usage
    if usage.requests is None:
        return "no usage known: planned figures stand in for it"
    late = f"; 95 % of first tokens within {seconds(usage.ttft_p95_s)}" if usage.ttft_p95_s is not None else ""
    return f"{count(round(usage.requests))} requests in {usage.hours:,.0f} h, {per_million(line.this.usd_per_million_tokens)} per million tokens{late}"


def _usage(shown: Shown, now: datetime) -> tuple[str, str]:
    """Where its usage comes from, and whether that works."""
    source = shown.source
    if source is None:
        return (
            "typed",
            f"`usage {shown.deployment.name} 1240/h` says what it does; `deployment {shown.deployment.name} source …` fetches it".replace(
                "`", ""
            ),
        )
    where = f"{source.url} {source.selector}".strip()
    if source.failing_since:
        return "fetching fails", f"since {source.failing_since:%Y-%m-%d %H:%M} UTC: {source.problem}"
    if source.seen_at is None:
        return "nothing seen yet", f"{where} is asked every hour"
    hours = (now - source.seen_at).total_seconds() / 3600
    return ("fetched" if hours < 3 else "silent"), f"last seen {source.seen_at:%Y-%m-%d %H:%M} UTC from {where}"


def _small_print(shown: Shown) -> Block:
    one = shown.deployment
    owner = f"Owner <@{one.user_id}>" if one.user_id != "local" else "Owner you"
    price = (
        f"Price: {escape(shown.terms.price)} ({'pinned' if one.pinned else 'follows the price book'})"
        if shown.terms.price
        else ""
    )
    tags = "Tags: " + escape(", ".join(f"{name}={value}" for name, value in one.tags.items())) if one.tags else ""
    return context(f"Tracked as: {escape(clip(one.question, 900))}", price, tags, owner, seen_by(one))


def seen_by(one: Deployment) -> str:
    """Who sees it, where that is not everyone."""
    if not one.private:
        return ""
    if not one.channel_id.startswith(("C", "G")):
        return ":lock: Seen by its owner alone"
    unknown = (
        ""
        if one.place_known
        else f", since I do not know whether that is public. `deployment {one.name} open` shows it to all"
    )
    return f":lock: Seen in <#{one.channel_id}> and by its owner alone{unknown}"


def _buttons(one: Deployment) -> Block:
    name = one.name
    if one.state == "retired":
        return actions(
            button("Restore", "restore", f"deployment {name} restore"),
            button("Audit", "audit", f"deployment {name} audit"),
        )
    turn = "pause" if one.state == "running" else "resume"
    return actions(
        button("Edit", "edit", f"form deployment {name}"),
        button("Usage…", "usage", f"form usage {name}"),
        button("Compare with…", "compare", f"form compare {clip(one.spelled_out, 1800)}"),
        button(turn.title(), turn, f"deployment {name} {turn}"),
        button("Retire", "retire", f"deployment {name} retire", style="danger"),
        button("Audit", "audit", f"deployment {name} audit"),
    )


def _json(shown: Shown) -> dict[str, Any]:
    one = shown.deployment
    line = shown.line
    return {
        "name": one.name,
        "state": one.state,
        "question": one.question,
        "spelled_out": one.spelled_out,
        "pinned": one.pinned,
        "budget_usd": None if one.budget_usd is None else float(one.budget_usd),
        "tags": one.tags,
        "terms": shown.terms.model_dump(mode="json"),
        "month_usd": _number(line.month_usd if line else None),
        "forecast_usd": _number(line.forecast_usd if line else None),
        "week_usd": _number(line.this.cost_usd if line else None),
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
