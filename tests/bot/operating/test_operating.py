"""What an operator sees: whether the bot lives, whether it is ready, and its figures, in either mode."""

import http.client
import json
import shutil
import subprocess
import time
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import __version__
from bot.bootstrap import Bot
from bot.doctor.database import examine
from bot.operating.health_endpoints import STALE_S
from bot.operating.metrics import FIGURES, PAGE, page
from bot.settings import Address
from storage.migrations import STEPS
from tests.bot.conftest import Place, settings_for

ANYWHERE = Address("127.0.0.1", 0)
QUESTION = "7B on RTX4090"


@pytest.fixture
def watched(tmp_path, workspace, workspace_client):
    """A place whose bot can be looked at."""
    path = tmp_path / "inference.db"
    with Bot(settings_for(workspace, path, operate_listen=ANYWHERE)) as running:
        workspace_client.wait_until_connected()
        yield Place(workspace, workspace_client, running, path)
        workspace.stop()


def look(bot, path):
    connection = http.client.HTTPConnection("127.0.0.1", bot.operating.port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def ready(bot):
    status, body = look(bot, "/readyz")
    return status, json.loads(body)


def figures(bot):
    """Every sample by its name and the values of its labels, whose names are in order."""
    families = text_string_to_metric_families(look(bot, "/metrics")[1])
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_a_bot_that_is_connected_is_alive_and_ready(watched):
    assert look(watched.bot, "/healthz") == (200, "ok\n")
    assert ready(watched.bot) == (200, {"ready": True, "database": "ok", "connection": "ok", "clock": "ok"})


def test_a_bot_that_lost_slack_is_alive_and_not_ready(watched):
    watched.workspace.stop()
    deadline = time.monotonic() + 30
    while (found := ready(watched.bot))[0] == 200:
        assert time.monotonic() < deadline
    assert found == (503, {"ready": False, "database": "ok", "connection": "not connected to Slack", "clock": "ok"})
    assert look(watched.bot, "/healthz")[0] == 200


def test_a_clock_that_stands_still_is_told(watched):
    for ticking in watched.bot._ticking:
        ticking.stop()
    watched.bot._heartbeat.beats -= STALE_S
    status, found = ready(watched.bot)
    assert status == 503
    assert found["clock"].startswith("last tick 6")


def test_a_database_that_is_gone_is_told_with_the_remedy_and_its_figures_are_left_out(watched):
    watched.database.unlink()
    status, found = ready(watched.bot)
    assert status == 503
    assert "Check that the path is a file" in found["database"]
    shown = figures(watched.bot)
    assert shown["inference_bot_ready", "database"] == 0
    assert ("inference_bot_answering",) not in shown


def test_http_mode_is_ready_while_it_listens(tmp_path, workspace):
    told = {"http_listen": ANYWHERE, "operate_listen": ANYWHERE, "slack_signing_secret": workspace.signing_secret}
    with Bot(settings_for(workspace, tmp_path / "a.db", **told)) as running:
        assert ready(running)[0] == 200
        running.connection.stop()
        assert ready(running)[1]["connection"] == "not connected to Slack"


def test_questions_answers_acks_and_calls_are_counted(watched):
    ada = watched.person()
    ada.type(f"/inference {QUESTION}")
    ada.wait_for_message(containing="Fits")
    ada.type("/inference 7B on nothing")
    ada.wait_for_message(containing="hardware_type")
    watched.client.fault("chat.postEphemeral", "ratelimited", retry_after=0)
    watched.client.fault("response_url", "error", error="expired_url")
    ada.type("/inference help")
    ada.wait_for_message(containing="compare")
    watched.bot.connection.stop()
    watched.bot.finish()
    shown = figures(watched.bot)
    assert shown["inference_bot_commands_total", "answered", "estimate"] == 1
    assert shown["inference_bot_commands_total", "misunderstood", "estimate"] == 1
    assert shown["inference_bot_commands_total", "answered", "help"] == 1
    assert shown["inference_bot_ack_seconds_count",] == 3
    assert shown["inference_bot_answer_seconds_count",] == 3
    assert shown["inference_bot_slack_calls_total", "auth.test", "ok"] >= 1
    assert shown["inference_bot_slack_calls_total", "response_url", "ok"] == 2
    assert shown["inference_bot_slack_calls_total", "response_url", "refused"] == 1
    assert shown["inference_bot_slack_calls_total", "chat.postEphemeral", "ratelimited"] == 1
    assert shown["inference_bot_slack_calls_total", "chat.postEphemeral", "ok"] == 1
    assert shown["inference_bot_answering",] == 0


def test_schedules_posts_and_the_database_are_read_when_someone_looks(watched):
    ada = watched.person()
    ada.type("/inference schedule every monday at 09:00 UTC in #llm-costs")
    ada.wait_for_message(containing="Schedule 1 is set")
    shown = figures(watched.bot)
    assert shown["inference_bot_schedules", "active"] == 1
    assert shown["inference_bot_schedules", "late"] == 0
    assert shown["inference_bot_database_bytes", "database"] > 0
    assert shown["inference_bot_build_info", STEPS[-1].__name__, __version__] == 1


def test_every_figure_that_is_shown_is_described_and_every_described_figure_is_shown(watched):
    lines = look(watched.bot, "/metrics")[1].splitlines()
    helps = {line.split()[2]: line.split(maxsplit=3)[3] for line in lines if line.startswith("# HELP inference_bot")}
    shown = {name: text for name, text in helps.items() if not name.endswith("_created")}
    assert shown == {one.full_name: one.help.replace("\\", "\\\\") for one in FIGURES}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="needs promtool")
def test_prometheus_own_tool_finds_nothing_wrong_with_the_figures(watched):
    text = look(watched.bot, "/metrics")[1]
    done = subprocess.run(
        ["promtool", "check", "metrics"], input=text, capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_page_of_metrics_is_current():
    assert PAGE.read_text(encoding="utf-8") == page(), "run `python -m bot.operating.metrics`"


def test_nothing_listens_unless_it_is_asked_for(place):
    assert place.bot.operating is None


def test_a_clock_that_jumped_makes_it_unready_and_doctor_says_so(watched):
    """What is due waits meanwhile; the connection and the database are well."""
    steadiness, real = watched.bot._steadiness, watched.bot._steadiness._now
    assert steadiness.is_steady()
    steadiness._now = lambda: real() + timedelta(days=400)
    watched.bot.tick()
    status, body = look(watched.bot, "/readyz")
    found = json.loads(body)
    assert (status, found["database"], found["connection"]) == (503, "ok", "ok")
    assert "it jumped from about" in found["clock"]
    [warned] = [one for one in examine(watched.database) if one.about == "time"]
    assert "is not believed" in warned.text
    steadiness._now = real
    watched.bot.tick()
    assert look(watched.bot, "/readyz")[0] == 200
    assert not [one for one in examine(watched.database) if one.about == "time"]
