"""When something that is done again and again was last seen to work."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(eq=False)
class Heartbeat:
    """When something that is done again and again was last begun or ended."""

    beats: float = field(default_factory=time.monotonic)

    def taken(self, work: Callable[[], object]) -> Callable[[], None]:
        """The same work, noted as a beat."""

        def run() -> None:
            self.beats = time.monotonic()
            work()
            self.beats = time.monotonic()

        return run

    @property
    def age_s(self) -> float:
        """Seconds since then."""
        return time.monotonic() - self.beats
