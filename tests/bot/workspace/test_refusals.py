"""What the workspace refuses, in Slack's words; and the faults that can be switched on."""

import http.client
import json
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.workspace.client import OperationTimeoutError, WorkspaceClient

GENERAL = "C0GENERAL1"


def error_of(call, **arguments):
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response["error"]


@contextmanager
def link(workspace):
    """A Socket Mode connection of our own, which acknowledges only what it is told to."""
    api = WebClient(base_url=workspace.api_url)
    with connect(api.apps_connections_open(app_token=workspace.app_token)["url"]) as connection:
        assert json.loads(connection.recv())["type"] == "hello"
        yield connection


def view(*blocks, kind="modal", **more):
    text = {"type": "plain_text", "text": "T"}
    return {"type": kind, **({"title": text} if kind == "modal" else {}), "blocks": list(blocks), **more}


def trigger_of(workspace, text="/parcel"):
    """Type a command and read the trigger_id and response_url from its envelope."""
    driver = WorkspaceClient(workspace.url)
    with link(workspace) as connection:
        with pytest.raises(OperationTimeoutError):
            driver.person("ada").type(text)
        return json.loads(connection.recv())["payload"]


@pytest.fixture
def quick(start):
    return start(ack_timeout_s=0.05)


@pytest.fixture
def quick_web(quick):
    return WebClient(token=quick.bot_token, base_url=quick.api_url, retry_handlers=[])


def test_a_token_is_asked_for_and_checked(workspace):
    base = workspace.api_url
    assert error_of(WebClient(base_url=base).auth_test) == "not_authed"
    assert error_of(WebClient(base_url=base, token="xoxb-other").auth_test) == "invalid_auth"
    assert error_of(WebClient(base_url=base, token=workspace.app_token).auth_test) == "not_allowed_token_type"


def test_a_method_that_slack_lacks_is_unknown(web):
    assert error_of(web.api_call, api_method="chat.shout") == "unknown_method"


def test_a_scope_that_the_manifest_lacks_is_missing(web):
    with pytest.raises(SlackApiError) as caught:
        web.team_info()
    assert caught.value.response["error"] == "missing_scope"
    assert caught.value.response["needed"] == "team:read"
    assert "chat:write" in caught.value.response["provided"]


def test_the_scopes_of_private_channels_are_their_own(web):
    assert error_of(web.conversations_list, types="public_channel,private_channel") == "missing_scope"


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        ("C0NOWHERE1", "channel_not_found"),
        ("C0RANDOM01", "not_in_channel"),
        ("C0ARCHIVED", "is_archived"),
        ("C0PRIVATE2", "channel_not_found"),
    ],
)
def test_a_message_needs_a_channel_that_the_app_may_post_to(web, channel, error):
    assert error_of(web.chat_postMessage, channel=channel, text="x") == error


def test_chat_write_public_posts_without_joining(start):
    scopes = {"scopes": {"bot": ["chat:write", "chat:write.public"]}}
    manifest = {"display_information": {"name": "Open"}, "oauth_config": scopes}
    open_workspace = start(manifest)
    web = WebClient(token=open_workspace.bot_token, base_url=open_workspace.api_url)
    assert web.chat_postMessage(channel="#random", text="x")["ok"]


def test_a_message_needs_words(web):
    assert error_of(web.api_call, api_method="chat.postMessage", json={"channel": GENERAL}) == "no_text"


def test_blocks_over_the_limits_are_refused_with_a_pointer(web):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=GENERAL, text="x", blocks=blocks)
    assert caught.value.response["error"] == "invalid_blocks"
    messages = caught.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"]


def test_blocks_of_too_much_json_are_too_long(web):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5
    assert error_of(web.chat_postMessage, channel=GENERAL, text="x", blocks=blocks) == "msg_blocks_too_long"


