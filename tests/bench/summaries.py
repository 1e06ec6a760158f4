"""A thousand tracked deployments with two years of usage, and ten thousand schedules: size, summary, watch, tick, claim.

Every statement that the bot runs here is explained afterwards, and none may scan a whole table.
"""

import json
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from bot.background.clock import Clock
from bot.bootstrap import open_clock
from bot.calendar import Calendar
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.tracking import summary as summary_command
from bot.commands.tracking.plan import priced
from bot.service import Service
from bot.settings import Settings
from calculator.spending.terms import repriced
from calculator.spending.usage import UsageHour, hour_of
from calculator.team.own import NOTHING
from storage.database import Database
from storage.deployment_records import NewDeployment
from storage.moments import to_text
from storage.schedules import NewSchedule, Schedules
from storage.usage import HOURLY_DAYS, UsageBook
from tests.bench.results import Result, median_ms, timed

TEAM = "T1"
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""A Monday, 09:00 in Berlin."""
NEXT = NOW + timedelta(days=7)
ZONES = (("Europe/Berlin", "09:00"), ("America/New_York", "03:00"), ("Asia/Tokyo", "17:00"), ("UTC", "08:00"))
OTHER_DAYS = ("tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPEC = "every monday at 09:00 Europe/Berlin"
DAYS = 730
HOURS = HOURLY_DAYS * 24
DEPLOYMENTS, SCHEDULES, POSTED, FEW = 1_000, 10_000, 100_000, 10
HARDWARE = (
    "7B on 2xL4 cloud aws {}/h",
    "llama-3.1-70b fp8 on 2xH100, 1k in 300 out, {} req/h, max ttft 2s",
    "llama-3.1-8b on L40S {}/h",
    "qwen2.5-32b on A100 cloud {} req/h",
    "llama-3.1-8b on RTX4090 local {} req/h",
)
HOSTED = "gpt-4o, 1k in 300 out, {} req/h"
PLANS = (
    (DAYS, True, 1, "tracked"),
    (400, True, 0.9, "price"),
    (150, False, 0.9, "paused"),
    (145, True, 0.9, "resumed"),
    (3, True, 0.8, "price"),
)
"""Days ago, running, share of today's price, why."""
PAUSED = (1, False, 0.8, "paused")
NUMBERS = "requests, input_tokens, output_tokens, requests_with_tokens, running, waiting, kv_share, ttft_p95_s, tpot_p95_s, latency_p95_s"
MEASURED = (
    "SELECT id, :hour, 1000.1 + id % 97 + :hour % 24 * 7.3, 375e3 + id * 7.7 + :hour % 24 * 2.1, 125e3 + id * 3.3 + :hour % 24 * 1.7,"
    " 1000.1 + id % 97 + :hour % 24 * 7.3, 2.3 + id % 7 / 3.0, 0.1 + :hour % 5 / 7.0, 0.3 + id % 11 / 31.0, 0.4 + :hour % 24 / 71.0,"
    " 0.03 + id % 13 / 977.0, 5.2 + :hour % 24 / 7.0, {} FROM deployments"
)
"""Every number a fraction that takes eight bytes, as Prometheus gives them."""
COUNTED = (
    "SELECT id, :hour, 500 + id % 97 + :hour % 24, 500000 + id + :hour % 24, 150000 + id + :hour % 24, 500 + id % 97 + :hour % 24,"
    " NULL, NULL, NULL, NULL, NULL, NULL, {} FROM deployments"
)
"""As a provider's CSV has them."""
HOURLY, DAILY = ("seen", "'prometheus'"), ("hours, peak_requests", "24, 1300.7 + id")
WHOLE = re.compile(r"SCAN (\w+)|SEARCH (\w+)$|SEARCH \w+ USING INDEX sqlite_autoindex_posts_1 \(team_id=\?\)$")
"""A search without an index, as for a maximum, reads all too."""
SUMS = (
    "SELECT deployment_id, sum(requests), sum(input_tokens), sum(output_tokens), max(requests) FROM {}"
    " WHERE deployment_id <= ? AND hour >= ? AND hour < ? GROUP BY deployment_id"
)


