"""What every book of one person knows: for whom it is open, when, and what is known of people."""

from dataclasses import dataclass
from datetime import datetime

from bot.desk.asker import Asker
from bot.desk.books import People


@dataclass(frozen=True)
class Bound:
    """Open for one question of one person, from one place."""

    asker: Asker
    now: datetime
    people: People
