"""Home tabs: published when someone comes, and again a moment after what they show has changed.

What happens in between is told once: at most every few seconds for a person, in a thread of its own, so that no answer
waits for it or fails with it. Nobody who never looked at their Home tab gets one.
"""

import json
import logging
import threading
import time
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.desk.asker import Asker
from bot.limits.payloads import check_view
from bot.reply import Block
from bot.slack.delivery import must_fit
from storage.errors import StorageError

log = logging.getLogger(__name__)
SETTLE_S, PAUSE_S = 0.5, 3.0
"""How long after a change it is published, so that the answer goes first; and how long two of a person are apart."""
REMEMBERED_S = 60.0
"""How long it is remembered that someone has no Home tab; another process may have opened it since."""
MOST = 5_000
Person = tuple[str, str]


class Views(Protocol):
    """What a Home tab shows, and whose is open."""

    def home(self, asker: Asker, look: str = "") -> Block: ...
    def opened_home(self, asker: Asker) -> None: ...
    def has_home(self, asker: Asker) -> bool: ...


def at_home(asker: Asker) -> Asker:
    """On their Home tab someone is alone with the bot: what it says goes to their direct messages."""
    alone = {"channel_id": asker.user_id, "channel_name": "directmessage", "private": True, "thread_ts": None}
    return asker.model_copy(update=alone)


class Homes:
    """The Home tabs of a workspace's people."""

    def __init__(self, views: Views, client: WebClient, settle_s: float = SETTLE_S, pause_s: float = PAUSE_S) -> None:
        self._views, self._client, self._settle_s, self._pause_s = views, client, settle_s, pause_s
        self._seen: dict[Person, tuple[str, str, float]] = {}
        """What each looks at, what was published, and when."""
        self._none: dict[Person, float] = {}
        """Who has no Home tab, as far as is known, until when."""
        self._waiting: dict[Person, tuple[float, Asker]] = {}
        self._wake = threading.Condition()
        self._turns = tuple(threading.Lock() for _ in range(64))
        self._thread: threading.Thread | None = None
        self._closed = False

    def come(self, asker: Asker) -> None:
        """Someone opens their Home tab: it begins anew, and is kept fresh from now on."""
        self.show(asker, "")
        self._none.pop(_person(asker), None)
        self._views.opened_home(asker)

    def show(self, asker: Asker, look: str) -> None:
        """Publish what a person's Home tab shows now, with the answers that they look at."""
        with self._turn(asker):
            self._publish(asker, look, self._views.home(at_home(asker), look))

    def touch(self, asker: Asker) -> None:
        """Something has changed that this person's Home tab may show."""
        person, now = _person(asker), time.monotonic()
        if not asker.user_id or now < self._none.get(person, 0):
            return
        with self._wake:
            if self._closed or person in self._waiting:
                return
            last = self._seen[person][2] if person in self._seen else now - self._pause_s
            self._waiting[person] = (max(now + self._settle_s, last + self._pause_s), asker)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="homes", daemon=True)
                self._thread.start()
            self._wake.notify()

    def close(self) -> None:
        """Publish no more."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._thread:
            self._thread.join()

    def _run(self) -> None:
        while asker := self._next():
            try:
                self._freshen(asker)
            except (SlackClientError, StorageError, OSError) as error:
                log.info("home not published", extra={"reason": type(error).__name__})

    def _next(self) -> Asker | None:
        """Wait for the first that is due; None once this is closed."""
        with self._wake:
            while not self._closed:
                person = min(self._waiting, key=lambda one: self._waiting[one][0], default=None)
                if person is None:
                    self._wake.wait()
                elif (left := self._waiting[person][0] - time.monotonic()) > 0:
                    self._wake.wait(left)
                else:
                    return self._waiting.pop(person)[1]
        return None

    def _freshen(self, asker: Asker) -> None:
        """Publish it anew where they have one and it shows something else than before."""
        person = _person(asker)
        if not self._views.has_home(asker):
            _make_room(self._none)
            self._none[person] = time.monotonic() + REMEMBERED_S
            return
        with self._turn(asker):
            look, before, _ = self._seen.get(person, ("", "", 0.0))
            view = self._views.home(at_home(asker), look)
            if json.dumps(view) != before:
                self._publish(asker, look, view)

    def _publish(self, asker: Asker, look: str, view: Block) -> None:
        must_fit(check_view(view))
        self._client.views_publish(user_id=asker.user_id, view=view)
        _make_room(self._seen)
        self._seen[_person(asker)] = (look, json.dumps(view), time.monotonic())

    def _turn(self, asker: Asker) -> threading.Lock:
        """One view of a person at a time, so that none overtakes a newer one."""
        return self._turns[hash(_person(asker)) % len(self._turns)]


def _person(asker: Asker) -> Person:
    return asker.team_id, asker.user_id


def _make_room(known: dict[Person, Any]) -> None:
    if len(known) >= MOST:
        known.clear()
