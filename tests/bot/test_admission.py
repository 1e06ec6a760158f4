"""Guests, people of other organisations, and channels that an admin has not listed: refused on every surface, harmlessly."""

import json

import pytest
from slack_bolt import BoltRequest
from slack_bolt.authorization import AuthorizeResult

from bot.access.people import Strangers, UnknownChannels
from bot.desk.asker import Asker
from bot.service import Service
from bot.slack.askers import is_for, is_of_others
from bot.slack.people import SlackPeople
from bot.views.kit.form import Origin
from bot.workspace.models import TEAM_ID
from storage.comparisons import Comparisons
from storage.database import Database
from storage.personal import Personal
from tests.bot.conftest import NOON
from tests.storage.fresh import fresh

QUESTION = "7B on RTX4090, 500 tokens"
GUESTS = "Guests cannot ask here"
ELSEWHERE = "and in direct messages; ask me there"
GENERAL, COSTS = "C0GENERAL1", "C0LLMCOSTS"


def stored(place) -> int:
    """How many answers there are, of anyone."""
    with Database(place.database) as database:
        return Personal(database).counts(TEAM_ID).get("comparisons", 0)


def shared(place):
    """Ada's answer, where everyone sees it."""
    ada = place.person()
    ada.type(f"/inference {QUESTION}")
    ada.click(ada.wait_for_message(containing="Fits"), "Share to channel")
    ada.wait_for_message(containing="Posted")


@pytest.mark.parametrize(
    "ask",
    [
        lambda gia: gia.type(f"/inference {QUESTION}"),
        lambda gia: gia.type("/inference"),
        lambda gia: gia.mention(QUESTION),
        lambda gia: gia.shortcut("new_estimate"),
    ],
)
def test_a_guest_gets_one_sentence_that_only_they_see_and_nothing_is_stored(place, ask):
    gia = place.person("gia")
    ask(gia)
    place.client.wait_until(lambda _: told(gia, GUESTS))
    assert len(told(gia, GUESTS)) == 1
    assert told(place.person("ben"), GUESTS) == []
    assert stored(place) == 0


def told(person, words):
    """What someone is told, in the channel or in their direct messages."""
    return [one for channel in ("#general", "@app") for one in person.messages(channel) if words in one.words]


def test_a_guest_presses_a_button_of_a_shared_answer_in_vain(place):
    shared(place)
    gia = place.person("gia")
    gia.click(gia.wait_for_message(containing="Fits"), "Re-run")
    assert gia.wait_for_message(containing=GUESTS).is_ephemeral
    assert stored(place) == 1


def test_a_guest_finds_the_sentence_on_their_home_tab_and_nothing_is_kept_of_them(place):
    assert GUESTS in place.person("gia").home().words
    with Database(place.database) as database:
        assert Personal(database).counts(TEAM_ID, "U0LOCALGIA") == {}


def test_an_admin_allows_guests_and_a_form_that_was_open_when_they_were_refused_again_is_refused(place):
    ada, gia = place.person(), place.person("gia")
    ada.type("/inference privacy guests allow")
    ada.wait_for_message(containing="Guests of this workspace may ask me")
    gia.type(f"/inference form {QUESTION}")
    gia.wait_for_modal("Inference estimate")
    ada.type("/inference privacy guests refuse")
    ada.wait_for_message(containing="may not ask me from now on")
    assert gia.submit({}) == {}
    gia.wait_for_message(containing=GUESTS)
    assert stored(place) == 0


