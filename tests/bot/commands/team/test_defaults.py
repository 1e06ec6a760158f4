"""Defaults: set, reset, taken where a question leaves something out, told in the answer and written into what is stored."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given

from bot.access.people import Strangers
from bot.commands import read
from bot.commands.team.defaults_question import DefaultsQuestion
from bot.desk.asker import Asker
from bot.limits.payloads import check_message
from bot.service import Service
from calculator.errors import QuestionError
from storage.errors import DatabaseLocked
from tests.soak.questions import defaults_asked
from tests.storage.fresh import fresh

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
RENTED = "llama-3.1-8b on H100, 1000 req/h"
OWNED = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"
BEN = Asker(team_id="T1", user_id="U2", channel_id="C1")


class Team(Strangers):
    """People of whom one administers the workspace."""

    def is_admin(self, user_id: str) -> bool:
        return user_id == "U1"

    def zone(self, user_id: str) -> str | None:
        return "Asia/Tokyo" if user_id else None


@pytest.fixture
def service(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        yield Service(database, lambda: NOON, people=Team())


def kept(service, asker, text):
    return service.answer(text, asker).data["results"]["cost"]["provisioned"]["monthly_cost"]


def words(reply):
    return json.dumps(reply.blocks, ensure_ascii=False)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("defaults", {}),
        ("defaults hours 730", {"hours": "730"}),
        ("defaults hours a month: 730 h, provider AWS", {"hours": "730", "provider": "aws"}),
        ("defaults time zone Berlin", {"zone": "Europe/Berlin"}),
        ("defaults discount 0.2 currency eur at 0.92", {"discount": "20%", "currency": "EUR at 0.92"}),
        ("defaults hours none", {"hours": "none"}),
        ("defaults reset zone", {"zone": "none"}),
        ("defaults currency USD", {"currency": "none"}),
        ("default hours 176", {"hours": "176"}),
    ],
)
def test_a_default_is_said_by_its_name(text, values):
    question = read(text)
    assert isinstance(question, DefaultsQuestion)
    assert question.values == values


@pytest.mark.parametrize(
    ("text", "field", "message"),
    [
        ("hours 800", "hours", "at most 744"),
        ("hours", "hours", "needs a value"),
        ("hours 1,5", "hours", "two ways"),
        ("hours 730, hours 176", "hours", "twice"),
        ("provider awz", "provider", "not a provider"),
        ("zone Mars", "zone", "no time zone that I know"),
        ("zone +02:00", "zone", "offset"),
        ("discount 100%", "discount", "less than 100"),
        ("currency EUR", "currency", "A label alone would make them wrong"),
        ("currency EUR at 0", "currency", "no rate"),
        ("speed 3", "defaults", "no default `speed`"),
        ("prices H100 $2/h", "defaults", "prices set"),
        ("reset speed", "defaults", "no default `speed`"),
    ],
)
def test_what_is_no_default_names_its_field_and_says_what_to_type(text, field, message):
    with pytest.raises(QuestionError, match=message) as error:
        read(f"defaults {text}")
    assert error.value.field == field


@given(defaults_asked())
def test_a_defaults_question_reads_back_to_itself(question):
    assert read(str(question)) == question


@pytest.mark.parametrize(
    ("set_", "ask", "told"),
    [
        ("hours 176", RENTED, "176 hours a month: your default"),
        ("hours 730", OWNED, "730 hours a month: your default"),
        ("provider aws", RENTED, "aws: your default"),
        ("discount 20%", RENTED, "20% discount: your default"),
    ],
)
def test_each_default_changes_the_figures_and_is_told(service, asker, set_, ask, told):
    before = kept(service, asker, ask)
    service.answer(f"defaults {set_}", asker)
    answer = service.answer(ask, asker)
    assert answer.data["results"]["cost"]["provisioned"]["monthly_cost"] != before
    assert answer.data["defaults"] == [told]
    assert told in words(answer)
    assert check_message({"text": answer.text, "blocks": list(answer.blocks)}) == []


@pytest.mark.parametrize(
    ("set_", "said"),
    [
        ("hours 176", "720 hours a month"),
        ("provider aws", "lambda"),
        ("provider aws", "median"),
        ("provider aws", "$2/h"),
        ("discount 20%", "discount 5%"),
        ("discount 20%", "$2/h"),
        ("discount 20%", "spot"),
        ("discount 20%", "local"),
    ],
)
def test_what_the_question_says_comes_first(service, asker, set_, said):
    before = service.answer(f"{RENTED}, {said}", asker).data["results"]["cost"]
    service.answer(f"defaults {set_}", asker)
    answer = service.answer(f"{RENTED}, {said}", asker)
    assert answer.data["results"]["cost"] == before
    assert "defaults" not in answer.data


def test_owned_hardware_takes_no_default_provider_and_no_default_discount(service, asker):
    before = kept(service, asker, OWNED)
    service.answer("defaults provider aws, discount 20%", asker)
    assert kept(service, asker, OWNED) == before


def test_a_price_of_the_teams_own_comes_before_a_default_provider_and_takes_no_default_discount(service, asker):
    service.answer("defaults provider aws, discount 20%", asker)
    service.answer("prices set H100 $2.10/h", asker)
    answer = service.answer(RENTED, asker)
    assert answer.data["results"]["cost"]["price"]["usd_per_gpu_hour"] == 2.1
    assert "defaults" not in answer.data
    service.answer("prices set H100 $1.90/h aws", asker)
    answer = service.answer(RENTED, asker)
    assert answer.data["results"]["cost"]["price"]["usd_per_gpu_hour"] == 1.9
    assert answer.data["defaults"] == ["aws: your default"]


def test_a_default_provider_without_a_price_of_the_card_is_told_and_all_providers_count(service, asker):
    ask = "7B on RTX4090 cloud, 1000 req/h"
    before = kept(service, asker, ask)
    service.answer("defaults provider aws", asker)
    answer = service.answer(ask, asker)
    assert answer.data["results"]["cost"]["provisioned"]["monthly_cost"] == before
    assert "no price of" in answer.data["defaults"][0]


def test_a_service_takes_the_default_provider_only_where_that_hosts_it(service, asker):
    service.answer("defaults provider aws", asker)
    assert "defaults" not in service.answer("gpt-4o, 1k in 300 out, 1000 req/h", asker).data


def test_an_exchange_rate_of_ones_own_adds_the_amounts_with_the_rate_and_its_day(service, asker):
    service.answer("defaults currency EUR at 0.5", asker)
    answer = service.answer(f"{RENTED}, $2/h, 100 hours a month", asker)
    [line] = answer.data["defaults"]
    assert line.startswith("in EUR at 0.5 a dollar, rate of 2026-11-24, your default: kept a month 100.00 EUR")
    assert answer.data["results"]["cost"]["provisioned"]["monthly_cost"] == 200


def test_ones_own_default_comes_before_the_workspaces_which_holds_for_everyone_else(service, asker):
    service.answer("defaults workspace hours 176", asker)
    assert service.answer(OWNED, BEN).data["defaults"] == ["176 hours a month: the workspace's default"]
    service.answer("defaults hours 730", BEN)
    assert service.answer(OWNED, BEN).data["defaults"] == ["730 hours a month: your default"]
    service.answer("defaults reset", BEN)
    assert service.answer(OWNED, BEN).data["defaults"] == ["176 hours a month: the workspace's default"]


def test_only_an_admin_sets_the_workspaces_defaults(service):
    with pytest.raises(QuestionError, match="Only a workspace admin"):
        service.answer("defaults workspace hours 176", BEN)


def test_another_workspace_has_its_own_defaults(service, asker):
    service.answer("defaults workspace hours 176", asker)
    assert "defaults" not in service.answer(OWNED, asker.model_copy(update={"team_id": "T2"})).data


def test_all_defaults_are_shown_with_where_each_comes_from(service, asker):
    service.answer("defaults workspace hours 176", asker)
    service.answer("defaults provider aws", asker)
    service.answer("prices set H100 $2.10/h", asker)
    shown = service.answer("defaults", asker)
    assert shown.data["defaults"]["hours"]["from"] == "workspace"
    assert shown.data["defaults"]["provider"]["from"] == "person"
    assert shown.data["defaults"]["zone"]["from"] is None
    assert shown.data["own_prices"] == 1
    assert "by <@U1>" in words(shown)


def test_a_stored_answer_asks_the_same_again_whatever_the_defaults_are_then(service, asker):
    service.answer("defaults hours 176, provider aws, discount 20%", asker)
    first = service.answer(RENTED, asker)
    assert first.data["asked"].endswith("20% discount, aws, 176 hours a month")
    service.answer("defaults hours 730, provider none, discount none", asker)
    again = service.answer("rerun 1", asker)
    assert again.data["results"]["cost"]["provisioned"] == first.data["results"]["cost"]["provisioned"]
    assert "nothing changed" in words(again)


def test_an_answer_from_before_a_default_asks_the_same_again(service, asker):
    service.answer(OWNED, asker)
    service.answer("defaults hours 176", asker)
    assert "nothing changed" in words(service.answer("rerun 1", asker))
    assert "nothing changed" not in words(service.answer("what if 1: batch 8", asker))


def test_options_of_a_comparison_take_the_defaults_each_for_itself(service, asker):
    service.answer("defaults provider aws, hours 176", asker)
    answer = service.answer("compare llama-3.1-8b on H100 vs RTX4090, 1000 req/h", asker)
    told = [option.get("defaults") for option in answer.data["options"]]
    assert told == [["176 hours a month: your default", "aws: your default"], ["176 hours a month: your default"]]
    assert "nothing changed" in words(service.answer("rerun 1", asker))


@pytest.mark.parametrize(("required", "hours"), [("business hours", 176), ("24/7", 720)])
def test_required_availability_comes_before_default_hours(service, asker, required, hours):
    service.answer("defaults hours 300", asker)
    answer = service.answer(f"compare llama-3.1-8b on H100 vs L4, 1000 req/h, {required}", asker)
    assert {option["results"]["cost"]["provisioned"]["hours_per_month"] for option in answer.data["options"]} == {hours}


def test_a_full_month_by_default_is_around_the_clock(service, asker):
    service.answer("defaults hours 730", asker)
    answer = service.answer("compare llama-3.1-8b on H100 vs L4, 1000 req/h, 24/7", asker)
    assert {option["results"]["cost"]["provisioned"]["hours_per_month"] for option in answer.data["options"]} == {730}


def test_a_search_takes_default_hours_and_looks_at_every_provider(service, asker):
    service.answer("defaults provider aws, hours 176, discount 20%", asker)
    answer = service.answer("recommend llama-3.1-8b, 1k in 300 out, 500 req/h", asker)
    assert "176 hours a month" in answer.data["asked"]
    assert "aws" not in answer.data["asked"]


def test_a_break_even_takes_the_defaults_of_its_hardware(service, asker):
    service.answer("defaults hours 176", asker)
    answer = service.answer("break-even llama-3.1-8b on L4 vs gpt-4o-mini, 1k in 300 out, 2000 req/h", asker)
    assert "176 hours a month" in answer.data["asked"]
    assert "176 hours a month: your default" in words(answer)


def test_a_scenario_is_kept_with_the_defaults_of_whoever_saves_it(service, asker):
    service.answer("defaults hours 176", asker)
    service.answer("scenario save support: compare llama-3.1-8b on H100 vs L4, 1000 req/h", asker)
    assert "176 hours a month" in service.answer("scenario support", BEN).data["asked"]


def test_a_tracked_deployment_and_its_summary_stay_what_they_are_when_defaults_change(service, asker):
    service.answer("defaults hours 176, provider aws", asker)
    tracked = service.answer("track chat: llama-3.1-8b on H100, 1000 req/h, since 2026-11-01", asker)
    assert "176 hours a month: your default" in words(tracked)
    service.answer("schedule every monday 09:00 UTC in here", asker)
    schedule = service._tables.schedules.all(asker)[0]
    due = NOON.replace(hour=9) - timedelta(days=1)
    before = service.summary(schedule, due)
    service.answer("defaults hours 730, provider none, zone Asia/Tokyo", asker)
    service.answer("defaults workspace hours 100, discount 50%", asker)
    assert service.summary(schedule, due) == before
    assert "aws" in service.answer("deployment chat", asker).data["question"]


def test_a_schedule_without_a_zone_is_kept_in_the_default_one(service, asker):
    service.answer("schedule every monday 09:00 in here", asker)
    service.answer("defaults zone Berlin", asker)
    service.answer("schedule every monday 09:00 in here", asker)
    specs = [one.spec for one in service._tables.schedules.all(asker)]
    assert [spec.rpartition(" ")[2] for spec in specs] == ["Asia/Tokyo", "Europe/Berlin"]


def test_an_estimate_is_answered_without_defaults_where_the_database_refuses(service, asker, monkeypatch):
    service.answer("defaults hours 176", asker)

    def locked(*_):
        raise DatabaseLocked("x")

    monkeypatch.setattr("storage.defaults.Defaults.of", locked)
    assert "defaults" not in service.answer(OWNED, asker).data


def test_only_an_admin_opens_the_form_of_the_workspaces_defaults(service, asker):
    assert "Workspace's defaults" in json.dumps(service.answer("form defaults workspace", asker).view)
    with pytest.raises(QuestionError, match="Only a workspace admin"):
        service.answer("form defaults workspace", BEN)


def test_a_rate_keeps_its_day_while_other_defaults_change(tmp_path):
    days = iter(range(100))
    with fresh(tmp_path / "inference.db") as database:
        service = Service(database, lambda: NOON + timedelta(days=next(days)), people=Team())
        service.answer("defaults currency EUR at 0.92", BEN)
        before = service.answer("defaults", BEN).data["defaults"]["currency"]["since"]
        service.answer("defaults hours 730, currency EUR at 0.92", BEN)
        assert service.answer("defaults", BEN).data["defaults"]["currency"]["since"] == before


def test_the_amounts_of_a_comparison_name_their_option(service, asker):
    service.answer("defaults currency EUR at 0.5", asker)
    answer = service.answer("compare llama-3.1-8b on H100 $2/h vs L4 $1/h, 1000 req/h, 100 hours a month", asker)
    lines = [line for option in answer.data["options"] for line in option["defaults"]]
    assert [line.partition(":")[0][:9] for line in lines] == ["A in EUR ", "B in EUR "]
    assert "kept a month 100.00 EUR" in lines[0]


def test_an_answer_is_shared_in_the_channel_that_is_said(service, asker):
    service.answer(OWNED, asker)
    shared = service.answer("share 1 in <#C7>", asker)
    assert (shared.audience, shared.channel, shared.shares) == ("channel", "C7", 1)
    with pytest.raises(QuestionError):
        service.answer("form share 1", BEN)
