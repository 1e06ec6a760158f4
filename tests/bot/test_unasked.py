"""Nobody is written to against their will: not another person, not too often, not outside without a second word."""

import json
from datetime import timedelta

import pytest

from bot.access.people import Strangers, UnknownChannels
from bot.books.schedules import MOST
from bot.desk.asker import Asker
from bot.service import Service
from storage.schedules import NewSchedule, Schedules
from tests.bot.conftest import NOON
from tests.storage.fresh import fresh

ADA = Asker(team_id="T1", user_id="U0ADA", channel_id="C1", channel_name="general")
BEN = Asker(team_id="T1", user_id="U0BEN", channel_id="U0BEN", channel_name="directmessage", private=True)
QUESTION = "7B on RTX4090, 500 tokens"


class Partners(UnknownChannels):
    """One channel is shared with another organisation."""

    def is_public(self, team_id, channel_id):
        return True

    def is_shared(self, team_id, channel_id):
        return channel_id == "C0PARTNER"


class Neighbours(Strangers):
    channels = Partners()


@pytest.fixture
def service(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        here = Service(database, lambda: NOON, people=Neighbours())
        here.reply(QUESTION, ADA)
        yield here


def refused(service, text, asker=ADA):
    return service.reply(text, asker).data.get("refused")


@pytest.mark.parametrize("someone", ["U0VICTIM", "W0VICTIM", "D0VICTIM"])
@pytest.mark.parametrize(
    "text",
    [
        "schedule daily 09:00 UTC in <#{}>",
        "schedule 1 becomes daily 09:00 UTC in <#{}>",
        "share 1 in <#{}>",
        "share 1 to <#{}|ben>",
        f"{QUESTION} in <#{{}}>",
        "compare 7B on L4 vs 13B on A100, 500 tokens in <#{}>",
        "anyway share 1 in <#{}>",
        "recommend 7B on L4 in <#{}>",
        "anyway recommend 7B on L4 in <#{}>",
        "what if 1: fp8 in <#{}>",
        "break-even 7B on L4 vs gpt-4o, 500 tokens in <#{}>",
    ],
)
def test_nothing_is_posted_to_another_person(service, text, someone):
    service.reply("schedule daily 09:00 UTC", ADA)
    answer = service.reply(text.format(someone), ADA)
    assert answer.data.get("refused") == "person"
    assert answer.channel is None
    assert [one.channel_id for one in service.desk(ADA).schedules.all()] == ["C1"]


def test_one_may_schedule_and_share_to_oneself(service):
    assert "is set" in service.reply("schedule daily 09:00 UTC in <#U0ADA>", ADA).text
    assert service.reply("share 1 in <#U0ADA>", ADA).channel == "U0ADA"
    alone = ADA.model_copy(update={"channel_id": "D0ADA", "channel_name": "directmessage", "private": True})
    assert "is set" in service.reply("schedule daily 09:00 UTC", alone).text


@pytest.mark.parametrize("word", ["pause", "delete"])
def test_whoever_gets_summaries_in_their_direct_messages_finds_and_stops_them(service, word):
    """Older versions let others schedule them."""
    new = NewSchedule(team_id="T1", user_id="U0ADA", channel_id="U0BEN", private=True, spec="daily at 09:00 UTC")
    Schedules(service._tables.database).add(new, NOON + timedelta(hours=1), NOON)
    inside = BEN.model_copy(update={"channel_id": "C1", "channel_name": "general", "private": False})
    assert "daily at 09:00" in json.dumps(service.reply("schedules", inside).blocks)
    assert "belongs to someone else" in service.reply("schedule 1 run", inside).text
    assert "Schedule 1 is" in service.reply(f"schedule 1 {word}", inside).text
    assert "belongs to someone else" in service.reply("schedule 1 becomes hourly", inside).text


def test_no_rule_lets_the_clock_write_to_someone_else(service):
    rules = service.desk(ADA).rules
    assert rules.posts_in("C1")
    assert rules.posts_in("U0ADA")
    assert not rules.posts_in("U0BEN")


@pytest.mark.parametrize("spec", ["* * * * * UTC", "every 15 minutes", "0,30 9 * * 1 UTC"])
def test_a_summary_comes_at_most_once_an_hour(service, spec):
    assert "more often than hourly" in service.reply(f"schedule {spec}", ADA).text
    service.reply("schedule hourly", ADA)
    assert "more often than hourly" in service.reply(f"schedule 1 becomes {spec}", ADA).text


def test_a_person_may_have_so_many_schedules(service):
    for _ in range(MOST):
        assert "is set" in service.reply("schedule daily 09:00 UTC", ADA).text
    assert f"{MOST} schedules already" in service.reply("schedule daily 09:00 UTC", ADA).text
    service.reply("schedule 1 delete", ADA)
    assert "is set" in service.reply("schedule daily 09:00 UTC", ADA).text
    assert "is set" in service.reply("schedule daily 09:00 UTC", BEN).text


@pytest.mark.parametrize(
    "text", ["schedule daily at 09:00 UTC in <#C0PARTNER>", "share 1 in <#C0PARTNER>", f"{QUESTION} in <#C0PARTNER>"]
)
def test_what_another_organisation_would_read_needs_a_second_word(service, text):
    asked = service.reply(text, ADA)
    assert "shared with another organisation" in asked.text
    assert asked.channel is None
    assert service.desk(ADA).schedules.all() == ()
    typed = next(one["value"] for block in asked.blocks if block["type"] == "actions" for one in block["elements"])
    done = service.reply(typed, ADA)
    assert done.channel == "C0PARTNER" or "is set" in done.text


def test_there_here_counts_as_well_and_an_answer_for_the_asker_alone_does_not(service):
    there = ADA.model_copy(update={"channel_id": "C0PARTNER", "channel_name": "partners"})
    service.reply(QUESTION, there)
    assert "asks" in service.reply("share 2", there).data
    assert "asks" in service.reply("schedule daily 09:00 UTC", there).data
    assert "asks" in service.reply("share 2 in here", there).data
    assert "asks" not in service.reply(QUESTION, there).data
    assert "asks" not in service.reply("schedules", there).data


def test_anyway_needs_a_question_and_is_said_once(service):
    assert "needs a question after it" in service.reply("anyway", ADA).text
    assert "said twice" in service.reply("anyway anyway share 1", ADA).text


@pytest.mark.parametrize("text", ["recommend 7B on L4 in <#C0PARTNER>", "what if 1: fp8 in <#C0PARTNER>"])
def test_no_kind_of_question_gets_around_the_second_word_or_an_admins_list(service, text):
    assert "asks" in service.reply(text, ADA).data
    assert service.reply(f"anyway {text}", ADA).channel == "C0PARTNER"
    service._tables.workspaces.set("T1", "only channels", "C1")
    assert service.reply(f"anyway {text}", ADA).data["refused"] == "channel"


@pytest.mark.parametrize("name", ["general", "u0ben", "c0partner"])
def test_only_ids_that_slack_writes_are_channels(service, name):
    for text in ("share 1 in <#{}>", "schedule daily 09:00 UTC in <#{}>"):
        assert "error" in service.reply(text.format(name), ADA).data


def test_a_deleted_schedule_comes_back_only_where_there_is_room(service):
    for _ in range(MOST):
        service.reply("schedule daily 09:00 UTC", ADA)
    service.reply("schedule 1 delete", ADA)
    service.reply("schedule daily 09:00 UTC", ADA)
    assert f"{MOST} schedules already" in service.reply("schedule 1 restore", ADA).text
