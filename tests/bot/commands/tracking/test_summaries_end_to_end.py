"""What we run and what it costs, as people use it: tracked, watched, summed up on the workspace's own clock."""

from datetime import UTC, datetime, timedelta

import pytest

from calculator.spending.usage import hour_of
from tests.bot.conftest import Clocked
from tests.prometheus.exporter import Engine, Load
from tests.prometheus.server import MISSING, backfill, running

COSTS = "#llm-costs"
START = datetime(2026, 3, 13, 12, tzinfo=UTC)
"""A Friday; clocks in Berlin go forward on Sunday the 29th."""


@pytest.fixture
def workspace_options():
    return {"starts_at": START}


def say(place: Clocked, text: str, containing: str, channel: str = COSTS) -> str:
    """Type a command and give what comes back."""
    ada = place.person()
    ada.type(f"/inference {text}", channel)
    return ada.wait_for_message(channel, containing=containing).words


def test_a_deployment_is_tracked_from_the_button_of_an_answer(clocked):
    ada = clocked.person()
    ada.type("/inference 7B on 2xL4 cloud aws 1000/h", COSTS)
    ada.click(ada.wait_for_message(COSTS, containing="Fits"), "Track…")
    ada.wait_for_modal("Track a deployment")
    assert "letters" in ada.submit({"Name": "support bot!", "Budget": "$500"})["name"]
    assert "dollars" in ada.submit({"Name": "support-bot", "Budget": "a lot"})["budget"].lower()
    assert ada.submit({"Name": "support-bot", "Budget": "$500", "Tags": "team=search"}) == {}
    assert "is tracked from now on" in ada.wait_for_message(COSTS, containing="support-bot").words
    assert "support-bot" in say(clocked, "deployments of team=search", "Tracked deployments")


def test_a_deployment_is_changed_paused_retired_and_restored_and_every_change_is_written_down(clocked):
    say(clocked, "track bot: 7B on 2xL4 cloud aws 1000/h", "is tracked")
    ada = clocked.person()
    ada.type("/inference deployment bot", COSTS)
    ada.click(ada.wait_for_message(COSTS, containing="Planned cost"), "Edit")
    ada.wait_for_modal("Change bot")
    assert ada.submit({"What it is": "7B on 1xL4 cloud aws 1000/h", "Budget": "$700", "Tags": "team=x"}) == {}
    assert "has a new plan" in ada.wait_for_message(COSTS, containing="new plan").words
    assert "is paused" in say(clocked, "deployment bot pause", "paused")
    assert "is resumed" in say(clocked, "deployment bot resume", "resumed")
    ada.type("/inference deployment bot retire", COSTS)
    ada.click(ada.wait_for_message(COSTS, containing="Retire bot?"), "Retire")
    ada.click(ada.wait_for_message(COSTS, containing="is retired"), "Restore")
    ada.wait_for_message(COSTS, containing="is restored")
    audit = say(clocked, "deployment bot audit", "Changes of bot")
    assert all(word in audit for word in ("tracked", "question", "budget", "paused", "resumed", "retired", "restored"))


def test_only_the_owner_and_an_admin_change_a_deployment(clocked):
    ben = clocked.person("ben")
    ben.type("/inference track bens: 7B on L4 1000/h", COSTS)
    ben.wait_for_message(COSTS, containing="is tracked")
    assert "is paused" in say(clocked, "deployment bens pause", "paused")  # ada is an admin
    say(clocked, "track adas: 7B on L4 1000/h", "is tracked")
    ben.type("/inference deployment adas pause", COSTS)
    assert "only its owner or a workspace admin" in ben.wait_for_message(COSTS, containing="owner").words


def test_what_is_tracked_in_private_is_seen_there_and_by_its_owner_alone(clocked):
    say(clocked, "track secret: 7B on L4 1000/h", "is tracked", "#capacity-planning")
    ben = clocked.person("ben")
    ben.type("/inference deployments", COSTS)
    assert "Nothing is tracked" in ben.wait_for_message(COSTS, containing="tracked").words
    ben.type("/inference deployments", "#capacity-planning")
    assert "secret" in ben.wait_for_message("#capacity-planning", containing="Tracked deployments").words


