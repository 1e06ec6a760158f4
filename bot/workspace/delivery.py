"""What reaches the app, whichever way: one delivery and its acknowledgement, and the retries of events."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from bot.workspace.clock import Clock
from bot.workspace.models import Json

EVENT = "events_api"
COMMAND = "slash_commands"
RETRY_AFTER_SECONDS = (0, 60, 300)


@dataclass(frozen=True)
class Ack:
    """How a delivery ended: `error` is None once the app acknowledged it, else Slack's word for people.

    `reason` is Slack's word for the app, told when an event comes again; without `again` it does not.
    """

    payload: Json = field(default_factory=dict)
    error: str | None = None
    reason: str = ""
    again: bool = True


@dataclass(frozen=True)
class Retry:
    """Which repetition of an event this is, 0 for the first delivery, and why it comes again."""

    attempt: int = 0
    reason: str = ""


FIRST = Retry()


class Delivery(ABC):
    """A way to the app."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @abstractmethod
    async def deliver(self, kind: str, payload: Json, name: str, retry: Retry = FIRST) -> Ack:
        """Send one payload, wait for its acknowledgement and keep both for the inspector under `name`.

        `kind` is the type of a Socket Mode envelope: events_api, slash_commands, interactive, block_suggestion.
        """

    async def deliver_event(self, payload: Json, name: str) -> None:
        """Send an event; without an ack, send it again at once, after one and after five minutes."""
        ack = await self.deliver(EVENT, payload, name)
        for attempt, seconds in enumerate(RETRY_AFTER_SECONDS, start=1):
            if ack.error is None or not ack.again:
                return
            await self._clock.sleep(seconds)
            ack = await self.deliver(EVENT, payload, name, Retry(attempt, ack.reason))