THEM = {"id": "U0THEM", "team_id": "T0FOREIGN", "username": "them"}
PLACE = {"team": {"id": TEAM_ID}, "channel": {"id": GENERAL, "name": "general"}}
STATE = {"values": {"model_size": {"model_size": {"selected_option": {"value": "llama-2-7b"}}}}}
FORM = {
    "id": "V1",
    "type": "modal",
    "callback_id": "estimate",
    "state": STATE,
    "private_metadata": Origin(channel=GENERAL, channel_name="general").model_dump_json(),
    "blocks": [
        {"type": "input", "block_id": "model_size", "element": {"type": "external_select", "action_id": "model_size"}}
    ],
}
FOREIGN = {
    "command": {"command": "/inference", "text": QUESTION, "team_id": "T0FOREIGN", "user_id": "U0THEM", "channel_id": GENERAL,
                "channel_name": "general", "trigger_id": "1"},
    "button": {"type": "block_actions", **PLACE, "user": THEM, "container": {"type": "message", "channel_id": GENERAL},
               "actions": [{"type": "button", "action_id": "show", "block_id": "b", "value": QUESTION}]},
    "form": {"type": "view_submission", **PLACE, "user": THEM, "view": FORM},
    "select": {"type": "block_suggestion", **PLACE, "user": THEM, "action_id": "model_size", "block_id": "model_size", "value": "q"},
    "mention": {"type": "event_callback", "event_id": "Ev1", "team_id": TEAM_ID, "event": {
        "type": "app_mention", "user": "U0THEM", "user_team": "T0FOREIGN", "channel": GENERAL, "ts": "1.1", "text": QUESTION}},
    "shortcut": {"type": "shortcut", "team": {"id": TEAM_ID}, "user": THEM, "callback_id": "new_estimate", "trigger_id": "1"},
    "message shortcut": {"type": "message_action", **PLACE, "user": THEM, "callback_id": "size_message", "trigger_id": "1",
                         "message": {"text": QUESTION, "ts": "1.1"}},
}  # fmt: skip


class Sent:
    """What the bot sends instead of Slack."""

    def __init__(self, place, monkeypatch):
        self.told: list[dict[str, object]] = []
        self.opened: list[dict[str, object]] = []
        for name in ("chat_postEphemeral", "chat_postMessage"):
            monkeypatch.setattr(f"slack_sdk.WebClient.{name}", lambda _, **said: self.told.append(said) or {"ts": "1"})
        monkeypatch.setattr("slack_sdk.WebClient.views_open", lambda _, **view: self.opened.append(view))


@pytest.mark.parametrize("surface", FOREIGN)
def test_people_of_another_organisation_are_refused_on_every_surface(place, monkeypatch, surface):
    sent = Sent(place, monkeypatch)
    response = place.bot.app.dispatch(BoltRequest(body=json.loads(json.dumps(FOREIGN[surface])), mode="socket_mode"))
    assert response.status == 200
    assert "options" not in str(response.body)
    place.bot.finish()
    assert [one["text"] for one in sent.told] == [
        "This calculator answers only people of the workspace that installed it."
    ] * (surface != "select")
    assert {one.get("user", one["channel"]) for one in sent.told} <= {"U0THEM"}
    assert sent.opened == []
    assert stored(place) == 0


OUTSIDE = {"id": "U0THEM", "team_id": "T0OTHER", "enterprise_user": {"enterprise_id": "E0OTHER"}}
MENTION = {"type": "app_mention", "user": "U0THEM", "channel": GENERAL, "ts": "1.1", "text": QUESTION}
EVENT = {"type": "event_callback", "event_id": "Ev1", "team_id": TEAM_ID}
SMUGGLED = {
    "an enterprise of theirs": {**EVENT, "event": MENTION},
    "a team of theirs beside": {**EVENT, "event": {**MENTION, "team": "T0OTHER"}},
    "a source team of theirs": {**EVENT, "event": {**MENTION, "source_team": "T0OTHER"}},
    "their enterprise as the person's team": {**EVENT, "event": {**MENTION, "user_team": "E0OTHER"}},
    "an outer team of theirs": {**EVENT, "team_id": "T0OTHER", "event": MENTION},
    "a shared channel": {**EVENT, "is_ext_shared_channel": True, "event": MENTION},
    "a command without a team": {**FOREIGN["command"], "team_id": ""},
    "a command of another enterprise": {**FOREIGN["command"], "team_id": "T0OTHER", "enterprise_id": "E0OTHER"},
    "a press with our team on it": {**FOREIGN["button"], "user": {"id": "U0THEM"}},
}


@pytest.mark.parametrize("known", [True, False], ids=["known", "unknown"])
@pytest.mark.parametrize("how", SMUGGLED)
def test_nobody_of_another_organisation_gets_in_by_what_a_payload_says_or_leaves_out(place, monkeypatch, how, known):
    """Slack's record of the person decides, and where there is none they are refused as well."""

    def users_info(_, user):
        if not known:
            raise TimeoutError
        return {"user": OUTSIDE}

    sent = Sent(place, monkeypatch)
    monkeypatch.setattr("slack_sdk.WebClient.users_info", users_info)
    assert (
        place.bot.app.dispatch(BoltRequest(body=json.loads(json.dumps(SMUGGLED[how])), mode="socket_mode")).status
        == 200
    )
    place.bot.finish()
    [said] = {one["text"] for one in sent.told}
    assert "only people of the workspace" in said or "does not tell me who you are" in said
    assert rows_of_others(place) == 0
    assert stored(place) == 0


