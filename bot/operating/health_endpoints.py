"""For whoever operates the bot: /healthz, /readyz and /metrics, on a port of their own."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import __version__
from bot.operating import metrics
from bot.operating.heartbeat import Heartbeat
from bot.operating.metrics import Figure, Metrics
from storage.database import Database
from storage.errors import StorageError
from storage.operating_figures import is_readable, read_state, sizes

STALE_S = 60.0
"""A clock that ticked longer ago stands still."""
OK, UNAVAILABLE = 200, 503


@dataclass(frozen=True)
class Checks:
    """What has to work for the bot to be ready."""

    database: Database
    is_connected: Callable[[], bool]
    clock: Heartbeat
    doubted: Callable[[], str] = str
    """What is wrong with the time; empty where nothing is."""

    def found(self) -> dict[str, str]:
        """Each check with `ok` or what is wrong."""
        connection = "ok" if self.is_connected() else "not connected to Slack"
        clock = self.doubted() or "ok" if self.clock.age_s < STALE_S else f"last tick {self.clock.age_s:.0f} s ago"
        return {"database": self._database(), "connection": connection, "clock": clock}

    def _database(self) -> str:
        try:
            is_readable(self.database)
        except StorageError as error:
            return str(error)
        return "ok"


@dataclass(frozen=True)
class Readings(Collector):
    """Gauges that are read when someone looks."""

    checks: Checks
    now: Callable[[], datetime]

    def collect(self) -> Iterable[Metric]:
        """All of them; what rests on a database that cannot be read is left out."""
        checks = self.checks.found()
        yield _gauge(metrics.READY, {(name,): found == "ok" for name, found in checks.items()})
        yield _gauge(metrics.TICK, {(): self.checks.clock.age_s})
        if checks["database"] == "ok":
            yield from self._stored()

    def _stored(self) -> Iterator[Metric]:
        state = read_state(self.checks.database, self.now())
        yield _gauge(metrics.POSTS, {(name,): count for name, count in state.posts.items()})
        yield _gauge(metrics.SCHEDULES, {(name,): count for name, count in state.schedules.items()})
        yield _gauge(metrics.ALERTS, {(kind,): count for kind, count in state.alerts.items()})
        yield _gauge(metrics.ANSWERING, {(): state.answering})
        yield _gauge(metrics.DATABASE, {(name,): size for name, size in sizes(self.checks.database).items()})
        yield _gauge(metrics.BUILD, {(__version__, state.schema_step): 1})

    def describe(self) -> Iterable[Metric]:
        """Nothing: names are not looked up before someone looks."""
        return ()


def _gauge(figure: Figure, values: dict[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(figure.full_name, figure.help, labels=figure.labels)
    for labels, value in values.items():
        family.add_metric(labels, value)
    return family


def build(checks: Checks, shown: Metrics) -> Starlette:
    """The three pages."""

    def healthz(_: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(_: Request) -> Response:
        found = checks.found()
        is_ready = all(one == "ok" for one in found.values())
        return JSONResponse({"ready": is_ready, **found}, OK if is_ready else UNAVAILABLE)

    def metrics(_: Request) -> Response:
        return Response(shown.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return Starlette(routes=[Route(f"/{page.__name__}", page) for page in (healthz, readyz, metrics)])
