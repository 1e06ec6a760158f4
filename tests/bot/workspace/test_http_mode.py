"""HTTP mode: what is posted where, signed by whom, and what follows when the app does not answer well."""

import copy
import http.client
import json
from urllib.parse import urlsplit

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.workspace.client import ClientError, OperationTimeoutError, WorkspaceClient
from bot.workspace.outgoing import signed
from tests.bot.workspace.conftest import MANIFEST, build_app, field, form, over_http
from tests.bot.workspace.endpoint import Endpoint, answering, echo


@pytest.fixture
def endpoint():
    with Endpoint() as listening:
        yield listening


@pytest.fixture
def told(start, endpoint):
    """A workspace that posts everything to the endpoint."""
    return start(request_url=endpoint.url, ack_timeout_s=20)


def ada_of(workspace):
    return WorkspaceClient(workspace.url).person("ada")


def api_of(workspace):
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])


def told_at(base):
    """The parcel manifest with a URL of its own for each kind."""
    manifest = copy.deepcopy(MANIFEST)
    manifest["features"]["slash_commands"][0]["url"] = f"{base}/commands"
    manifest["settings"]["event_subscriptions"]["request_url"] = f"{base}/events"
    manifest["settings"]["interactivity"] = {
        "is_enabled": True,
        "request_url": f"{base}/actions",
        "message_menu_options_url": f"{base}/options",
    }
    return manifest


def open_form(workspace, endpoint, ada, view=None):
    """Type a command, and open a form with the trigger_id that came with it."""
    ada.type("/parcel form")
    trigger = endpoint.heard[-1].payload["trigger_id"]
    api_of(workspace).views_open(trigger_id=trigger, view=view or form())


def test_each_kind_is_posted_to_its_own_url_as_slack_encodes_it(start, endpoint):
    base = endpoint.url.removesuffix("/slack/events")
    workspace = start(told_at(base), ack_timeout_s=20)
    ada = ada_of(workspace)
    open_form(workspace, endpoint, ada)
    endpoint.answer = answering(200, '{"options": []}')
    assert ada.options("City", "b") == []
    ada.shortcut("new_parcel")
    ada.mention("hello")
    WorkspaceClient(workspace.url).wait_for_exchange("app_mention")
    kinds = [(one.path, one.headers["content-type"], one.payload.get("type")) for one in endpoint.heard]
    assert kinds == [
        ("/commands", "application/x-www-form-urlencoded", None),
        ("/options", "application/x-www-form-urlencoded", "block_suggestion"),
        ("/actions", "application/x-www-form-urlencoded", "shortcut"),
        ("/events", "application/json", "url_verification"),
        ("/events", "application/json", "event_callback"),
    ]


def test_every_request_is_signed_with_the_secret_and_the_real_time(told, endpoint):
    WorkspaceClient(told.url).advance(86_400)
    ada_of(told).type("/parcel über Köln & Bern")
    heard = endpoint.heard[-1]
    assert SignatureVerifier(told.signing_secret).is_valid_request(heard.body, heard.headers)
    assert not SignatureVerifier("another").is_valid_request(heard.body, heard.headers)
    assert heard.headers["user-agent"] == "Slackbot 1.0 (+https://api.slack.com/robots)"
    assert heard.payload["text"] == "über Köln &amp; Bern"


def test_bolt_refuses_a_forged_and_a_stale_request(start, parcels, monkeypatch):
    workspace = start()
    body = b"command=%2Fraw&text=x"

    def status(headers):
        address = urlsplit(workspace.request_url)
        connection = http.client.HTTPConnection(address.hostname, address.port)
        form_type = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", address.path, body, {**form_type, **headers})
        found = connection.getresponse().status
        connection.close()
        return found

    with over_http(build_app(workspace, parcels), workspace):
        good = signed(workspace.signing_secret, body)
        assert status(good) == 200
        assert status({}) == 401
        assert status(signed("another secret", body)) == 401
        assert (
            status({**good, "X-Slack-Signature": signed(workspace.signing_secret, b"other")["X-Slack-Signature"]})
            == 401
        )
        monkeypatch.setattr("bot.workspace.outgoing.time.time", lambda: 1_700_000_000)
        stale = signed(workspace.signing_secret, body)
        monkeypatch.undo()
        assert status(stale) == 401


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("plain words", "text/plain"), ('{"text": "plain words"}', "application/json; charset=utf-8")],
)
def test_a_command_is_answered_with_words_or_with_json(told, endpoint, body, content_type):
    endpoint.answer = answering(200, body, Content_Type=content_type)
    ada = ada_of(told)
    ada.type("/parcel")
    assert ada.wait_for_message().text == "plain words"


