"""The audit: who changed what, newest first, and nobody else's."""

from datetime import timedelta

import pytest

from storage.audit import Audit, AuditLine, audit_line
from storage.database import Database
from storage.retention import Retention
from tests.storage.samples import NOON, Looker
from tests.storage.tracked import plans, ready, scans


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


@pytest.fixture
def book(database) -> Audit:
    return Audit(database)


def said(what="budget", *, subject="deployment 1", at=NOON) -> AuditLine:
    return audit_line(subject, "U1", at, what, "", "500")


def test_changes_of_a_subject_are_told_newest_first_whatever_the_clock_said(book):
    book.add("T1", said("budget"))
    book.add("T1", said("paused", at=NOON - timedelta(hours=1)))
    assert book.of("T1", "deployment 1") == (said("paused", at=NOON - timedelta(hours=1)), said("budget"))


def test_another_subject_and_another_workspace_are_left_out(book):
    book.add("T1", said())
    book.add("T1", said(subject="deployment 11"))
    book.add("T2", said())
    assert len(book.of("T1", "deployment 1")) == len(book.of("T2", "deployment 1")) == 1
    assert book.of("T3", "deployment 1") == ()


def test_only_so_many_are_told_as_are_asked_for(book):
    for number in range(60):
        book.add("T1", said(str(number)))
    assert len(book.of("T1", "deployment 1")) == 50
    assert [one.what for one in book.of("T1", "deployment 1", limit=2)] == ["59", "58"]


def test_reading_the_audit_reads_only_its_subject(book):
    with plans() as steps:
        book.of("T1", "deployment 1")
    assert steps
    assert not scans(steps)


def test_no_page_of_the_audit_and_no_purge_reads_a_table_from_end_to_end(path):
    with Database(path) as database, plans() as steps:
        for about in ("", "deployment bot", "prices"):
            Audit(database).page(Looker(), person="U1" if about else "", about=about)
        Retention(database).older("T1", NOON)
        Retention(database).purge("T1", NOON)
        Retention(database).purge_deleted("T1", NOON)
    assert scans(steps) == set()
    assert any("changes_of_" in step for step in steps)
    assert any("comparisons_by_age" in step for step in steps)
    assert any("comparisons_deleted" in step for step in steps)
