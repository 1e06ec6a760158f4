"""People of whom nothing is known."""


class Strangers:
    """Nobody is known: in a terminal, where whoever has the file may do everything, and for the clock."""

    def is_admin(self, user_id: str) -> bool:
        """The person at the terminal."""
        return user_id == "local"

    def is_guest(self, user_id: str) -> bool:  # noqa: ARG002
        """Not known."""
        return False

    def is_foreign(self, user_id: str, team_id: str) -> bool:  # noqa: ARG002
        """Not known."""
        return False

    def zone(self, user_id: str) -> str | None:  # noqa: ARG002  # nobody's is known
        """Not known."""
        return None
