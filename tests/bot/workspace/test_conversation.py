"""An app over a real Socket Mode connection and over HTTP: commands, buttons, modals, Home, mentions, files."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.client import ClientError

pytestmark = pytest.mark.parametrize("workspace", ["socket", "http"], indirect=True)


def test_a_slash_command_is_answered_where_only_its_author_sees_it(ada, ben):
    ada.type("/parcel to Bern")
    answer = ada.wait_for_message(containing="to Bern")
    assert answer.is_ephemeral
    assert answer.buttons == ["Share", "Drop"]
    assert answer.ts not in [message.ts for message in ben.messages()]


def test_channels_and_people_in_a_command_become_references(ada):
    ada.type("/parcel for @ben in #llm-costs if 3 < 4")
    answer = ada.wait_for_message(containing="parcel for")
    assert answer.text == "parcel for <@U0LOCALBEN|ben> in <#C0LLMCOSTS|llm-costs> if 3 &lt; 4"


def test_a_command_that_does_not_ask_for_escaping_gets_what_was_typed(ada):
    ada.type("/raw for @ben in #llm-costs")
    assert ada.wait_for_message(containing="raw").text == "raw for @ben in #llm-costs"


def test_a_command_that_the_manifest_lacks_is_not_valid(ada):
    ada.type("/nonsense")
    assert "not a valid command" in ada.wait_for_message().text


def test_slash_commands_do_not_work_in_threads(ada):
    ada.type("hello")
    parent = ada.messages()[-1]
    with pytest.raises(ClientError, match="threads"):
        ada.type("/parcel x", thread=parent)


def test_a_button_answers_in_the_channel_and_its_payload_is_slacks(ada, ben, parcels):
    ada.type("/parcel to share")
    ada.click(ada.wait_for_message(containing="to share"), "Share")
    assert not ada.wait_for_message(containing="shared").is_ephemeral
    assert ben.messages()[-1].text == "shared"
    body = parcels.actions[-1]
    assert body["container"]["is_ephemeral"]
    assert "message" not in body
    assert body["actions"][0]["action_id"] == "share"
    assert body["user"] == {"id": "U0LOCALADA", "username": "ada", "name": "ada", "team_id": "T0LOCAL001"}


def test_an_ephemeral_message_deletes_itself_by_its_response_url(ada, client):
    ada.type("/parcel to drop")
    message = ada.wait_for_message(containing="to drop")
    ada.click(message, "Drop")
    client.wait_until(lambda _: message.ts not in [one.ts for one in ada.messages()])


def test_the_form_checks_itself_before_the_app_is_asked(ada, parcels):
    before = len(parcels.submitted)
    ada.type("/parcel form")
    ada.wait_for_modal("Send")
    assert ada.submit({"Weight": "heavy"}) == {
        "name": "Please complete this required field.",
        "weight": "Please enter a number.",
    }
    assert len(parcels.submitted) == before


def test_a_submission_has_slacks_shapes(ada, client, parcels):
    ada.type("/parcel form")
    ada.wait_for_modal()
    assert ada.options("City", "be") == ["Berlin", "Bern"]
    assert ada.submit({"Name": "Eve", "Weight": "2.5", "City": "Bern"}) == {}
    client.wait_until(lambda screen: not screen["modals"])
    view = parcels.submitted[-1]
    assert view["private_metadata"] == "draft-7"
    assert view["state"]["values"] == {
        "name": {"value": {"type": "plain_text_input", "value": "Eve"}},
        "weight": {"value": {"type": "number_input", "value": "2.5"}},
        "city": {
            "city": {
                "type": "external_select",
                "selected_option": {"text": {"type": "plain_text", "text": "Bern"}, "value": "bern"},
            }
        },
        "speed": {
            "speed": {
                "type": "static_select",
                "selected_option": {"text": {"type": "plain_text", "text": "Slow"}, "value": "slow"},
            }
        },
    }


def test_the_apps_errors_appear_under_their_fields(ada):
    ada.type("/parcel form")
    ada.wait_for_modal()
    assert ada.submit({"Name": "nobody", "Weight": "1"}) == {"name": "Who is that?"}
    assert ada.modal().errors == {"name": "Who is that?"}


def test_errors_for_blocks_that_are_not_there_are_refused(ada, client):
    ada.type("/parcel form")
    ada.wait_for_modal()
    with pytest.raises(ClientError, match="invalid_errors"):
        ada.submit({"Name": "wrong", "Weight": "1"})
    assert client.exchanges("view_submission")[-1]["status"] == "invalid_errors"


def test_a_submission_may_update_push_and_clear(ada):
    ada.type("/parcel form")
    ada.wait_for_modal()
    ada.submit({"Name": "push", "Weight": "1"})
    assert ada.modal().title == "Pushed"
    ada.close()
    assert ada.modal().title == "Send"
    ada.submit({"Name": "update"})
    assert ada.modal().title == "Updated"
    ada.close()
    ada.type("/parcel form")
    ada.wait_for_modal()
    ada.submit({"Name": "clear", "Weight": "1"})
    assert ada.screen()["modals"] == []


def test_an_update_keeps_what_was_entered(ada):
    ada.type("/parcel form")
    ada.wait_for_modal()
    ada.fill({"Name": "Eve", "Speed": "Fast"})
    modal = ada.wait_for_modal("Faster")
    assert modal.values["name"]["value"]["value"] == "Eve"
    assert modal.values["speed"]["speed"]["selected_option"]["value"] == "fast"


def test_closing_a_form_tells_the_app_that_wants_to_know(ada, client, parcels):
    ada.type("/parcel form")
    ada.wait_for_modal()
    count = len(client.exchanges("view_closed"))
    ada.close(everything=True)
    client.wait_for_exchange("view_closed", count + 1)
    assert parcels.closed[-1]["is_cleared"]


def test_an_option_that_is_not_offered_cannot_be_chosen(ada):
    ada.type("/parcel form")
    ada.wait_for_modal()
    with pytest.raises(ClientError, match=r"no option 'Warp'; there are: Slow, Fast"):
        ada.fill({"Speed": "Warp"})


def test_home_is_published_when_it_is_opened(ada, ben):
    assert "Welcome <@U0LOCALADA>" in ada.home().words
    assert ben.screen()["home"] is None or "U0LOCALADA" not in str(ben.screen()["home"]["blocks"])


def test_a_mention_is_answered_in_its_thread(ada):
    ada.mention("are you there?")
    answer = ada.wait_for_message(containing="heard")
    assert answer.text == "heard <@U0LOCALBOT> are you there?"
    assert answer.thread_ts == ada.messages()[-2].ts


def test_a_mention_where_the_app_is_not_a_member_stays_unheard(ada, client):
    count = len(client.exchanges("app_mention"))
    ada.mention("hello?", channel="#random")
    ada.mention("hello!", channel="#general")
    ada.wait_for_message(containing="hello!")
    assert len(client.exchanges("app_mention")) == count + 1


def test_a_direct_message_reaches_the_app(ada):
    ada.type("psst", channel="@app")
    assert ada.wait_for_message("@app").text == "direct psst"


def test_shortcuts_open_a_form_and_read_a_message(ada, web):
    ada.shortcut("new_parcel")
    ada.wait_for_modal("From shortcut")
    ada.close(everything=True)
    web.chat_postMessage(channel="C0GENERAL1", text="parcel 12")
    ada.shortcut("track", ada.messages()[-1])
    assert ada.wait_for_message(containing="tracking").text == "tracking parcel 12"


def test_a_file_goes_to_a_direct_message(ada, web):
    channel = web.conversations_open(users="U0LOCALADA")["channel"]["id"]
    answer = web.files_upload_v2(channel=channel, filename="parcels.csv", content="a,b\n1,2\n", title="Parcels")
    message = ada.messages("@app")[-1]
    assert message.files[0]["name"] == "parcels.csv"
    assert web.files_info(file=answer["file"]["id"])["file"]["size"] == len("a,b\n1,2\n")


def test_a_file_for_a_channel_without_the_app_is_refused(web):
    with pytest.raises(SlackApiError, match="not_in_channel"):
        web.files_upload_v2(channel="C0RANDOM01", filename="x.txt", content="x")


def test_a_lost_reply_leaves_its_effect(ada, client, workspace):
    client.fault("chat.postMessage", "lost_reply")
    once = WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])
    with pytest.raises(SlackApiError):
        once.chat_postMessage(
            channel="C0GENERAL1", text="posted all the same", metadata={"event_type": "run", "event_payload": {"n": 7}}
        )
    history = once.conversations_history(channel="C0GENERAL1", include_all_metadata=True, limit=1)
    assert history["messages"][0]["metadata"] == {"event_type": "run", "event_payload": {"n": 7}}
