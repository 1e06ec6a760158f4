"""The faults that can be switched on: by method, of every kind, thousands of times."""

import time

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.workspace.client import ClientError

GENERAL = "C0GENERAL1"


@pytest.fixture
def once(workspace):
    """A client that tries once."""
    return WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])


def refusal_of(call, **arguments):
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    return caught.value.response


def texts(ada):
    return [message.text for message in ada.messages()]


@pytest.mark.parametrize(
    "word",
    [
        "account_inactive",
        "is_archived",
        "channel_not_found",
        "not_in_channel",
        "token_revoked",
        "internal_error",
        "no_such_word",
    ],
)
def test_any_word_of_slacks_can_be_the_error(client, once, word):
    client.fault("chat.postMessage", "error", error=word)
    assert refusal_of(once.chat_postMessage, channel=GENERAL, text="x")["error"] == word
    assert once.chat_postMessage(channel=GENERAL, text="x")["ok"]


def test_a_server_error_does_nothing(ada, client, once):
    client.fault("chat.postMessage", "server_error")
    assert refusal_of(once.chat_postMessage, channel=GENERAL, text="never there").status_code == 500
    assert "never there" not in texts(ada)


def test_a_lost_reply_has_done_what_was_asked(ada, client, once):
    client.fault("chat.postMessage", "lost_reply")
    assert refusal_of(once.chat_postMessage, channel=GENERAL, text="there unheard").status_code == 503
    assert "there unheard" in texts(ada)


def test_a_call_without_an_answer_times_out_and_does_nothing(ada, client, workspace):
    client.fault("chat.postMessage", "timeout", seconds=0.6)
    hasty = WebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[], timeout=0.2)
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        hasty.chat_postMessage(channel=GENERAL, text="never answered")
    assert time.monotonic() - began < 0.6
    assert "never answered" not in texts(ada)


def test_a_fault_strikes_its_own_method_only(client, once):
    client.fault("views.publish", "server_error")
    assert once.auth_test()["ok"]


def test_a_fault_lasts_for_thousands_of_calls(client, once):
    client.fault("auth.test", "error", error="account_inactive", times=5000)
    for _ in range(3):
        assert refusal_of(once.auth_test)["error"] == "account_inactive"
    assert client.call("look")["screen"]["faults"][0]["times"] == 4997


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"kind": "earthquake"}, "There is no fault 'earthquake'; there are: ratelimited, server_error"),
        ({"kind": "error", "times": 0}, "at least once"),
    ],
)
def test_a_fault_that_there_is_not_is_refused(client, options, message):
    with pytest.raises(ClientError, match=message):
        client.call("fault", method="auth.test", **options)


def test_the_app_reconnects_when_it_is_asked_to(ada, client):
    client.refresh_connections()
    client.wait_until(lambda screen: screen["connections"] > 0)
    ada.type("/parcel after refresh")
    assert ada.wait_for_message(containing="after refresh")
