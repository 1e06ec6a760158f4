"""What Slack said of channels: whether anyone of the workspace may read along, and whether another organisation does."""

from pydantic import BaseModel, ConfigDict

from storage.database import Database
from storage.moments import Moment, to_text


class KnownChannel(BaseModel):
    """A channel, as Slack described it."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    channel_id: str
    private: bool
    """Only its members read it: a private channel, a group's direct messages, someone's own."""
    shared: bool
    """With another organisation, whose people read it too."""
    looked_at: Moment


class Channels:
    """The channels that a database knows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, team_id: str, channel_id: str) -> KnownChannel | None:
        """What is known of a channel."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT channel_id, private, shared, looked_at FROM channels WHERE team_id = ? AND channel_id = ?",
                (team_id, channel_id),
            ).fetchone()
        return KnownChannel.model_validate(dict(row)) if row else None

    def keep(self, team_id: str, found: KnownChannel) -> None:
        """Remember a channel as it is now."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO channels (team_id, channel_id, private, shared, looked_at) VALUES (?, ?, ?, ?, ?)",
                (team_id, found.channel_id, found.private, found.shared, to_text(found.looked_at)),
            )
