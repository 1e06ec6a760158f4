"""How often an app may call: each method by its tier, and about one message a second and channel, with bursts."""

import math
from dataclasses import dataclass

from bot.workspace.clock import Clock
from bot.workspace.errors import TooFastError


@dataclass(frozen=True)
class Pace:
    """One call every `seconds` in the long run, and up to `burst` at once."""

    seconds: float
    burst: int


TIER_1 = Pace(60, 5)
TIER_2 = Pace(60 / 20, 20)
TIER_3 = Pace(60 / 50, 50)
TIER_4 = Pace(60 / 100, 100)
HUNDREDS = Pace(60 / 600, 300)
POSTING = Pace(1, 5)


class Rates:
    """Counts what has a pace (a method, the messages of a channel), where the limits are enforced.

    A wait passes both by waiting and by moving the clock, even where the clock stands still.
    """

    def __init__(self, clock: Clock, *, enforced: bool) -> None:
        self._clock = clock
        self._enforced = enforced
        self._full_again: dict[str, float] = {}

    def take(self, what: str, pace: Pace) -> None:
        """Take one turn, or say when to come back for it."""
        if not self._enforced:
            return
        now = self._clock.lived()
        full_again = max(self._full_again.get(what, now), now)
        wait = full_again - now - (pace.burst - 1) * pace.seconds
        if wait > 0:
            raise TooFastError(math.ceil(wait))
        self._full_again[what] = full_again + pace.seconds