def rows_of_others(place) -> int:
    """Rows under any workspace but ours; what is of the machine is under none."""
    with Database(place.database) as database, database.read() as connection:
        tables = [
            row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        ]
        owned = [
            one
            for one in tables
            if "team_id" in {row[1] for row in connection.execute(f"PRAGMA table_info({one})").fetchall()}
        ]
        return sum(
            connection.execute(f"SELECT count(*) FROM {one} WHERE team_id NOT IN (?, '')", (TEAM_ID,)).fetchone()[0]
            for one in owned
        )


def test_what_is_meant_for_another_installation_is_left_alone(place, monkeypatch):
    sent = Sent(place, monkeypatch)
    body = {
        **EVENT,
        "authorizations": [{"team_id": "T0OTHER", "enterprise_id": None}],
        "event": {**MENTION, "user": "U0LOCALADA"},
    }
    assert place.bot.app.dispatch(BoltRequest(body=body, mode="socket_mode")).status == 200
    place.bot.finish()
    assert sent.told == []
    assert stored(place) == 0


def test_one_of_ours_is_answered_in_a_channel_that_another_organisation_hosts(place, monkeypatch):
    sent = Sent(place, monkeypatch)
    event = {**MENTION, "user": "U0LOCALADA", "user_team": TEAM_ID, "team": TEAM_ID}
    body = {**EVENT, "team_id": "T0OTHER", "is_ext_shared_channel": True, "event": event}
    assert place.bot.app.dispatch(BoltRequest(body=body, mode="socket_mode")).status == 200
    place.bot.finish()
    assert "only people" not in str(sent.told)
    assert stored(place) == 1
    assert rows_of_others(place) == 0


@pytest.mark.parametrize(
    ("enterprise", "body", "others"),
    [
        (None, {"command": "/inference", "team_id": "T0US"}, False),
        (None, {"command": "/inference", "team_id": "T0SIBLING", "enterprise_id": "E0US"}, True),
        ("E0US", {"command": "/inference", "team_id": "T0SIBLING", "enterprise_id": "E0US"}, False),
        ("E0US", {"command": "/inference", "team_id": "T0OTHER", "enterprise_id": "E0OTHER"}, True),
        ("E0US", {"user": {"team_id": "T0SIBLING"}, "enterprise": {"id": "E0US"}}, False),
        ("E0US", {"user": {"team_id": "T0OTHER"}, "enterprise": {"id": "E0OTHER"}}, True),
        ("E0US", {"event": {"user_team": "E0US"}}, False),
        ("E0US", {"event": {"user_team": "E0OTHER"}}, True),
        ("E0US", {"event": {"user_team": "T0US", "source_team": "T0SIBLING"}}, False),
        (None, {"event": {"user_team": "T0US", "source_team": "T0OTHER"}}, True),
        (None, {"event": {}}, False),
    ],
)
def test_a_payload_shows_that_its_person_is_of_others(enterprise, body, others):
    ours = AuthorizeResult(enterprise_id=enterprise, team_id="T0US")
    assert is_of_others(body, ours) is others


def test_an_installation_of_the_organisation_is_ours():
    ours = AuthorizeResult(enterprise_id="E0US", team_id="T0US")
    assert is_for(
        {"authorizations": [{"team_id": "T0SIBLING", "enterprise_id": "E0US", "is_enterprise_install": True}]}, ours
    )
    assert not is_for(
        {"authorizations": [{"team_id": "T0SIBLING", "enterprise_id": "E0US", "is_enterprise_install": False}]}, ours
    )


class Slack:
    """Answers users.info, and counts how often it is asked."""

    def __init__(self, **user):
        self.user, self.asked, self.enterprise_id = {"id": "U1", "team_id": "T1", **user}, 0, "E1"

    def auth_test(self):
        if self.enterprise_id is None:
            raise TimeoutError
        return {"team_id": "T1", "enterprise_id": self.enterprise_id}

    def users_info(self, user):
        self.asked += 1
        if self.user is None:
            raise TimeoutError
        return {"user": self.user}


