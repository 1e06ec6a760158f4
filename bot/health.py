"""How the bot is doing in a workspace, gathered for its admins."""

from datetime import datetime

from bot import __version__
from bot.commands.base import Asker
from bot.people import Strangers
from bot.rules import Rules
from bot.views.status import Health
from bot.watching import EVERY, WATCHED
from calculator.catalog import gpu_keys
from calculator.catalog.prices import price_book
from storage.database import Database
from storage.status import Statuses
from storage.workspaces import Workspaces


def health_of(database: Database, asker: Asker, now: datetime) -> Health:
    """As it is now."""
    status = Statuses(database).of(asker.team_id)
    rules = Rules.of(database, asker, Strangers(), now)
    until = Workspaces(database).get(asker.team_id, WATCHED)
    dates = [offer.date for key in gpu_keys() for offer in price_book().offers(key)]
    return Health(
        version=__version__, database_bytes=status.database_bytes, looked_at=datetime.fromisoformat(until) - EVERY if until else None,
        in_doubt=status.in_doubt, schedules=status.schedules, paused=status.paused, newest_price=max(dates), today=now,
        keep_days=rules.keep_days(), channels=rules.channels(), only=rules.only(),
    )  # fmt: skip
