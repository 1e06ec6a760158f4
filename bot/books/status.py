"""How the bot is doing in a workspace, gathered for its admins."""

from datetime import datetime, timedelta

from bot import __version__
from bot.access.rules import Rules
from bot.desk.asker import Asker
from bot.views.admin.status import Health
from calculator.catalog import gpu_keys
from calculator.catalog.price_book import price_book
from storage.tables import Tables

EVERY = timedelta(minutes=55)
"""Less than an hour, so that a clock that moves hour by hour never skips one."""
WATCHED = "watched until"


def health_of(tables: Tables, asker: Asker, now: datetime) -> Health:
    """As it is now."""
    status = tables.statuses.of(asker.team_id)
    rules = Rules.of_team(tables, asker.team_id, now)
    until = tables.workspaces.get(asker.team_id, WATCHED)
    dates = [offer.date for key in gpu_keys() for offer in price_book().offers(key)]
    return Health(
        version=__version__,
        database_bytes=status.database_bytes,
        looked_at=datetime.fromisoformat(until) - EVERY if until else None,
        in_doubt=status.in_doubt,
        schedules=status.schedules,
        paused=status.paused,
        newest_price=max(dates),
        today=now,
        keep_days=rules.keep_days(),
        channels=rules.channels(),
        only=rules.only(),
    )
