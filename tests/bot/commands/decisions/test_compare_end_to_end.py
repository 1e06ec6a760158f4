"""Comparisons as people ask them by form: every way in, the buttons of the options, errors, and where the answer goes."""

import pytest
from slack_bolt import BoltRequest

ESTIMATE = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"
TWO = "compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h, high quality"
PROSE = "Should we take 7B on RTX4090 or 13B on A100, at about 1000 req/h?"


@pytest.fixture
def ada(place):
    return place.person()


def open_form(ada, text):
    ada.type(f"/inference form {text}")
    return ada.wait_for_modal("Compare options")


def press(ada, action, until=""):
    """Press a button of the form and give the form once it has changed."""
    before = ada.modal().body["hash"]
    ada.click(ada.modal(), action)
    ada._client.wait_until(lambda screen: screen["modals"] and screen["modals"][-1]["hash"] != before, who=ada.name)
    return ada.wait_for_modal(until)


def said(view, block):
    [held] = view.values[block].values()
    return (held.get("selected_option") or {}).get("value") or held.get("value") or ""


def options(view):
    """Each option's model, hardware and the rest, in the order in which they stand."""
    ids = [block["block_id"].removeprefix("title-") for block in view.blocks if block["block_id"].startswith("title-")]
    return [tuple(said(view, f"{field}-{one}") for field in ("model_size", "hardware_type", "more")) for one in ids]


def test_the_command_alone_opens_an_empty_form_whose_answer_is_for_the_asker(place, ada):
    ada.type("/inference compare")
    assert options(ada.wait_for_modal("Compare options")) == [("", "", "")] * 2
    chosen = {
        "model_size-1": "7B",
        "hardware_type-1": "RTX4090",
        "more-1": "500 tokens, 1000 req/h",
        "hardware_type-2": "A100",
        "quality": "high",
    }
    assert ada.submit(chosen) == {}
    answer = ada.wait_for_message(containing="Why not the others")
    assert answer.is_ephemeral
    assert "Asked: compare 7B on RTX4090, 500 tokens, 1000 req/h vs 7B on A100" in answer.words


def test_compare_with_fills_the_first_option_in(place, ada):
    ada.type(f"/inference {ESTIMATE}")
    ada.click(ada.wait_for_message(containing="Fits"), "Compare with…")
    view = ada.wait_for_modal("Compare options")
    assert options(view) == [("7B", "RTX4090", "500 tokens, batch 4, 1000 req/h"), ("", "", "")]
    assert "two to six options" in ada.submit()["model_size-1"]
    assert ada.submit({"model_size-2": "13B", "hardware_type-2": "A100"}) == {}
    assert "A100" in ada.wait_for_message(containing="Why not the others").words


def test_edit_opens_the_form_with_everything_that_the_comparison_says(place, ada):
    ada.type(f"/inference {TWO}, discount 10%")
    ada.click(ada.wait_for_message(containing="Why not the others"), "Edit")
    view = ada.wait_for_modal("Compare options")
    assert [one[:2] for one in options(view)] == [("7B", "RTX4090"), ("13B", "A100")]
    assert "10% discount" in options(view)[1][2]
    assert said(view, "quality") == "high"
    assert ada.submit({"hardware_type-2": "L40S"}) == {}
    assert "L40S" in ada.wait_for_message(containing="Why not the others").words


def test_options_are_added_duplicated_moved_and_removed_and_keep_what_was_entered(place, ada):
    open_form(ada, TWO)
    ada.fill({"more-1": "fp8, 500 tokens", "quality": "low", "options": "4xL40S"})
    view = press(ada, "duplicate-1", "Option C")
    assert [one[0] for one in options(view)] == ["7B", "7B", "13B"]
    assert options(view)[1] == ("7B", "RTX4090", "fp8, 500 tokens")
    ada.fill({"hardware_type-3": "L4"})
    view = press(ada, "up-3")
    assert [one[1] for one in options(view)] == ["L4", "RTX4090", "A100"]
    view = press(ada, "remove-1")
    assert [one[1] for one in options(view)] == ["L4", "A100"]
    assert [label for label in view.buttons if label == "Remove"] == []
    view = press(ada, "add", "Option C")
    ada.fill({"model_size-4": "llama-3.1-8b", "hardware_type-4": "L4"})
    assert (said(view, "quality"), said(view, "options")) == ("low", "4xL40S")
    assert ada.submit() == {}
    words = ada.wait_for_message(containing="Why not the others").words
    assert "compare 7B fp8 on L4, 500 tokens, 1000 req/h vs 13B on A100" in words
    assert "vs llama-3.1-8b on L4" in words


def test_a_second_press_on_a_form_that_has_changed_meanwhile_changes_nothing(place, ada):
    view = open_form(ada, TWO)
    body = {
        "type": "block_actions",
        "user": {"id": ada.screen()["me"]},
        "team": {"id": view.body["team_id"]},
        "container": {"type": "view", "view_id": view.body["id"]},
        "view": view.body,
        "trigger_id": "1.2.3",
        "actions": [{"type": "button", "action_id": "add", "block_id": "add", "value": "add"}],
    }
    for _ in range(2):
        assert place.bot.app.dispatch(BoltRequest(body=dict(body), mode="socket_mode")).status == 200
    place.client.wait_until(lambda screen: "title-3" in str(screen["modals"]), who="ada")
    assert len(options(ada.modal())) == 3
    assert ada.messages() == []