@pytest.mark.parametrize(
    ("user", "guest", "foreign"),
    [
        ({}, False, False),
        ({"is_restricted": True}, True, False),
        ({"is_restricted": True, "is_ultra_restricted": True}, True, False),
        ({"team_id": "T2"}, False, True),
        ({"is_stranger": True}, False, True),
        ({"team_id": "T2", "enterprise_user": {"id": "W1"}}, False, True),
        ({"team_id": "T2", "enterprise_user": {"id": "W1", "enterprise_id": "E1"}}, False, False),
        ({"team_id": "T2", "enterprise_user": {"id": "W1", "enterprise_id": "E2"}}, False, True),
    ],
)
def test_who_is_a_guest_or_of_another_organisation_is_what_slack_says(user, guest, foreign):
    slack = Slack(**user)
    people = SlackPeople(slack, UnknownChannels())
    assert (people.is_known("U1"), people.is_guest("U1"), people.is_foreign("U1", "T1")) == (True, guest, foreign)
    assert slack.asked == 1


def test_where_the_bots_own_organisation_is_not_known_nobody_of_another_workspace_is_of_it():
    slack = Slack(team_id="T2", enterprise_user={"enterprise_id": "E1"})
    slack.enterprise_id = None
    people = SlackPeople(slack, UnknownChannels())
    assert people.is_foreign("U1", "T1")
    slack.enterprise_id = "E1"
    assert not people.is_foreign("U1", "T1")
    slack.enterprise_id = ""
    assert SlackPeople(slack, UnknownChannels()).is_foreign("U1", "T1")


def test_where_slack_does_not_answer_people_are_who_they_were_and_others_are_unknown():
    slack = Slack(is_restricted=True)
    people = SlackPeople(slack, UnknownChannels(), remembered_s=0)
    assert people.is_guest("U1")
    slack.user = None
    assert people.is_guest("U1")
    assert not people.is_known("U2")