def test_a_command_may_be_answered_with_nothing(told):
    ada = ada_of(told)
    ada.type("/parcel")
    assert ada.messages() == []


@pytest.mark.parametrize(
    ("status", "word"),
    [
        (404, "http_client_error"),
        (401, "http_client_error"),
        (307, "http_client_error"),
        (500, "http_service_error"),
        (503, "http_service_error"),
    ],
)
def test_a_command_that_fails_tells_its_author_how(told, endpoint, status, word):
    endpoint.answer = answering(status, "never shown", Location=endpoint.url)
    ada = ada_of(told)
    with pytest.raises(OperationTimeoutError, match=word):
        ada.type("/parcel")
    assert ada.messages()[-1].text == f'/parcel failed with the error "{word}"'
    assert len(endpoint.heard) == 1


def test_a_command_without_an_answer_times_out(start, endpoint):
    endpoint.answer = endpoint.never
    with pytest.raises(OperationTimeoutError, match="operation_timeout"):
        ada_of(start(request_url=endpoint.url, ack_timeout_s=0.2)).type("/parcel")


def test_a_command_for_an_app_that_is_not_there_is_not_dispatched(start):
    with Endpoint() as gone:
        workspace = start(request_url=gone.url)
    with pytest.raises(OperationTimeoutError, match="dispatch_failed"):
        ada_of(workspace).type("/parcel")


def test_an_answer_without_an_end_is_given_up(told, endpoint):
    endpoint.answer = answering(200, "x" * 2_000_000)
    with pytest.raises(OperationTimeoutError, match="dispatch_failed"):
        ada_of(told).type("/parcel")


def test_a_command_without_a_url_is_not_dispatched(start, endpoint):
    manifest = told_at(endpoint.url)
    with pytest.raises(OperationTimeoutError, match="dispatch_failed"):
        ada_of(start(manifest)).type("/raw")
    assert endpoint.heard == []


def test_a_form_wants_an_answer_that_it_understands(told, endpoint):
    ada = ada_of(told)
    small = {**form(), "blocks": [field("name", "Name", {"type": "plain_text_input", "action_id": "value"})]}
    open_form(told, endpoint, ada, small)
    endpoint.answer = answering(200, "OK")
    with pytest.raises(ClientError, match="invalid_response"):
        ada.submit({"Name": "Eve"})
    assert ada.modal().errors == {"": "We had some trouble connecting. Try again?"}
    endpoint.answer = echo
    assert ada.submit() == {}
    assert ada.screen()["modals"] == []


@pytest.mark.parametrize(
    "echoed", ["{challenge}", "challenge={challenge}", '{{"challenge": "{challenge}"}}'], ids=["text", "form", "JSON"]
)
def test_the_url_of_events_is_challenged_once_and_may_echo_in_three_ways(told, endpoint, echoed):
    def answer(heard):
        return 200, {}, echoed.format(challenge=heard.payload["challenge"]) if "challenge" in heard.payload else ""

    endpoint.answer = answer
    ada, client = ada_of(told), WorkspaceClient(told.url)
    for count in (1, 2):
        ada.mention(f"hello {count}")
        client.wait_for_exchange("app_mention", count)
    assert [heard.payload["type"] for heard in endpoint.heard] == [
        "url_verification",
        "event_callback",
        "event_callback",
    ]


def test_events_are_not_sent_to_a_url_that_does_not_echo_and_it_is_challenged_again(told, endpoint):
    endpoint.answer = lambda _: (200, {}, "welcome")
    ada, client = ada_of(told), WorkspaceClient(told.url)
    ada.mention("unheard")
    assert client.wait_for_exchange("app_mention")["status"] == "not sent: challenge_failed"
    assert client.exchanges("url_verification")[-1]["status"] == "challenge_failed"
    assert endpoint.of_type("event_callback") == []
    endpoint.answer = echo
    ada.mention("heard")
    client.wait_for_exchange("app_mention", 2)
    assert len(endpoint.of_type("url_verification")) == 2
    assert ["unheard" in one["event"]["text"] for one in endpoint.of_type("event_callback")] == [False]


