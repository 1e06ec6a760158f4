"""The bot as people use it: typed, clicked, filled in, over a real WebSocket."""

import json

import pytest

from tests.bench.processes import ROOT

REFERENCE = json.loads((ROOT / "tests" / "bot" / "reference_options.json").read_text(encoding="utf-8"))
QUESTION = "7B on RTX4090, 500 tokens, batch 4, 1000 req/h"


def test_a_typed_question_is_answered_to_the_asker_alone_with_one_table_and_its_buttons(place):
    ada = place.person()
    ada.type(f"/inference {QUESTION}")
    answer = ada.wait_for_message(containing="Fits")
    assert answer.is_ephemeral
    assert "RTX 4090" in answer.words
    assert answer.buttons == [
        "Share to channel",
        "Edit",
        "What if…",
        "Re-run",
        "Compare with…",
        "Break-even…",
        "Track…",
        "Details",
        "Export…",
    ]
    assert not any("Fits" in message.words for message in place.person("ben").messages())


def test_sharing_posts_for_everyone_and_lets_the_channel_find_it(place):
    ada, ben = place.person(), place.person("ben")
    ada.type(f"/inference {QUESTION}")
    ada.click(ada.wait_for_message(containing="Fits"), "Share to channel")
    shared = ben.wait_for_message(containing="Fits")
    assert not shared.is_ephemeral
    ben.type("/inference history RTX4090")
    assert "#1" in ben.wait_for_message(containing="History").words


def test_the_form_answers_the_same_as_the_typed_question(place):
    ada = place.person()
    ada.type("/inference")
    ada.wait_for_modal("Inference estimate")
    errors = ada.submit(
        {
            "model_size": "llama-2-7b",
            "hardware_type": "rtx-4090",
            "tokens": "500",
            "batch_size": "4",
            "requests_per_hour": "1000",
        }
    )
    assert errors == {}
    assert "Llama 2 7B BF16 on RTX 4090" in ada.wait_for_message(containing="Fits").words


def test_the_form_shows_each_error_under_its_field_and_keeps_what_was_entered(place):
    ada = place.person()
    ada.type("/inference form llama-3.1-8b on L4")
    ada.wait_for_modal("Inference estimate")
    errors = ada.submit({"tokens": "1,5k"})
    assert "two ways" in errors["tokens"]
    assert ada.modal().values["model_size"]
    assert ada.submit({"tokens": "1500"}) == {}


def test_the_form_can_answer_the_whole_channel(place):
    ada = place.person()
    ada.type("/inference form llama-3.1-8b on L4, 1000 tokens")
    ada.wait_for_modal("Inference estimate")
    ada.submit({"destination": "This channel"})
    assert "Llama 3.1 8B" in place.person("ben").wait_for_message(containing="Fits").words


def test_edit_opens_the_form_with_everything_that_was_said(place):
    ada = place.person()
    ada.type(f"/inference {QUESTION}, $0.51/h, discount 10%")
    ada.click(ada.wait_for_message(containing="Fits"), "Edit")
    values = ada.wait_for_modal("Inference estimate").values
    entered = [values[name][name]["value"] for name in ("tokens", "batch_size", "more")]
    assert entered == ["500", "4", "$0.51/h, 10% discount"]


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ("Details", "KV cache per token"),
        ("Export…", "Which file of #1?"),
        ("Re-run", "nothing changed"),
    ],
)
def test_the_buttons_of_an_answer_answer(place, button, words):
    ada = place.person()
    ada.type(f"/inference {QUESTION}")
    ada.click(ada.wait_for_message(containing="Fits"), button)
    assert words in ada.wait_for_message(containing=words).words


def test_a_question_that_is_not_understood_says_what_to_type(place):
    ada = place.person()
    ada.type("/inference lama-3.1-8b on H100")
    assert "llama-3.1-8b" in ada.wait_for_message(containing="model_size").words