def test_only_the_apps_own_messages_can_be_changed(web, ada):
    ada.type("mine")
    ts = ada.messages()[-1].ts
    assert error_of(web.chat_update, channel=GENERAL, ts=ts, text="yours") == "cant_update_message"
    assert error_of(web.chat_delete, channel=GENERAL, ts=ts) == "cant_delete_message"
    assert error_of(web.chat_update, channel=GENERAL, ts="1.000001", text="x") == "message_not_found"


def test_a_long_update_is_too_long(web):
    ts = web.chat_postMessage(channel=GENERAL, text="x")["ts"]
    assert error_of(web.chat_update, channel=GENERAL, ts=ts, text="x" * 4001) == "msg_too_long"


def test_an_ephemeral_message_needs_someone_in_the_channel(web):
    assert error_of(web.chat_postEphemeral, channel="C0LLMCOSTS", user="U0LOCALGIA", text="x") == "user_not_in_channel"


def test_ephemeral_messages_are_in_nobodys_history(web):
    web.chat_postEphemeral(channel=GENERAL, user="U0LOCALADA", text="hush")
    history = web.conversations_history(channel=GENERAL)["messages"]
    assert "hush" not in [message["text"] for message in history]


def test_a_command_without_an_ack_times_out_before_its_author(quick):
    ada = WorkspaceClient(quick.url).person("ada")
    with link(quick), pytest.raises(OperationTimeoutError, match="operation_timeout"):
        ada.type("/parcel")
    assert ada.messages()[-1].text == '/parcel failed with the error "operation_timeout"'
    assert ada.messages()[-1].is_ephemeral


def test_a_command_without_a_connection_is_not_dispatched(quick):
    with pytest.raises(OperationTimeoutError, match="dispatch_failed"):
        WorkspaceClient(quick.url).person("ada").type("/parcel")


def test_an_event_without_an_ack_comes_again(quick):
    client = WorkspaceClient(quick.url)
    with link(quick) as connection:
        client.person("ada").mention("hello")
        first, second = json.loads(connection.recv()), json.loads(connection.recv())
        client.wait_for_exchange("app_mention", 2)
        client.advance(60)
        third = json.loads(connection.recv())
        connection.send(json.dumps({"envelope_id": third["envelope_id"]}))
    attempts = [envelope["retry_attempt"] for envelope in (first, second, third)]
    assert attempts == [0, 1, 2]
    assert {envelope["payload"]["event_id"] for envelope in (first, second, third)} == {first["payload"]["event_id"]}


def test_a_socket_address_works_once(quick):
    api = WebClient(base_url=quick.api_url)
    url = api.apps_connections_open(app_token=quick.app_token)["url"]
    with connect(url) as connection:
        connection.recv()
    with pytest.raises(InvalidStatus, match="403"), connect(url):
        pass


def test_an_expired_trigger_is_refused_in_slacks_words(quick, quick_web):
    trigger = trigger_of(quick)["trigger_id"]
    WorkspaceClient(quick.url).advance(3)
    assert error_of(quick_web.views_open, trigger_id=trigger, view=view()) == "expired_trigger_id"


def test_a_trigger_is_exchanged_once(quick, quick_web):
    trigger = trigger_of(quick)["trigger_id"]
    quick_web.views_open(trigger_id=trigger, view=view())
    assert error_of(quick_web.views_open, trigger_id=trigger, view=view()) == "exchanged_trigger_id"
    assert error_of(quick_web.views_open, trigger_id="1.2.3", view=view()) == "invalid_trigger_id"


def test_a_view_over_the_limits_is_refused(quick, quick_web):
    trigger = trigger_of(quick)["trigger_id"]
    wrong = view(title={"type": "plain_text", "text": "x" * 25})
    with pytest.raises(SlackApiError) as caught:
        quick_web.views_open(trigger_id=trigger, view=wrong)
    assert caught.value.response["error"] == "invalid_arguments"
    messages = caught.value.response["response_metadata"]["messages"]
    assert messages == ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"]


