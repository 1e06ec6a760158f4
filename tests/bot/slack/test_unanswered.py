"""Killed at any point: whoever was acknowledged and not answered is told once, and nobody is answered twice."""

import sqlite3
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.books.answers import TRIES
from bot.bootstrap import THREADS
from bot.slack.unanswered import FORGOTTEN, Unanswered
from storage import accepted
from storage.accepted import LEASE, AcceptedBook, NewAccepted
from storage.comparisons import Comparisons
from storage.database import Database
from storage.errors import DatabaseLocked
from tests.bot.conftest import NOON
from tests.bot.test_failures import held

QUESTION = "7B on RTX4090, 500 tokens"
TEAM, ADA, GENERAL = "T0LOCAL001", "U0LOCALADA", "C0GENERAL1"
LATER = NOON + LEASE + timedelta(seconds=1)


def asked(name="1", **more):
    return NewAccepted(id=name, team_id=TEAM, user_id=ADA, channel_id=GENERAL, **{"text": QUESTION, **more})


@pytest.fixture
def left(place):
    """The books of a process that was killed, and of the one that looks after it; the latter tells nothing by itself."""
    [ticking.stop() for ticking in place.bot._ticking]
    with Database(place.database) as database:
        yield AcceptedBook(database), AcceptedBook(database)


def teller(place, book, now):
    return Unanswered(
        SimpleNamespace(table=book), place.bot.app.client, place.bot.service, TEAM, "/inference", lambda: now
    )


def rows(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT id, text FROM accepted").fetchall()


def test_a_question_is_written_down_while_it_is_answered_and_crossed_out_after(place):
    ada = place.person()
    place.client.fault("chat.postEphemeral", "timeout", seconds=1)
    ada.type(f"/inference {QUESTION}")
    ada.wait_for_message(containing="Fits")
    place.bot.finish()
    assert rows(place.database) == []


def test_what_a_killed_process_left_is_told_once_with_a_button_that_asks_again(place, left):
    dead, living = left
    dead.take(asked(), NOON)
    for _ in range(2):
        teller(place, living, LATER).tell()
    ada = place.person()
    [told] = [one for one in ada.messages() if "restarted" in one.words]
    assert told.is_ephemeral
    assert f"/inference {QUESTION}" in told.words
    ada.click(told, "Ask again")
    assert "Llama 2 7B" in ada.wait_for_message(containing="Fits").words


def test_it_is_told_in_the_thread_where_it_was_asked(place, left):
    dead, living = left
    place.person().mention("help")
    first = place.client.wait_for_exchange("app_mention")["request"]["payload"]["event"]["ts"]
    dead.take(asked(thread_ts=first), NOON)
    teller(place, living, LATER).tell()
    told = [
        one["request"] for one in place.client.exchanges("chat.postEphemeral") if "restarted" in str(one["request"])
    ]
    assert [one["thread_ts"] for one in told] == [first]


def test_what_another_process_works_on_is_left_alone_as_long_as_it_lives(place, left):
    working, other = left
    working.take(asked(), NOON)
    working.renew(LATER)
    teller(place, other, LATER).tell()
    assert rows(place.database) == [("1", QUESTION)]
    working.let_go("1")
    working.renew(LATER + LEASE)
    teller(place, other, LATER + LEASE).tell()
    assert rows(place.database) == []


def test_a_process_that_waits_for_slack_while_it_tells_still_lives(place, left):
    working, other = left
    working.take(asked(), NOON)
    teller(place, working, LATER).live()
    assert other.take_lapsed(TEAM, LATER) is None


def test_what_slack_did_not_take_is_told_when_it_takes_it(place, left):
    _, living = left
    living.take(asked(response_url="http://127.0.0.1:1/gone"), NOON)
    living.let_go("1")
    place.client.fault("chat.postEphemeral", "error", error="fatal_error")
    place.client.fault("chat.postMessage", "error", error="fatal_error")
    teller(place, living, LATER).tell()
    assert len(rows(place.database)) == 1
    teller(place, living, LATER + accepted.TELLING).tell()
    assert any("Slack did not take my answer" in one.words for one in place.person().messages())
    assert rows(place.database) == []


def test_what_slack_did_not_take_for_a_day_is_forgotten(place, left):
    dead, living = left
    dead.take(asked(), NOON)
    teller(place, living, NOON + FORGOTTEN + timedelta(seconds=1)).tell()
    assert rows(place.database) == []
    assert not [one for one in place.person().messages() if "restarted" in one.words]


def test_the_same_delivery_is_taken_once_whichever_process_hears_it(left):
    dead, living = left
    assert [dead.take(asked(), NOON), living.take(asked(), NOON), dead.take(asked("2"), NOON)] == [True, False, True]


def test_a_long_text_is_kept_in_part_and_offers_no_button(place, left):
    dead, living = left
    dead.take(asked(text="x" * 10_000), NOON)
    teller(place, living, LATER).tell()
    [told] = [one for one in place.person().messages() if "restarted" in one.words]
    assert told.buttons == []
    assert len(told.words) < 700


@pytest.mark.usefixtures("impatient")
def test_a_locked_database_costs_the_note_and_not_the_answer(place):
    with held(place.database):
        ada = place.person()
        ada.type(f"/inference {QUESTION}")
        assert "Llama 2 7B" in ada.wait_for_message(containing="Fits").words


def test_a_mistake_of_the_bot_is_told_with_a_reference_and_not_again(place, monkeypatch):
    monkeypatch.setattr(place.bot.service, "ask", lambda *_: 1 / 0)
    ada = place.person()
    ada.type(f"/inference {QUESTION}")
    ada.wait_for_message(containing="Reference")
    place.bot.finish()
    assert rows(place.database) == []


def test_nothing_of_a_workspace_is_told_in_another(left, place):
    dead, living = left
    dead.take(asked(), NOON)
    other = Unanswered(
        SimpleNamespace(table=living), place.bot.app.client, place.bot.service, "T2", "/inference", lambda: LATER
    )
    other.tell()
    assert len(rows(place.database)) == 1


def test_commands_are_acknowledged_while_every_thread_that_answers_is_busy(place):
    go, begun = threading.Event(), []
    for _ in range(THREADS):
        place.bot._threads.submit(lambda: (begun.append(1), go.wait(30)))
    while len(begun) < THREADS:
        time.sleep(0.001)
    started = time.monotonic()
    place.person().type(f"/inference {QUESTION}")
    assert time.monotonic() - started < 3, "Slack waits no longer"
    assert place.person().messages() == []
    go.set()
    place.person().wait_for_message(containing="Fits")


def test_an_answered_question_that_cannot_be_crossed_out_is_crossed_out_later_and_told_to_nobody(left, monkeypatch):
    one, other = left
    one.take(asked(), NOON)

    def locked(*_):
        raise DatabaseLocked(Path("a.db"))

    with monkeypatch.context() as held:
        held.setattr(Database, "lasting", locked)
        one.let_go("1")
        with pytest.raises(DatabaseLocked):
            one.finish("1")
    one.renew(LATER)
    assert other.take_lapsed(TEAM, LATER + timedelta(hours=1)) is None


def test_an_answer_is_stored_though_others_hold_the_database_for_a_while(place, monkeypatch):
    refused, add = [], Comparisons.add

    def held(self, *given):
        if len(refused) < TRIES:
            refused.append(1)
            raise DatabaseLocked(Path("a.db"))
        return add(self, *given)

    monkeypatch.setattr(Comparisons, "add", held)
    place.person().type(f"/inference {QUESTION}")
    assert "not in your history" not in place.person().wait_for_message(containing="Fits").words
    assert len(refused) == TRIES
