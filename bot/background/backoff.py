"""How long Slack is left alone after a request that it did not answer."""

from datetime import datetime, timedelta

LOOK_AFTER = timedelta(seconds=30)
"""How long a message may take to appear in the channel's history."""
LONGEST_PAUSE = timedelta(minutes=5)


class Patience:
    """Leaves Slack alone for a while after a request that it did not answer: longer, the more there were in a row.

    Where channels cannot be read each such request may cost a post, so few are made until one is answered.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._until: datetime | None = None

    def failed(self, now: datetime) -> None:
        """A request was not answered, or with an error of Slack's own."""
        self._until = now + min(LOOK_AFTER * 2**self._failures, LONGEST_PAUSE)
        self._failures = min(self._failures + 1, 10)

    def answered(self) -> None:
        """Slack works."""
        self._failures, self._until = 0, None

    def over(self, now: datetime) -> bool:
        """Whether it may be asked."""
        return self._until is None or now >= self._until
