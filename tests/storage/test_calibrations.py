"""A team's own measurements: numbered, removed and taken back, audited, and never another workspace's."""

from datetime import timedelta

import pytest

from storage.audit import Audit
from storage.calibrations import Calibrations
from storage.errors import NotFound
from tests.storage.samples import NOON, measurement

LATER = NOON + timedelta(days=3)


@pytest.fixture
def book(database) -> Calibrations:
    return Calibrations(database)


def test_measurements_are_kept_with_who_and_when_the_newest_first(book):
    first, second = book.add("T1", "U1", (measurement(), measurement(batch_size=8)), NOON)
    [third] = book.add("T1", "U2", (measurement(tpot_s=0.01),), LATER)
    assert book.current("T1") == (third, second, first)
    assert [one.number for one in (first, second, third)] == [1, 2, 3]
    assert (third.user_id, third.measured_at, third.tpot_s) == ("U2", LATER, 0.01)


def test_a_removed_measurement_counts_no_longer_and_can_be_taken_back(book):
    [kept] = book.add("T1", "U1", (measurement(),), NOON)
    assert book.remove("T1", "U1", 1, LATER) == kept
    assert book.current("T1") == ()
    with pytest.raises(NotFound, match="no measurement 1 that counts"):
        book.remove("T1", "U1", 1, LATER)
    assert book.restore("T1", "U1", 1, LATER) == kept
    assert book.current("T1") == (kept,)
    with pytest.raises(NotFound, match="no measurement 1 that was removed"):
        book.restore("T1", "U1", 1, LATER)


def test_each_workspace_sees_only_its_own(book):
    book.add("T1", "U1", (measurement(), measurement()), NOON)
    [theirs] = book.add("T2", "U9", (measurement(),), NOON)
    assert book.current("T2") == (theirs,)
    assert theirs.number == 1
    with pytest.raises(NotFound):
        book.remove("T2", "U9", 2, NOON)


def test_every_change_is_in_the_audit(book, database):
    book.add("T1", "U1", (measurement(),), NOON)
    book.remove("T1", "U2", 1, LATER)
    book.restore("T1", "U1", 1, LATER)
    changes = Audit(database).of("T1", "calibrations")
    assert [(one.user_id, one.after) for one in changes] == [("U1", "restored"), ("U2", "removed"), ("U1", "added")]
    assert changes[0].what == "measurement 1: llama-2-7b on rtx-4090, 1.2s"


def test_all_or_none_of_several_are_kept(book):
    broken = measurement().model_copy(update={"said": object()})
    with pytest.raises(Exception, match="serialize"):
        book.add("T1", "U1", (measurement(), broken), NOON)
    assert book.current("T1") == ()