def test_where_the_database_does_not_answer_members_are_answered_and_guests_are_not(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        service = Service(database, lambda: NOON, people=Guests())
        database.path.unlink()
        member, guest = (Asker(team_id="T1", user_id=one, channel_id="C1") for one in ("U1", "U0GIA"))
        assert "RTX 4090" in service.reply(QUESTION, member).text
        assert GUESTS in service.reply(QUESTION, guest).text


class Guests(Strangers):
    def is_guest(self, user_id):
        return user_id == "U0GIA"


class Foreign(Strangers):
    def is_foreign(self, user_id, team_id):
        return user_id == "U0THEM"


def test_the_home_tab_of_another_organisations_person_shows_nothing_of_ours(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        service = Service(database, lambda: NOON, people=Foreign())
        service.reply("track bot: 7B on L4 1000/h", Asker(team_id="T1", user_id="U1", channel_id="C1"))
        home = json.dumps(service.home(Asker(team_id="T1", user_id="U0THEM", channel_id="U0THEM")))
    assert "only people of the workspace" in home
    assert "bot" not in home.replace("only people", "")


def limited(place):
    """An admin limits the bot to one channel."""
    ada = place.person()
    ada.type("/inference channels only #llm-costs")
    ada.wait_for_message(containing="I answer only in")
    return ada


@pytest.mark.parametrize(
    "ask",
    [
        lambda ben: ben.type(f"/inference {QUESTION}"),
        lambda ben: ben.type("/inference"),
        lambda ben: ben.mention(QUESTION),
    ],
)
def test_outside_the_listed_channels_one_sentence_names_them(place, ask):
    limited(place)
    ben = place.person("ben")
    ask(ben)
    answer = ben.wait_for_message(containing=ELSEWHERE)
    assert answer.is_ephemeral
    assert f"<#{COSTS}>" in answer.words
    assert stored(place) == 0


def test_buttons_and_open_forms_outside_the_listed_channels_are_refused_too(place):
    shared(place)
    ben = place.person("ben")
    answer = ben.wait_for_message(containing="Fits")
    ben.type(f"/inference form {QUESTION}")
    ben.wait_for_modal("Inference estimate")
    limited(place)
    assert ben.submit({}) == {}
    ben.wait_for_message(containing=ELSEWHERE)
    ben.click(answer, "Re-run")
    place.client.wait_until(lambda _: len(told(ben, ELSEWHERE)) == 2)
    assert stored(place) == 1


def test_inside_a_listed_channel_and_in_direct_messages_it_answers_and_sends_nothing_elsewhere(place):
    limited(place)
    ben = place.person("ben")
    for channel in ("#llm-costs", "@app"):
        ben.type(f"/inference {QUESTION}", channel=channel)
        ben.wait_for_message(channel=channel, containing="Fits")
    ben.type(f"/inference {QUESTION} in #general", channel="#llm-costs")
    assert "ask me there" in ben.wait_for_message(channel="#llm-costs", containing=ELSEWHERE).words
    ben.type(f"/inference form {QUESTION}", channel="@app")
    ben.wait_for_modal("Inference estimate")
    ben.submit({"destination": "The channel below", "channel": "#general"})
    ben.wait_for_message(channel="@app", containing=ELSEWHERE)
    assert told(place.person(), "Fits") == []
    ada = place.person()
    ada.type("/inference channels any", channel="@app")
    ada.wait_for_message(channel="@app", containing="I answer wherever I am asked")
    ben.type(f"/inference {QUESTION}")
    ben.wait_for_message(containing="Fits")


@pytest.fixture
def service(tmp_path):
    with fresh(tmp_path / "inference.db") as database:
        yield Service(database, lambda: NOON, people=Admin())


class Admin(Strangers):
    def is_admin(self, user_id):
        return user_id == "U0ADA"


def test_only_admins_say_where_it_may_be_used_and_what_is_posted_there_follows(service):
    ada = Asker(team_id="T1", user_id="U0ADA", channel_id="C1")
    ben = ada.model_copy(update={"user_id": "U0BEN"})
    assert "Only a workspace admin" in service.reply("channels only <#C1>", ben).text
    assert service.reply("channels only here <#C2|costs>", ada).data == {"channels": [], "only": ["C1", "C2"]}
    assert [service.desk(ben).rules.posts_in(one) for one in ("C1", "C2", "C3", "D1")] == [True, True, False, True]
    assert "ask me there" in service.reply("schedule daily 09:00 UTC in <#C3>", ben).text
    service.reply("channels allow <#C2>", ada)
    assert [service.desk(ben).rules.posts_in(one) for one in ("C1", "C2", "C3")] == [False, True, False]
    assert service.reply("channels any", ada).data == {"channels": ["C2"], "only": []}


def test_a_button_of_an_answer_that_only_someone_else_sees_does_nothing_for_anyone_else(service):
    ada = Asker(team_id="T1", user_id="U0ADA", channel_id="C1")
    ben = ada.model_copy(update={"user_id": "U0BEN"})
    service.reply(QUESTION, ben)
    for text in (
        "show 1",
        "details 1",
        "json 1",
        "share 1",
        "rerun 1",
        "delete 1 yes",
        "undelete 1",
        "what if 1: fp8",
        "launch 1",
    ):
        reply = service.reply(text, ada)
        assert (reply.data["error"]["field"], reply.audience, reply.shares) == ("number", "asker", None), text
    assert service.reply("show 1", ben).data


def test_a_form_that_someone_else_submits_answers_them_alone(place, monkeypatch):
    """Its response address is that of the person who opened it."""
    sent = Sent(place, monkeypatch)
    opened = Origin(
        channel="C0SECRET1", channel_name="privategroup", response_url="https://example.invalid/", user="U0LOCALADA"
    )
    view = {**FORM, "private_metadata": opened.model_dump_json()}
    state = {"hardware_type": {"hardware_type": {"selected_option": {"value": "l4"}}}, **STATE["values"]}
    body = {
        "type": "view_submission",
        "team": {"id": TEAM_ID},
        "user": {"id": "U0LOCALBEN", "team_id": TEAM_ID},
        "view": {**view, "state": {"values": state}},
    }
    assert place.bot.app.dispatch(BoltRequest(body=body, mode="socket_mode")).status == 200
    place.bot.finish()
    assert [one["channel"] for one in sent.told] == ["U0LOCALBEN"]
    with Database(place.database) as database:
        [answer] = Comparisons(database).export(TEAM_ID, "U0LOCALBEN")
    assert answer.channel_id == "U0LOCALBEN"
