"""Whether this machine's clock can be believed: what it claims, posts and removes waits for an hour after a far jump.

A clock that is wrong for a moment, after a resume or a slip of a hand, would let months pass: every schedule would be due,
every answer old. So the newest time seen is kept, and how long the machine was up tells how far the time should be.
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from storage.moments import to_text
from storage.workspaces import DOUBTED, MACHINE, NEWEST

log = logging.getLogger(__name__)
FAR = timedelta(hours=1)
"""A jump beyond this, against the time that passed since the machine was started, is doubted."""
AWAY = timedelta(days=2)
"""Nobody knows how long a process was not running: a time that lies further beyond the newest one is doubted."""
CONFIRMED = timedelta(hours=1)
"""So long a new time has to go on before it is believed."""
KEPT_EVERY = timedelta(minutes=1)


class Facts(Protocol):
    """Where facts are kept."""

    def get(self, team_id: str, key: str) -> str | None: ...
    def set(self, team_id: str, key: str, value: str) -> None: ...
    def forget(self, team_id: str, key: str) -> None: ...


def up_s() -> float:
    """Seconds for which the machine has been up, those asleep too where the system counts them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class Steadiness:
    """The judgement of one process, shared by its threads."""

    def __init__(self, facts: Facts, now: Callable[[], datetime], up: Callable[[], float] = up_s) -> None:
        self._facts, self._now, self._up = facts, now, up
        self._last: tuple[datetime, float] | None = None
        """The time at the last look, and how long the machine had been up."""
        self._kept: datetime | None = None
        self._doubted: datetime | None = None
        self._lock = threading.Lock()
        self.regained = True
        """Whether moments may lie ahead: after a start, and after a doubt is over."""

    def is_steady(self) -> bool:
        """Whether the time can be believed now; what is due waits where it cannot. StorageError where that cannot be kept."""
        with self._lock:
            now, up = self._now(), self._up()
            jumped = self._jumped(now, up)
            self._last = (now, up)
            if jumped:
                self._doubt(now)
            elif self._doubted and now - self._doubted >= CONFIRMED:
                self._believe(now)
            elif self._doubted and now < self._doubted:
                self._doubted = now
            if self._doubted is None:
                self._keep(now)
            return self._doubted is None

    @property
    def said(self) -> str:
        """What is wrong; empty where nothing is."""
        if (since := self._doubted) is None:
            return ""
        newest = "" if self._kept is None else f" from about {self._kept:%Y-%m-%d %H:%M}"
        return f"it jumped{newest} to {since:%Y-%m-%d %H:%M} UTC: nothing is posted or removed before {since + CONFIRMED:%H:%M}"

    def _jumped(self, now: datetime, up: float) -> bool:
        if self._last is None:
            return self._began_far(now)
        passed = timedelta(seconds=up - self._last[1])
        return abs(now - self._last[0] - passed) > FAR

    def _began_far(self, now: datetime) -> bool:
        """Whether the first look of a process is far from what an earlier one believed; a doubt of then goes on."""
        newest, doubted = (self._facts.get(MACHINE, key) for key in (NEWEST, DOUBTED))
        self._kept = datetime.fromisoformat(newest) if newest else None
        since = datetime.fromisoformat(doubted) if doubted else None
        far = self._kept is not None and not -FAR <= now - self._kept <= AWAY
        if far and since and -FAR <= now - since <= AWAY:
            self._doubted = min(since, now)
            return False
        if since and not far:
            self._facts.forget(MACHINE, DOUBTED)  # of a time that is over
        return far

    def _doubt(self, now: datetime) -> None:
        """The time is another: believed at once where it is again what it was before the doubt."""
        if self._doubted and self._kept and -FAR <= now - self._kept <= AWAY:
            self._believe(now)
            return
        self._doubted = now
        self._facts.set(MACHINE, DOUBTED, to_text(now))
        log.warning("the clock jumped", extra={"to": to_text(now), "newest": self._kept and to_text(self._kept)})

    def _believe(self, now: datetime) -> None:
        self._doubted, self._kept, self.regained = None, None, True
        self._facts.forget(MACHINE, DOUBTED)
        log.warning("the clock is believed again", extra={"time": to_text(now)})

    def _keep(self, now: datetime) -> None:
        if self._kept is None or abs(now - self._kept) >= KEPT_EVERY:
            self._facts.set(MACHINE, NEWEST, to_text(now))
            self._kept = now