def run(*, quick: bool) -> list[Result]:
    """All of it; a tenth of the deployments, schedules and posts where `quick`."""
    part = 10 if quick else 1
    deployments, schedules = DEPLOYMENTS // part, SCHEDULES // part
    spent = Spent()
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("sqlite3.connect", spent.connect),
        Database(Path(folder) / "bench.db") as database,
    ):
        bench = Bench(database, deployments, schedules, spent)
        fill(database, deployments)
        size = bench.size()
        fill_schedules(database, schedules, POSTED // part)
        spent.statements.clear()
        results = [
            *bench.summaries(),
            *bench.watching(),
            *bench.ticking(),
            *bench.claiming(),
            *bench.rolling_up(),
            *bench.fetching(),
        ]
        return [size, *results, bench.scans()]


@dataclass
class Bench:
    """What is measured, over one filled database."""

    database: Database
    deployments: int
    schedules: int
    spent: "Spent"
    now: datetime = NOW

    def whole(self, target: float) -> float | None:
        """The target, where all of it is measured."""
        return target if self.deployments == DEPLOYMENTS else None

    def size(self) -> Result:
        """The file, right after two years of usage were written in the order of time."""
        self.database.checkpoint()
        with self.database.read() as connection:
            rows = sum(
                connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
                for name in ("usage_hours", "usage_days")
            )
        size = self.database.path.stat().st_size
        return Result(
            f"size of {self.deployments:,} deployments over two years",
            size / 2**20,
            "MiB",
            at_most=self.whole(200),
            note=f"{rows:,} rows of usage, {size / rows:.0f} bytes for each",
        )

    def summaries(self) -> Iterator[Result]:
        """The weekly summary, from the schedule to the blocks."""
        service = Service(self.database, lambda: self.now)
        few, all_ = _schedule(self.database, names(FEW)), _schedule(self.database, "")
        small = median_ms(lambda: service.summary(few, NOW), 5, warm_up=2)
        with patch.object(summary_command, "summary_view", self.spent.rendering(summary_command.summary_view)):
            large, note = self.spent.shares(lambda: service.summary(all_, NOW), 3)
        plain = median_ms(self._plain_sum, 3, warm_up=1)
        yield Result(f"summary of {FEW} deployments", small, "ms")
        yield Result(f"summary of {self.deployments:,} deployments", large, "ms", note=note)
        several, same = f"{self.deployments // FEW} of {FEW}", f"summary of {self.deployments:,}, against"
        yield Result(f"{same} small ones", large, "ms", several, small * self.deployments / FEW, at_most=1)
        yield Result(f"{same} plain sums", large, "ms", "SQL sums of the same rows", plain, at_most=self.whole(8))

    def watching(self) -> Iterator[Result]:
        """The hourly look at every deployment: the first raises alerts, the next ones mostly find nothing new."""
        hourly = self._clock().hourly
        first = timed(hourly.run_once)
        self.now += timedelta(hours=1)
        usual, note = self.spent.shares(hourly.run_once, 1)
        yield Result(f"watch of {self.deployments:,} deployments, the first", first, "ms")
        yield Result(
            f"watch of {self.deployments:,} deployments, each hour", usual, "ms", at_most=self.whole(5000), note=note
        )

    def ticking(self) -> Iterator[Result]:
        """The tick while no schedule is due and nothing is open."""
        clock = self._clock()
        with closing(_CONNECT(self.database.path)) as connection, connection:
            connection.execute("DELETE FROM posts WHERE state = 'due'")
        idle, empty = median_ms(clock.tick, 50), median_ms(self._nothing, 50)
        yield Result(
            f"tick, none of {self.schedules:,} schedules due",
            idle,
            "ms",
            "opening the file for an empty transaction",
            empty,
            at_most=8,
        )

    def _nothing(self) -> None:
        with closing(_CONNECT(self.database.path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")

    def claiming(self) -> Iterator[Result]:
        """All schedules due at once; and what it takes then to find the next post."""
        clock, self.now = self._clock(), NOW + timedelta(days=7, minutes=1)
        claimed, note = self.spent.shares(lambda: _claim(clock), 1)
        yield Result(
            f"claiming {self.schedules:,} schedules due at once", claimed, "ms", at_most=self.whole(20_000), note=note
        )
        taking, note = self.spent.shares(lambda: clock.tables.posts.take(TEAM, self.now), 1)
        yield Result(f"taking one of {self.schedules:,} posts", taking, "ms", note=note)

    def rolling_up(self) -> Iterator[Result]:
        """A day of hours into days."""
        usage, later = UsageBook(self.database), NOW + timedelta(days=2)
        usage.roll_up(later - timedelta(days=1))
        taken, note = self.spent.shares(lambda: usage.roll_up(later), 1)
        yield Result(f"roll-up of one day of {self.deployments:,} deployments", taken, "ms", note=note)

    def fetching(self) -> Iterator[Result]:
        """A day of one deployment, as it is fetched or imported; among it an hour that is a day's already."""
        usage, last = UsageBook(self.database), hour_of(NOW)
        hours = [
            UsageHour(hour=hour, requests=1.5, input_tokens=2.5, output_tokens=3.5)
            for hour in (last - 1000, *range(last, last + 24))
        ]
        taken = median_ms(lambda: usage.put(1, hours, "prometheus"), 20, warm_up=3)
        yield Result("storing a day of one deployment", taken, "ms")

    def scans(self) -> Result:
        """What SQLite says of every statement that was run."""
        with self.database.read() as connection:
            found = sorted({scan for one in list(self.spent.statements) for scan in _scans(connection, one)})
        return Result(
            "statements that scan a whole table",
            len(found),
            "",
            at_most=0,
            note=f"of {len(self.spent.statements)}{': ' if found else ''}{'; '.join(found)}",
        )

    def _plain_sum(self) -> None:
        times = [hour_of(moment) for moment in (NOW - timedelta(days=63), NOW)]
        with self.database.read() as connection:
            for table in ("usage_hours", "usage_days"):
                connection.execute(SUMS.format(table), (self.deployments, *times)).fetchall()

    def _clock(self) -> Clock:
        service = Service(self.database, lambda: self.now)
        return open_clock(Settings(_env_file=None), self.database, service, TEAM, lambda: self.now)


@dataclass
class Spent:
    """Seconds in SQLite and in rendering, and the statements that were run."""

    sql_s: float = 0.0
    rendering_s: float = 0.0
    statements: dict[str, None] = field(default_factory=dict)

    def connect(self, *arguments, **options) -> sqlite3.Connection:
        """A connection whose every call is timed."""
        return _CONNECT(*arguments, **options, factory=_timed_connection(self))

    @contextmanager
    def in_sql(self) -> Iterator[None]:
        began = time.perf_counter()
        yield
        self.sql_s += time.perf_counter() - began

    def rendering(self, view: Callable) -> Callable:
        """The view, timed."""

        def timed_view(*arguments):
            began = time.perf_counter()
            try:
                return view(*arguments)
            finally:
                self.rendering_s += time.perf_counter() - began

        return timed_view

    def shares(self, call: Callable[[], object], times: int) -> tuple[float, str]:
        """The median of some calls, and what it is made of."""
        self.sql_s = self.rendering_s = 0.0
        taken = sorted(timed(call) for _ in range(times))
        total = sum(taken) / 1000
        parts = {"SQL": self.sql_s, "rendering": self.rendering_s, "Python": total - self.sql_s - self.rendering_s}
        return taken[len(taken) // 2], ", ".join(f"{name} {part / total:.0%}" for name, part in parts.items() if part)


_CONNECT = sqlite3.connect


def _timed_connection(spent: Spent) -> type[sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, statement, *values):
            spent.statements[statement] = None
            with spent.in_sql():
                return super().execute(statement, *values)

        def fetchall(self):
            with spent.in_sql():
                return super().fetchall()

    class Connection(sqlite3.Connection):
        def execute(self, *statement):
            return self.cursor(Cursor).execute(*statement)

    return Connection


def _scans(connection: sqlite3.Connection, statement: str) -> Iterator[str]:
    """Each table that the statement reads from end to end, or all posts of the workspace."""
    if not re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)\b", statement) or "sqlite_" in statement:
        return
    names = dict.fromkeys(re.findall(r":(\w+)", statement))
    values = names or (None,) * statement.count("?")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values).fetchall():
        found = WHOLE.match(row["detail"])
        if found and (found[1] or found[2] or "posts") in tables:
            yield f"{row['detail']} in {' '.join(statement.split())[:70]}"


def _claim(clock: Clock) -> None:
    """What a tick does before it sends."""
    with patch("bot.background.clock._repeat"), patch.object(Clock, "_send", create=True):
        clock.post()


def names(count: int) -> str:
    """The first so many deployments, as people type them."""
    return ", ".join(f"service-{number}" for number in range(count))


def _schedule(database: Database, about: str):
    new = NewSchedule(team_id=TEAM, user_id="U1", channel_id="C1", private=False, spec=SPEC, about=about)
    return Schedules(database).add(new, None, NOW)


def fill(database: Database, count: int) -> None:
    """Deployments with their plans, and their usage in the order in which time brings it."""
    with database.transaction() as connection:
        for number in range(count):
            _track(connection, number)
    newest = hour_of(NOW) - 1
    first = newest - HOURS + 1
    first -= first % 24
    for day in range(first - (DAYS - HOURLY_DAYS) * 24, first, 24):
        _usage(database, "usage_days", [day], DAILY)
    for day in range(first, newest + 1, 24):
        _usage(database, "usage_hours", range(day, min(day + 24, newest + 1)), HOURLY)


def _usage(database: Database, table: str, hours: Iterable[int], more: tuple[str, str]) -> None:
    names, values = more
    with database.transaction() as connection:
        for hour in hours:
            for numbers, which in ((MEASURED, "id % 5 > 0"), (COUNTED, "id % 5 = 0")):
                insert = f"INSERT INTO {table} (deployment_id, hour, {NUMBERS}, {names}) {numbers.format(values)} WHERE {which}"
                connection.execute(insert, {"hour": hour})


def _track(connection: sqlite3.Connection, number: int) -> None:
    """One in five is hosted, one in twenty paused, one in three has a budget, each has a tag."""
    hosted, paused = number % 5 == 4, number % 20 == 7
    text = (HOSTED if hosted else HARDWARE[number % len(HARDWARE)]).format(100 + number)
    answer, terms = priced(EstimateQuestion.from_text(text), NOTHING)
    new = NewDeployment(
        team_id=TEAM,
        name=f"service-{number}",
        user_id=f"U{number % 50}",
        channel_id=f"C{number % 40}",
        private=False,
        question=text,
        spelled_out=answer.spelled_out,
        budget_usd=Decimal(1000 + number) if number % 3 == 0 else None,
        tags={"team": f"team-{number % 30}"},
    )
    values = new.model_dump() | {
        "tags": json.dumps(new.tags),
        "budget_usd": new.budget_usd and str(new.budget_usd),
        "state": "paused" if paused else "running",
        "created_at": to_text(NOW - timedelta(days=DAYS)),
    }
    values["key"] = values["name"]
    marks = ", ".join(f":{name}" for name in values)
    row = connection.execute(
        f"INSERT INTO deployments ({', '.join(values)}) VALUES ({marks}) RETURNING id", values
    ).fetchone()
    for days, running, scale, why in (*PLANS, PAUSED) if paused else PLANS:
        price = terms.usd_per_gpu_hour
        then = repriced(terms, price * Decimal(str(scale)), terms.price) if price else terms
        since = to_text(NOW - timedelta(days=days, minutes=number % 60))
        connection.execute(
            "INSERT INTO plans VALUES (?, ?, ?, ?, ?)", (row["id"], since, running, why, then.model_dump_json())
        )


def _spec(number: int) -> str:
    """One of many texts, each of which means a run on Mondays at 08:00 UTC in winter."""
    days = [day for bit, day in enumerate(OTHER_DAYS) if number >> bit & 1]
    zone, time_ = ZONES[number // 64 % len(ZONES)]
    also = f" and {time_[:3]}{number // 256 % 59 + 1:02}" if number >= 256 else ""
    return f"every {', '.join(['monday', *days])} at {time_}{also} {zone}"


def fill_schedules(database: Database, count: int, posted: int) -> None:
    """Schedules that are all due on a Monday morning, and what was posted for them before."""
    with database.transaction() as connection:
        for number in range(count):
            spec = _spec(number)
            assert Calendar.from_text(spec).last_run(NEXT) == NEXT
            connection.execute(
                "INSERT INTO schedules (team_id, number, user_id, channel_id, channel_name, private, spec, about, created_at, next_run_at)"
                " VALUES (?, ?, 'U1', ?, '', 0, ?, '', ?, ?)",
                (TEAM, number + 1, f"C{number % 40}", spec, to_text(NOW), to_text(NEXT)),
            )
        connection.executemany(
            "INSERT INTO posts (team_id, name, kind, channel_id, user_id, schedule_id, due_at, state, not_before, sending_at)"
            " VALUES (?, ?, 'summary', ?, 'U1', ?, ?, 'sent', ?, ?)",
            (
                (TEAM, f"summary {n}", f"C{n % 40}", n % count + 1, *[to_text(NOW - timedelta(hours=1 + n // 24))] * 3)
                for n in range(posted)
            ),
        )
