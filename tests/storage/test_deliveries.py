from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage import deliveries
from tests.storage.samples import NOON


@pytest.fixture
def first(database):
    def ask(delivery_id, now=NOON):
        with database.transaction() as connection:
            return deliveries.first(connection, delivery_id, now)

    return ask


@pytest.mark.parametrize("minutes", [0, 1, 5, 10])
def test_an_event_that_slack_repeats_within_ten_minutes_was_seen(first, minutes):
    assert first("Ev1")
    assert not first("Ev1", NOON + timedelta(minutes=minutes))
    assert first("Ev2", NOON + timedelta(minutes=minutes))


def test_an_event_is_forgotten_after_ten_minutes_and_its_row_with_it(first, database):
    first("Ev1")
    assert first("Ev2", NOON + timedelta(minutes=10, seconds=1))
    with database.read() as connection:
        assert [row["id"] for row in connection.execute("SELECT id FROM deliveries").fetchall()] == ["Ev2"]


def test_of_many_at_once_exactly_one_is_the_first(first):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: first("Ev1"), range(32)))
    assert answers.count(True) == 1
