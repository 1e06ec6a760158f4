"""Fetching from a real Prometheus server, history and live: what it says is what the engines did."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings

from bot.prometheus.client import Prometheus
from bot.prometheus.collecting import Collector, check
from bot.prometheus.engine_metrics import ENGINES, QUANTITIES, census, expression
from bot.prometheus.responses import PrometheusError
from calculator.spending.usage import hour_of, moment_of
from storage.database import Database
from storage.sources import Sources, UsageSource
from storage.usage import UsageBook
from tests.bot.prometheus.test_engine_metrics import MATCHERS, quoted
from tests.prometheus.exporter import BUCKETS, TTFT, Engine, Load, Sample, exporting
from tests.prometheus.server import MISSING, backfill, running
from tests.prometheus.tracked import TEAM, settings, track

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

DAYS = 2
GAP = 5
"""Hours ago that nothing was scraped."""
BUSY = Load(requests=3600, running=4, waiting=1, kv_share=0.5)
RENAMED = {
    "vllm:kv_cache_usage_perc": "vllm:gpu_cache_usage_perc",
    "vllm:inter_token_latency_seconds": "vllm:time_per_output_token_seconds",
}
OLD_SUFFIX = "_total"


class OldEngine(Engine):
    """A vLLM before the new names: it exposes the old ones only."""

    def samples(self) -> Iterator[Sample]:
        for name, labels, value in super().samples():
            renamed = next((old + name.removeprefix(new) for new, old in RENAMED.items() if name.startswith(new)), name)
            yield renamed.removesuffix(OLD_SUFFIX), labels, value


class BothEngine(OldEngine):
    """A vLLM of the releases that expose old and new names."""

    def samples(self) -> Iterator[Sample]:
        yield from super().samples()
        yield from Engine.samples(self)


def plan(hour: int) -> Load:
    """More by day than by night."""
    return Load(requests=100 + 10 * (hour % 24), running=2, waiting=0.5, kv_share=0.25)


@pytest.fixture(scope="module")
def now() -> datetime:
    """The wall clock, once there is time enough before the next hour."""
    left = 3600 - time.time() % 3600
    if left < 30:
        time.sleep(left + 1)
    return datetime.now(UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory, now):
    """A Prometheus that knows two days of two replicas and some hours of old ones, and scrapes a busy engine since now."""
    folder, last = tmp_path_factory.mktemp("prometheus"), hour_of(now) - 1
    replicas = [
        (Engine({"model_name": "llama", "pod": pod}), lambda hour: None if hour == last + 1 - GAP else plan(hour))
        for pod in ("a", "b")
    ]
    old = [
        (kind({"model_name": kind.__name__}), lambda hour: plan(hour) if hour > last - 2 else None)
        for kind in (OldEngine, BothEngine)
    ]
    backfill(folder, [*replicas, *old], last + 1 - 24 * DAYS, last)
    live = Engine({"model_name": "live"})

    def scrape() -> Iterator[Sample]:
        live.work(BUSY, 1 / 3600)
        return live.samples()

    with exporting(scrape) as target, running(folder, target) as url:
        yield url


@pytest.fixture
def database(tmp_path):
    with Database(tmp_path / "bot.db") as database:
        yield database


def test_every_hour_comes_back_as_the_replicas_spent_it_and_a_gap_as_nothing(server, now):
    first, last = hour_of(now) - 24 * DAYS, hour_of(now) - 1
    hours = Prometheus(server).hours(expression("vllm", '{model_name="llama"}'), first, last)
    assert [one.hour for one in hours] == [hour for hour in range(first, last + 1) if hour != last + 1 - GAP]
    for one in hours:
        requests = 2 * (100 + 10 * (one.hour % 24))
        assert one.requests == pytest.approx(requests, rel=1e-6)
        assert one.input_tokens == pytest.approx(requests * 400, rel=1e-6)
        assert one.output_tokens == pytest.approx(requests * 100, rel=1e-6)
        assert (one.running, one.waiting, one.kv_share) == pytest.approx((4, 1, 0.25))
        assert 0.1 < one.ttft_p95_s <= 0.25, "the bucket of 0.2 s"
        assert 0.025 < one.tpot_p95_s <= 0.05, "the bucket of 0.03 s"
        assert 2.5 < one.latency_p95_s <= 5, "the bucket of 4 s"


def test_a_selector_picks_one_replica(server, now):
    last = hour_of(now) - 1
    (hour,) = Prometheus(server).hours(expression("vllm", 'model_name="llama",pod=~"b|c"'), last, last)
    assert hour.requests == pytest.approx(100 + 10 * (last % 24), rel=1e-6)


@pytest.mark.parametrize("models", ["OldEngine", "BothEngine", "OldEngine|BothEngine|llama"])
def test_old_names_count_where_there_are_no_new_ones_and_never_twice(server, now, models):
    last = hour_of(now) - 1
    (hour,) = Prometheus(server).hours(expression("vllm", f'model_name=~"{models}"'), last, last)
    replicas = 4 if "llama" in models else 1
    assert hour.requests == pytest.approx(replicas * (100 + 10 * (last % 24)), rel=1e-6)
    assert hour.kv_share == pytest.approx(0.25)
    assert 0.025 < hour.tpot_p95_s <= 0.05


def test_an_hour_without_requests_has_no_percentiles(tmp_path, now):
    backfill(tmp_path, [(Engine({"model_name": "idle"}), lambda _: Load())], hour_of(now) - 3, hour_of(now) - 1)
    with running(tmp_path) as url:
        hours = Prometheus(url).hours(expression("vllm", ""), hour_of(now) - 3, hour_of(now) - 1)
    assert [(one.requests, one.running, one.ttft_p95_s, one.latency_p95_s) for one in hours] == [(0, 0, None, None)] * 3


def test_hours_ahead_of_the_wall_clock_are_served_so_a_clock_may_be_moved_forward(tmp_path, database, now):
    ahead = now + timedelta(days=9)
    backfill(tmp_path, [(Engine({"model_name": "llama"}), plan)], hour_of(ahead) - 6, hour_of(ahead) + 1)
    with running(tmp_path) as url:
        number = track(database, "llama", url, now, selector='{model_name="llama"}', fetched_hour=hour_of(ahead) - 6)
        assert Collector(database, settings(url), lambda: ahead, TEAM).run_once() == 1
        assert Prometheus(url).counts(census("vllm", ""), ahead)["vllm:num_requests_running"] == 1
    assert [one.hour - hour_of(ahead) for one in UsageBook(database).hours(number, now, ahead)] == [
        -6,
        -5,
        -4,
        -3,
        -2,
        -1,
    ]


@pytest.mark.parametrize("engine", ENGINES)
def test_prometheus_reads_the_expression_of_every_engine(server, now, engine):
    last = hour_of(now) - 1
    hours = Prometheus(server).hours(expression(engine, '{model_name!=""}'), last, last)
    assert bool(hours) == (engine == "vllm")


@hypothesis_settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MATCHERS)
def test_prometheus_reads_whatever_selector_passes_the_check(server, now, matchers):
    plain = {"=~": "=", "!~": "!="}  # not every value is a regular expression
    typed = ", ".join(label + plain.get(operator, operator) + quoted(value) for label, operator, value in matchers)
    Prometheus(server).counts(census("vllm", typed), now)


def test_what_prometheus_says_of_a_wrong_expression_is_passed_on(server, now):
    with pytest.raises(PrometheusError, match=r"Prometheus says: .*missing closing"):
        Prometheus(server).counts(census("vllm", 'pod=~"("'), now)


def test_a_check_says_what_it_finds(server, now):
    def said(engine: str, selector: str) -> str:
        source = UsageSource(deployment_id=1, url=server, engine=engine, selector=selector, next_fetch_at=now)
        return check(source, settings(server), moment_of(hour_of(now)))

    buckets = sum(len(bounds) + 1 for bounds in BUCKETS.values())
    assert said("vllm", '{pod="a"}') == f"{6 + buckets} series of vllm match: {', '.join(QUANTITIES.values())}."
    assert said("vllm", '{pod="z"}').startswith('No series of vllm match `{pod="z"}` now')
    assert said("sglang", "").startswith("No series of sglang match `{}` now")


def test_the_collector_fills_the_usage_book(server, database, now):
    number = track(database, "llama", server, now, selector='{model_name="llama"}')
    assert Collector(database, settings(server), lambda: now, TEAM).run_once() == 1
    hours = UsageBook(database).hours(number, now - timedelta(days=35), now)
    assert len(hours) == 24 * DAYS - 1
    source = Sources(database).get(number)
    assert (source.fetched_hour, source.seen_at) == (hour_of(now) - 1, moment_of(hour_of(now)))


def test_a_live_engine_is_seen_once_its_hour_is_over(server, database, now):
    ask = expression("vllm", '{model_name="live"}')
    until = (
        time.monotonic() + 20
    )  # Prometheus looks at its list of targets 5 s after its start, and two scrapes make a difference
    while (
        not any(one.requests for one in Prometheus(server).hours(ask, hour_of(now), hour_of(now)))
        and time.monotonic() < until
    ):
        time.sleep(0.1)
    counts = Prometheus(server).counts(census("vllm", '{model_name="live"}'), datetime.now(UTC))
    assert counts[f"{TTFT}_bucket"] == len(BUCKETS[TTFT]) + 1
    number = track(database, "live", server, now, selector='{model_name="live"}', fetched_hour=hour_of(now) - 1)
    later = moment_of(hour_of(now) + 1) + timedelta(minutes=1)
    assert Collector(database, settings(server), lambda: later, TEAM).run_once() == 1
    (hour,) = UsageBook(database).hours(number, now - timedelta(hours=1), later)
    assert 1 <= hour.requests < 60, "one request a scrape, a scrape a second"
    assert hour.input_tokens == pytest.approx(400 * hour.requests)
    assert (hour.running, hour.waiting, hour.kv_share) == pytest.approx((4, 1, 0.5))
    assert Sources(database).get(number).seen_at == moment_of(hour.hour + 1)
