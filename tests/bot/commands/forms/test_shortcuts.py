"""Slack's shortcuts: the form that each opens, and what it takes from a message."""

import pytest
from slack_bolt import BoltRequest

from bot.commands import read
from bot.commands.forms.form import FormQuestion
from bot.commands.forms.prose import gleaned
from bot.commands.forms.shortcuts import asked_by
from bot.desk.registry import SHORTCUTS
from bot.reply import Message, Modal

PROSE = "Should we take 7B on RTX4090 or 13B on A100, at about 1000 req/h?"


def chosen(shortcut, text=None, **message):
    on = {} if text is None else {"message": {"text": text, "user": "U2", **message}}
    return asked_by({"callback_id": shortcut, "api_app_id": "A1", **on})


def typed(shortcut, text):
    return str(chosen(shortcut, text))


def answer(number):
    return [
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "#9"}]},
        {
            "type": "actions",
            "elements": [
                {"type": "button", "action_id": "share", "value": "share 9"},
                {"type": "button", "action_id": "rerun", "value": f"rerun {number}"},
            ],
        },
    ]


def test_the_global_shortcuts_open_empty_forms():
    assert str(chosen("new_estimate")) == "form"
    assert str(chosen("compare_options")) == "form compare"


@pytest.mark.parametrize(
    ("text", "size", "compare"),
    [
        ("7B on RTX4090, 500 tokens", "form 7B on RTX4090, 500 tokens", "form compare 7B on RTX4090, 500 tokens"),
        (
            "<@U0BOT> compare 7B on L4 vs 13B",
            "form compare 7B on L4 vs 13B on L4",
            "form compare 7B on L4 vs 13B on L4",
        ),
        ("/inference 7B on L4", "form 7B on L4", "form compare 7B on L4"),
        ("7B on L4\n13B on A100", "form compare 7B on L4 vs 13B on A100", "form compare 7B on L4 vs 13B on A100"),
        (
            "chatbot, 1000 req/h, high quality",
            "form recommend chat, 1000 req/h, high quality",
            "form compare chat, 1000 req/h, high quality",
        ),
        (
            "break-even 7B on L4 vs gpt-4o, 500 tokens",
            "form 7B on L4, 500 tokens",
            "form compare 7B on L4, 500 tokens vs gpt-4o, api",
        ),
        ("What do you think?", "form from the message: What do you think?", "form compare What do you think?"),
        ("", "form", "form compare"),
    ],
)
def test_a_message_is_taken_for_the_question_that_it_is(text, size, compare):
    assert (typed("size_message", text), typed("compare_message", text)) == (size, compare)


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        (PROSE, ["7B on RTX4090", "13B on A100, 1000 req/h"]),
        ("help me choose between 7B on L4 and 13B on A100!", ["7B on L4", "13B on A100"]),
        ("should llama-3.1-70b run fp8 or int4 on 2xH100?", ["llama-3.1-70b fp8", "int4-awq on 2xH100"]),
        (
            "llama-3.1-70b on 2xH100:\n- fp8, 1k in 300 out\n- int4",
            ["llama-3.1-70b fp8 on 2xH100, 1000 in, 300 out", "int4-awq"],
        ),
        ("we could write it together in 2 weeks", []),
        ("fp8 is fine", []),
        ("7B on L4 with batch 0", ["7B on L4"]),
    ],
)
def test_options_are_found_between_other_words(text, sides):
    assert gleaned(text) == sides


def test_what_is_taken_from_other_words_comes_with_these_words_and_reads_back_equal():
    question = chosen("compare_message", PROSE)
    assert str(question) == f"form compare 7B on RTX4090 vs 13B on A100, 1000 req/h from the message: {PROSE}"
    assert read(str(question)) == question


def test_a_message_of_ours_is_known_by_the_answer_that_it_shows_and_never_read_as_words():
    ours = {"app_id": "A1", "blocks": answer(12)}
    assert str(chosen("size_message", "Fits. 7B on L4", **ours)) == "form #12"
    assert str(chosen("compare_message", "Fits. 7B on L4", **ours)) == "form compare #12"
    assert str(chosen("compare_message", "Model costs: 7B on L4", app_id="A1")) == "form compare"


def form(service, asker, text):
    reply = service.reply(text, asker)
    assert isinstance(reply, Modal), reply
    return str(reply.view)


def test_the_number_of_an_answer_opens_the_form_that_fits_it(service, asker):
    for text in (
        "7B on L4, 500 tokens",
        "compare 7B on L4 vs 13B on A100, high quality",
        "recommend llama-3.3-70b on H100 $3/h, 1k in 300 out, 500 req/h, within 20s",
        "break-even llama-3.3-70b fp8 on 2xH100 $3/h vs gpt-4o, 1k in 300 out, 2000 req/h",
    ):
        service.answer(text, asker)
    titles = ["Inference estimate", "Compare options", "What serves this best?", "Inference estimate"]
    for number, title in enumerate(titles, 1):
        assert title in form(service, asker, f"form #{number}")
        assert "Compare options" in form(service, asker, f"form compare #{number}")
    assert "'high'" in form(service, asker, "form compare #2")
    assert "gpt-4o" in form(service, asker, "form compare #4")


@pytest.mark.parametrize("word", ["", " compare"])
def test_an_answer_that_someone_may_not_see_opens_nothing(service, asker, word):
    service.answer("7B on L4, 500 tokens", asker)
    reply = service.reply(f"form{word} #1", asker.model_copy(update={"user_id": "U2"}))
    assert isinstance(reply, Message)
    assert "7B" not in str(reply)


def test_a_form_question_reads_back_equal_with_its_message():
    for question in (
        FormQuestion(),
        FormQuestion(about="compare #12"),
        FormQuestion(message="hello there"),
        FormQuestion(about="7B on L4", message="take 7B on L4, please"),
    ):
        assert read(str(question)) == question


# Slack's payloads, into the real app.


@pytest.fixture
def ids(place):
    screen = place.person().screen()
    general = next(channel["id"] for channel in screen["channels"] if channel["name"] == "general")
    return {"user": screen["me"], "channel": general, "team": place.bot.app.client.auth_test()["team_id"]}


@pytest.mark.parametrize("shortcut", SHORTCUTS)
def test_every_shortcut_is_acknowledged_and_an_expired_trigger_told(place, ids, shortcut):
    body = {
        "type": "shortcut",
        "callback_id": shortcut,
        "trigger_id": "1.2.3",
        "user": {"id": ids["user"]},
        "team": {"id": ids["team"]},
        "api_app_id": "A1",
    }
    if shortcut.endswith("message"):
        body |= {
            "type": "message_action",
            "message": {"text": PROSE, "ts": "1.1"},
            "channel": {"id": ids["channel"], "name": "general"},
        }
    response = place.bot.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    assert response.status == 200
    channel = "#general" if shortcut.endswith("message") else "@app"
    assert place.person().wait_for_message(channel, containing="could not open")


def test_people_of_another_organisation_are_refused_here_too(place, ids):
    body = {
        "type": "shortcut",
        "callback_id": "new_estimate",
        "trigger_id": "1.2.3",
        "team": {"id": ids["team"]},
        "user": {"id": ids["user"], "team_id": "T0FOREIGN"},
    }
    assert place.bot.app.dispatch(BoltRequest(body=body, mode="socket_mode")).status == 200
    assert place.person().wait_for_message("@app", containing="only people")
