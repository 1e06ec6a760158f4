"""Newer public prices, once a day in the background, where REFRESH_PRICES is on. What cannot be fetched stays as it was."""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.background.hosted_prices import keep_current, newer
from calculator.catalog import hosted_offers as hosted
from calculator.catalog import price_book as prices
from calculator.catalog.gpuhunt_offers import Listed, recognised
from calculator.catalog.hosted_offers import Offers
from storage.database import Database
from storage.errors import StorageError
from storage.tables import Tables

log = logging.getLogger(__name__)
EVERY = timedelta(hours=23)
"""Less than a day, so that a daily look is never a minute too early."""
PAUSE_S = 600.0
"""Between two looks at whether something is due."""
LISTED = ["aws", "azure", "gcp", "lambdalabs", "nebius", "runpod", "verda"]
"""Providers that gpuhunt publishes one file for, and that the catalog knows."""


class UnreachableError(Exception):
    """The price lists could not be fetched; the message says why."""


def from_gpuhunt() -> Iterable[Listed]:
    """What gpuhunt lists today; UnreachableError where it is not installed or its files cannot be had."""
    try:
        import gpuhunt  # noqa: PLC0415  # an optional extra
    except ImportError as error:
        raise UnreachableError("gpuhunt is not installed: `pip install gpuhunt`, then start the bot anew") from error
    try:
        found: Iterable[Listed] = gpuhunt.Catalog().query(provider=LISTED, min_gpu_count=1)
    except (gpuhunt.GPUHuntError, OSError, ValueError) as error:
        raise UnreachableError(str(error)) from error
    return found


@dataclass
class Refresher:
    """Fetches prices, keeps them, and hands them to the catalog of this process."""

    database: Database
    now: Callable[[], datetime]
    listed: Callable[[], Iterable[Listed]] = from_gpuhunt
    hosted: Callable[[Offers, datetime], Offers] = newer
    _tried_at: datetime | None = None

    def load(self) -> None:
        """Take up what was fetched before this process started."""
        prices.renew(Tables(self.database).offers.newest())

    def run_once(self) -> int:
        """Fetch what is due; gives how many prices of accelerators are new. A failure too waits for the next day."""
        now = self.now()
        hosted.renew(self.hosted(hosted.hosted_offers(), now))
        last = [moment for moment in (self._tried_at, Tables(self.database).offers.refreshed_at()) if moment]
        if last and now - max(last) < EVERY:
            return 0
        self._tried_at = now
        try:
            found = self.listed()
        except UnreachableError as error:
            log.warning("prices not refreshed", extra={"reason": str(error)})
            return 0
        return self._keep(found, now)

    def _keep(self, found: Iterable[Listed], now: datetime) -> int:
        book = Tables(self.database).offers
        fresh = book.add(recognised(found, now.date().isoformat()), now)
        prices.renew(book.newest())
        log.info("prices refreshed", extra={"fresh": fresh})
        return fresh


class Refreshing:
    """A refresher in a thread of its own, which ends with the process or when it is stopped."""

    def __init__(self, refresher: Refresher) -> None:
        self._refresher = refresher
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="refreshing", daemon=True)
        self._stop_hosted: Callable[[], None] | None = None

    def start(self) -> None:
        """Take up what is known, and look for newer prices from now on."""
        self._refresher.load()
        self._stop_hosted = keep_current()
        self._thread.start()

    def stop(self) -> None:
        """Fetch nothing more; a fetch that is under way is not waited for."""
        self._stopped.set()
        if self._stop_hosted:
            self._stop_hosted()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._refresher.run_once()
            except StorageError as error:
                log.warning("prices not refreshed", extra={"reason": str(error)})
            self._stopped.wait(PAUSE_S)
