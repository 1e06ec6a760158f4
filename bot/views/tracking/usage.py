"""What a deployment was seen to do, day by day."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.desk.records import UsageSource
from bot.reply import Message
from bot.views.kit.blocks import actions, button, context, escape, literal, section, table
from bot.views.kit.format import count, percent, seconds
from calculator.spending.usage import UsageHour

COLUMNS = (
    "Day (UTC)",
    "Hours seen",
    "Requests",
    "Busiest hour",
    "Prompt tokens",
    "Output tokens",
    "KV cache",
    "First token p95",
)


def said_view(name: str, text: str) -> Message:
    """What is kept now."""
    shown = button("Show", "show", f"deployment {name}")
    return Message(
        text=f"{name}: {text}",
        blocks=(section(f"*{literal(name)}*: {escape(text)}"), actions(shown)),
        data={"name": name, "kept": text},
    )


def usage_view(name: str, hours: Sequence[UsageHour], source: UsageSource | None, now: datetime) -> Message:
    """The last seven days."""
    form = button("Say or import", "usage", f"form usage {name}")
    if not hours:
        text = f"No usage of {name} was measured in the last seven days."
        hint = f"Say it: `usage {name} 1240/h`. Or have it fetched: `deployment {name} source URL`."
        return Message(
            text=text, blocks=(section(f"{escape(text)}\n{hint}"), actions(form)), data={"name": name, "hours": []}
        )
    days: dict[str, list[UsageHour]] = {}
    for hour in hours:
        days.setdefault(f"{hour.start:%a %d %b}", []).append(hour)
    where = f"Fetched from {escape(source.url)}" if source else "Said or imported"
    blocks = (
        section(f"*Usage of {literal(name)}*, the last seven days"),
        table([COLUMNS, *(_row(day, seen) for day, seen in days.items())], right=range(1, 8)),
        context(f"{where}, as of {now:%Y-%m-%d %H:%M} UTC"),
        actions(form),
    )
    total = sum(hour.requests or 0 for hour in hours)
    return Message(
        text=f"{name}: {count(round(total))} requests in the last seven days",
        blocks=blocks,
        data={"name": name, "hours": [hour.model_dump(mode="json") for hour in hours]},
    )


def _row(day: str, seen: Sequence[UsageHour]) -> tuple[str, ...]:
    return (
        day,
        str(len(seen)),
        _sum(seen, "requests"),
        _worst(seen, "requests", lambda value: count(round(value))),
        _sum(seen, "input_tokens"),
        _sum(seen, "output_tokens"),
        _worst(seen, "kv_share", percent),
        _worst(seen, "ttft_p95_s", seconds),
    )


def _values(seen: Sequence[UsageHour], field: str) -> list[float]:
    return [value for hour in seen if (value := getattr(hour, field)) is not None]


def _sum(seen: Sequence[UsageHour], field: str) -> str:
    values = _values(seen, field)
    return count(round(sum(values))) if values else "–"


def _worst(seen: Sequence[UsageHour], field: str, show: Callable[[float], str]) -> str:
    values = _values(seen, field)
    return show(max(values)) if values else "–"
