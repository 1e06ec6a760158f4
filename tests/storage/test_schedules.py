"""Schedules: who sees them, and that each run is recorded once, whoever is on the clock."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from storage.audit import Audit
from storage.errors import NotFound
from storage.posts import Posts
from storage.schedules import Runs, Schedules
from tests.storage.samples import NOON, Looker, start
from tests.storage.tracked import DAY, HOUR, daily, missed, new_schedule, plans, ready, scans

CLAIM = """
import sys
from storage.database import Database
from storage.schedules import Schedules
from tests.storage.samples import NOON
from tests.storage.tracked import daily, missed
with Database(sys.argv[1]) as database:
    print(sum(Schedules(database).claim_due("T1", NOON, daily, missed, limit=3) for _ in range(30)))
"""


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


@pytest.fixture
def book(database) -> Schedules:
    return Schedules(database)


def claim(book, now=NOON, runs=daily, team="T1") -> int:
    return book.claim_due(team, now, runs, missed)


def posts_of(database) -> list[tuple]:
    with database.read() as connection:
        return [
            tuple(row)
            for row in connection.execute("SELECT kind, due_at, state, problem FROM posts ORDER BY id").fetchall()
        ]


def test_a_schedule_comes_back_as_it_was_kept_under_the_next_number_of_its_workspace(book):
    first, theirs, second = (book.add(new_schedule(team_id=team), NOON + DAY, NOON) for team in ("T1", "T2", "T1"))
    assert [one.number for one in (first, theirs, second)] == [1, 1, 2]
    assert book.get(Looker(), 1) == first == book.by_id(first.id)
    assert first.model_dump(include=set(type(new_schedule()).model_fields)) == new_schedule().model_dump()
    assert (first.next_run_at, first.paused, first.deleted_at) == (NOON + DAY, False, None)


@pytest.mark.parametrize(
    ("viewer", "visible"),
    [
        (Looker("T1", "U1", "C9"), True),
        (Looker("T1", "U2", "C1"), True),
        (Looker("T1", "U2", "C9"), False),
        (Looker("T2", "U1", "C1"), False),
    ],
)
def test_a_schedule_of_a_private_channel_is_shown_to_its_owner_and_there(book, viewer, visible):
    book.add(new_schedule(private=True), NOON, NOON)
    assert len(book.all(viewer)) == visible
    if not visible:
        with pytest.raises(NotFound, match="no schedule 1 that you can see here"):
            book.get(viewer, 1)


def test_a_change_is_kept_and_written_down_with_what_was_before(book, database):
    found = book.add(new_schedule(), NOON, NOON)
    changed = book.change(found, "U2", NOON, "spec", spec="monday at 09:00 UTC", next_run_at=NOON + DAY)
    assert (changed.spec, changed.next_run_at) == ("monday at 09:00 UTC", NOON + DAY)
    [told, first] = Audit(database).of("T1", "schedule 1")
    assert (told.user_id, told.what, told.before, told.after) == (
        "U2",
        "spec",
        "daily at 12:00 UTC",
        "monday at 09:00 UTC",
    )
    assert (first.what, first.after) == ("scheduled", "daily at 12:00 UTC")


def test_what_is_deleted_is_listed_no_more_and_its_number_is_not_given_again(book):
    found = book.add(new_schedule(), NOON, NOON)
    book.change(found, "U1", NOON, "deleted", deleted_at=NOON)
    assert book.all(Looker()) == ()
    assert claim(book) == 0
    assert book.add(new_schedule(), NOON, NOON).number == 2


def test_a_run_is_recorded_when_it_is_due_and_the_schedule_moves_on(book, database):
    found = book.add(new_schedule(), NOON, NOON - DAY)
    assert claim(book, NOON - HOUR) == 0
    assert claim(book, NOON + HOUR / 60) == 1
    assert claim(book, NOON + HOUR / 60) == 0
    assert book.by_id(found.id).next_run_at == NOON + DAY
    [post] = Posts(database).of_schedule(found.id)
    assert (post.kind, post.due_at, post.state, post.channel_id, post.message) == ("summary", NOON, "due", "C1", None)


def test_of_many_missed_runs_only_the_newest_is_posted(book, database):
    book.add(new_schedule(), NOON, NOON - DAY)
    assert claim(book, NOON + 9 * DAY + 2 * HOUR) == 1
    assert posts_of(database) == [("summary", "2026-08-12T12:00:00.000000+00:00", "due", "")]


def test_a_run_that_was_missed_by_more_than_six_hours_is_skipped_and_its_owner_told(book, database):
    book.add(new_schedule(), NOON, NOON - DAY)
    assert claim(book, NOON + 9 * DAY + 7 * HOUR) == 1
    (kind, due, state, problem), notice = posts_of(database)
    assert (kind, due, state, problem) == (
        "summary",
        "2026-08-12T12:00:00.000000+00:00",
        "skipped",
        "missed by 7 hours: the bot was not running",
    )
    assert (notice[0], notice[2]) == ("notice", "due")
    assert Posts(database).take("T1", NOON + 10 * DAY).kind == "notice"


def test_a_run_six_hours_late_to_the_second_is_still_posted(book, database):
    book.add(new_schedule(), NOON, NOON - DAY)
    claim(book, NOON + 6 * HOUR)
    assert [state for _, _, state, _ in posts_of(database)] == ["due"]


def test_a_schedule_without_another_run_rests(book):
    found = book.add(new_schedule(), NOON, NOON - DAY)
    assert claim(book, NOON, lambda spec, now: Runs(last=now, following=None)) == 1
    assert book.by_id(found.id).next_run_at is None
    assert claim(book, NOON + 400 * DAY) == 0


def test_a_paused_schedule_is_not_due_and_resumes(book):
    found = book.add(new_schedule(), NOON, NOON - DAY)
    paused = book.change(found, "U1", NOON, "paused", paused=True, paused_why="channel_not_found")
    assert claim(book, NOON + HOUR) == 0
    book.change(paused, "U1", NOON, "resumed", paused=False, paused_why="", next_run_at=NOON + DAY)
    assert claim(book, NOON + HOUR) == 0
    assert claim(book, NOON + DAY) == 1


def test_another_workspace_is_another_clock(book):
    book.add(new_schedule(team_id="T2"), NOON, NOON)
    assert claim(book) == 0
    assert claim(book, team="T2") == 1


def test_when_a_post_cannot_be_recorded_the_schedule_stays_due(book):
    """The schedule moves on with its post or not at all."""
    found = book.add(new_schedule(), NOON, NOON - DAY)

    def failing(*_):
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="in the middle"):
        book.claim_due("T1", NOON + 7 * HOUR, daily, failing)
    assert book.by_id(found.id).next_run_at == NOON
    assert Posts(book._database).of_schedule(found.id) == ()
    assert claim(book, NOON + HOUR) == 1


def test_a_run_that_was_recorded_before_is_not_recorded_again(book, database):
    """A person moves the next run back to a time that was posted already."""
    found = book.add(new_schedule(), NOON, NOON - DAY)
    claim(book)
    book.change(book.by_id(found.id), "U1", NOON, "spec", next_run_at=NOON)
    claim(book)
    assert len(posts_of(database)) == 1


def test_of_many_threads_and_processes_each_run_is_recorded_once(path, book, database):
    for _ in range(25):
        book.add(new_schedule(), NOON, NOON - DAY)
    others = [start(CLAIM, path) for _ in range(2)]
    with ThreadPoolExecutor(4) as pool:
        here = sum(pool.map(lambda _: Schedules(database).claim_due("T1", NOON, daily, missed, limit=3), range(40)))
    answers = [process.communicate(timeout=60) for process in others]
    assert [error for _, error in answers] == ["", ""]
    assert here + sum(int(said) for said, _ in answers) == 25
    assert len(posts_of(database)) == 25
    assert {one.next_run_at for one in book.all(Looker())} == {NOON + DAY}


def test_claiming_reads_only_what_is_due(book):
    found = book.add(new_schedule(), NOON, NOON)
    with plans() as steps:
        claim(book, NOON + 8 * HOUR)
        book.by_id(found.id)
        book.get(Looker(), 1)
    assert not scans(steps)
    assert any("schedules_due (team_id=? AND next_run_at<?)" in step for step in steps)
