from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone

import pytest
from pydantic import ValidationError

from storage.comparisons import Comparisons, Viewer, insert
from storage.database import Database
from storage.errors import NotFound
from storage.retention import Retention
from tests.storage.samples import NOON, Looker, asked
from tests.storage.tracked import plans, scans


def found(comparisons: Comparisons, viewer: Viewer, words: str = "") -> list[int]:
    return [row.number for row in comparisons.search(viewer, words).items]


def test_what_was_stored_comes_back_as_it_was(comparisons):
    stored = comparisons.add(asked(private=True, question='größer "als" \0 <!channel> 🦙'), NOON)
    assert (
        stored.model_dump(include=set(type(asked()).model_fields))
        == asked(private=True, question='größer "als" \0 <!channel> 🦙').model_dump()
    )
    assert (stored.number, stored.created_at, stored.shared_at, stored.deleted_at) == (1, NOON, None, None)
    assert comparisons.get(Looker(), 1) == stored


def test_moments_are_kept_in_utc_and_a_moment_without_a_zone_is_refused(comparisons):
    berlin = timezone(timedelta(hours=2))
    stored = comparisons.add(asked(), datetime(2026, 8, 3, 14, tzinfo=berlin))
    assert comparisons.get(Looker(), 1).created_at == stored.created_at == NOON
    assert comparisons.get(Looker(), 1).created_at.tzinfo == UTC
    with pytest.raises(ValueError, match="no time zone"):
        comparisons.add(asked(), datetime(2026, 8, 3, 14))  # noqa: DTZ001 - the point of the test


def test_each_workspace_counts_its_own_questions(ask):
    assert [ask(), ask(), ask(team_id="T2"), ask()] == [1, 2, 1, 3]


def test_a_number_is_never_given_twice(database, ask):
    ask()
    Retention(database).purge("T1", NOON + timedelta(days=1))
    assert ask() == 2


def test_eight_threads_that_add_at_once_get_eight_numbers(database):
    with ThreadPoolExecutor(8) as pool:
        added = [pool.submit(Comparisons(database).add, asked(), NOON) for _ in range(80)]
        assert sorted(row.result().number for row in added) == list(range(1, 81))


def test_a_record_is_frozen_and_knows_its_fields():
    with pytest.raises(ValidationError, match="frozen"):
        asked().question = "another"
    with pytest.raises(ValidationError, match="Extra inputs"):
        asked(colour="red")


def test_results_that_are_not_json_are_refused_as_the_bug_they_are(comparisons):
    with pytest.raises(Exception, match="json_valid"):
        comparisons.add(asked(results="{"), NOON)
    assert found(comparisons, Looker()) == []


VISIBILITY = [
    # asked where, private, shared where; who looks from where; do they see it
    ("C1", False, None, Looker("T1", "U1", "C1"), True),  # one's own, where it was asked
    ("C1", False, None, Looker("T1", "U1", "C2"), True),  # one's own, elsewhere: the answer is for oneself alone
    ("C1", False, None, Looker("T1", "U1", "D1"), True),
    ("C1", True, None, Looker("T1", "U1", "D1"), True),
    ("D1", True, None, Looker("T1", "U1", "C1"), True),
    ("C1", False, None, Looker("T1", "U2", "C1"), False),  # another's, not shared
    ("C1", True, None, Looker("T1", "U2", "C1"), False),
    ("C1", False, "C1", Looker("T1", "U2", "C1"), True),  # another's, shared here
    ("C1", True, "C1", Looker("T1", "U2", "C1"), True),  # in the private channel itself
    ("C1", False, "C1", Looker("T1", "U2", "C2"), False),  # shared elsewhere
    ("C1", True, "C1", Looker("T1", "U2", "C2"), False),
    ("C1", False, "C2", Looker("T1", "U2", "C1"), False),  # asked here, shared elsewhere
    ("C1", False, "C2", Looker("T1", "U2", "C2"), True),
    ("D1", True, None, Looker("T1", "U2", "D2"), False),
    ("C1", False, "C1", Looker("T2", "U1", "C1"), False),  # another workspace in the same shared channel
    ("C1", False, "C1", Looker("T2", "U2", "C1"), False),
    ("C1", False, None, Looker("T1", "u1", "C2"), False),  # ids differ in case
    ("C1", False, "C1", Looker("T1", "U2", "c1"), False),
    ("C1", False, "C1", Looker("T1", "U2", ""), False),
]


@pytest.mark.parametrize(("channel", "private", "shared_in", "viewer", "visible"), VISIBILITY)
def test_history_finds_ones_own_and_what_was_shared_here(
    comparisons, ask, channel, private, shared_in, viewer, visible
):
    number = ask(channel_id=channel, private=private)
    if shared_in:
        comparisons.mark_shared("T1", number, shared_in, NOON)
    expected = [number] if visible else []
    assert found(comparisons, viewer) == expected
    assert found(comparisons, viewer, "llama") == expected
    if visible:
        assert comparisons.get(viewer, number).number == number
    else:
        with pytest.raises(NotFound, match="There is no #1 that you can see here"):
            comparisons.get(viewer, number)


def test_sharing_again_elsewhere_keeps_the_first_channel(comparisons, ask):
    ask()
    comparisons.mark_shared("T1", 1, "C1", NOON)
    last = comparisons.mark_shared("T1", 1, "C2", NOON + timedelta(hours=1))
    assert (last.shared_channel_id, last.shared_at) == ("C2", NOON + timedelta(hours=1))
    assert [found(comparisons, Looker(user_id="U2", channel_id=channel)) for channel in ("C1", "C2")] == [[1], [1]]