def test_an_event_that_fails_comes_again_at_once_after_a_minute_and_after_five(told, endpoint):
    endpoint.answer = answering(500)
    client = WorkspaceClient(told.url)
    ada_of(told).mention("hello")
    client.wait_for_exchange("app_mention", 2)
    client.advance(60)
    client.wait_for_exchange("app_mention", 3)
    endpoint.answer = echo
    client.advance(300)
    client.wait_for_exchange("app_mention", 4)
    events = [one for one in endpoint.heard if one.payload["type"] == "event_callback"]
    retries = [(one.headers.get("x-slack-retry-num"), one.headers.get("x-slack-retry-reason")) for one in events]
    assert retries == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({one.payload["event_id"] for one in events}) == 1


def test_an_event_without_an_answer_comes_again_as_a_timeout(start, endpoint):
    workspace = start(request_url=endpoint.url, ack_timeout_s=0.5)
    client = WorkspaceClient(workspace.url)
    endpoint.answer = endpoint.never
    ada_of(workspace).mention("hello")
    client.wait_for_exchange("app_mention", 2)
    assert endpoint.heard[-1].headers["x-slack-retry-reason"] == "http_timeout"


def test_an_event_for_an_app_that_is_not_up_yet_reaches_it_later(start):
    with Endpoint() as gone:
        workspace = start(request_url=gone.url)
    client = WorkspaceClient(workspace.url)
    ada_of(workspace).mention("hello")
    client.wait_for_exchange("app_mention", 2)
    with Endpoint(port=gone.port) as up:
        client.advance(60)
        client.wait_for_exchange("app_mention", 3)
        last = up.heard[-1]
    assert last.payload["event"]["type"] == "app_mention"
    assert (last.headers["x-slack-retry-num"], last.headers["x-slack-retry-reason"]) == ("2", "connection_failed")


def test_an_app_that_wants_no_retries_gets_none(told, endpoint):
    endpoint.answer = answering(500, X_Slack_No_Retry="1")
    client = WorkspaceClient(told.url)
    ada_of(told).mention("first")
    client.wait_for_exchange("app_mention", 1)
    endpoint.answer = echo
    client.advance(360)
    ada_of(told).mention("second")
    client.wait_for_exchange("app_mention", 2)
    assert len(endpoint.of_type("event_callback")) == 2


def test_in_http_mode_there_are_no_socket_mode_addresses(told):
    with pytest.raises(SlackApiError) as caught:
        WebClient(base_url=told.api_url).apps_connections_open(app_token=told.app_token)
    assert caught.value.response["error"] == "socket_mode_not_enabled"


def test_with_socket_mode_on_the_urls_of_a_manifest_are_ignored(start, endpoint):
    manifest = told_at(endpoint.url)
    manifest["settings"]["socket_mode_enabled"] = True
    workspace = start(manifest, ack_timeout_s=0.05)
    with pytest.raises(OperationTimeoutError, match="dispatch_failed"):
        ada_of(workspace).type("/parcel")
    assert endpoint.heard == []
    assert workspace.request_url == ""


def test_the_screen_says_how_the_app_is_told_of_things(told, endpoint, start):
    screen = ada_of(told).screen()
    assert (screen["mode"], screen["request_urls"]) == ("http", [endpoint.url])
    assert ada_of(start()).screen()["mode"] == "socket"


def test_the_exchange_is_kept_with_its_headers_and_both_bodies(told, endpoint):
    endpoint.answer = answering(200, "thanks")
    ada_of(told).type("/parcel to Bern")
    kept = WorkspaceClient(told.url).exchanges("/parcel")[-1]
    assert kept["request"]["url"] == endpoint.url
    assert kept["request"]["payload"]["text"] == "to Bern"
    assert kept["request"]["headers"]["X-Slack-Signature"].startswith("v0=")
    assert kept["response"] == {"status": 200, "body": "thanks"}
    assert told.signing_secret not in json.dumps(kept)


@pytest.mark.parametrize("url", ["localhost:3000", "ftp://localhost/", "http:///slack/events", "/slack/events"])
def test_a_request_url_is_a_web_address(start, url):
    with pytest.raises(ValueError, match="no web address"):
        start(request_url=url)
