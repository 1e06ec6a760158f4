"""What every book of one person knows: for whom it is open, when, what is known of people, and the tables behind it."""

from dataclasses import dataclass
from datetime import datetime

from bot.desk.asker import Asker
from bot.desk.books import People
from storage.tables import Tables


@dataclass(frozen=True)
class Bound:
    """Open for one question of one person, from one place."""

    asker: Asker
    now: datetime
    people: People
    tables: Tables
