from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage.deliveries import Deliveries
from tests.storage.samples import NOON


@pytest.fixture
def deliveries(database):
    return Deliveries(database)


@pytest.mark.parametrize("minutes", [0, 1, 5, 10])
def test_an_event_that_slack_repeats_within_ten_minutes_was_seen(deliveries, minutes):
    assert not deliveries.seen("Ev1", NOON)
    assert deliveries.seen("Ev1", NOON + timedelta(minutes=minutes))
    assert not deliveries.seen("Ev2", NOON + timedelta(minutes=minutes))


def test_an_event_is_forgotten_after_ten_minutes_and_its_row_with_it(deliveries, database):
    deliveries.seen("Ev1", NOON)
    assert not deliveries.seen("Ev2", NOON + timedelta(minutes=10, seconds=1))
    with database.read() as connection:
        assert [row["id"] for row in connection.execute("SELECT id FROM deliveries").fetchall()] == ["Ev2"]


def test_of_many_at_once_exactly_one_is_the_first(deliveries):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: deliveries.seen("Ev1", NOON), range(32)))
    assert answers.count(False) == 1


def test_an_event_whose_handling_failed_may_come_again(deliveries):
    deliveries.seen("Ev1", NOON)
    deliveries.forget("Ev1")
    assert not deliveries.seen("Ev1", NOON)
