"""Newer public prices: recognised, kept, used by every answer; and what happens where they cannot be had."""

import logging
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from bot.background import price_refresh as refreshing
from bot.background.price_refresh import Refresher, Refreshing, UnreachableError, from_gpuhunt
from bot.service import Service
from calculator.catalog import hosted_offers as hosted
from calculator.catalog import price_book as prices
from calculator.catalog.gpuhunt_offers import recognised
from storage.offers import OfferBook
from tests.bot.conftest import NOON
from tests.storage.fresh import fresh

DAY = timedelta(days=1)
ASK = "llama-3.1-8b on L4 cloud, 1000 req/h"


class Row(NamedTuple):
    """A row as gpuhunt has it; the price is for the whole instance."""

    provider: str = "aws"
    instance_name: str = "g6.xlarge"
    location: str = "us-east-1"
    price: float = 0.7
    gpu_count: int = 1
    gpu_name: str | None = "L4"
    gpu_memory: float | None = 24.0
    spot: bool = False


class Source:
    """A price list that can be changed, and counts how often it is asked for."""

    def __init__(self, *rows: Row) -> None:
        self.rows, self.asked, self.down = rows, 0, False

    def __call__(self):
        self.asked += 1
        if self.down:
            raise UnreachableError("no network")
        return self.rows


class Clock:
    now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    yield Clock()
    prices.renew(())
    hosted.renew({})


@pytest.fixture
def database(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        yield database


def refresher(database, clock, source, newer=lambda _, __: {}):
    return Refresher(database, clock, source, newer)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (Row(), ("l4", "aws", "us-east-1", 0.7)),
        (Row(price=2.8, gpu_count=4), ("l4", "aws", "us-east-1", 0.7)),
        (
            Row(instance_name="p5.48xlarge", gpu_name="H100", gpu_memory=80, price=40, gpu_count=8),
            ("h100-sxm", "aws", "us-east-1", 5),
        ),
        (Row("lambdalabs", "gpu_1x_h100_pcie", "us-west-3", 2, 1, "H100", 80), ("h100-pcie", "lambda", "any", 2)),
        (Row("runpod", "NVIDIA B200 SXM", "CA-MTL-1", 5, 1, "B200", 180), ("b200", "runpod", "any", 5)),
    ],
)
def test_a_row_is_recognised_by_its_instance_or_by_name_memory_and_form(row, found):
    [offer] = recognised([row], "2026-11-24")
    assert (offer.gpu, offer.provider, offer.region, offer.usd_per_gpu_hour) == found
    assert offer.date == "2026-11-24"


@pytest.mark.parametrize(
    "row",
    [
        Row("runpod", "H100", "x", 2, 1, "H100", 80),
        Row("runpod", "x", gpu_name="Z9"),
        Row(location="ap-south-1"),
        Row("nobody"),
        Row(price=0),
        Row(price=float("nan")),
        Row(gpu_count=0),
        Row(gpu_name=None),
        Row("runpod", "x", "y", 1, 1, "RTX6000", 24),
    ],
)
def test_what_could_be_two_cards_or_is_unknown_is_left_out(row):
    assert recognised([row], "2026-11-24") == ()


def test_of_two_sizes_the_cheaper_counts_and_spot_stands_apart():
    found = recognised([Row(price=0.9), Row(price=0.7), Row(price=0.2, spot=True)], "2026-11-24")
    assert [(one.on_demand_usd_per_hour, one.spot_usd_per_hour) for one in found] == [(0.7, None), (None, 0.2)]


def test_every_answer_takes_the_newer_prices(database, clock, asker):
    service = Service(database, clock)
    before = service.answer("prices L4", asker).data["offers"]
    refresher(database, clock, Source(Row(price=0.01), Row(price=0.001, spot=True))).run_once()
    after = service.answer("prices L4", asker).data["offers"]
    assert {one["usd_per_gpu_hour"] for one in after if one["provider"] == "aws"} == {0.01, 0.001}
    assert [one["age_days"] for one in after if one["provider"] == "aws"] == [0, 0]
    assert {one["provider"] for one in after} == {one["provider"] for one in before}
    answer = service.answer(f"{ASK} aws", asker)
    assert answer.data["results"]["cost"]["price"]["usd_per_gpu_hour"] == 0.01
    assert "gpuhunt" in answer.data["results"]["cost"]["price"]["source"]


def test_what_was_fetched_is_there_after_a_restart(database, clock):
    refresher(database, clock, Source(Row(price=0.01))).run_once()
    prices.renew(())
    refresher(database, clock, Source()).load()
    assert prices.price_book().cloud("l4", "aws").usd_per_gpu_hour == 0.01


def test_prices_are_fetched_once_a_day_whoever_fetched_them(database, clock):
    source = Source(Row())
    first, second = refresher(database, clock, source), refresher(database, clock, source)
    assert [first.run_once(), first.run_once(), second.run_once()] == [1, 0, 0]
    clock.now = NOON + DAY
    source.rows = (Row(price=0.6),)
    assert [second.run_once(), first.run_once()] == [1, 0]
    assert source.asked == 2


def test_where_nothing_can_be_fetched_it_says_so_once_a_day_and_keeps_what_it_has(database, clock, caplog):
    source = Source(Row(price=0.01))
    one = refresher(database, clock, source)
    one.run_once()
    source.down, clock.now = True, NOON + DAY
    with caplog.at_level(logging.WARNING):
        assert [one.run_once(), one.run_once()] == [0, 0]
    assert [record.reason for record in caplog.records] == ["no network"]
    assert prices.price_book().cloud("l4", "aws").usd_per_gpu_hour == 0.01
    assert OfferBook(database).refreshed_at() == NOON


def test_without_gpuhunt_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "gpuhunt", None)
    with pytest.raises(UnreachableError, match="pip install gpuhunt"):
        from_gpuhunt()


def test_gpuhunts_own_failure_is_a_price_list_that_cannot_be_had(monkeypatch):
    class GPUHuntError(Exception):
        pass

    def query(**_):
        raise GPUHuntError("all providers failed")

    module = SimpleNamespace(Catalog=lambda: SimpleNamespace(query=query), GPUHuntError=GPUHuntError)
    monkeypatch.setitem(sys.modules, "gpuhunt", module)
    with pytest.raises(UnreachableError, match="all providers failed"):
        from_gpuhunt()


def test_hosted_prices_are_taken_up_too(database, clock, asker):
    def cheaper(offers, at):
        assert at == NOON
        return {"gpt-4o": tuple(one.model_copy(update={"usd_per_mtok_input": 0.001}) for one in offers["gpt-4o"])}

    service = Service(database, clock)
    before = service.answer("gpt-4o, 1k in 300 out", asker).data["results"]["cost"]["cost_per_request"]
    refresher(database, clock, Source(), cheaper).run_once()
    assert service.answer("gpt-4o, 1k in 300 out", asker).data["results"]["cost"]["cost_per_request"] < before


def test_it_runs_beside_the_bot_and_stops_with_it(database, clock, monkeypatch):
    stopped = []
    monkeypatch.setattr(refreshing, "keep_current", lambda: lambda: stopped.append("hosted"))
    source = Source(Row())
    running = Refreshing(refresher(database, clock, source))
    running.start()
    running.stop()
    running._thread.join(10)
    assert not running._thread.is_alive()
    assert stopped == ["hosted"]
