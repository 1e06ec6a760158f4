"""Fetches what tracked deployments were seen to do from their Prometheus, hour after hour.

Each due source is claimed by one thread of one process. It is asked for every whole hour that it was not asked for, 35 days
back at most, and once more for the hour before, whose last samples may have come late.
"""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from pydantic import SecretStr

from bot.addresses import checked_url
from bot.prometheus.client import Prometheus
from bot.prometheus.engine_metrics import QUANTITIES, census, checked_selector, expression, present
from bot.prometheus.responses import PrometheusError
from bot.settings import Settings
from calculator.errors import QuestionError
from calculator.spending.usage import hour_of, moment_of
from storage.database import Database
from storage.moments import Clock
from storage.sources import UsageSource
from storage.tables import Tables
from storage.usage import HOURLY_DAYS

log = logging.getLogger(__name__)
THREADS = 4
HELD = timedelta(minutes=10)
"""How long a claim holds: a process that is killed in between leaves the source to another one then."""
SETTLING = timedelta(seconds=30)
"""How long after an hour its last samples are in."""
SPREAD_S = 120
CHECK_S = 10.0
"""How long a person waits for a check."""
_PAUSES = ((1, 1), (6, 5), (21, 15))
"""Minutes that a source has been failing for, and minutes to wait then: attempts after 1, 5, 15 and each 60 minutes."""
_LONGEST_PAUSE = 60


class Collector:
    """Fetches for the deployments of a workspace."""

    def __init__(self, database: Database, settings: Settings, now: Clock, team_id: str) -> None:
        tables = Tables(database)
        self._sources, self._usage = tables.sources, tables.usage
        self._settings, self._now, self._team_id = settings, now, team_id

    def run_once(self) -> int:
        """Fetch from every source that is due; gives how many there were."""
        if not self._sources.due(self._team_id, self._now()):
            return 0
        with ThreadPoolExecutor(THREADS, thread_name_prefix="collector") as pool:
            return sum(pool.map(lambda _: self._collect_due(), range(THREADS)))

    def _collect_due(self) -> int:
        """Claim and fetch until nothing is due."""
        done = 0
        while due := self._sources.claim_due(self._team_id, self._now(), self._now() + HELD, limit=1):
            self._collect(due[0])
            done += 1
        return done

    def _collect(self, source: UsageSource) -> None:
        last = hour_of(self._now()) - 1
        try:
            seen_at = self._fetch(source, last) if source.fetched_hour < last else None
        except (PrometheusError, QuestionError) as problem:
            reason = problem.reason if isinstance(problem, PrometheusError) else f"wrong {problem.field}"
            log.warning("usage not fetched", extra={"deployment": source.deployment_id, "reason": reason})
            now = self._now()
            self._sources.failed(source, str(problem), now, now + pause(source.failing_since, now))
        else:
            next_fetch_at = moment_of(hour_of(self._now()) + 1) + SETTLING + spread(source.deployment_id)
            self._sources.fetched(source, max(last, source.fetched_hour), seen_at, next_fetch_at)

    def _fetch(self, source: UsageSource, last: int) -> datetime | None:
        """Store the hours up to the last; gives when the newest of which anything is known ended."""
        server, query = _server(source, self._settings), expression(source.engine, source.selector)
        hours = server.hours(query, max(source.fetched_hour, last + 1 - HOURLY_DAYS * 24), last)
        self._usage.put(source.deployment_id, hours, "prometheus")
        return moment_of(hours[-1].hour + 1) if hours else None


def pause(failing_since: datetime | None, now: datetime) -> timedelta:
    """How long to wait after a failure: longer, the longer it has been failing."""
    failing = now - failing_since if failing_since else timedelta()
    minutes = next((wait for until, wait in _PAUSES if failing < timedelta(minutes=until)), _LONGEST_PAUSE)
    return timedelta(minutes=minutes)


def spread(deployment_id: int) -> timedelta:
    """Up to two minutes, always the same for a deployment, so that not all are fetched at once."""
    return timedelta(seconds=deployment_id * 37 % SPREAD_S)


def probe(source: UsageSource, settings: Settings, now: datetime) -> tuple[UsageSource, str]:
    """The source in its canonical form, and what is found there now; QuestionError where it must not be fetched from."""
    url = checked_url(source.url, settings.prometheus_urls)
    checked = source.model_copy(update={"url": url, "selector": checked_selector(source.selector)})
    expression(checked.engine, checked.selector)
    _token(checked, settings)
    return checked, check(checked, settings, now)


def check(source: UsageSource, settings: Settings, now: datetime) -> str:
    """One sentence for the person who sets a source: what it finds there now, or what is wrong."""
    try:
        server, query = _server(source, settings, CHECK_S), census(source.engine, source.selector)
        counts = server.counts(query, now)
    except (PrometheusError, QuestionError) as problem:
        return str(problem)
    return _found(source, sum(counts.values()), present(source.engine, counts))


def _server(source: UsageSource, settings: Settings, deadline_s: float | None = None) -> Prometheus:
    """The server of a source, if it may be fetched from: the list may have changed since the source was set."""
    url, token = checked_url(source.url, settings.prometheus_urls), _token(source, settings)
    return Prometheus(url, token, deadline_s=deadline_s) if deadline_s else Prometheus(url, token)


def _token(source: UsageSource, settings: Settings) -> SecretStr | None:
    """The secret that the source names, if it names one."""
    token = settings.prometheus_tokens.get(source.token)
    if source.token and token is None:
        known = ", ".join(settings.prometheus_tokens) or "none"
        raise QuestionError(
            "source",
            f"The bot has no token called {source.token}. Whoever runs it sets such variables; there are: {known}",
        )
    return token


def _found(source: UsageSource, series: int, quantities: Iterable[str]) -> str:
    there = set(quantities)
    if not there:
        return (
            f"No series of {source.engine} match `{source.selector or '{}'}` now: nothing is measured until some do. "
            "Check the matchers, and that Prometheus scrapes the engine."
        )
    found = ", ".join(words for quantity, words in QUANTITIES.items() if quantity in there)
    missing = ", ".join(words for quantity, words in QUANTITIES.items() if quantity not in there)
    return f"{series:,} series of {source.engine} match: {found}." + (f" Not exposed: {missing}." if missing else "")
