"""What was closed because nobody knew what its channel is: opened once Slack says that the channel is public."""

from contextlib import suppress
from datetime import datetime

from bot.desk.books import Channels
from storage.errors import NameTaken
from storage.tables import Tables

AT_ONCE = 20
"""How many are looked up in an hour."""


def settle_places(tables: Tables, channels: Channels, team_id: str, now: datetime) -> None:
    """Open what is in public channels; what is in private ones stays as it is, and is asked of no more."""
    for found in tables.deployments.in_unknown_places(team_id, AT_ONCE):
        public = channels.is_public(team_id, found.channel_id)
        if public or channels.is_known(team_id, found.channel_id):
            with suppress(NameTaken):  # then it stays private: another one is open under its name
                tables.deployments.change(found, "bot", now, private=not public, place_known=True)
    for schedule in tables.schedules.in_unknown_places(team_id, AT_ONCE):
        public = channels.is_public(team_id, schedule.channel_id)
        if public or channels.is_known(team_id, schedule.channel_id):
            tables.schedules.change(
                schedule, "bot", now, "opened" if public else "closed", private=not public, place_known=True
            )
