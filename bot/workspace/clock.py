"""The workspace's own clock: it can be moved forward, and it can stand still."""

import asyncio
import time
from contextlib import suppress


class Clock:
    """Tells the time; frozen, it moves only by `advance`."""

    def __init__(self, *, frozen: bool = False) -> None:
        self.frozen = frozen
        self.offset = 0.0
        self._start = time.time()
        self._moved = asyncio.Event()

    def now(self) -> float:
        return (self._start if self.frozen else time.time()) + self.offset

    def advance(self, seconds: float) -> None:
        """Move forward and wake everyone who sleeps by this clock."""
        self.offset += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        due = self.now() + seconds
        while (left := due - self.now()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), None if self.frozen else left)
