"""What is for a private place is seen there and by its owner alone: every surface, every kind of place, looked at by an outsider."""

import json
from copy import deepcopy

import pytest
from slack_bolt import BoltRequest

from bot.background.unknown_places import settle_places
from bot.desk.asker import Asker
from bot.slack.manifest import read_manifest
from bot.workspace.models import TEAM_ID
from tests.bot.commands.home.test_home import wait_for
from tests.bot.test_admission import Sent

ADA, BEN, BOT = "U0LOCALADA", "U0LOCALBEN", "U0LOCALBOT"
KINDS = {
    "public channel": ("C0GENERAL1", "general"),
    "private channel": ("C0PRIVATE1", "privategroup"),
    "private channel of old": ("G0PRIVATE9", "privategroup"),
    "group of people": ("C0GROUP0001", "mpdm-ada--ben--gia-1"),
    "group of people of old": ("G0GROUP001", "mpdm-ada--ben--gia-1"),
    "direct messages": ("D0ADA", "directmessage"),
}
HIDDEN = [kind for kind in KINDS if kind != "public channel"]
TRACK = "track secret-one: 7B on L4 1000/h, tags team=x"
LISTS = (
    "deployments",
    "deployments of team=x",
    "deployments csv",
    "schedules",
    "scenarios",
    "summary",
    "alerts",
    "history",
    "export summary",
)


def command(text, channel, name):
    return {"command": "/inference", "text": text, "team_id": TEAM_ID, "user_id": ADA, "channel_id": channel, "channel_name": name,
            "trigger_id": "1"}  # fmt: skip


def mention(text, channel, _):
    event = {"type": "app_mention", "user": ADA, "channel": channel, "ts": "1.1", "text": f"<@{BOT}> {text}"}
    return {"type": "event_callback", "event_id": f"Ev {text}", "team_id": TEAM_ID, "event": event}


def button(text, channel, name):
    return {"type": "block_actions", "team": {"id": TEAM_ID}, "channel": {"id": channel, "name": name}, "user": {"id": ADA, "team_id": TEAM_ID},
            "container": {"type": "message", "channel_id": channel}, "trigger_id": "1",
            "actions": [{"type": "button", "action_id": "show", "block_id": "b", "value": text}]}  # fmt: skip


SURFACES = {"command": command, "mention": mention, "button": button}


class There:
    """The bot, what it sends, and what it opens."""

    def __init__(self, place, monkeypatch):
        self.bot, self.sent = place.bot, Sent(place, monkeypatch)

    def take(self, body):
        before = len(self.sent.told) + len(self.sent.opened)
        assert self.bot.app.dispatch(BoltRequest(body=deepcopy(body), mode="socket_mode")).status == 200
        wait_for(lambda: len(self.sent.told) + len(self.sent.opened) > before)

    def seen_by_ben(self, channel="C0LLMCOSTS"):
        """Everything that he can list from another channel."""
        ben = Asker(team_id=TEAM_ID, user_id=BEN, channel_id=channel, channel_name="llm-costs")
        service = self.bot.service
        lists = [service.reply(text, ben) for text in LISTS]
        return json.dumps([[one.text, one.blocks, one.data] for one in lists], default=str) + json.dumps(
            service.home(ben)
        )


@pytest.fixture
def there(place, monkeypatch):
    return There(place, monkeypatch)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("surface", SURFACES)
def test_what_is_tracked_scheduled_and_saved_in_private_is_not_seen_from_elsewhere(there, surface, kind):
    channel, name = KINDS[kind]
    for text in (
        TRACK,
        "schedule daily 09:00 UTC of secret-one",
        "scenario save secret-two: compare 7B on L4 vs 13B on A100, 500 tokens",
    ):
        there.take(SURFACES[surface](text, channel, name))
    seen = there.seen_by_ben()
    assert ("secret-one" in seen) == (kind == "public channel")
    assert "secret-two" not in seen


def submitted(view, **values):
    """The form as someone submits it: what it proposes, and what they enter."""
    state = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"]
        said = {
            "type": element["type"],
            **{key.removeprefix("initial_"): one for key, one in element.items() if key.startswith("initial_")},
        }
        if "option" in said:
            said["selected_option"] = said.pop("option")
        if name in values:
            said["value"] = values[name]
        state[name] = {element["action_id"]: said}
    return {"type": "view_submission", "team": {"id": TEAM_ID}, "user": {"id": ADA, "team_id": TEAM_ID},
            "view": {**view, "id": "V1", "state": {"values": state}}}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_form_tracks_or_schedules_is_for_the_place_where_the_form_was_opened(there, kind):
    there.take(command("form track 7B on L4 1000/h", *KINDS[kind]))
    there.take(submitted(there.sent.opened[-1]["view"], name="secret-one"))
    there.take(command("form schedule daily 09:00 UTC of secret-one", *KINDS[kind]))
    there.take(submitted(there.sent.opened[-1]["view"]))
    assert ("secret-one" in there.seen_by_ben()) == (kind == "public channel")


