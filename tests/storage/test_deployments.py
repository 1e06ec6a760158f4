"""Tracked deployments: names, who sees them, and plans that follow one another without a gap."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import pairwise

import pytest

from calculator.spending.spend import Stretch
from storage.audit import Audit
from storage.deployments import Deployments
from storage.errors import NameTaken, NotFound
from storage.retention import Retention
from tests.storage.samples import NOON, Looker
from tests.storage.tracked import DAY, HOUR, new_deployment, plans, ready, scans, terms, track


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


@pytest.fixture
def book(database) -> Deployments:
    return Deployments(database)


def course(book, found) -> list[tuple[bool, str]]:
    """What became of a deployment."""
    return [(stretch.running, stretch.why) for stretch in book.stretches([found.id])[found.id]]


def told(database, found) -> list[tuple[str, str, str]]:
    return [(one.what, one.before, one.after) for one in reversed(Audit(database).of("T1", found.subject))]


def test_what_was_tracked_comes_back_as_it_was(book):
    new = new_deployment(budget_usd=Decimal("499.90"), tags={"team": "größe", "a": "b"}, pinned=True, private=True)
    stored = book.add(new, terms(kept_usd_per_hour=Decimal("0.1234567890123456789")), NOON - DAY, NOON)
    assert book.get(Looker(), "support-bot") == stored
    assert stored.model_dump(include=set(type(new).model_fields)) == new.model_dump()
    assert (stored.state, stored.created_at) == ("running", NOON - DAY)
    [plan] = book.stretches([stored.id])[stored.id]
    since = Stretch(since=NOON - DAY, running=True, terms=plan.terms, why="tracked")
    assert plan == since
    assert plan.terms.kept_usd_per_hour == Decimal("0.1234567890123456789")


def test_a_name_is_taken_whatever_its_capitals_and_only_in_its_workspace(book, database):
    track(database)
    with pytest.raises(NameTaken, match="called Support-Bot already"):
        track(database, "Support-Bot")
    assert track(database, "Support-Bot", team_id="T2").name == "Support-Bot"
    assert book.get(Looker(), "SUPPORT-bot").name == "support-bot"


def test_of_many_who_track_one_name_at_once_exactly_one_succeeds(database):
    def attempt(_):
        try:
            return track(database)
        except NameTaken:
            return None

    with ThreadPoolExecutor(8) as pool:
        assert sum(found is not None for found in pool.map(attempt, range(16))) == 1


@pytest.mark.parametrize(
    ("viewer", "visible"),
    [
        (Looker("T1", "U1", "C9"), True),  # its owner, elsewhere
        (Looker("T1", "U2", "C1"), True),  # another, where it was tracked
        (Looker("T1", "U2", "C9"), False),
        (Looker("T1", "", "C9"), False),  # a summary in another channel
        (Looker("T2", "U1", "C1"), False),
    ],
)
def test_what_was_tracked_in_private_is_shown_to_its_owner_and_in_its_place(book, database, viewer, visible):
    track(database, private=True)
    assert len(book.all(viewer)) == visible
    if not visible:
        with pytest.raises(NotFound, match="no deployment called support-bot that you can see here"):
            book.get(viewer, "support-bot")


def test_a_retired_one_is_listed_only_when_asked_for_and_keeps_its_name(book, database):
    found = track(database)
    book.move(found, "U1", NOON + HOUR, "retired", "retired")
    assert book.all(Looker()) == book.of_team("T1") == ()
    assert [one.state for one in book.all(Looker(), "retired")] == ["retired"]
    with pytest.raises(NameTaken):
        track(database)


def test_each_move_enters_a_plan_with_the_terms_of_the_one_before(book, database):
    found = track(database)
    for hours, state, why in (
        (1, "paused", "paused"),
        (2, "running", "resumed"),
        (3, "retired", "retired"),
        (4, "running", "restored"),
    ):
        book.move(found, "U1", NOON + hours * HOUR, state, why)
    assert course(book, found) == [
        (True, "tracked"),
        (False, "paused"),
        (True, "resumed"),
        (False, "retired"),
        (True, "restored"),
    ]
    assert {stretch.terms for stretch in book.stretches([found.id])[found.id]} == {terms()}
    assert told(database, found)[1:3] == [("paused", "running", "paused"), ("resumed", "paused", "running")]


def test_pausing_twice_is_pausing_once(book, database):
    """Two people press the button: the second saw it running still."""
    found = track(database)
    for _ in range(2):
        assert book.move(found, "U1", NOON + HOUR, "paused", "paused").state == "paused"
    assert course(book, found) == [(True, "tracked"), (False, "paused")]
    assert len(told(database, found)) == 2


def test_an_edit_of_what_someone_else_has_paused_meanwhile_leaves_it_paused(book, database):
    """The person who edits saw it running; their plan must not bring it back to life."""
    found = track(database)
    book.move(found, "U2", NOON + HOUR, "paused", "paused")
    book.change(found, "U1", NOON + 2 * HOUR, terms(gpus=2), question="7B on 2xL4")
    book.reprice(found, terms(gpus=2, usd_per_gpu_hour=Decimal("0.7")), NOON + 3 * HOUR)
    assert course(book, found) == [(True, "tracked"), (False, "paused"), (False, "edited"), (False, "price")]


def test_a_change_is_made_against_what_is_stored_and_written_down_so(book, database):
    found = track(database)
    book.change(found, "U2", NOON, budget_usd=Decimal(500))
    assert book.change(found, "U1", NOON, budget_usd=None).budget_usd is None
    book.change(found, "U1", NOON, tags={"team": "search", "cost-centre": "R42"})
    assert told(database, found)[1:] == [
        ("budget_usd", "", "500"),
        ("budget_usd", "500", ""),
        ("tags", "", "team=search, cost-centre=R42"),
    ]


def test_what_is_as_it_was_is_no_change(book, database):
    found = track(database, budget_usd=Decimal(500))
    assert book.change(found, "U1", NOON, budget_usd=Decimal("500.00"), name="support-bot") == found
    assert len(told(database, found)) == 1


def test_a_change_to_a_taken_name_changes_nothing_at_all(book, database):
    track(database, "other")
    found = track(database)
    with pytest.raises(NameTaken, match="called OTHER already"):
        book.change(found, "U1", NOON, terms(gpus=2), budget_usd=Decimal(1), name="OTHER")
    assert book.get(Looker(), "support-bot") == found
    assert course(book, found) == [(True, "tracked")]
    assert book.change(found, "U1", NOON, name="Support-Bot").name == "Support-Bot"


def test_new_terms_without_a_new_field_are_a_new_plan(book, database):
    found = track(database)
    book.change(found, "U1", NOON + HOUR, terms(gpus=2))
    assert [stretch.terms.gpus for stretch in book.stretches([found.id])[found.id]] == [1, 2]


def test_two_plans_at_one_moment_are_the_last_one(book, database):
    found = track(database)
    book.move(found, "U1", NOON, "paused", "paused")
    assert course(book, found) == [(False, "paused")]


def test_stretches_are_told_of_each_and_of_those_without_any_too(book, database):
    found, other = track(database), track(database, "other")
    book.reprice(other, terms(), NOON + HOUR)
    told_of = book.stretches([other.id, found.id, 99])
    assert {key: len(stretches) for key, stretches in told_of.items()} == {other.id: 2, found.id: 1, 99: 0}
    assert book.stretches([]) == {}


def test_what_is_gone_meanwhile_is_said_to_be(book, database):
    found = track(database)
    Retention(database).erase_team("T1")
    with pytest.raises(NotFound, match="gone"):
        book.move(found, "U1", NOON, "paused", "paused")


def test_eight_threads_that_pause_and_resume_leave_one_course_without_repetitions(book, database):
    found = track(database)

    def toggle(number):
        state, why = (("paused", "paused"), ("running", "resumed"))[number % 2]
        book.move(found, "U1", NOON + number * HOUR, state, why)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(toggle, range(1, 33)))
    [last] = book.all(Looker())
    moves = [what for what, *_ in told(database, found)]
    assert all(one != following for one, following in pairwise(moves))
    assert last.state == {"tracked": "running", "paused": "paused", "resumed": "running"}[moves[-1]]


def test_reading_plans_reads_only_those_of_the_deployments(book, database):
    found = track(database)
    with plans() as steps:
        book.stretches([found.id])
        book.of_team("T1")
        book.get(Looker(), "support-bot")
        book.reprice(found, terms(), NOON + HOUR)
        book.move(found, "U1", NOON, "paused", "paused")
    assert steps
    assert not scans(steps)


def test_it_may_get_another_owner(book, database):
    """The field has the name of the parameter that says who changes it."""
    found = track(database)
    assert book.change(found, "U1", NOON, user_id="U2").user_id == "U2"
    assert told(database, found)[-1] == ("user_id", "U1", "U2")
