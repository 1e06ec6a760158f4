"""How often an app may post: about one message a second and channel, with short bursts."""

import math

from bot.workspace.clock import Clock
from bot.workspace.errors import TooFastError

SECONDS_A_MESSAGE = 1.0
BURST = 5


class Rates:
    """Counts the messages of each channel, where the limit is enforced.

    A wait passes both by waiting and by moving the clock, even where the clock stands still.
    """

    def __init__(self, clock: Clock, *, enforced: bool) -> None:
        self._clock = clock
        self._enforced = enforced
        self._full_again: dict[str, float] = {}

    def take(self, channel: str) -> None:
        """Take one message's turn in a channel, or say when to come back for it."""
        if not self._enforced:
            return
        now = self._clock.lived()
        full_again = max(self._full_again.get(channel, now), now)
        wait = full_again - now - (BURST - 1) * SECONDS_A_MESSAGE
        if wait > 0:
            raise TooFastError(math.ceil(wait))
        self._full_again[channel] = full_again + SECONDS_A_MESSAGE
