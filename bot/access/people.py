"""People and channels of which nothing is known."""


class UnknownChannels:
    """No channel is known."""

    def is_public(self, team_id: str, channel_id: str) -> bool:  # noqa: ARG002
        """Not known."""
        return False

    def is_shared(self, team_id: str, channel_id: str) -> bool:  # noqa: ARG002
        """Not known."""
        return False

    def is_known(self, team_id: str, channel_id: str) -> bool:  # noqa: ARG002
        """No."""
        return False


class Strangers:
    """Nobody is known: in a terminal, where whoever has the file may do everything, and for the clock."""

    channels = UnknownChannels()

    def is_admin(self, user_id: str) -> bool:
        """The person at the terminal."""
        return user_id == "local"

    def is_known(self, user_id: str) -> bool:  # noqa: ARG002
        """Nobody has to be."""
        return True

    def is_guest(self, user_id: str) -> bool:  # noqa: ARG002
        """Not known."""
        return False

    def is_foreign(self, user_id: str, team_id: str) -> bool:  # noqa: ARG002
        """Not known."""
        return False

    def zone(self, user_id: str) -> str | None:  # noqa: ARG002  # nobody's is known
        """Not known."""
        return None
