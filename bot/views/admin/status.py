"""How the bot is doing, for admins on their Home tab."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.reply import Block
from bot.views.kit.blocks import actions, button, context, header, section
from bot.views.kit.format import date as moment
from bot.views.kit.format import plural
from calculator.base import Frozen

LATE = timedelta(hours=2)
"""The clock looks after everything once an hour; longer ago than this is worth a warning."""


class Health(Frozen):
    """How the bot is doing in a workspace."""

    version: str
    database_bytes: int
    looked_at: datetime | None
    """When the clock last looked after prices, alerts and old rows."""
    in_doubt: int
    """Posts that may not have arrived."""
    schedules: int
    paused: int
    newest_price: str
    """The day of the newest price of an accelerator."""
    today: datetime
    keep_days: int | None
    """How long answers are kept; None for as long as nobody deletes them."""
    channels: tuple[str, ...]
    """Where the bot may post by itself; everywhere where none is named."""
    only: tuple[str, ...] = ()
    """Where it answers at all; everywhere where none is named."""


def status_blocks(health: Health) -> list[Block]:
    """The section that only admins see."""
    return [
        header("Status, for admins"),
        section("\n".join((_running(health), _posts(health), _prices(health), _rules(health)))),
        actions(
            button("Schedules", "status-schedules", "schedules"),
            button("Channels", "status-channels", "channels"),
            button("Workspace's defaults…", "status-defaults", "form defaults workspace"),
        ),
        context("Only workspace admins see this section."),
    ]


def _running(health: Health) -> str:
    late = health.looked_at is None or health.today - health.looked_at > LATE
    when = moment(health.looked_at) if health.looked_at else "not yet"
    size = health.database_bytes / 2**20
    return f"*Version* {health.version} · *Database* {size:,.1f} MiB · *Clock* looked last {when}{' :warning:' if late else ''}"


def _posts(health: Health) -> str:
    doubt = f"{health.in_doubt} :warning:" if health.in_doubt else "none"
    paused = f", {health.paused} of them paused :warning:" if health.paused else ", none of them paused"
    return f"*Posts in doubt* {doubt} · *Schedules* {health.schedules}{paused if health.schedules else ''}"


def _prices(health: Health) -> str:
    days = max((health.today.date() - date.fromisoformat(health.newest_price)).days, 0)
    return f"*Prices* newest of {health.newest_price}, {plural(days, 'day')} ago"


def _rules(health: Health) -> str:
    kept = f"for {plural(health.keep_days, 'day')}" if health.keep_days else "until someone deletes them"
    return f"*Answers* kept {kept} · *I post* {_where(health.channels)} · *I answer* {_where(health.only)}"


def _where(channels: Sequence[str]) -> str:
    more = f" and {len(channels) - 8} more" if len(channels) > 8 else ""
    return f"in {', '.join(f'<#{one}>' for one in channels[:8])}{more}" if channels else "everywhere"
