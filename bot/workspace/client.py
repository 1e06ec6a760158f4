"""Drives a workspace as people would: typing, clicking, filling in forms, and waiting for what comes."""

import http.client
import json
import socket
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.workspace.actor import TIMEOUT_S, Actor
from bot.workspace.errors import ClientError, NothingSeenError, OperationTimeoutError

__all__ = ["Actor", "ClientError", "NothingSeenError", "OperationTimeoutError", "WorkspaceClient"]

CALL_TIMEOUT_S = 90.0
MOVE_TIMEOUT_S = 600.0
POLL_S = 0.05
OK = 200


class WorkspaceClient:
    """The workspace as its owner: people, clock, faults, exchanges."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def person(self, name: str = "ada") -> Actor:
        """Act as someone: "ada" (admin), "ben", "gia" (guest)."""
        return Actor(self, name)

    def call(self, verb: str, **body: Any) -> dict[str, Any]:
        """Use one verb of the control API."""
        return self._post(verb, body, CALL_TIMEOUT_S)

    def _post(self, verb: str, body: Mapping[str, Any], timeout_s: float) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._url.hostname or "", self._url.port, timeout=timeout_s)
        try:
            connection.request("POST", f"{self._url.path}control/{verb}", json.dumps(body))
            response = connection.getresponse()
            answer: dict[str, Any] = json.loads(response.read())
        finally:
            connection.close()
        if response.status != OK:
            raise ClientError(answer.get("message", "refused"))
        return answer

    def advance(self, seconds: float) -> None:
        """Move the workspace's clock forward, a quarter of an hour at a time; return on arrival."""
        self._post("advance", {"seconds": seconds}, MOVE_TIMEOUT_S)

    def advance_to(self, moment: datetime) -> None:
        """Move the workspace's clock forward to a moment, a quarter of an hour at a time; return on arrival."""
        self._post("advance", {"until": moment.isoformat()}, MOVE_TIMEOUT_S)

    def fault(self, method: str, kind: str, **options: Any) -> None:
        """Let the next calls of a method fail: ratelimited, server_error, timeout, lost_reply or error."""
        self.call("fault", method=method, kind=kind, **options)

    def clear_faults(self) -> None:
        self.call("fault", clear=True)

    def refresh_connections(self) -> None:
        """Ask the app to reconnect."""
        self.call("fault", kind="refresh")

    def drop_connections(self) -> None:
        """Drop the app's connections without a word."""
        self.call("fault", kind="disconnect")

    def invite_app(self, channel: str) -> None:
        self.call("invite", channel=channel)

    def remove_app(self, channel: str) -> None:
        self.call("invite", channel=channel, remove=True)

    def archive(self, channel: str) -> None:
        self.call("archive", channel=channel)

    def exchanges(self, name: str = "") -> list[dict[str, Any]]:
        """Give what went between the app and Slack, oldest first."""
        found: list[dict[str, Any]] = self.call("exchange")["exchanges"]
        return [one for one in found if name in one["name"]]

    def wait_until_connected(self, timeout_s: float = TIMEOUT_S) -> None:
        """Wait for the app's connection, or in HTTP mode until something listens at each of its request URLs."""
        deadline = time.monotonic() + timeout_s
        screen = self.wait_until(
            lambda screen: screen if screen["connections"] or screen["mode"] == "http" else None, timeout_s=timeout_s
        )
        for url in screen["request_urls"]:
            _wait_for_listener(url, deadline)

    def wait_for_exchange(self, name: str, count: int = 1, timeout_s: float = TIMEOUT_S) -> dict[str, Any]:
        """Wait until an exchange of this name has happened `count` times; give the last."""
        self.wait_until(
            lambda screen: sum(name in one["name"] for one in screen["exchanges"]) >= count, timeout_s=timeout_s
        )
        return self.exchanges(name)[-1]

    def wait_until(
        self, seen: Callable[[dict[str, Any]], Any], *, who: str = "ada", timeout_s: float = TIMEOUT_S
    ) -> Any:
        """Wait until someone's screen satisfies `seen`; give what `seen` gave."""
        deadline = time.monotonic() + timeout_s
        screen = self.call("look", **{"as": who})["screen"]
        while not (found := seen(screen)):
            left = deadline - time.monotonic()
            if left <= 0:
                raise NothingSeenError(f"nothing such within {timeout_s:g} s")
            screen = self.call("look", **{"as": who}, since=screen["version"], wait_s=left)["screen"]
        return found


def _wait_for_listener(url: str, deadline: float) -> None:
    address = urlsplit(url)
    port = address.port or (443 if address.scheme == "https" else 80)
    while True:
        try:
            socket.create_connection((address.hostname or "", port), timeout=1).close()
        except OSError:
            if time.monotonic() > deadline:
                raise NothingSeenError(f"nothing listens at {url}") from None
            time.sleep(POLL_S)
        else:
            return
