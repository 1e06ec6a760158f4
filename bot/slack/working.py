"""Answers are made apart from where they are acknowledged: however many are under way, an acknowledgement waits for none."""

from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

from slack_sdk import WebClient

Payload = dict[str, Any]
Apology = Callable[[Exception, Payload, WebClient], None]


class Working:
    """Work that an acknowledged payload asks for; without threads of its own it is done at once."""

    def __init__(self, threads: Executor | None, apologise: Apology) -> None:
        self._threads, self._apologise = threads, apologise

    def begin(self, body: Payload, client: WebClient, work: Callable[[], object]) -> None:
        """Return now, and do the work as soon as a thread is free."""
        if self._threads is None:
            work()
        else:
            self._threads.submit(self._do, body, client, work)

    def _do(self, body: Payload, client: WebClient, work: Callable[[], object]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - as Bolt does for what a listener raises: here bugs end
            self._apologise(error, body, client)
