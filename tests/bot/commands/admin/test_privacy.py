"""What is kept of people and of the workspace: shown, taken away, erased, and for how long."""

import json
from datetime import timedelta

import pytest

from bot.access.people import Strangers
from bot.background.hourly import LOOKS, HourlyLook
from bot.books.status import EVERY
from bot.desk.asker import Asker
from bot.service import Service
from bot.views.admin.privacy import WORDS
from storage.audit import audit_line
from storage.comparisons import Comparisons
from storage.retention import Retention
from tests.bot.conftest import NOON
from tests.storage.fresh import fresh
from tests.storage.test_personal import fill
from tests.storage.test_retention import keep_busy

QUESTION = "7B on L4, 500 tokens"
DAY = timedelta(days=1)


class Known(Strangers):
    """Ada is an admin."""

    def is_admin(self, user_id: str) -> bool:
        return user_id == "U0ADA"


@pytest.fixture
def database(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        yield database


@pytest.fixture
def service(database) -> Service:
    return Service(database, lambda: NOON, people=Known())


@pytest.fixture
def ada() -> Asker:
    return Asker(team_id="T1", user_id="U0ADA", channel_id="C1", channel_name="general")


@pytest.fixture
def ben(ada) -> Asker:
    return ada.model_copy(update={"user_id": "U0BEN"})


def words(reply) -> str:
    return json.dumps(list(reply.blocks), ensure_ascii=False)


def audited(service, ada) -> list[tuple[str, str, str, str]]:
    changes = service.reply("audit", ada).data["changes"]
    return [(one["who"], one["subject"], one["what"], one["after"]) for one in changes]


def test_privacy_says_what_is_kept_who_sees_it_and_how_long(service, ben):
    service.reply(QUESTION, ben)
    service.reply("track bot: 7B on L4 1000/h", ben)
    shown = service.reply("privacy", ben)
    assert shown.data["kept"] == {"comparisons": 1, "deployments": 1, "plans": 1, "changes": 1}
    assert "1 answer, 1 tracked deployment, 1 line of the audit" in shown.text
    assert "Who sees it" in words(shown)
    assert "until you delete them" in words(shown)
    assert "Admins:" not in words(shown)


def test_an_export_is_a_file_of_everything_of_the_asker_and_stands_in_the_audit(service, ada, ben):
    service.reply(QUESTION, ada), service.reply("7B on H100, 700 tokens", ben)
    reply = service.reply("privacy export", ben)
    exported = json.loads(reply.file.content)
    assert [row["question"] for row in exported["comparisons"]] == ["7B on H100, 700 tokens"]
    assert "in your direct messages" in reply.text
    assert ("U0BEN", "privacy", "exported", "what is theirs") in audited(service, ada)


def test_only_admins_export_the_workspace_and_nobody_exports_someone_else(service, ada, ben):
    service.reply(QUESTION, ben)
    assert "Only a workspace admin" in service.reply("privacy export workspace", ben).text
    assert service.reply("privacy export <@U0BEN>", ada).file is None
    whole = json.loads(service.reply("privacy export workspace", ada).file.content)
    assert {row["user_id"] for row in whole["comparisons"]} == {"U0BEN"}


def test_erasing_asks_first_with_what_goes_and_what_stays(service, ben):
    service.reply(QUESTION, ben)
    service.reply("track bot: 7B on L4 1000/h", ben)
    asked = service.reply("privacy erase", ben)
    assert "*Goes:* 1 answer." in words(asked)
    assert "1 tracked deployment" in words(asked)
    assert "Messages stay in Slack" in words(asked)
    [button] = [one for block in asked.blocks if block["type"] == "actions" for one in block["elements"]]
    assert button["value"] == "privacy erase <@U0BEN> yes"
    assert "1 answer" in button["confirm"]["text"]["text"]
    assert service.reply("show 1", ben).data


def test_erased_everything_of_a_person_is_gone_and_the_audit_has_no_id_of_theirs(service, ada, ben):
    service.reply(QUESTION, ben)
    service.reply("track bot: 7B on L4 1000/h", ben)
    assert "1 answer" in service.reply("privacy erase <@U0BEN> yes", ben).text
    assert service.reply("privacy", ben).data["kept"] == {}
    assert "no #1" in service.reply("show 1", ben).text
    assert ("gone", "privacy", "erased", "what is theirs") in audited(service, ada)
    assert "U0BEN" not in json.dumps(service.reply("audit", ada).data)
    assert service.reply("deployment bot", ada).data


def test_the_button_of_someone_elses_question_erases_nothing(service, ada, ben):
    """It names whose data goes, so that whoever presses it loses nothing of their own."""
    cid = ben.model_copy(update={"user_id": "U0CID"})
    service.reply(QUESTION, ben), service.reply(QUESTION, cid)
    assert "Only a workspace admin" in service.reply("privacy erase <@U0BEN> yes", cid).text
    assert (
        service.reply("privacy", ben).data["kept"] == service.reply("privacy", cid).data["kept"] == {"comparisons": 1}
    )
    assert service.reply("privacy erase <@U0BEN> yes", ada).data["gone"]["comparisons"] == 1
    assert ("U0ADA", "privacy", "erased", "a person") in audited(service, ada)


def test_an_admin_erases_the_workspace_with_its_schedules_and_one_line_says_who_did(service, ada, ben):
    service.reply(QUESTION, ben)
    service.reply("schedule daily 09:00 UTC in <#C1>", ben)
    assert "Only a workspace admin" in service.reply("privacy erase workspace yes", ben).text
    assert "1 schedule" in words(service.reply("privacy erase workspace", ada))
    service.reply("privacy erase workspace yes", ada)
    assert audited(service, ada) == [("U0ADA", "privacy", "erased", "everything of the workspace")]
    assert service.reply("privacy", ben).data["kept"] == {}
    assert service.desk(ada).schedules.all() == ()


def look_for_a_day(database, start):
    """Every hour from then on, until what was old at the start is removed."""
    for hour in range(LOOKS + 1):
        HourlyLook(database, "T1", lambda at=start + hour * timedelta(hours=1): at).run_once()


def test_an_admin_sets_how_long_answers_are_kept_and_is_asked_where_some_are_older(service, database, ada, ben):
    service.reply(QUESTION, ben)
    Service(database, lambda: NOON - 10 * DAY).reply(QUESTION, ben)
    assert "Only a workspace admin" in service.reply("privacy keep 7 days", ben).text
    assert service.reply("privacy keep 7 days", ada).data == {"keep_days": 7, "older": 1}
    assert service.reply("privacy", ada).data["keep_days"] is None
    service.reply("privacy keep 1 week yes", ada)
    assert "for 7 days" in words(service.reply("privacy", ben))
    HourlyLook(database, "T1", lambda: NOON).run_once()
    assert len(list(Comparisons(database).export("T1", "U0BEN"))) == 2, "a moment's time removes nothing"
    look_for_a_day(database, NOON + EVERY)
    assert len(list(Comparisons(database).export("T1", "U0BEN"))) == 1
    assert "until they are deleted" in service.reply("privacy keep forever", ada).text
    assert [one for one in audited(service, ada) if one[1] == "workspace"] == [
        ("U0ADA", "workspace", "keep answers", "forever"),
        ("U0ADA", "workspace", "keep answers", "7 days"),
    ]


def test_what_was_deleted_can_be_taken_back_for_thirty_days_and_is_gone_then(service, database, ben):
    service.reply(QUESTION, ben)
    service.reply("delete 1 yes", ben)
    look_for_a_day(database, NOON + 29 * DAY)
    service.reply("undelete 1", ben)
    service.reply("delete 1 yes", ben)
    look_for_a_day(database, NOON + 31 * DAY)
    look_for_a_day(database, NOON + 33 * DAY)
    assert "no #1" in service.reply("undelete 1", ben).text


def test_without_a_limit_answers_are_kept_forever(service, database, ben):
    service.reply(QUESTION, ben)
    look_for_a_day(database, NOON + 5000 * DAY)
    assert service.reply("show 1", ben).data


@pytest.mark.parametrize(
    "text", ["export <@U1>", "export yes", "erase everything", "keep 0 days", "keep 40000 days", "guests perhaps"]
)
def test_what_is_not_understood_says_what_to_write(service, ada, text):
    assert "error" in service.reply(f"privacy {text}", ada).data


def test_the_file_goes_to_direct_messages_and_what_was_shared_stays_after_erasing(place):
    ben = place.person("ben")
    ben.type(f"/inference {QUESTION}")
    ben.click(ben.wait_for_message(containing="Fits"), "Share to channel")
    ben.wait_for_message(containing="Posted")
    ben.type("/inference privacy")
    shown = ben.wait_for_message(containing="What I keep about you")
    ben.click(shown, "Export my data")
    assert [file["name"] for file in ben.wait_for_message(channel="@app").files] == ["inference-my-data.json"]
    ben.click(shown, "Erase my data…")
    ben.click(ben.wait_for_message(containing="Erase what I keep about you?"), "Erase")
    ben.wait_for_message(containing="is erased")
    ben.type("/inference history")
    ben.wait_for_message(containing="Nothing is stored yet")
    assert any("Fits" in one.words for one in place.person().messages())


BOOKKEEPING = {"accepted", "channels", "homes", "workspace_facts", "comparison_numbers"}
"""Tables of the bot's own, of which nobody is told how many rows there are."""


def counted(database):
    """How many rows each table has that belongs to a workspace."""
    with database.read() as connection:
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()]
        owned = [
            name
            for name in names
            if "team_id" in {column["name"] for column in connection.execute(f"PRAGMA table_info({name})").fetchall()}
        ]
        return {
            name: connection.execute(f"SELECT count(*) FROM {name} WHERE team_id = 'T1'").fetchone()[0]
            for name in owned
        }


def test_every_table_of_a_workspace_has_its_word_or_is_the_bots_own(database):
    assert set(counted(database)) == set(WORDS) | BOOKKEEPING


def test_what_is_said_to_go_with_a_person_is_what_goes(database):
    fill(database), fill(database, user="U0BEN"), keep_busy(database, user="U0ADA", name="alone", channel="D0ADA")
    before, said = counted(database), Retention(database).going("T1", "U0ADA")
    Retention(database).erase_person("T1", "U0ADA", audit_line("privacy", "U0ADA", NOON, "erased", "", ""))
    after = counted(database)
    gone = {name: before[name] - after[name] for name in WORDS if name != "changes" and before[name] > after[name]}
    assert gone == {name: number for name, number in said.items() if number}


def test_nothing_of_a_workspace_is_left_when_it_is_erased(database):
    fill(database), fill(database, user="U0BEN"), keep_busy(database, user="U0ADA", name="alone", channel="D0ADA")
    assert all(counted(database).values())
    Retention(database).erase_team("T1")
    assert not any(counted(database).values())
