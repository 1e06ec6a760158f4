"""The composition root: settings in, a bot that can start and stop out. Importing it does nothing."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from functools import partial
from typing import Self

from slack_sdk import WebClient

from bot.background.clock import COLLECT_S, Clock, Ticking, composed
from bot.background.hourly import HourlyLook
from bot.background.posting import Poster
from bot.background.price_refresh import Refresher, Refreshing
from bot.desk.asker import Asker
from bot.desk.registry import ENTRY_OF
from bot.operating.heartbeat import Heartbeat
from bot.operating.measures import Measures, Unmeasured
from bot.operating.steadiness import Steadiness
from bot.operating.web_server import Listening
from bot.prometheus.collecting import Collector, probe
from bot.reply import Message
from bot.service import Service
from bot.settings import Address, Settings
from bot.slack.channels import SlackChannels
from bot.slack.client import Counting, client_of, patient
from bot.slack.connection import Connection, MeasuredApp, connection_of
from bot.slack.listeners import register
from bot.slack.manifest import read_manifest
from bot.slack.people import SlackPeople
from bot.slack.unanswered import CHECK_S, Unanswered
from bot.slack.uninstall import Departures, listen_to_departures
from storage.database import Database
from storage.errors import StorageError
from storage.tables import Tables

__all__ = ["Bot", "open_clock", "read_manifest", "web_client"]
log = logging.getLogger(__name__)
THREADS = 64
"""To acknowledge, and as many to answer: enough that answers find a free one while deliveries wait out a rate limit."""
Now = Callable[[], datetime]
"""Whatever tells the time."""


def utc_now() -> datetime:
    """The clock of production."""
    return datetime.now(UTC)


def web_client(settings: Settings, measures: Measures | None = None) -> WebClient:
    """The Web API client, which waits out rate limits and server errors."""
    return client_of(settings, patient(measures or Unmeasured()))


def open_clock(  # noqa: PLR0913, PLR0917 - what a clock is made of
    settings: Settings,
    database: Database,
    service: Service,
    team_id: str,
    now: Now,
    departures: Departures | None = None,
) -> Clock:
    """The clock of one workspace over one database. Its client repeats nothing by itself."""
    tables = Tables(database)
    poster = Poster(
        client=client_of(settings, [Counting(service.measures)]),
        tables=tables,
        compose=composed(service, tables, now),
        team_id=team_id,
        now=now,
        plain=lambda: service.refuses_tables(team_id),
        remember_plain=lambda: service.remember_tables_refused(team_id),
    )
    collector = Collector(database, settings, now, team_id)
    gone = partial(departures.is_gone, team_id) if departures else bool
    steadiness = departures.steadiness if departures else None
    hourly = HourlyLook(database, team_id, now, service.channels)
    return Clock(tables, poster, hourly, collector, team_id, now, gone=gone, steadiness=steadiness)


class Bot:
    """The running bot: a Bolt app and its connection to Slack, its service, its clock and its database."""

    def __init__(self, settings: Settings, now: Now = utc_now) -> None:
        self._settings, self._now = settings, now
        self._database = Database(settings.database_path)
        self._listeners = ThreadPoolExecutor(THREADS, thread_name_prefix="listener")
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="answer")
        self._measures: Measures = Unmeasured()
        self._heartbeat = Heartbeat()
        is_real = now is utc_now  # the local workspace's clock is moved by people, who mean it
        self._steadiness = Steadiness(Tables(self._database).workspaces, now) if is_real else None
        self.operating = self._operated(settings.operate_listen) if settings.operate_listen else None
        client = web_client(settings, self._measures)
        self.app = MeasuredApp(
            self._measures,
            name="bot",  # where none is given, Bolt looks for one in every frame of the stack
            client=client,
            signing_secret=settings.signing_secret,
            listener_executor=self._listeners,
        )
        self.service = Service(
            self._database,
            now,
            settings.command_name,
            SlackPeople(client, SlackChannels(client, Tables(self._database).channels, now)),
            lambda source: probe(source, settings, now()),
            self._measures,
        )
        self.clock: Clock | None = None
        self._ticking: tuple[Ticking, ...] = ()
        self._living: Ticking | None = None
        self._refreshing = Refreshing(Refresher(self._database, now)) if settings.refresh_prices else None
        self._homes = register(self.app, self.service, settings.command_name, self._threads)
        self._departures = Departures(self._database, now, self._steadiness)
        listen_to_departures(self.app, self._departures)
        self.connection: Connection = connection_of(self.app, settings)

    def _operated(self, address: Address) -> Listening:
        """What an operator looks at, while this is counted."""
        from bot.operating.health_endpoints import Checks, Readings, build  # noqa: PLC0415
        from bot.operating.metrics import Metrics  # noqa: PLC0415  # slow to import, and off by default

        checks = Checks(
            self._database,
            lambda: self.connection.is_up,
            self._heartbeat,
            lambda: self._steadiness.said if self._steadiness else "",
        )
        self._measures = metrics = Metrics(ENTRY_OF, Readings(checks, self._now))
        return Listening(build(checks, metrics), address, "OPERATE_LISTEN")

    def start(self) -> None:
        """Connect; returns once connected."""
        if self.operating:
            self.operating.start()
        self._departures.erase_due()
        self.connection.start()
        team_id = self.app.client.auth_test()["team_id"]
        self._departures.come_back(team_id)
        self.clock = open_clock(self._settings, self._database, self.service, team_id, self._now, self._departures)
        unanswered = Unanswered(
            self.service.accepting,
            self.app.client,
            self.service,
            team_id,
            f"/{self._settings.command_name}",
            self._now,
        )
        self._ticking = (
            Ticking(self._heartbeat.taken(self.clock.turn)),
            Ticking(self.clock.collect, COLLECT_S),
            Ticking(lambda: unanswered.tell() if self._is_steady() else None, CHECK_S),
        )
        self._living = Ticking(unanswered.live, CHECK_S)
        for ticking in (*self._ticking, self._living):
            ticking.start()
        if self._refreshing:
            self._refreshing.start()
        log.info("connected")

    def _is_steady(self) -> bool:
        """Whether the time can be believed; also while the database does not say, since what follows waits for that itself."""
        with suppress(StorageError):
            return self._steadiness is None or self._steadiness.is_steady()
        return True

    def __enter__(self) -> Self:
        with ExitStack() as on_failure:
            on_failure.callback(self.stop)
            self.start()
            on_failure.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def tick(self) -> None:
        """Do now what is due now; the clock does so every few seconds by itself."""
        if self.clock:
            self.clock.tick()

    def welcome(self, channel: str) -> None:
        """Say in a channel what there is to try."""
        message = self.service.answer("start", Asker())
        assert isinstance(message, Message)
        self.app.client.chat_postMessage(channel=channel, text=message.text, blocks=list(message.blocks))

    def finish(self) -> None:
        """Wait until what was acknowledged is answered; nothing can be acknowledged after that."""
        self._listeners.shutdown(wait=True)
        self._threads.shutdown(wait=True)

    def stop(self) -> None:
        """Take no more commands, finish the accepted ones, close the database."""
        self.connection.stop()
        for ticking in self._ticking:
            ticking.stop()
        if self._refreshing:
            self._refreshing.stop()
        self.finish()
        if self._living:  # what is still being answered stays ours until then
            self._living.stop()
        if self.operating:
            self.operating.stop()
        self._homes.close()
        self._database.close()
        log.info("stopped")