def test_a_schedule_is_set_by_form_listed_run_and_deleted(clocked):
    say(clocked, "track bot: 7B on 2xL4 cloud aws 1000/h", "is tracked")
    ada = clocked.person()
    ada.type("/inference schedule", COSTS)
    ada.wait_for_modal("Schedule a summary")
    assert "no time of the day" in ada.submit({"When": "every monday 25:00", "Channel": COSTS})["schedule"]
    assert ada.submit({"When": "every monday 09:00 Europe/Berlin", "Channel": COSTS}) == {}
    ada.wait_for_message(COSTS, containing="Schedule 1")
    ada.type("/inference schedules", COSTS)
    ada.click(ada.wait_for_message(COSTS, containing="Scheduled summaries"), "more-schedule-1", "schedule 1 run")
    clocked.client.advance(60)
    assert len(clocked.summaries()) == 1
    ada.type("/inference schedule 1", COSTS)
    ada.click(ada.wait_for_message(COSTS, containing="was posted"), "Delete")
    ada.click(ada.wait_for_message(COSTS, containing="is deleted"), "Undo")
    assert "is back" in ada.wait_for_message(COSTS, containing="is back").words


@pytest.mark.skipif(bool(MISSING), reason=MISSING)
@pytest.mark.timeout(300)
def test_two_deployments_fed_by_prometheus_are_summed_up_each_week_over_a_change_of_clocks_a_pause_and_a_restart(
    clocked, tmp_path
):
    """The whole of it: what is fetched, a weekly summary with trend and chart, one alert, a pause, a resume, a restart."""
    folder = tmp_path / "prometheus"
    folder.mkdir()
    engines = [
        (Engine({"model_name": name}), lambda hour, rate=rate: Load(requests=rate + hour % 24))
        for name, rate in (("small", 500), ("large", 1200))
    ]
    backfill(folder, engines, hour_of(START) - 1, hour_of(START + timedelta(days=25)), step_s=290, block_hours=24 * 90)
    with running(folder) as url:
        clocked.allowed = (url,)
        clocked.restart()
        say(clocked, "track small: 7B on 1xL4 cloud aws 700/h, budget $300 a month", "is tracked")
        say(clocked, "track large: 13B on 1xL40S 1500/h $1/h", "is tracked")
        for name in ("small", "large"):
            said = say(clocked, f'deployment {name} source {url} {{model_name="{name}"}}', "is fetched every hour")
            assert "fetched" in said
        assert "Schedule 1 is set" in say(clocked, "schedule every monday 09:00 Europe/Berlin", "Schedule 1")
        clocked.until(datetime(2026, 3, 16, 8, tzinfo=UTC))
        assert len(clocked.summaries()) == 1
        clocked.restart()
        clocked.until(datetime(2026, 3, 23, 8, tzinfo=UTC))
        _, second = clocked.summaries()
        assert "small" in second
        assert "Cost by period" in str(clocked.person().messages(COSTS)[-1].blocks) or "Cost by period" in second
        say(clocked, "schedule 1 pause", "is paused")
        clocked.until(datetime(2026, 3, 30, 6, 59, tzinfo=UTC))
        assert len(clocked.summaries()) == 2
        say(clocked, "schedule 1 resume", "runs again")
        clocked.until(datetime(2026, 3, 30, 7, 0, 30, tzinfo=UTC))
        assert len(clocked.summaries()) == 3, "after the change of clocks 09:00 in Berlin is 07:00 UTC"
        clocked.restart()
        clocked.until(datetime(2026, 4, 6, 7, 1, tzinfo=UTC))
        assert len(clocked.summaries()) == 4
        alerts = [one.words for one in clocked.person().messages(COSTS) if "of its $300.00 for 2026-03" in one.words]
        steps = [step for one in alerts for step in ("50 %", "80 %", "100 %") if f"has used {step}" in one]
        assert steps == ["50 %", "80 %", "100 %"], "each step of the budget is told once"
        usage = say(clocked, "usage large", "Usage of large")
        assert "Fetched from" in usage


def test_home_shows_what_someone_runs_and_is_fresh_after_each_change(clocked):
    ada = clocked.person()
    assert "You track no deployment yet" in ada.home().words
    say(clocked, "track bot: 7B on 2xL4 cloud aws 1000/h, budget $500 a month", "is tracked")
    say(clocked, "schedule every monday 09:00 Europe/Berlin", "Schedule 1")
    home = ada.home()
    assert all(words in home.words for words in ("bot", "this month", "every monday at 09:00 Europe/Berlin"))
    ada.click(home, "more-bot", "deployment bot pause")
    assert "is paused" in ada.wait_for_message("@app", containing="is paused").words
    clocked.client.wait_until(lambda screen: "double_vertical_bar" in str(screen["home"]))


def test_the_home_of_someone_else_counts_what_others_track(clocked):
    say(clocked, "track bot: 7B on 2xL4 cloud aws 1000/h", "is tracked")
    assert "1 more are tracked by others" in clocked.person("ben").home().words
