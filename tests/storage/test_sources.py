"""Where usage is fetched from: each due source goes to one process, and how it went is kept with it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.audit import Audit
from storage.deployments import Deployments
from storage.sources import Sources
from tests.storage.samples import NOON, start
from tests.storage.tracked import DAY, HOUR, NOON_HOUR, new_source, plans, ready, scans, track

CLAIM = """
import sys
from datetime import timedelta
from storage.database import Database
from storage.sources import Sources
from tests.storage.samples import NOON
with Database(sys.argv[1]) as database:
    while found := Sources(database).claim_due("T1", NOON, NOON + timedelta(minutes=10), limit=1):
        print(found[0].deployment_id)
"""


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


@pytest.fixture
def book(database) -> Sources:
    return Sources(database)


@pytest.fixture
def fetched(database, book) -> int:
    """A deployment with a source that is due at noon."""
    number = track(database).id
    book.set("T1", new_source(number), "U1", NOON)
    return number


def claimed(book, now=NOON, team="T1") -> list[int]:
    return [source.deployment_id for source in book.claim_due(team, now, now + HOUR)]


def told(database, number) -> list[tuple[str, str]]:
    return [
        (one.before, one.after)
        for one in reversed(Audit(database).of("T1", f"deployment {number}"))
        if one.what == "source"
    ]


def test_a_source_comes_back_as_it_was_set(database, book):
    number = track(database).id
    source = new_source(
        number,
        selector='{model_name="a\\"b"}',
        token="PROD",
        fetched_hour=7,
        seen_at=NOON,
        failing_since=NOON,
        problem="no",
    )
    book.set("T1", source, "U1", NOON)
    assert book.get(number) == source
    assert book.get(99) is None


def test_setting_and_removing_are_written_down_and_removing_nothing_is_not(book, database, fetched):
    book.set("T1", new_source(fetched, url="https://other.example", token="PROD"), "U1", NOON)
    for _ in range(2):
        book.remove("T1", fetched, "U1", NOON)
    assert book.get(fetched) is None
    first, second = "https://prometheus.example", "https://other.example token PROD"
    assert told(database, fetched) == [("", first), (first, second), (second, "")]


def test_a_claimed_source_is_due_again_only_when_the_claim_is_over(book, fetched):
    assert claimed(book, NOON - HOUR) == []
    assert claimed(book) == [fetched]
    assert claimed(book) == claimed(book, NOON + HOUR / 2) == []
    assert claimed(book, NOON + HOUR) == [fetched]


def test_only_running_deployments_of_the_workspace_are_fetched_for(book, database, fetched):
    paused = track(database, "paused")
    book.set("T1", new_source(paused.id), "U1", NOON)
    Deployments(database).move(paused, "U1", NOON, "paused", "paused")
    theirs = track(database, team_id="T2").id
    book.set("T2", new_source(theirs), "U1", NOON)
    assert claimed(book) == [fetched]
    assert claimed(book, team="T2") == [theirs]


def test_the_longest_due_come_first_and_no_more_than_asked_for(book, database):
    numbers = [track(database, f"bot-{number}").id for number in range(5)]
    for hours, number in zip((3, 1, 5, 2, 4), numbers, strict=True):
        book.set("T1", new_source(number, next_fetch_at=NOON - hours * HOUR), "U1", NOON)
    found = book.claim_due("T1", NOON, NOON + HOUR, limit=2)
    assert [source.deployment_id for source in found] == [numbers[2], numbers[4]]
    assert len(claimed(book)) == 3


def test_an_answer_ends_a_failure_and_silence_keeps_when_it_was_last_seen(book, fetched):
    [source] = book.claim_due("T1", NOON, NOON + HOUR)
    book.failed(source, "no route", NOON, NOON + HOUR)
    book.failed(book.get(fetched), "still none", NOON + HOUR, NOON + 2 * HOUR)
    failing = book.get(fetched)
    assert (failing.failing_since, failing.problem, failing.next_fetch_at) == (NOON, "still none", NOON + 2 * HOUR)
    book.fetched(failing, NOON_HOUR - 1, NOON, NOON + 3 * HOUR)
    book.fetched(book.get(fetched), NOON_HOUR, None, NOON + 4 * HOUR)
    well = book.get(fetched)
    assert (well.failing_since, well.problem, well.seen_at, well.fetched_hour) == (None, "", NOON, NOON_HOUR)


@pytest.mark.parametrize(
    "change", [{"url": "https://b.example"}, {"selector": '{a="b"}'}, {"token": "PROD"}, {"engine": "sglang"}]
)
def test_what_was_fetched_from_a_source_that_has_been_changed_meanwhile_is_not_written_to_the_new_one(
    book, fetched, change
):
    """A new engine or token is to fetch all of the 35 days anew, and not to inherit the old one's failure."""
    [old] = book.claim_due("T1", NOON, NOON + HOUR)
    new = new_source(fetched, **change)
    book.set("T1", new, "U1", NOON)
    book.fetched(old, NOON_HOUR, NOON, NOON + DAY)
    book.failed(old, "no route", NOON, NOON + DAY)
    assert book.get(fetched) == new


def test_of_many_threads_and_processes_each_source_goes_to_one(path, database):
    numbers = [track(database, f"bot-{number}").id for number in range(30)]
    for number in numbers:
        Sources(database).set("T1", new_source(number), "U1", NOON)
    others = [start(CLAIM, path) for _ in range(2)]

    def claim_all(_):
        return [number for _ in range(40) for number in claimed(Sources(database))]

    with ThreadPoolExecutor(4) as pool:
        here = [number for found in pool.map(claim_all, range(4)) for number in found]
    answers = [process.communicate(timeout=60) for process in others]
    assert [error for _, error in answers] == ["", ""]
    assert sorted(here + [int(line) for said, _ in answers for line in said.split()]) == numbers


def test_claiming_what_is_due_reads_only_what_is_due(book, fetched):
    with plans() as steps:
        [source] = book.claim_due("T1", NOON, NOON + HOUR)
        book.fetched(source, 1, NOON, NOON + HOUR)
        book.get(fetched)
    assert not scans(steps)
    assert any("sources_due (next_fetch_at<?)" in step for step in steps)
