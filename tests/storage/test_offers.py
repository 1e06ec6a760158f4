"""Fetched prices: a row for each price that was seen, kept for good, dated by when it was last seen."""

from datetime import timedelta

import pytest
from genai_prices.data_snapshot import DataSnapshot, get_snapshot, set_custom_snapshot

from bot.background.hosted_prices import newer
from calculator.catalog.gpuhunt_offers import Place, offer
from calculator.catalog.hosted_offers import hosted_offers
from storage.offers import OfferBook
from tests.storage.samples import NOON

LATER = NOON + timedelta(days=7)


def seen(usd=0.7, region="us-east-1", *, spot=False):
    return offer(Place("l4", "aws", region, 1, spot), "L4", usd, "2026-08-03", "list")


@pytest.fixture
def book(database) -> OfferBook:
    return OfferBook(database)


def rows(database):
    with database.read() as connection:
        return [
            tuple(row)
            for row in connection.execute("SELECT usd_per_gpu_hour, seen_at, confirmed_at FROM offers ORDER BY id")
        ]


def test_an_offer_reads_back_as_it_was_seen(book):
    offers = (seen(), seen(0.3, spot=True), seen(0.8, "us-east4"))
    assert book.add(offers, NOON) == 3
    assert book.newest() == offers
    assert book.refreshed_at() == NOON


def test_a_price_that_stays_gets_no_row_but_a_new_date(book, database):
    book.add([seen()], NOON)
    assert book.add([seen()], LATER) == 0
    assert [price.date for price in book.newest()] == ["2026-08-10"]
    assert len(rows(database)) == 1


def test_a_price_that_changes_gets_a_row_and_the_old_one_stays(book, database):
    book.add([seen()], NOON)
    assert book.add([seen(0.6)], LATER) == 1
    assert [price.usd_per_gpu_hour for price in book.newest()] == [0.6]
    assert [usd for usd, *_ in rows(database)] == [0.7, 0.6]
    assert rows(database)[0][2].startswith("2026-08-03")


def test_nothing_fetched_is_nothing_known(book):
    assert book.newest() == ()
    assert book.refreshed_at() is None


def test_hosted_prices_change_only_once_newer_ones_were_fetched():
    known = hosted_offers()
    assert newer(known, NOON) == {}
    set_custom_snapshot(DataSnapshot(get_snapshot().providers, from_auto_update=True))
    try:
        found = newer(known, NOON)
    finally:
        set_custom_snapshot(None)
    assert found.keys() == known.keys()
    [fetched] = [price for price in found["claude-sonnet-4-5"] if price.provider == "anthropic"]
    assert (fetched.usd_per_mtok_input, fetched.usd_per_mtok_output) == (3, 15)
    assert fetched.source.startswith("genai-prices, fetched 20")
