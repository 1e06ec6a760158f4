"""Slack's payloads into the real app by App.dispatch, against the local workspace's Web API."""

import logging

import pytest
from slack_bolt import BoltRequest

from bot.service import Service

QUESTION = "7B on RTX4090, 500 tokens"


def dispatch(place, body):
    response = place.bot.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    return response.status, response.body


@pytest.fixture
def ids(place):
    screen = place.person().screen()
    general = next(channel["id"] for channel in screen["channels"] if channel["name"] == "general")
    auth = place.bot.app.client.auth_test()
    first = place.bot.app.client.chat_postMessage(channel=general, text="hello")
    return {
        "user": screen["me"],
        "channel": general,
        "team": auth["team_id"],
        "bot": auth["user_id"],
        "ts": first["ts"],
    }


def mention(ids, **event):
    return {
        "type": "event_callback",
        "event_id": "Ev1",
        "team_id": ids["team"],
        "event": {
            "type": "app_mention",
            "user": ids["user"],
            "channel": ids["channel"],
            "ts": ids["ts"],
            "text": f"<@{ids['bot']}> {QUESTION}",
            **event,
        },
    }


def press(ids, value, **user):
    return {
        "type": "block_actions",
        "team": {"id": ids["team"]},
        "channel": {"id": ids["channel"], "name": "general"},
        "user": {"id": ids["user"], **user},
        "container": {"type": "message", "channel_id": ids["channel"]},
        "actions": [{"type": "button", "action_id": "show", "block_id": "b", "value": value}],
    }


def answers(place):
    return [message for message in place.person().messages() if "answers 500 tokens" in message.words]


def test_an_event_that_slack_repeats_is_answered_once(place, ids):
    for _ in range(3):
        assert dispatch(place, mention(ids))[0] == 200
    place.person().wait_for_message(containing="Fits")
    dispatch(place, {**mention(ids), "event_id": "Ev2"})
    place.client.wait_until(lambda _: len(answers(place)) >= 2)
    assert len(answers(place)) == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda ids: mention(ids, user_team="T0FOREIGN"),
        lambda ids: press(ids, "history", team_id="T0FOREIGN"),
    ],
)
def test_people_of_another_organisation_are_refused(place, ids, make):
    assert dispatch(place, make(ids))[0] == 200
    assert "only people of the workspace" in place.person().wait_for_message(containing="only people").words
    assert answers(place) == []


def test_a_bug_is_apologised_for_with_the_reference_under_which_the_log_has_the_traceback(
    place, ids, monkeypatch, caplog
):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(Service, "_answer", broken)
    with caplog.at_level(logging.ERROR):
        dispatch(place, press(ids, "help"))
        words = place.person().wait_for_message(containing="Reference").words
    [record] = [record for record in caplog.records if record.getMessage() == "unhandled"]
    assert record.reference in words
    assert record.exc_info[0] is ZeroDivisionError


def test_a_button_of_a_form_asks_nothing(place, ids):
    body = press(ids, "delete 1") | {"container": {"type": "view", "view_id": "V1"}, "view": {"id": "V1"}}
    assert dispatch(place, body)[0] == 200
    assert [message.words for message in place.person().messages()] == ["hello"]


def test_the_selects_of_the_form_offer_the_catalog(place, ids):
    body = {
        "type": "block_suggestion",
        "action_id": "model_size",
        "block_id": "model_size",
        "value": "qwen3 32",
        "user": {"id": ids["user"]},
        "team": {"id": ids["team"]},
    }
    status, text = dispatch(place, body)
    assert status == 200
    assert '"qwen3-32b"' in text


def test_logs_hold_neither_tokens_nor_response_addresses():
    from bot.operating.logs import Redacting

    record = logging.LogRecord(
        "x", logging.INFO, "", 0, "xoxb-1-secret https://hooks.slack.com/commands/T1/2/abc", (), None
    )
    text = Redacting("{message}", style="{").format(record)
    assert "secret" in text
    assert "xoxb" not in text
    assert "abc" not in text
