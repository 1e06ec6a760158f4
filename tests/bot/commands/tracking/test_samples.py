"""Sample deployments: true figures for someone who is new, and no trace once they are removed."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.background.hourly import HourlyLook
from bot.commands.tracking.sample_data import SAMPLES, hours, since
from bot.desk.asker import Asker
from bot.service import Service
from bot.views.help.start import FIRST
from calculator.spending.alerts import Raised
from calculator.spending.usage import hour_of
from storage.deployment_records import Deployment
from storage.posts import NewPost, Posts
from storage.tables import Tables
from tests.bot.conftest import NOON
from tests.storage.fresh import fresh

NAMES = sorted(sample.name for sample in SAMPLES)
HOLD_DEPLOYMENTS = ("deployments", "plans", "changes", "usage_hours", "usage_days", "usage_rates", "sources", "alarms")


@pytest.fixture
def database(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        yield database


@pytest.fixture
def ben(asker: Asker) -> Asker:
    return asker.model_copy(update={"user_id": "U2"})


@pytest.fixture
def rows(tmp_path):
    """How many rows each table has that is about deployments, but for the audit's of samples that were removed."""

    def count() -> dict[str, int]:
        connection = sqlite3.connect(tmp_path / "inference.db")
        where = {"changes": "WHERE subject <> 'samples'"}
        found = {
            name: connection.execute(f"SELECT count(*) FROM {name} {where.get(name, '')}").fetchone()[0]
            for name in HOLD_DEPLOYMENTS
        }
        connection.close()
        return found

    return count


def tracked(service: Service, asker: Asker) -> dict[str, Deployment]:
    return {one.name: one for one in service.desk(asker).deployments.all("running", "paused", "retired")}


def test_what_samples_cost_is_what_their_cards_cost_for_every_hour(service, asker):
    added = service.reply("samples", asker)
    assert added.data["names"] == NAMES
    summary = service.reply("summary of sample=yes", asker).data
    deployments = service.desk(asker).deployments
    for line in summary["deployments"]:
        rate = deployments.plan(deployments.get(line["name"]))[-1].terms.kept_usd_per_hour
        assert line["cost_usd"] == line["kept_usd"] == float((rate * 168).quantize(Decimal("0.01"))) > 0
        assert line["requests"] > 1000
        assert line["hours"] == 168
    assert summary["cost_usd"] == pytest.approx(sum(line["cost_usd"] for line in summary["deployments"]))
    assert added.data["cost_usd"] == summary["cost_usd"]


def test_one_sample_has_nearly_used_up_its_budget_one_is_mostly_idle_and_one_is_fine(service, asker):
    lines = {line["name"]: line for line in service.reply("samples", asker).data["deployments"]}
    support, code, tagging = (lines[sample.name] for sample in SAMPLES)
    assert 0.9 <= support["month_usd"] / support["budget_usd"] < 1
    assert code["utilization"] < 0.05
    assert code["idle_usd"] > 0.9 * code["cost_usd"]
    assert 0.5 < tagging["utilization"] < 0.9
    assert tagging["forecast_usd"] < tagging["budget_usd"]


@pytest.mark.parametrize(
    "day",
    [
        datetime(2026, 12, 1, 0, 5, tzinfo=UTC),
        datetime(2026, 2, 28, 23, tzinfo=UTC),
        datetime(2027, 1, 9, 15, 30, tzinfo=UTC),
        datetime(2026, 12, 1, tzinfo=UTC),
    ],
)
def test_on_no_day_of_the_month_is_a_budget_used_up_at_once(database, asker, day):
    data = Service(database, lambda: day).reply("samples", asker).data
    assert all(line["month_usd"] < line["budget_usd"] for line in data["deployments"] if line["budget_usd"])


def test_usage_is_there_for_every_hour_of_two_weeks_and_follows_the_day_and_the_week(service, asker):
    service.reply("samples", asker)
    deployments = service.desk(asker).deployments
    seen = deployments.seen(deployments.get("support-bot-sample"), since(NOON), NOON)
    assert [one.hour for one in seen] == list(range(hour_of(since(NOON)), hour_of(NOON)))
    assert seen == tuple(hours(SAMPLES[0], NOON)), "the same whenever it is asked"
    by_hour = {one.start: one.requests for one in seen}
    friday, sunday = datetime(2026, 11, 20, 12, tzinfo=UTC), datetime(2026, 11, 22, 12, tzinfo=UTC)
    assert by_hour[friday] > 3 * by_hour[friday.replace(hour=3)]
    assert by_hour[friday] > 1.2 * by_hour[sunday]


def test_no_sample_does_more_than_its_cards_can(service, asker):
    service.reply("samples", asker)
    deployments = service.desk(asker).deployments
    for sample in SAMPLES:
        terms = deployments.plan(deployments.get(sample.name))[-1].terms
        assert max(one.requests for one in hours(sample, NOON)) < terms.capacity_requests_per_hour


def test_asked_twice_nothing_is_added_and_the_same_buttons_are_offered(service, asker, rows):
    first = service.reply("samples", asker)
    before = rows()
    again = service.reply("samples", asker.model_copy(update={"channel_id": "C2"}))
    assert "there already" in again.text
    assert rows() == before
    assert again.blocks[-1] == first.blocks[-1]


