"""Public prices that were fetched: a row for each price that was seen, kept for good; when it was last seen is updated."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from calculator.catalog.gpuhunt_offers import Place
from calculator.catalog.gpuhunt_offers import offer as made
from calculator.catalog.price_book import Offer
from storage.database import Database
from storage.moments import to_text

_NEWEST = """
    SELECT * FROM offers WHERE id IN (SELECT max(id) FROM offers GROUP BY gpu, provider, region, gpus, spot)"""
_CONFIRM = """
    UPDATE offers SET confirmed_at = :now WHERE usd_per_gpu_hour = :usd AND id = (
        SELECT max(id) FROM offers
        WHERE gpu = :gpu AND provider = :provider AND region = :region AND gpus = :gpus AND spot = :spot
    )"""
_INSERT = """
    INSERT INTO offers (gpu, card, provider, region, gpus, spot, usd_per_gpu_hour, seen_at, confirmed_at, source)
    VALUES (:gpu, :card, :provider, :region, :gpus, :spot, :usd, :now, :now, :source)"""


class OfferBook:
    """The fetched prices in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, offers: Iterable[Offer], now: datetime) -> int:
        """Write down what is seen now; gives how many prices are new or have changed."""
        with self._database.transaction() as connection:
            return sum(_enter(connection, offer, now) for offer in offers)

    def newest(self) -> tuple[Offer, ...]:
        """The last price at each place, dated by when it was last seen."""
        with self._database.read() as connection:
            return tuple(map(_offer, connection.execute(_NEWEST).fetchall()))

    def refreshed_at(self) -> datetime | None:
        """When prices were last seen."""
        with self._database.read() as connection:
            [(last,)] = connection.execute("SELECT max(confirmed_at) FROM offers").fetchall()
        return None if last is None else datetime.fromisoformat(last)


def _enter(connection: sqlite3.Connection, offer: Offer, now: datetime) -> bool:
    """Whether the price was new here."""
    values = {
        "gpu": offer.gpu,
        "card": offer.card,
        "provider": offer.provider,
        "region": offer.region,
        "gpus": offer.gpus,
        "spot": offer.on_demand_usd_per_hour is None,
        "usd": offer.usd_per_gpu_hour,
        "now": to_text(now),
        "source": offer.source,
    }
    if connection.execute(_CONFIRM, values).rowcount:
        return False
    connection.execute(_INSERT, values)
    return True


def _offer(row: sqlite3.Row) -> Offer:
    place = Place(row["gpu"], row["provider"], row["region"], row["gpus"], bool(row["spot"]))
    return made(place, row["card"], row["usd_per_gpu_hour"], row["confirmed_at"][:10], row["source"])
