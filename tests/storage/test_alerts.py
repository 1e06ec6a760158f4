"""Raised alerts: each crossing is told once, by whichever process sees it first."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from calculator.spending.alerts import Raised
from storage.alerts import Alerts
from storage.workspaces import Workspaces
from tests.storage.samples import NOON, start
from tests.storage.tracked import DAY, HOUR, new_post, plans, ready, scans, track

HALF, JUMP = Raised("budget-50", "2026-08"), Raised("jump")
ADVANCE = """
import sys
from storage.database import Database
from storage.workspaces import Workspaces
with Database(sys.argv[1]) as database:
    facts = Workspaces(database)
    print(sum(facts.advance("T1", "watched until", f"{hour:03}", f"{hour + 1:03}") for hour in range(50)))
"""


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


@pytest.fixture
def book(database) -> Alerts:
    return Alerts(database)


@pytest.fixture
def number(database) -> int:
    return track(database).id


def raised(book, number) -> set[Raised]:
    return set(book.raised([number])[number])


def told(database) -> int:
    with database.read() as connection:
        return connection.execute("SELECT count(*) FROM posts").fetchone()[0]


def raise_(book, number, *alerts, at=NOON, clear=()) -> None:
    book.settle(number, clear, [(one, new_post(f"alert {one.kind} {at.isoformat()}")) for one in alerts], at)


def test_an_alarm_is_raised_with_its_post_and_cleared(book, database, number):
    raise_(book, number, HALF, JUMP)
    assert raised(book, number) == {HALF, JUMP}
    assert told(database) == 2
    raise_(book, number, clear=[JUMP], at=NOON + HOUR)
    assert raised(book, number) == {HALF}


def test_one_that_is_raised_already_posts_nothing(book, database, number):
    for hours in range(3):
        raise_(book, number, HALF, at=NOON + hours * HOUR)
    assert told(database) == 1


def test_one_that_was_cleared_is_told_again(book, database, number):
    raise_(book, number, JUMP)
    raise_(book, number, clear=[JUMP], at=NOON + HOUR)
    raise_(book, number, JUMP, at=NOON + 2 * HOUR)
    assert told(database) == 2


def test_a_new_month_is_told_anew_in_place_of_the_old_one(book, database, number):
    raise_(book, number, HALF)
    september = Raised("budget-50", "2026-09")
    raise_(book, number, september, clear=[HALF], at=NOON + 30 * DAY)
    assert raised(book, number) == {september}
    assert told(database) == 2


def test_clearing_last_month_leaves_this_one_raised(book, number):
    """A process that was slow clears what another has raised anew meanwhile."""
    raise_(book, number, Raised("budget-50", "2026-09"))
    raise_(book, number, clear=[HALF])
    assert raised(book, number) == {Raised("budget-50", "2026-09")}


def test_a_step_that_a_higher_one_tells_is_raised_without_a_post(book, database, number):
    book.settle(number, [], [(HALF, None), (Raised("budget-80", "2026-08"), new_post())], NOON)
    assert len(raised(book, number)) == 2
    assert told(database) == 1


def test_each_deployment_has_its_own(book, database, number):
    other = track(database, "other").id
    raise_(book, other, JUMP)
    assert book.raised([number, other, 99]) == {number: (), other: (JUMP,), 99: ()}


def test_of_many_who_raise_one_alarm_at_once_one_posts(book, database, number):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: book.settle(number, [], [(HALF, new_post(f"alert {n}"))], NOON), range(16)))
    assert told(database) == 1


def test_what_cannot_be_posted_is_not_raised(book, number):
    with pytest.raises(Exception, match="FOREIGN KEY"):
        book.settle(number, [], [(HALF, new_post(schedule_id=99))], NOON)
    assert raised(book, number) == set()


def test_of_many_threads_and_processes_one_is_told_that_the_hour_is_its_own(path, database):
    others = [start(ADVANCE, path) for _ in range(2)]

    def advance(_):
        return sum(
            Workspaces(database).advance("T1", "watched until", f"{hour:03}", f"{hour + 1:03}") for hour in range(50)
        )

    with ThreadPoolExecutor(4) as pool:
        here = sum(pool.map(advance, range(4)))
    answers = [process.communicate(timeout=60) for process in others]
    assert [error for _, error in answers] == ["", ""]
    assert here + sum(int(said) for said, _ in answers) == 50
    assert Workspaces(database).get("T1", "watched until") == "050"
    assert Workspaces(database).advance("T2", "watched until", "000", "001")


def test_reading_alarms_reads_only_those_of_the_deployments(book, number):
    with plans() as steps:
        book.raised([number])
        raise_(book, number, HALF, clear=[JUMP])
    assert not scans(steps)
