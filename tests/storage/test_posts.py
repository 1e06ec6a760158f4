"""Posts: recorded once, held by one sender at a time, settled only by whoever holds them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from storage.errors import NotFound
from storage.posts import KEPT, LEASE, PACE, Posts
from tests.storage.samples import NOON, start
from tests.storage.tracked import DAY, HOUR, new_post, plans, ready, scans

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
SAID = {"text": "hello", "blocks": []}
TAKE = """
import sys
from storage.database import Database
from storage.posts import Posts
from tests.storage.samples import NOON
with Database(sys.argv[1]) as database:
    while post := Posts(database).take("T1", NOON):
        print(post.id)
"""


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


@pytest.fixture
def book(database) -> Posts:
    return Posts(database)


def sent_at(book, now, name="alert 1", **changes):
    """A post that is on its way to Slack."""
    book.add(new_post(name, **changes), now)
    post = book.take("T1", now)
    assert book.sending(post, SAID, now)
    return post


def state(book, post) -> str:
    return book.get("T1", post.id).state


def test_a_post_is_recorded_once_by_its_name_in_each_workspace(book):
    assert book.add(new_post(), NOON)
    assert not book.add(new_post(message={"text": "another", "blocks": []}), NOON)
    assert book.add(new_post(team_id="T2"), NOON)
    assert book.take("T1", NOON).message == SAID
    assert book.take("T1", NOON) is None


def test_a_bad_row_is_refused_as_the_bug_it_is_and_does_not_vanish(book):
    with pytest.raises(Exception, match="FOREIGN KEY"):
        book.add(new_post(schedule_id=99), NOON)


def test_posts_are_taken_in_the_order_in_which_they_may_go(book):
    for name, wait in (("a", 2), ("b", 0), ("c", 1)):
        book.add(new_post(name, channel_id=name, not_before=NOON + wait * HOUR), NOON)
    assert [book.take("T1", NOON + 3 * HOUR).name for _ in range(3)] == ["b", "c", "a"]


def test_a_post_is_held_back_until_it_may_go(book):
    book.add(new_post(not_before=NOON + HOUR), NOON)
    assert book.next_ready_at("T1") == NOON + HOUR
    assert book.take("T1", NOON + HOUR - SECOND) is None
    assert book.take("T1", NOON + HOUR).name == "alert 1"


def test_it_is_known_when_the_next_post_may_be_ready(book):
    assert book.next_ready_at("T1") is None
    post = sent_at(book, NOON)
    assert book.next_ready_at("T1") == NOON + LEASE
    book.sent(post, "1.0", NOON)
    assert book.next_ready_at("T1") is None
    assert book.next_ready_at("T2") is None


def test_a_channel_gets_one_post_a_second_and_another_channel_need_not_wait(book):
    book.sent(sent_at(book, NOON), "1.0", NOON)
    book.add(new_post("second"), NOON)
    book.add(new_post("elsewhere", channel_id="C2"), NOON)
    assert book.take("T1", NOON).name == "elsewhere"
    assert book.crowded("T1", NOON)
    assert book.take("T1", NOON + PACE / 2) is None
    assert book.take("T1", NOON + PACE).name == "second"


def test_a_taken_post_goes_to_nobody_else_until_its_lease_is_over(book):
    book.add(new_post(), NOON)
    assert book.take("T1", NOON)
    assert book.take("T1", NOON + LEASE - SECOND) is None
    assert book.take("T1", NOON + LEASE).attempts == 0


def test_whoever_lost_the_lease_settles_nothing(book):
    book.add(new_post(), NOON)
    old = book.take("T1", NOON)
    new = book.take("T1", NOON + LEASE)
    late = NOON + LEASE
    assert not book.sending(old, SAID, late)
    assert not book.sent(old, "1.0", late)
    assert not book.later(old, late, "", late)
    assert not book.doubtful(old, late, "", late)
    assert not book.give_up(old, "failed", "", late)
    assert book.sending(new, SAID, late)
    assert not book.sent(old, "1.0", late)
    assert book.sent(new, "2.0", late)
    assert (book.get("T1", new.id).ts, book.get("T1", new.id).attempts) == ("2.0", 1)


def test_a_lease_that_is_nearly_over_is_too_short_for_a_request(book):
    """It took minutes to compose: another process may take the post while the request is on its way."""
    book.add(new_post(), NOON)
    post = book.take("T1", NOON)
    assert not book.sending(post, SAID, NOON + LEASE - SECOND)
    assert not book.sending(post, SAID, NOON + LEASE + HOUR)
    assert state(book, post) == "due"
    assert book.take("T1", NOON + LEASE)


def test_what_is_settled_is_settled_once(book):
    post = sent_at(book, NOON)
    assert book.sent(post, "1.0", NOON)
    assert not book.give_up(post, "failed", "no", NOON)
    assert not book.later(post, NOON, "no", NOON)
    assert state(book, post) == "sent"


def test_a_post_whose_sender_died_is_found_when_the_lease_is_over(book):
    post = sent_at(book, NOON)
    assert book.take_lapsed("T1", NOON + LEASE - SECOND) is None
    lapsed = book.take_lapsed("T1", NOON + LEASE)
    assert (lapsed.id, lapsed.sending_at, lapsed.message) == (post.id, NOON, SAID)
    assert book.take_lapsed("T1", NOON + LEASE) is None
    assert book.take("T1", NOON + DAY) is None
    assert book.later(lapsed, NOON + LEASE, "", NOON + LEASE)
    assert book.take("T1", NOON + LEASE).id == post.id


def test_a_doubtful_post_is_looked_at_when_it_is_to_be(book):
    post = sent_at(book, NOON)
    assert book.doubtful(post, NOON + MINUTE / 2, "no answer", NOON)
    assert book.take_lapsed("T1", NOON) is None
    lapsed = book.take_lapsed("T1", NOON + MINUTE / 2)
    assert lapsed.problem == "no answer"
    assert book.sent(lapsed, "1.0", NOON + MINUTE)


def test_only_refusals_count_as_attempts(book):
    book.later(sent_at(book, NOON), NOON + MINUTE, "busy", NOON)
    post = book.take("T1", NOON + MINUTE)
    assert post.attempts == 0
    book.sending(post, SAID, NOON + MINUTE)
    book.later(post, NOON + HOUR, "refused", NOON + MINUTE, refused=True)
    assert book.take("T1", NOON + HOUR).attempts == 1


@pytest.mark.parametrize("how", ["failed", "unsettled", "skipped"])
def test_a_person_may_want_what_was_given_up_once_more(book, how):
    post = sent_at(book, NOON)
    book.give_up(post, how, "no", NOON, new_post("notice", kind="notice", channel_id="U1"))
    notice = book.take("T1", NOON)
    assert notice.name == "notice"
    book.give_up(notice, "failed", "no", NOON)
    assert book.again("T1", post.id, NOON + HOUR).state == "due"
    again = book.take("T1", NOON + HOUR)
    assert (again.id, again.attempts, again.problem, again.message) == (post.id, 0, "", SAID)
    with pytest.raises(NotFound, match="settled already"):
        book.again("T1", post.id, NOON + HOUR)
    assert not book.sent(post, "1.0", NOON + HOUR)


def test_what_was_sent_or_is_of_another_workspace_is_not_sent_again(book):
    post = sent_at(book, NOON)
    book.sent(post, "1.0", NOON)
    for team in ("T1", "T2"):
        with pytest.raises(NotFound):
            book.again(team, post.id, NOON)
    with pytest.raises(NotFound):
        book.get("T2", post.id)


def test_what_was_settled_long_ago_is_forgotten_and_what_is_open_never(book):
    book.sent(sent_at(book, NOON), "1.0", NOON)
    open_ = sent_at(book, NOON + HOUR, "open")
    book.sent(sent_at(book, NOON + DAY, "newer", due_at=NOON + DAY), "2.0", NOON + DAY)
    assert book.purge(NOON + KEPT) == 0
    assert book.purge(NOON + KEPT + SECOND) == 1
    assert state(book, open_) == "sending"


def test_of_many_threads_and_processes_each_post_goes_to_one(path, book):
    for number in range(30):
        book.add(new_post(str(number), channel_id=f"C{number}"), NOON)
    others = [start(TAKE, path) for _ in range(2)]

    def take_all(_):
        found = []
        while post := book.take("T1", NOON):
            found.append(post.id)
        return found

    with ThreadPoolExecutor(4) as pool:
        here = [one for found in pool.map(take_all, range(4)) for one in found]
    answers = [process.communicate(timeout=60) for process in others]
    assert [error for _, error in answers] == ["", ""]
    assert sorted(here + [int(line) for said, _ in answers for line in said.split()]) == list(range(1, 31))


def test_of_many_who_settle_one_post_at_once_one_succeeds(book):
    post = sent_at(book, NOON)
    with ThreadPoolExecutor(8) as pool:
        settled = list(pool.map(lambda number: book.sent(post, f"{number}.0", NOON), range(16)))
    assert settled.count(True) == 1


def test_the_clock_reads_only_open_posts_and_those_of_a_channel(book):
    post = sent_at(book, NOON)
    with plans() as steps:
        book.add(new_post("another"), NOON)
        book.take("T1", NOON + HOUR)
        book.take_lapsed("T1", NOON + HOUR)
        book.next_ready_at("T1")
        book.crowded("T1", NOON)
        book.sent(post, "1.0", NOON)
        book.of_schedule(1)
        book.purge(NOON)
    assert not scans(steps)