SHORTCUTS = {
    "new_estimate": {"type": "shortcut"},
    "compare_options": {"type": "shortcut"},
    "size_message": {"type": "message_action", "message": {"text": "7B on L4, 500 tokens", "ts": "1.1"}},
    "compare_message": {
        "type": "message_action",
        "message": {"text": "7B on L4 vs 13B on A100, 500 tokens", "ts": "1.1"},
    },
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("callback", SHORTCUTS)
def test_a_shortcut_opens_its_form_for_the_place_of_the_message_or_for_nobody_else(there, callback, kind):
    (channel, name), more = KINDS[kind], SHORTCUTS[callback]
    place = {"channel": {"id": channel, "name": name}} if "message" in more else {}
    body = {
        "team": {"id": TEAM_ID},
        "user": {"id": ADA, "team_id": TEAM_ID},
        "callback_id": callback,
        "trigger_id": "1",
        **place,
        **more,
    }
    there.take(body)
    origin = json.loads(there.sent.opened[-1]["view"]["private_metadata"])
    assert (origin["channel"], origin["channel_name"]) == ((channel, name) if place else (ADA, ""))


@pytest.mark.parametrize("kind", HIDDEN)
def test_a_schedule_is_as_private_as_the_channel_it_is_for(there, kind):
    channel, name = KINDS[kind]
    there.take(command(TRACK, channel, name))
    channel = ADA if kind == "direct messages" else channel
    there.take(command(f"schedule daily 09:00 UTC in <#{channel}> of secret-one", "C0GENERAL1", "general"))
    assert "secret-one" not in there.seen_by_ben()
    assert channel not in there.seen_by_ben()
    there.take(command("schedule 1 becomes daily 09:00 UTC in <#C0GENERAL1> of all", "C0GENERAL1", "general"))
    assert "daily at 09:00 UTC" in there.seen_by_ben()
    there.take(command(f"schedule 1 becomes daily 09:00 UTC in <#{channel}> of secret-one", "C0GENERAL1", "general"))
    assert "secret-one" not in there.seen_by_ben()


def test_no_refusal_and_no_suggestion_tells_of_a_name_that_is_hidden(there):
    there.take(command(TRACK, *KINDS["private channel"]))
    ben = Asker(team_id=TEAM_ID, user_id=BEN, channel_id="C0LLMCOSTS", channel_name="llm-costs")
    for text in (
        "deployment secret-on",
        "usage secret-on",
        "summary of secret-on",
        "deployment secret-one",
        "schedule daily 09:00 UTC of secret-one",
    ):
        typed = text.rpartition(" ")[2]
        answer = there.bot.service.reply(text, ben)
        assert "secret-one" not in json.dumps([answer.text, answer.blocks]).replace(typed, ""), text
    own = there.bot.service.reply("track Secret-One: 13B on A100 1000/h", ben)
    assert "is tracked from now on" in own.text
    other = there.bot.service.reply("track bens: 13B on A100 1000/h", ben)
    assert "is tracked from now on" in other.text
    assert "was called bens" not in there.bot.service.reply("deployment bens rename secret-one", ben).text
    assert there.bot.service.reply("deployment secret-one", ben).data["question"].startswith("13B")


def test_who_sees_two_of_one_name_finds_the_private_one_by_it_and_both_in_the_list(there):
    channel, name = KINDS["private channel"]
    there.take(command(TRACK, channel, name))
    ben = Asker(team_id=TEAM_ID, user_id=BEN, channel_id="C0LLMCOSTS", channel_name="llm-costs")
    there.bot.service.reply("track secret-one: 13B on A100 1000/h", ben)
    inside = Asker(team_id=TEAM_ID, user_id=BEN, channel_id=channel, channel_name=name, private=True)
    assert there.bot.service.reply("deployment secret-one", inside).data["question"].startswith("7B")
    listed = there.bot.service.reply("deployments", inside)
    assert [one["deployment"].count("7B") for one in listed.data["deployments"]].count(1) == 1
    shown = json.dumps(listed.blocks)
    assert all(shown.count(one["deployment"]) == 1 for one in listed.data["deployments"]), "each has its own figures"
    assert shown.count('"overflow"') == 1, "a menu of the other would act on this one"
    ada = Asker(team_id=TEAM_ID, user_id=ADA, channel_id=channel, channel_name=name, private=True)
    assert "already" in there.bot.service.reply("deployment secret-one open", ada).text


def test_a_deployment_is_opened_and_closed_by_its_owner_and_the_audit_says_so(there):
    channel, name = KINDS["private channel"]
    there.take(command(TRACK, channel, name))
    ada = Asker(team_id=TEAM_ID, user_id=ADA, channel_id=channel, channel_name=name, private=True)
    reply = there.bot.service.reply
    assert ":lock:" in json.dumps(reply("deployment secret-one", ada).blocks)
    assert "whole workspace" in reply("deployment secret-one open", ada).text
    assert "secret-one" in there.seen_by_ben()
    assert "open already" in reply("deployment secret-one open", ada).text
    assert "private from now on" in reply("deployment secret-one close", ada).text
    assert "secret-one" not in there.seen_by_ben()
    assert json.dumps(reply("deployment secret-one audit", ada).blocks).count("private") >= 2


class TestWithoutTheScopes:
    @pytest.fixture
    def workspace_manifest(self):
        manifest = read_manifest("inference")
        for scope in ("channels:read", "groups:read"):
            manifest["oauth_config"]["scopes"]["bot"].remove(scope)
        return manifest

    def test_a_place_that_only_an_event_names_is_private_and_its_owner_is_told(self, there):
        there.take(mention(TRACK, "C0GENERAL1", ""))
        there.take(mention("schedule daily 09:00 UTC of secret-one", "C0GENERAL1", ""))
        assert "secret-one" not in there.seen_by_ben()
        ada = Asker(team_id=TEAM_ID, user_id=ADA, channel_id=ADA, private=True)
        home = json.dumps(there.bot.service.home(ada))
        assert "do not know whether those are public: `secret-one`, schedule 1" in home
        assert "secret-one" in there.seen_by_ben(channel="C0GENERAL1")
        there.bot.service.reply("deployment secret-one open", ada)
        assert "secret-one" in there.seen_by_ben()

    def test_what_a_slash_command_tracks_in_a_public_channel_is_open_all_the_same(self, there):
        there.take(command(TRACK, "C0GENERAL1", "general"))
        assert "secret-one" in there.seen_by_ben()


def test_what_was_closed_for_want_of_knowledge_opens_once_slack_says_that_the_channel_is_public(there):
    known = there.bot.service.channels
    for channel in ("C0GENERAL1", "C0PRIVATE1"):
        known._refused[channel] = float("inf")
        there.take(mention(f"track of-{channel.lower()}: 7B on L4 1000/h", channel, ""))
        there.take(command(f"schedule daily 09:00 UTC in <#{channel}>", "C0LLMCOSTS", "llm-costs"))
    assert not {"of-c0general1", "of-c0private1", "schedule 1", "schedule 2"} & set(there.seen_by_ben().split('"'))
    known._refused.clear()
    settle_places(there.bot.service._tables, known, TEAM_ID, there.bot._now())
    seen = there.seen_by_ben()
    assert "of-c0general1" in seen
    assert "<#C0GENERAL1>" in seen
    assert "of-c0private1" not in seen
    assert "<#C0PRIVATE1>" not in seen
    assert not there.bot.service._tables.deployments.in_unknown_places(TEAM_ID, 9)


def test_a_schedule_for_everyone_is_about_nothing_that_is_hidden_and_names_nothing_that_is_closed(there):
    channel, name = KINDS["private channel"]
    ada = Asker(team_id=TEAM_ID, user_id=ADA, channel_id="C0GENERAL1", channel_name="general", private=False)
    reply = there.bot.service.reply
    there.take(command(TRACK, channel, name))
    assert "error" in reply("schedule daily 09:00 UTC of secret-one", ada).data
    reply("deployment secret-one open", ada)
    assert "is set" in reply("schedule daily 09:00 UTC of secret-one", ada).text
    reply("deployment secret-one close", ada)
    [schedule] = there.bot.service._tables.schedules.all(ada)
    message = there.bot.service.summary(schedule, schedule.next_run_at)
    assert "secret-one" not in json.dumps([message.text, message.blocks])
    assert "is not seen here any more" in json.dumps(message.blocks)


def test_what_others_call_theirs_keeps_nobody_from_changing_their_own(there):
    channel, name = KINDS["private channel"]
    there.take(command(TRACK, channel, name))
    ben = Asker(team_id=TEAM_ID, user_id=BEN, channel_id="C0LLMCOSTS", channel_name="llm-costs")
    there.bot.service.reply("track secret-one: 13B on A100 1000/h", ben)
    ada = Asker(team_id=TEAM_ID, user_id=ADA, channel_id=channel, channel_name=name, private=True)
    for change in ("budget $5 a month", "tags a=b", "becomes 7B on L40S 1000/h"):
        assert "error" not in there.bot.service.reply(f"deployment secret-one {change}", ada).data, change


def test_a_mention_compares_a_hidden_deployment_for_its_asker_alone(there):
    channel, name = KINDS["private channel"]
    there.take(command(TRACK, channel, name))
    there.take(mention("deployment secret-one compare 1xL40S", "C0GENERAL1", ""))
    assert there.sent.told[-1].get("user") == ADA or there.sent.told[-1]["channel"] == ADA


def test_only_a_member_becomes_an_owner(there):
    there.take(command(TRACK, "C0GENERAL1", "general"))
    ada = Asker(team_id=TEAM_ID, user_id=ADA, channel_id="C0GENERAL1", channel_name="general", private=False)
    for nobody in ("<@U0NOSUCH>", "<@U0LOCALGIA>"):
        assert (
            "no member of this workspace" in there.bot.service.reply(f"deployment secret-one owner {nobody}", ada).text
        )
    assert "has a new owner" in there.bot.service.reply(f"deployment secret-one owner <@{BEN}>", ada).text
