"""Searches of the whole catalog: two at once, equal ones once. Each takes a good part of a second of the one interpreter."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

T = TypeVar("T")
AT_ONCE = 2
KEPT, KEPT_S = 32, 60.0
"""How many results are remembered, and for how long: prices change by the day, and what a team has of its own is in the key."""
PATIENT_S = 2.0
"""Who waits for longer is told so."""


class Searches(Generic[T]):
    """Everyone who asks the same gets the same result. Threads of their own keep the memory of searches in one place."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="search")
        self._lock = threading.Lock()
        self._found: OrderedDict[str, tuple[float, Future[T]]] = OrderedDict()

    def find(self, key: str, search: Callable[[], T], waiting: Callable[[], object]) -> T:
        """What `search` finds, by this or an equal one; what it raises is raised for everyone who waits for it.

        Who waits longer than a moment has `waiting` called once.
        """
        future = self._future(key, search)
        try:
            return future.result(PATIENT_S)
        except TimeoutError:
            if future.done():
                raise
        waiting()
        return future.result()

    def _future(self, key: str, search: Callable[[], T]) -> Future[T]:
        with self._lock:
            began, known = self._found.get(key, (0.0, None))
            if known and (not known.done() or (time.monotonic() - began < KEPT_S and not known.exception())):
                return known
            future = self._threads.submit(search)
            self._found[key] = (time.monotonic(), future)
            self._found.move_to_end(key)
            while len(self._found) > KEPT:
                self._found.popitem(last=False)
            return future
