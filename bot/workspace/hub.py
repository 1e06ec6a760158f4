"""Everything that one running workspace shares between its doors."""

import asyncio
import secrets
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bot.workspace.clock import Clock
from bot.workspace.delivery import Delivery
from bot.workspace.faults import Faults
from bot.workspace.http_mode import HttpMode
from bot.workspace.manifest import Manifest
from bot.workspace.models import ResponseUrl, Trigger
from bot.workspace.moving import Mover
from bot.workspace.rates import Rates
from bot.workspace.socket_mode import SocketMode
from bot.workspace.team import Team
from bot.workspace.tokens import Tokens

TRIGGER_SECONDS = 3
RESPONSE_URL_SECONDS = 30 * 60


class Hub:
    """The state, the clock, the faults and the way to the app."""

    def __init__(self, manifest: Manifest, clock: Clock, *, ack_timeout_s: float, rate_limits: bool) -> None:
        self.clock = clock
        self.team = Team(self.clock, manifest.name)
        self.mover = Mover(clock, self.team.touch)
        self.rates = Rates(clock, enforced=rate_limits)
        self.faults = Faults()
        self.tokens = Tokens()
        self.socket = SocketMode(self.team, self.clock, ack_timeout_s)
        self.address = ""
        self.run = secrets.token_hex(4)
        self.keep_at: Path | None = None
        self._ack_timeout_s = ack_timeout_s
        self.use(manifest)
        self._tasks: set[asyncio.Task[None]] = set()

    def use(self, manifest: Manifest) -> None:
        """Go by a manifest, and reach the app in the mode that it chooses."""
        self.manifest = manifest
        http = HttpMode(self.team, manifest, self.tokens, self._ack_timeout_s)
        self.app: Delivery = self.socket if manifest.socket_mode else http

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
