"""Socket Mode: one-time addresses, envelopes, acknowledgements, redelivery."""

import asyncio
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.workspace.clock import Clock
from bot.workspace.delivery import EVENT, FIRST, Ack, Delivery, Retry
from bot.workspace.models import APP_ID, Json
from bot.workspace.team import Team

NORMAL_CLOSURE = 1000


@dataclass(eq=False)
class Connection:
    """One WebSocket of the app; a retired one gets no new envelopes."""

    websocket: WebSocket
    retired: bool = False


class SocketMode(Delivery):
    """Delivers envelopes to whichever connection is next."""

    def __init__(self, team: Team, clock: Clock, ack_timeout_s: float) -> None:
        super().__init__(clock)
        self.connections: list[Connection] = []
        self._team = team
        self._ack_timeout_s = ack_timeout_s
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Json]] = {}
        self._turn = 0

    def new_ticket(self) -> str:
        ticket = secrets.token_urlsafe(18)
        self._tickets.add(ticket)
        return ticket

    async def serve(self, websocket: WebSocket) -> None:
        """Run one connection from hello to its end; its address works once."""
        ticket = websocket.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await websocket.close(code=4403)
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        connection = Connection(websocket)
        self.connections.append(connection)
        self._team.touch()
        try:
            await websocket.send_text(json.dumps(self._hello()))
            await self._listen(connection)
        finally:
            self.connections.remove(connection)
            self._team.touch()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "local-workspace", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": APP_ID},
        }

    async def _listen(self, connection: Connection) -> None:
        with suppress(WebSocketDisconnect):
            while True:
                self._acknowledge(await connection.websocket.receive_text())

    def _acknowledge(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.get(message.get("envelope_id", "")) if isinstance(message, dict) else None
        if waiting and not waiting.done():
            payload = message.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else {"text": payload} if payload else {})

    async def deliver(self, kind: str, payload: Json, name: str, retry: Retry = FIRST) -> Ack:
        """Send one envelope and wait for its acknowledgement."""
        envelope_id = secrets.token_hex(16)
        accepts = kind != EVENT
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": accepts}
        if kind == EVENT:
            envelope |= {"retry_attempt": retry.attempt, "retry_reason": retry.reason}
        ack = await self._exchange(envelope_id, envelope)
        self._team.log("to app", name, envelope, ack.payload, ack.error or "acknowledged")
        return ack

    async def _exchange(self, envelope_id: str, envelope: Json) -> Ack:
        connection = await self._next_connection()
        if connection is None:
            return Ack(error="dispatch_failed", reason="timeout")
        waiting = self._waiting[envelope_id] = asyncio.get_running_loop().create_future()
        try:
            await connection.websocket.send_text(json.dumps(envelope))
            return Ack(await asyncio.wait_for(waiting, self._ack_timeout_s))
        except (TimeoutError, WebSocketDisconnect, RuntimeError):
            return Ack(error="operation_timeout", reason="timeout")
        finally:
            del self._waiting[envelope_id]

    async def _next_connection(self) -> Connection | None:
        """Take turns; while the app is reconnecting, wait for it as long as for an ack."""
        deadline = asyncio.get_running_loop().time() + self._ack_timeout_s
        while True:
            live = [one for one in self.connections if not one.retired]
            if live:
                self._turn += 1
                return live[self._turn % len(live)]
            left = deadline - asyncio.get_running_loop().time()
            if not self.connections or left <= 0:
                return None
            await self._team.wait_for_change(self._team.version, left)

    async def refresh(self) -> None:
        """Ask the app to reconnect, as Slack does every few hours."""
        for connection in self.connections:
            connection.retired = True
            debug = {"host": "local-workspace"}
            notice = {"type": "disconnect", "reason": "refresh_requested", "debug_info": debug}
            await connection.websocket.send_text(json.dumps(notice))
        self._team.log("to app", "disconnect", {"reason": "refresh_requested"}, {}, "sent")

    async def close(self) -> None:
        """Drop every connection without a word."""
        for connection in list(self.connections):
            if connection.websocket.client_state is WebSocketState.CONNECTED:
                with suppress(RuntimeError, WebSocketDisconnect):
                    await connection.websocket.close(NORMAL_CLOSURE)
