"""Scenarios: one channel's alone, replaced and removed without being lost, audited, and erased with a person."""

from datetime import timedelta

import pytest

from storage.audit import Audit
from storage.errors import NameTaken, NotFound
from storage.retention import GONE, Retention
from storage.scenarios import Scenarios
from tests.storage.samples import NOON, scenario

LATER = NOON + timedelta(days=3)


@pytest.fixture
def book(database) -> Scenarios:
    return Scenarios(database)


def names(book, team="T1", channel="C1"):
    return [one.name for one in book.current(team, channel)]


def test_a_channels_scenarios_are_listed_by_name_and_seen_nowhere_else(book):
    book.save(scenario(name="search"), NOON)
    book.save(scenario(), NOON)
    book.save(scenario(channel_id="C2", name="secret"), NOON)
    book.save(scenario(team_id="T2", name="theirs"), NOON)
    assert names(book) == ["search", "support-bot"]
    assert names(book, channel="C2") == ["secret"]
    assert names(book, team="T2") == ["theirs"]


def test_a_name_is_one_scenarios_whatever_its_capitals_until_it_is_replaced_on_purpose(book):
    first = book.save(scenario(), NOON)
    with pytest.raises(NameTaken):
        book.save(scenario(name="Support-Bot"), LATER)
    second = book.save(scenario(question="compare 7B on L4 vs 7B on H100"), LATER, replaces=first.id)
    assert book.current("T1", "C1") == (second,)
    with pytest.raises(NameTaken):  # somebody who saw the first one comes too late
        book.save(scenario(), LATER, replaces=first.id)


def test_what_was_replaced_or_removed_last_can_be_taken_back(book):
    first = book.save(scenario(), NOON)
    second = book.save(scenario(question="compare A vs B"), LATER, replaces=first.id)
    assert book.ended("T1", "C1", "support-bot").id == first.id
    assert book.restore(book.ended("T1", "C1", "SUPPORT-BOT"), "U1", LATER).id == first.id
    assert book.restore(book.ended("T1", "C1", "support-bot"), "U1", LATER + timedelta(hours=1)).id == second.id
    book.remove(second, "U1", LATER + timedelta(hours=2))
    assert names(book) == []
    assert book.restore(book.ended("T1", "C1", "support-bot"), "U1", LATER).id == second.id
    assert book.ended("T1", "C2", "support-bot") is None


def test_one_that_has_ended_is_not_removed_twice(book):
    saved = book.save(scenario(), NOON)
    book.remove(saved, "U1", NOON)
    with pytest.raises(NotFound, match="any more"):
        book.remove(saved, "U1", NOON)


def test_the_last_answer_is_kept_with_its_moment(book):
    saved = book.save(scenario(), NOON)
    book.keep_answer(saved, '{"verdict": "Take B"}', LATER)
    [found] = book.current("T1", "C1")
    assert (found.answer, found.answered_at, found.saved_at) == ('{"verdict": "Take B"}', LATER, NOON)


def test_every_change_is_in_the_audit(book, database):
    saved = book.save(scenario(), NOON)
    book.remove(saved, "U2", LATER)
    book.restore(book.ended("T1", "C1", "support-bot"), "U1", LATER)
    told = [(one.user_id, one.before, one.after) for one in Audit(database).of("T1", saved.subject)]
    assert told == [("U1", "", saved.question), ("U2", saved.question, ""), ("U1", "", saved.question)]


def test_erasing_a_person_keeps_the_scenario_for_the_others_without_a_trace_of_them(book, database):
    book.save(scenario(user_id="U0ERASED1", about="Ask <@U0ERASED1>"), NOON)
    book.save(scenario(name="other", answer='{"text": "measured by <@U0ERASED1>"}'), NOON)
    book.save(scenario(name="alone", user_id="U0ERASED1", channel_id="D0ALONE"), NOON)
    Retention(database).erase_person("T1", "U0ERASED1")
    other, mine = book.current("T1", "C1")
    assert (mine.user_id, mine.about) == (GONE, f"Ask <@{GONE}>")
    assert other.answer is None
    assert names(book, channel="D0ALONE") == []


def test_versions_that_ended_long_ago_are_removed_for_good(book, database):
    book.remove(book.save(scenario(), NOON), "U1", NOON)
    kept = book.save(scenario(), NOON)
    Retention(database).purge_deleted("T1", LATER)
    assert book.ended("T1", "C1", "support-bot") is None
    assert book.current("T1", "C1") == (kept,)
