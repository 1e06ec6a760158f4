"""The bot is uninstalled: it stops posting, keeps what it has for thirty days, and erases it then."""

import logging
from datetime import timedelta

import pytest
from slack_bolt import BoltRequest

from bot.slack.uninstall import LEFT, Departures
from bot.workspace.models import TEAM_ID
from storage.database import Database
from storage.personal import Personal
from storage.workspaces import Workspaces
from tests.bot.commands.home.test_home import wait_for
from tests.bot.conftest import NOON
from tests.bot.test_end_to_end import QUESTION
from tests.storage.fresh import fresh

DAY = timedelta(days=1)


@pytest.fixture
def database(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        yield database


def facts(place):
    with Database(place.database) as database:
        return Workspaces(database).get(TEAM_ID, LEFT)


def test_uninstalled_it_posts_nothing_more_and_keeps_everything_for_thirty_days(clocked, caplog):
    ada = clocked.person()
    ada.type(f"/inference {QUESTION}")
    ada.wait_for_message(containing="Fits")
    ada.type("/inference track bot: 7B on 2xL4 1000/h")
    ada.wait_for_message(containing="is tracked")
    ada.type("/inference schedule daily 09:00 UTC in #llm-costs")
    ada.wait_for_message(containing="is set")
    with caplog.at_level(logging.WARNING):
        clocked.client.call("uninstall")
        wait_for(lambda: facts(clocked))
    posted = len(clocked.client.exchanges("chat.postMessage"))
    now = clocked.workspace.now()
    clocked.until(now + 3 * DAY)
    assert len(clocked.client.exchanges("chat.postMessage")) == posted
    assert clocked.summaries() == []
    assert "uninstalled" in caplog.messages
    with Database(clocked.database) as database:
        assert Personal(database).counts(TEAM_ID)["comparisons"] == 1
    clocked.until(now + 32 * DAY)
    with Database(clocked.database) as database:
        assert Personal(database).counts(TEAM_ID) == {}


def test_installed_again_it_goes_on_where_it_was(clocked):
    ada = clocked.person()
    ada.type("/inference track bot: 7B on 2xL4 1000/h")
    ada.wait_for_message(containing="is tracked")
    ada.type("/inference schedule daily 09:00 UTC in #llm-costs")
    ada.wait_for_message(containing="is set")
    clocked.client.call("uninstall")
    wait_for(lambda: facts(clocked))
    clocked.workspace._hub.tokens.revoked = False
    clocked.restart()
    assert facts(clocked) is None
    clocked.until(clocked.workspace.now() + DAY)
    clocked.client.wait_until(lambda _: clocked.summaries())


@pytest.mark.parametrize(
    ("event", "gone"),
    [
        ({"type": "app_uninstalled"}, True),
        ({"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}}, True),
        ({"type": "tokens_revoked", "tokens": {"oauth": ["U0ADA"]}}, False),
    ],
)
def test_only_the_end_of_the_bots_own_token_counts(place, event, gone):
    body = {"type": "event_callback", "event_id": "Ev1", "team_id": TEAM_ID, "event": event}
    assert place.bot.app.dispatch(BoltRequest(body=body, mode="socket_mode")).status == 200
    place.bot.finish()
    assert bool(facts(place)) == gone
    assert place.bot.clock.gone() == gone


def test_a_bot_that_was_stopped_meanwhile_erases_what_is_due_before_it_connects(database):
    Workspaces(database).set("T1", "key", "value")
    Departures(database, lambda: NOON).leave("T1")
    later = Departures(database, lambda: NOON + 30 * DAY - timedelta(seconds=1))
    later.erase_due()
    assert Personal(database).counts("T1")
    assert later.is_gone("T1")
    Departures(database, lambda: NOON + 30 * DAY).erase_due()
    assert Personal(database).counts("T1"), "a clock that is wrong for hours erases nobody"
    last = Departures(database, lambda: NOON + 31 * DAY)
    last.erase_due()
    assert Personal(database).counts("T1") == {}
    assert last.is_gone("T1")


def test_the_first_of_several_events_counts_and_other_workspaces_stay(database):
    Workspaces(database).set("T2", "key", "value")
    Departures(database, lambda: NOON).leave("T1")
    Departures(database, lambda: NOON + 9 * DAY).leave("T1")
    departures = Departures(database, lambda: NOON + 30 * DAY)
    assert not departures.is_gone("T2")
    assert departures.is_gone("T1")
    assert Personal(database).counts("T2") == {"workspace_facts": 1}
    departures.come_back("T1")
    assert not departures.is_gone("T1")
