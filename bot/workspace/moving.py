"""Moving the clock forward, from one quarter of an hour to the next, so that an app which lives by it is on time."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from bot.workspace.clock import Clock
from bot.workspace.errors import PersonError

log = logging.getLogger(__name__)
STEP_S = 900.0
LEAST_LEFT_S = 0.001
FARTHEST_S = 10 * 366 * 86_400


class Mover:
    """Moves the clock for one person after the other; after each step `on_move` runs in a thread to its end."""

    def __init__(self, clock: Clock, changed: Callable[[], None]) -> None:
        self.on_move: Callable[[], object] | None = None
        self.target: float | None = None
        self._clock = clock
        self._changed = changed
        self._turn = asyncio.Lock()
        self._halted = False

    async def by(self, seconds: float) -> None:
        """Move by some seconds; return on arrival."""
        async with self._turn:
            if not 0 <= seconds <= FARTHEST_S:
                raise PersonError("The clock moves only forward, and by at most ten years at once.")
            await self._move(self._clock.now() + seconds)

    async def to(self, moment: datetime) -> None:
        """Move to a moment; return on arrival."""
        if moment.tzinfo is None:
            raise PersonError("That moment needs a time zone, as in 2026-11-30T08:00:00Z.")
        async with self._turn:
            ahead = moment.timestamp() - self._clock.now()
            if ahead < 0:
                raise PersonError(f"{_shown(moment)} lies in the past; here it is {_shown(self._clock.moment())}.")
            if ahead > FARTHEST_S:
                raise PersonError(f"{_shown(moment)} is more than ten years ahead.")
            await self._move(moment.timestamp())

    def halt(self) -> None:
        """Let a move that is under way end with its present step."""
        self._halted = True

    async def _move(self, target: float) -> None:
        self.target, self._halted = target, False
        try:
            await self._step(target)
            while target - self._clock.now() >= LEAST_LEFT_S and not self._halted:
                await self._step(target)
        finally:
            self.target = None
            self._changed()

    async def _step(self, target: float) -> None:
        now = self._clock.now()
        step = target - now if self.on_move is None else min(target - now, _until_the_next(now))
        self._clock.advance(step)
        self._changed()
        if self.on_move is not None:
            (outcome,) = await asyncio.gather(asyncio.to_thread(self.on_move), return_exceptions=True)
            if isinstance(outcome, BaseException):
                log.error("on_move failed at %s", _shown(self._clock.moment()), exc_info=outcome)


def _until_the_next(now: float) -> float:
    """Give the seconds to the next quarter of an hour."""
    left = STEP_S - now % STEP_S
    return left if left >= LEAST_LEFT_S else left + STEP_S


def _shown(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
