"""Two bots on one database: each summary is posted once, each question is answered once, and one outlives the other."""

from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta

from bot.bootstrap import read_manifest
from bot.desk.asker import Asker
from bot.service import Service
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from bot.workspace.models import TEAM_ID
from storage.database import Database
from tests.bench.processes import connected_to, started

COSTS = "C0LLMCOSTS"
QUESTIONS = 12
SUMMARY = "No deployment is tracked"


def schedule_due_now(path):
    """A daily summary whose time was a minute ago."""
    now = datetime.now(UTC)
    due = now - timedelta(minutes=1)
    with Database(path) as database:
        asker = Asker(team_id=TEAM_ID, user_id="U0LOCALADA", channel_id=COSTS, channel_name="llm-costs")
        Service(database, lambda: now - timedelta(minutes=3)).answer(
            f"schedule daily {due:%H:%M} UTC in <#{COSTS}>", asker
        )


@contextmanager
def two_bots(path):
    """A workspace, a client of it, and two processes that are connected."""
    with ExitStack() as stack:
        place = stack.enter_context(Workspace(read_manifest("inference"), ack_timeout_s=20))
        bots = [stack.enter_context(started(environment=connected_to(place, path))) for _ in range(2)]
        client = WorkspaceClient(place.url)
        client.wait_until(lambda screen: screen["connections"] == 2, timeout_s=60)
        yield client, bots


def fits(client):
    return [one.words for one in client.person().messages() if one.words.startswith("Fits")]


def test_two_processes_post_one_summary_and_answer_each_question_once(tmp_path):
    path = tmp_path / "inference.db"
    schedule_due_now(path)
    with two_bots(path) as (client, _):
        ada = client.person()
        ada.wait_for_message("#llm-costs", containing=SUMMARY)
        for number in range(QUESTIONS):
            ada.type(f"/inference 7B on RTX4090, {500 + number} tokens")
        client.wait_until(lambda _: len(fits(client)) >= QUESTIONS)
        ada.type("/inference history")
        ada.wait_for_message(containing=f"#{QUESTIONS}")
        for number in range(QUESTIONS):
            assert len([one for one in fits(client) if f"answers {500 + number} tokens" in one]) == 1
        assert len([one for one in ada.messages("#llm-costs") if SUMMARY in one.words]) == 1


def test_one_process_goes_on_alone_when_the_other_ends(tmp_path):
    with two_bots(tmp_path / "inference.db") as (client, bots):
        bots[0].terminate()
        assert bots[0].wait(timeout=60) == 0
        ada = client.person()
        for number in range(3):
            ada.type(f"/inference 7B on RTX4090, {500 + number} tokens")
            ada.wait_for_message(containing=f"answers {500 + number} tokens")