def test_asked_twice_at_once_they_are_added_once(service, asker):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: service.reply("samples", asker), range(4)))
    assert sorted(tracked(service, asker)) == NAMES


def test_removed_they_leave_no_row_and_come_back(service, asker, rows, database):
    empty = rows()
    service.reply("samples", asker)
    service.reply("usage support-bot-sample 100/h", asker)
    HourlyLook(database, asker.team_id, lambda: NOON).run_once()
    assert all(rows()[name] for name in ("deployments", "plans", "changes", "usage_hours", "usage_rates", "alarms"))
    removed = service.reply("samples remove", asker)
    assert removed.data["removed"] == NAMES
    assert rows() == empty
    assert "no samples of yours" in service.reply("samples remove", asker).text
    assert service.reply("samples", asker).data["added"]


def test_someone_elses_samples_are_left_alone_until_an_admin_removes_everyones(service, asker, ben):
    service.reply("samples", asker)
    theirs = service.reply("samples", ben).data["names"]
    assert theirs == [f"{name}-2" for name in NAMES]
    assert service.reply("samples remove", asker).data["removed"] == NAMES
    assert sorted(tracked(service, ben)) == theirs
    assert "Only a workspace admin" in service.reply("samples remove all", asker).text
    admin = asker.model_copy(update={"user_id": "local"})
    assert service.reply("samples remove all", admin).data["removed"] == theirs


def test_a_deployment_that_has_the_name_of_a_sample_is_left_alone(service, asker, ben):
    hidden = ben.model_copy(update={"private": True, "channel_id": "G9"})
    service.reply("track support-bot-sample: 7B on L4 1000/h, tags team=x", asker)
    service.reply("track Tagging-Job-Sample: 7B on L4 1000/h", hidden)
    real = tracked(service, asker)["support-bot-sample"]
    assert service.reply("samples", asker).data["names"] == [
        "code-assistant-sample",
        "support-bot-sample-2",
        "tagging-job-sample",
    ], "what is hidden takes no name"
    service.reply("samples remove", asker)
    assert tracked(service, asker) == {"support-bot-sample": real}
    assert "Tagging-Job-Sample" in tracked(service, hidden)


def test_a_deployment_that_somebody_tagged_as_a_sample_is_not_removed(service, asker):
    service.reply("track shop: 7B on L4 1000/h, tags sample=yes", asker)
    service.reply("samples", asker)
    service.reply("samples remove", asker)
    assert list(tracked(service, asker)) == ["shop"]


def test_alerts_tell_of_the_sample_that_deserves_one(service, asker, database):
    service.reply("samples", asker)
    assert HourlyLook(database, asker.team_id, lambda: NOON).run_once() == 2
    raised = service.reply("alerts", asker).data["alerts"]
    assert set(raised) == {"support-bot-sample"}
    assert {"budget-80", "forecast"} <= set(raised["support-bot-sample"])
    service.reply("samples remove", asker)
    assert service.reply("alerts", asker).data["alerts"] == {}
    assert HourlyLook(database, asker.team_id, lambda: NOON + timedelta(hours=2)).run_once() == 0


def test_samples_that_go_while_the_clock_looks_at_them_are_told_of_no_more(service, asker, database, rows):
    service.reply("samples", asker)
    books = Tables(database)
    looked_at = books.deployments.of_team(asker.team_id)
    terms = service.desk(asker).deployments.plan(looked_at[0])[-1].terms
    service.reply("samples remove", asker)
    post = NewPost(
        team_id=asker.team_id, name="x", kind="alert", channel_id="C1", user_id="U1", due_at=NOON, message={}
    )
    for one in looked_at:
        books.deployments.reprice(one, terms, NOON)
        books.alerts.settle(one.id, [], [(Raised("forecast"), post)], NOON)
    assert not any(rows().values())
    assert Posts(database).next_ready_at(asker.team_id) is None


def test_schedules_about_samples_are_named_when_these_are_removed(service, asker):
    service.reply("samples", asker)
    service.reply("schedule every monday 09:00 UTC of sample=yes", asker)
    removed = service.reply("samples remove", asker)
    assert removed.data["schedules"] == [1]
    assert [element["value"] for element in removed.blocks[-1]["elements"]] == ["samples", "schedule 1 delete"]


def test_where_nothing_is_tracked_samples_are_offered_and_where_something_is_they_are_not(service, asker):
    def offered(text: str) -> bool:
        return "`samples` adds three" in str(service.reply(text, asker).blocks)

    assert offered("deployments")
    assert offered("summary")
    assert "'value': 'samples'" in str(service.home(asker))
    assert not offered("deployments retired")
    service.reply("track shop: 7B on L4 1000/h", asker)
    assert not offered("summary of team=x")
    assert "'value': 'samples'" not in str(service.home(asker))


def test_what_to_try_first_is_one_list_everywhere(service, asker):
    texts = [one.text for one in FIRST]
    for reply in (service.reply("start", asker), service.reply("help", asker)):
        assert [block["accessory"]["value"] for block in reply.blocks if "accessory" in block] == texts
    assert all(f"`/inference {text}`" in str(service.home(asker)) for text in texts)


def test_the_comparison_and_the_search_to_try_first_decide(service, asker):
    compared, searched = (service.reply(FIRST[number].text, asker).data for number in (1, 2))
    assert compared["recommended_option"]
    assert searched["recommended_option"]
