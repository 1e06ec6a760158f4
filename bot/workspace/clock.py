"""The workspace's own clock: it begins at any moment, it can be moved forward, and it can stand still."""

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime


class Clock:
    """Tells the time, from any thread; frozen, it moves only by `advance`."""

    def __init__(self, *, frozen: bool = False, starts_at: datetime | None = None) -> None:
        if starts_at is not None and starts_at.tzinfo is None:
            raise ValueError("starts_at needs a time zone, such as datetime(2026, 11, 30, tzinfo=UTC)")
        self.frozen = frozen
        self.offset = 0.0
        self._born = time.time()
        self._start = starts_at.timestamp() if starts_at else self._born
        self._moved = asyncio.Event()

    def now(self) -> float:
        return self._start + (self.offset if self.frozen else self.lived())

    def moment(self) -> datetime:
        """Give the time as a moment in UTC."""
        return datetime.fromtimestamp(self.now(), UTC)

    def lived(self) -> float:
        """Give the seconds that went by, really or by moving; they go by even while the clock stands still."""
        return time.time() - self._born + self.offset

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