@pytest.mark.parametrize(
    ("entered", "block", "words"),
    [
        ({"more-2": "1,5k tokens"}, "more-2", "two ways"),
        ({"more-1": "flavour=3"}, "more-1", "flavour"),
        ({"options": "lama-3.1-8b on L4"}, "options", "“lama-3.1-8b on L4”"),
        ({"quality": "low", "more-1": "500 tokens, high quality"}, "quality", "Say it once"),
        ({"destination": "The channel below"}, "channel", "Choose the channel"),
    ],
)
def test_an_error_is_shown_under_its_option_and_everything_stays_entered(ada, entered, block, words):
    open_form(ada, "compare 7B on RTX4090, 500 tokens vs 13B on A100")
    errors = ada.submit(entered)
    assert list(errors) == [block]
    assert words in errors[block]
    assert options(ada.modal())[0][:2] == ("7B", "RTX4090")


def test_the_answer_goes_to_the_channel_that_is_chosen(place, ada):
    open_form(ada, TWO)
    assert ada.submit({"destination": "The channel below", "channel": "#llm-costs"}) == {}
    assert not place.person("ben").wait_for_message("#llm-costs", containing="Why not the others").is_ephemeral


def test_the_global_shortcuts_open_the_forms_and_answer_in_direct_messages(place, ada):
    ada.shortcut("new_estimate")
    view = ada.wait_for_modal("Inference estimate")
    assert "This channel" not in view.words
    ada.submit({"model_size": "llama-2-7b", "hardware_type": "rtx-4090"})
    assert ada.wait_for_message("@app", containing="Fits")
    ada.shortcut("compare_options")
    ada.wait_for_modal("Compare options")
    press(ada, "add", "Option C")
    assert "This channel" not in ada.modal().words
    assert ada.submit({"options": ESTIMATE + "\n13B on A100"}) == {}
    assert ada.wait_for_message("@app", containing="Why not the others")


def test_a_message_that_asks_fills_the_form_in_and_is_answered_in_its_channel(place, ada):
    place.person("ben").type("7B on RTX4090, 500 tokens\n13B on A100", channel="#llm-costs")
    asked = ada.messages("#llm-costs")[-1]
    ada.shortcut("compare_message", asked)
    view = ada.wait_for_modal("Compare options")
    assert options(view) == [("7B", "RTX4090", "500 tokens"), ("13B", "A100", "500 tokens")]
    assert ada.submit({"destination": "This channel"}) == {}
    assert place.person("ben").wait_for_message("#llm-costs", containing="Why not the others")


def test_a_message_in_other_words_fills_in_what_is_understood_and_shows_the_words(place, ada):
    place.person("ben").type(PROSE)
    asked = ada.messages()[-1]
    ada.shortcut("compare_message", asked)
    view = ada.wait_for_modal("Compare options")
    assert f"“{PROSE}”" in view.words
    assert options(view) == [("7B", "RTX4090", "1000 req/h"), ("13B", "A100", "1000 req/h")]
    assert PROSE in press(ada, "add", "Option C").words
    ada.close()
    ada.shortcut("size_message", asked)
    assert said(ada.wait_for_modal("Inference estimate"), "hardware_type") == "RTX4090"


def test_a_message_that_says_nothing_of_it_stands_in_the_first_option(place, ada):
    place.person("ben").type("the cheap one & the other")
    ada.shortcut("compare_message", ada.messages()[-1])
    assert options(ada.wait_for_modal("Compare options"))[0] == ("", "", "the cheap one & the other")
    assert list(ada.submit({"model_size-2": "7B"})) == ["more-1"]


def test_a_shared_answer_opens_the_form_with_its_question_for_everyone_in_the_channel(place, ada):
    ada.type(f"/inference {TWO}")
    ada.click(ada.wait_for_message(containing="Why not the others"), "Share to channel")
    ben = place.person("ben")
    shared = ben.wait_for_message(containing="Why not the others")
    ben.shortcut("compare_message", shared)
    view = ben.wait_for_modal("Compare options")
    assert [one[:2] for one in options(view)] == [("7B", "RTX4090"), ("13B", "A100")]
    assert said(view, "quality") == "high"
    assert ben.submit() == {}
    assert ben.wait_for_message(containing="#2").is_ephemeral


def test_an_answer_that_was_deleted_opens_no_form_and_says_so(place, ada):
    ada.type(f"/inference {ESTIMATE}")
    ada.click(ada.wait_for_message(containing="Fits"), "Share to channel")
    ben = place.person("ben")
    shared = ben.wait_for_message(containing="Fits")
    ada.type("/inference delete 1 yes")
    ada.wait_for_message(containing="is deleted")
    ben.shortcut("size_message", shared)
    assert "#1" in ben.wait_for_message(containing="#1").words
    assert ben.screen()["modals"] == []


def test_a_message_where_the_bot_is_no_member_is_answered_to_the_person(place, ada):
    ada.type("7B on L4, 500 tokens", channel="#board-private")
    ada.shortcut("size_message", ada.messages("#board-private")[-1])
    ada.wait_for_modal("Inference estimate")
    assert ada.submit() == {}
    assert ada.wait_for_message("#board-private", containing="Fits").is_ephemeral