def test_an_old_hash_conflicts(quick, quick_web):
    opened = quick_web.views_open(trigger_id=trigger_of(quick)["trigger_id"], view=view())["view"]
    quick_web.views_update(view_id=opened["id"], hash=opened["hash"], view=view())
    update = {"view_id": opened["id"], "hash": opened["hash"], "view": view()}
    assert error_of(quick_web.views_update, **update) == "hash_conflict"
    assert error_of(quick_web.views_update, view_id="V0GONE", view=view()) == "not_found"


def test_views_stack_no_higher_than_three(quick, quick_web):
    button = {"type": "button", "text": {"type": "plain_text", "text": "More"}, "action_id": "more"}
    deep = view({"type": "actions", "elements": [button]})
    quick_web.views_open(trigger_id=trigger_of(quick)["trigger_id"], view=deep)
    ada = WorkspaceClient(quick.url).person("ada")
    for expected in (None, None, "push_limit_reached"):
        with link(quick) as connection:
            with pytest.raises(OperationTimeoutError):
                ada.click(ada.modal(), "More")
            trigger = json.loads(connection.recv())["payload"]["trigger_id"]
        if expected:
            assert error_of(quick_web.views_push, trigger_id=trigger, view=deep) == expected
        else:
            quick_web.views_push(trigger_id=trigger, view=deep)


def test_a_response_url_is_good_for_five_uses(quick):
    url = trigger_of(quick)["response_url"]
    answers = [WebhookClient(url).send(text=f"answer {n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert json.loads(answers[-1].body) == {"ok": False, "error": "used_url"}


def test_a_response_url_is_good_for_thirty_minutes(quick):
    url = trigger_of(quick)["response_url"]
    WorkspaceClient(quick.url).advance(30 * 60)
    assert json.loads(WebhookClient(url).send(text="late").body)["error"] == "expired_url"


def test_a_response_url_refuses_bad_blocks_and_keeps_its_uses(quick):
    url = trigger_of(quick)["response_url"]
    answer = WebhookClient(url).send(text="x", blocks=[{"type": "nonsense"}])
    assert json.loads(answer.body)["error"] == "invalid_blocks"
    assert [WebhookClient(url).send(text="x").status_code for _ in range(5)] == [200] * 5


def test_a_rate_limit_says_when_to_come_back(client, web):
    client.fault("chat.postMessage", "ratelimited", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        web.chat_postMessage(channel=GENERAL, text="x")
    assert caught.value.response.status_code == 429
    assert caught.value.response.headers["Retry-After"] == "7"
    assert web.chat_postMessage(channel=GENERAL, text="x")["ok"]


def test_a_named_error_can_be_switched_on(client, web):
    client.fault("auth.test", "error", error="account_inactive")
    assert error_of(web.auth_test) == "account_inactive"


def test_a_revoked_token_is_refused(quick, quick_web):
    quick_web.auth_revoke()
    assert error_of(quick_web.auth_test) == "token_revoked"


def raw_request(workspace, path, method="GET", **headers):
    address = urlsplit(workspace.api_url)
    connection = http.client.HTTPConnection(address.hostname, address.port)
    try:
        connection.request(method, path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_foreign_hosts_and_origins_are_refused(workspace):
    page = urlsplit(workspace.url).path
    assert raw_request(workspace, page) == 200
    assert raw_request(workspace, page, Host="evil.example") == 403
    assert raw_request(workspace, page, Origin="https://evil.example") == 403
    assert raw_request(workspace, page, Origin="null") == 403


def test_the_page_needs_the_token_of_its_address(workspace):
    assert raw_request(workspace, "/wrong/") == 404
    assert raw_request(workspace, "/wrong/control/look", method="POST") == 404
    assert raw_request(workspace, urlsplit(workspace.url).path + "../../client.py") == 404


def test_bodies_over_the_limit_are_refused(workspace):
    assert raw_request(workspace, "/api/api.test", method="POST", **{"Content-Length": str(2**30)}) == 413
