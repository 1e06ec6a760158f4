"""Who may see a place: it is private unless it is known to be public."""

from typing import NamedTuple

from bot.desk.asker import Asker
from bot.desk.books import Channels


class Place(NamedTuple):
    """What is known of where something is for."""

    private: bool
    place_known: bool
    """Not where it is private only because nobody knows better."""


def place_of(channel_id: str, asker: Asker, channels: Channels) -> Place:
    """What is known of a channel: from what Slack said when someone asked there, else from what it says of the channel."""
    if channel_id == asker.channel_id and asker.private is not None:
        return Place(asker.private, place_known=True)
    if not channel_id.startswith(("C", "G")):
        return Place(private=True, place_known=True)  # direct messages
    public = channels.is_public(asker.team_id, channel_id)
    return Place(not public, public or channels.is_known(asker.team_id, channel_id))