def test_a_mention_is_answered_in_its_thread(place):
    ada = place.person()
    ada.mention(QUESTION)
    answer = ada.wait_for_message(containing="Fits")
    assert not answer.is_ephemeral


def test_a_channel_the_bot_is_not_in_gets_the_answer_and_a_private_one_says_what_to_do(place):
    ada = place.person()
    ada.type(f"/inference {QUESTION}", channel="#board-private")
    ada.click(ada.wait_for_message(channel="#board-private", containing="Fits"), "Share to channel")
    assert ada.wait_for_message(channel="#board-private", containing="Posted").is_ephemeral


def test_a_deleted_answer_is_gone_and_comes_back(place):
    ada = place.person()
    ada.type(f"/inference {QUESTION}")
    ada.wait_for_message(containing="Fits")
    ada.type("/inference delete 1")
    ada.click(ada.wait_for_message(containing="Delete #1"), "Delete")
    ada.click(ada.wait_for_message(containing="is deleted"), "Undo")
    assert "Fits" in ada.wait_for_message(containing="Fits").words


def test_history_goes_to_direct_messages_as_a_file(place):
    ada = place.person()
    ada.type(f"/inference {QUESTION}")
    ada.wait_for_message(containing="Fits")
    ada.type("/inference history csv")
    assert "inference-history.csv" in ada.wait_for_message(containing="stored answer").words
    assert [file["name"] for file in ada.wait_for_message(channel="@app").files] == ["inference-history.csv"]


def test_an_expired_trigger_is_told_and_a_used_up_response_address_reaches_the_person_another_way(place):
    ada = place.person()
    place.client.fault("views.open", "error", error="expired_trigger_id")
    ada.type("/inference")
    assert "could not open" in ada.wait_for_message(containing="could not open").words
    place.client.fault("response_url", "error", error="used_url")
    ada.type(f"/inference {QUESTION}")
    assert "Fits" in ada.wait_for_message(containing="Fits").words


def test_a_workspace_that_refuses_tables_gets_aligned_text_and_is_remembered(place):
    ada = place.person()
    place.client.fault("response_url", "error", error="invalid_blocks")
    ada.type(f"/inference {QUESTION}")
    assert "Memory " in ada.wait_for_message(containing="Fits").words


def test_rate_limits_are_waited_out(place):
    ada = place.person()
    place.client.fault("chat.postMessage", "ratelimited", retry_after=1)
    ada.type(f"/inference {QUESTION} in #llm-costs")
    assert "Fits" in ada.wait_for_message(channel="#llm-costs", containing="Fits").words


def test_the_reference_documents_options_are_answered_typed_and_by_form_found_and_kept(place):
    ada = place.person()
    for number, option in zip(range(1, 16, 2), REFERENCE, strict=True):
        ada.type("/inference " + " ".join(f"{name}={value}" for name, value in option.items()))
        ada.wait_for_message(containing=f"#{number}")
        ada.type("/inference")
        ada.wait_for_modal("Inference estimate")
        assert ada.submit({name: str(value) for name, value in option.items()}) == {}
        ada.wait_for_message(containing="Asked:")
    place.restart()
    ada.type("/inference history GPT-4")
    assert "needs" in ada.wait_for_message(containing="History").words
    ada.type("/inference show 16")
    assert "H100" in ada.wait_for_message(containing="#16").words


def test_answers_survive_a_restart(place):
    ada = place.person()
    ada.type(f"/inference {QUESTION}")
    ada.wait_for_message(containing="Fits")
    place.restart()
    ada.type("/inference show 1")
    assert "#1" in ada.wait_for_message(containing="Fits").words


def test_the_menu_of_a_line_in_the_history_does_what_it_says(place):
    ada = place.person()
    ada.type(f"/inference {QUESTION}")
    ada.wait_for_message(containing="Fits")
    ada.type("/inference history")
    ada.click(ada.wait_for_message(containing="History"), "more-1", "delete 1")
    assert "Delete #1" in ada.wait_for_message(containing="Delete #1").words
