"""Everything that one running workspace shares between its doors."""

import asyncio
import secrets
from collections.abc import Coroutine
from typing import Any

from bot.workspace.clock import Clock
from bot.workspace.faults import Faults
from bot.workspace.manifest import Manifest
from bot.workspace.models import ResponseUrl, Trigger
from bot.workspace.moving import Mover
from bot.workspace.rates import Rates
from bot.workspace.socket_mode import SocketMode
from bot.workspace.team import Team

TRIGGER_SECONDS = 3
RESPONSE_URL_SECONDS = 30 * 60


class Tokens:
    """The secrets of one workspace, drawn anew for each."""

    def __init__(self) -> None:
        self.bot = f"xoxb-local-{secrets.token_urlsafe(18)}"
        self.app = f"xapp-1-local-{secrets.token_urlsafe(18)}"
        self.page = secrets.token_urlsafe(18)
        self.signing_secret = secrets.token_hex(16)
        self.verification = secrets.token_urlsafe(12)
        self.revoked = False


class Hub:
    """The state, the clock, the faults and the way to the app."""

    def __init__(self, manifest: Manifest, clock: Clock, *, ack_timeout_s: float, rate_limits: bool) -> None:
        self.manifest = manifest
        self.clock = clock
        self.team = Team(self.clock, manifest.name)
        self.mover = Mover(clock, self.team.touch)
        self.rates = Rates(clock, enforced=rate_limits)
        self.faults = Faults()
        self.tokens = Tokens()
        self.socket = SocketMode(self.team, self.clock, ack_timeout_s)
        self.address = ""
        self._tasks: set[asyncio.Task[None]] = set()

    def background(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something that no one waits for."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End what still runs."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.socket.close()

    def new_trigger(self, person: str, root: str | None = None) -> str:
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self.team.triggers[trigger_id] = Trigger(person, self.clock.now() + TRIGGER_SECONDS, root)
        return trigger_id

    def new_response_url(
        self, person: str, channel: str, message_ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        key = secrets.token_urlsafe(18)
        expires = self.clock.now() + RESPONSE_URL_SECONDS
        self.team.response_urls[key] = ResponseUrl(person, channel, expires, message_ts, thread_ts)
        return f"{self.address}/response/{key}"