def test_sharing_twice_in_one_channel_shows_it_once(comparisons, ask):
    ask()
    for _ in range(2):
        comparisons.mark_shared("T1", 1, "C1", NOON)
    assert found(comparisons, Looker(user_id="U2")) == [1]


def test_what_is_deleted_is_shown_to_nobody_until_it_is_taken_back(comparisons, ask):
    ask()
    comparisons.mark_shared("T1", 1, "C1", NOON)
    assert comparisons.delete("T1", 1, "U1", NOON).deleted_at == NOON
    for viewer in (Looker(), Looker(user_id="U2")):
        assert found(comparisons, viewer) == found(comparisons, viewer, "llama") == []
        with pytest.raises(NotFound):
            comparisons.get(viewer, 1)
    assert list(comparisons.export("T1", "U1")) == []
    assert comparisons.undelete("T1", 1, "U1", NOON).deleted_at is None
    for viewer in (Looker(), Looker(user_id="U2")):
        assert found(comparisons, viewer, "llama") == [comparisons.get(viewer, 1).number] == [1]


@pytest.mark.parametrize(("team", "number", "user"), [("T1", 1, "U2"), ("T2", 1, "U1"), ("T1", 2, "U1")])
def test_only_the_owner_may_delete_and_take_back(comparisons, ask, team, number, user):
    ask()
    with pytest.raises(NotFound):
        comparisons.delete(team, number, user, NOON)
    comparisons.delete("T1", 1, "U1", NOON)
    with pytest.raises(NotFound):
        comparisons.undelete(team, number, user, NOON)


def test_what_is_deleted_can_be_neither_deleted_nor_shared_and_what_is_there_not_taken_back(comparisons, ask):
    ask()
    with pytest.raises(NotFound):
        comparisons.undelete("T1", 1, "U1", NOON)
    comparisons.delete("T1", 1, "U1", NOON)
    with pytest.raises(NotFound):
        comparisons.delete("T1", 1, "U1", NOON)
    with pytest.raises(NotFound):
        comparisons.mark_shared("T1", 1, "C1", NOON)


def test_an_export_has_all_of_ones_own_oldest_first_and_holds_no_connection_between_batches(path):
    with Database(path) as database:
        comparisons = Comparisons(database)
        with database.transaction() as connection:
            for n in range(1203):
                insert(connection, asked(user_id="U2" if n % 2 else "U1"), NOON)
        rows = comparisons.export("T1", "U1")
        assert next(rows).number == 1
        Retention(database).erase_team("T2")  # nobody is in the way
        assert [row.number for row in rows] == list(range(3, 1204, 2))


def test_the_last_one_is_ones_own_in_this_channel_and_not_deleted(comparisons, ask):
    assert comparisons.last(Looker()) is None
    mine, *_ = ask(), ask(channel_id="C2"), ask(user_id="U2"), ask(team_id="T2"), ask()
    assert comparisons.last(Looker()).number == 4
    comparisons.delete("T1", 4, "U1", NOON)
    assert comparisons.last(Looker()).number == mine
    assert comparisons.last(Looker(channel_id="C2")).number == 2
    comparisons.mark_shared("T1", mine, "C3", NOON)
    assert comparisons.last(Looker(user_id="U2", channel_id="C3")) is None


def test_the_last_one_of_a_thread_is_anyones_in_its_channel_and_nobodys_elsewhere(comparisons):
    for number, thread_ts in enumerate(("1.0", "2.0", None, "1.0")):
        comparisons.add(asked(user_id=f"U{number}"), NOON, thread_ts)
    assert comparisons.last_in_thread(Looker(user_id="U9"), "1.0").number == 4
    assert comparisons.last_in_thread(Looker(user_id="U9"), "2.0").number == 2
    assert comparisons.last_in_thread(Looker(), "3.0") is None
    assert comparisons.last_in_thread(Looker(channel_id="C2"), "1.0") is None
    assert comparisons.last_in_thread(Looker(team_id="T2"), "1.0") is None
    comparisons.delete("T1", 4, "U3", NOON)
    assert comparisons.last_in_thread(Looker(user_id="U9"), "1.0").number == 1


def test_what_is_shared_begins_a_thread_and_in_a_thread_comes_last(comparisons, ask):
    old, new = ask(), ask()
    comparisons.mark_shared("T1", old, "C2", NOON, "1.0")
    assert comparisons.last_in_thread(Looker(channel_id="C2"), "1.0").number == old
    assert comparisons.last_in_thread(Looker(channel_id="C1"), "1.0") is None
    comparisons.mark_shared("T1", new, "C2", NOON + timedelta(minutes=1), "1.0")
    comparisons.mark_shared("T1", old, "C2", NOON + timedelta(minutes=2), "1.0")
    assert comparisons.last_in_thread(Looker(channel_id="C2"), "1.0").number == old


def test_the_last_one_is_found_in_the_index_without_a_scan_or_a_sort(comparisons):
    with plans() as steps:
        comparisons.last(Looker())
    assert not scans(steps)
    assert any("comparisons_of_person (team_id=? AND user_id=?)" in step for step in steps)
    assert not any("TEMP B-TREE" in step for step in steps)


def test_the_last_one_of_a_thread_is_found_without_a_scan(comparisons):
    with plans() as steps:
        comparisons.last_in_thread(Looker(), "1.0")
    assert not scans(steps)
