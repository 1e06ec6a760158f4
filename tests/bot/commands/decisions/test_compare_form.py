"""The form of a comparison as pure functions: opened, changed by its buttons, submitted."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands import read
from bot.commands.decisions.compare_form_buttons import pressed, sheet_in
from bot.commands.decisions.compare_form_opened import drawn, sheet_about, sheet_of
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.forms.form import form_question
from bot.limits.payloads import check_view
from bot.views.decisions.compare_form import Entry, Sheet
from bot.views.kit.form import Origin, opened_from, origin_of, taken_from
from calculator.errors import QuestionError

TWO = "7B on RTX4090, 500 tokens, 1000 req/h vs 13B on A100 80GB, 500 tokens, 1000 req/h"


def state_of(view):
    """What Slack keeps of a form that nobody has typed into."""
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    return {block["block_id"]: {block["element"]["action_id"]: held_by(block["element"])} for block in inputs}


def held_by(element):
    kind = element["type"]
    if kind == "conversations_select":
        return {"type": kind, "selected_conversation": element.get("initial_conversation")}
    if kind in {"external_select", "static_select", "radio_buttons"}:
        return {"type": kind, "selected_option": element.get("initial_option")}
    return {"type": kind, "value": element.get("initial_value")}


def opened(text="", **entered):
    """The form as it comes back from Slack, with some inputs typed over."""
    return filled(opened_from(drawn(sheet_about(text)), Origin(channel="C1", response_url="https://x")), **entered)


def filled(view, **entered):
    state = state_of(view)
    for field, text in entered.items():
        [(action, held)] = state[field.replace("__", "-")].items()
        state[field.replace("__", "-")] = {
            action: {**held, "selected_option": {"value": text}}
            if "selected_option" in held
            else {**held, "value": text}
        }
    return {**view, "state": {"values": state}}


def press(view, *typed):
    for one in typed:
        view = filled(pressed(view, one))
        assert check_view({key: value for key, value in view.items() if key != "state"}) == []
    return view


def said(view, block):
    [held] = view["state"]["values"][block].values()
    return (held.get("selected_option") or {}).get("value") or held.get("value") or ""


def entries(view):
    texts = {block: said(view, block) for block in view["state"]["values"]}
    sheet = sheet_in(texts, origin_of(view).subject)
    return [(one.id, one.model_size, one.hardware_type, one.more) for one in sheet.entries]


def error_of(view):
    with pytest.raises(QuestionError) as error:
        form_question(view)
    return error.value.field, error.value.message


def buttons(view, entry):
    [row] = [block for block in view["blocks"] if block.get("block_id") == f"do-{entry}"]
    return [(one["text"]["text"], one["accessibility_label"]) for one in row["elements"]]


def test_an_empty_form_has_two_options_and_asks_for_both():
    view = opened()
    assert entries(view) == [(1, "", "", ""), (2, "", "", "")]
    assert error_of(view) == ("model_size-1", "A comparison needs two to six options; 0 filled in.")


def test_one_option_is_filled_in_and_the_second_is_left_to_say():
    view = opened("7B on 2xL4 fp8, 500 tokens, within 2s, high quality")
    assert entries(view) == [(1, "7B", "L4", "2 gpus, fp8, 500 tokens, within 2s"), (2, "", "", "")]
    assert view["state"]["values"]["quality"]["quality"]["selected_option"]["value"] == "high"
    assert error_of(view) == ("model_size-1", "A comparison needs two to six options; 1 filled in.")
    assert str(form_question(filled(view, hardware_type__2="A100 80GB"))) == (
        "compare 7B fp8 on 2xL4, 500 tokens, within 2s vs 7B fp8 on A100 80GB, 500 tokens, within 2s, high quality"
    )


def test_words_that_are_not_understood_stand_in_their_option_where_their_error_is_shown():
    view = opened("7B on L4 vs lama-3.1-8b on H100")
    assert entries(view)[1] == (2, "", "", "lama-3.1-8b on H100")
    field, message = error_of(view)
    assert field == "more-2"
    assert "llama-3.1-8b" in message


def test_adding_gives_an_empty_last_option_until_there_are_six():
    view = press(opened(TWO), "add")
    assert entries(view)[2] == (3, "", "", "")
    full = press(view, "add", "add", "add")
    assert len(entries(full)) == 6
    assert "add" not in [
        element["action_id"]
        for block in full["blocks"]
        for element in block.get("elements", [])
        if "action_id" in element
    ]
    assert all("Duplicate" not in dict(buttons(full, entry)) for entry in range(1, 7))
    assert entries(press(full, "add", "duplicate 1")) == entries(full)


def test_removing_keeps_the_others_and_at_least_two():
    view = press(opened(f"{TWO} vs L40S"), "remove 1")
    assert [one[0] for one in entries(view)] == [2, 3]
    assert "Remove" not in dict(buttons(view, 2))
    assert entries(press(view, "remove 2")) == entries(view)


def test_a_duplicate_stands_behind_its_option_under_an_id_that_was_never_given():
    view = press(opened(TWO), "duplicate 1")
    assert [one[0] for one in entries(view)] == [1, 3, 2]
    assert entries(view)[1][1:] == entries(view)[0][1:]
    again = press(view, "remove 3", "duplicate 2")
    assert [one[0] for one in entries(again)] == [1, 2, 4]


def test_an_option_moves_with_everything_that_was_entered():
    view = press(opened(TWO, more__2="fp8, 500 tokens"), "up 2")
    assert [one[0] for one in entries(view)] == [2, 1]
    assert entries(view)[0] == (2, "13B", "A100 80GB", "fp8, 500 tokens")
    assert entries(press(view, "down 2")) == entries(opened(TWO, more__2="fp8, 500 tokens"))
    assert entries(press(view, "up 2")) == entries(view)


def test_what_was_typed_since_the_form_was_opened_is_kept_by_every_button():
    typed = opened(TWO, model_size__1="13B", more__2="1 gpus", quality="high", options="4xL40S", destination="here")
    for button in ("add", "duplicate 2", "up 2", "down 1"):
        after = press(typed, button)
        assert {one for one in entries(after) if one[0] < 3} == set(entries(typed))
        assert [said(after, block) for block in ("quality", "options", "destination")] == ["high", "4xL40S", "here"]
    assert origin_of(press(typed, "add")).response_url == "https://x"


def test_the_message_that_a_form_was_taken_from_stays_above_it():
    view = filled(taken_from(opened(TWO), "should we?"))
    assert press(view, "add", "up 2")["blocks"][0] == view["blocks"][0]


def test_a_button_of_an_option_that_is_gone_changes_nothing():
    view = opened(TWO)
    for typed in ("remove 9", "up 9", "down 9", "duplicate 9"):
        assert entries(press(view, typed)) == entries(view)


def test_every_button_says_which_option_it_is_for():
    view = press(opened(TWO), "add")
    assert buttons(view, 2) == [
        ("Move up", "Move up option B"),
        ("Move down", "Move down option B"),
        ("Duplicate", "Duplicate option B"),
        ("Remove", "Remove option B"),
    ]
    assert [label for label, _ in buttons(view, 1)] == ["Move down", "Duplicate", "Remove"]


def test_every_input_has_a_label_of_its_own():
    view = press(opened(TWO), "add", "add", "add", "add")
    labels = [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]
    assert len(labels) == len(set(labels))
    assert len(view["blocks"]) <= 100


def test_lines_are_options_too_and_their_errors_stand_under_them():
    view = opened(TWO, options="4xL40S\nllama-3.1-8b on L4, fp8\n")
    assert len(form_question(view).options) == 4
    field, message = error_of(opened(TWO, options="4xL40S\nlama on L4"))
    assert field == "options"
    assert message.startswith("“lama on L4”:")
    assert error_of(opened(TWO, options="L4\n" * 5)) == (
        "model_size-1",
        "A comparison needs two to six options; 7 filled in.",
    )


@pytest.mark.parametrize(
    ("entered", "field", "words"),
    [
        ({"more__2": "1,5k tokens"}, "more-2", "two ways"),
        ({"more__2": "batch 0"}, "more-2", "at least 1"),
        ({"more__1": "13B"}, "more-1", "say one of them"),
        ({"more__1": "in here"}, "more-1", "at the end of the form"),
        ({"model_size__2": "lama"}, "model_size-2", "llama"),
        ({"hardware_type__1": "H1000x"}, "hardware_type-1", "h100"),
        ({"more__1": "500 tokens, high quality", "quality": "low"}, "quality", "holds for every option"),
        ({"peak_factor": "twice"}, "peak_factor", "twice"),
        ({"destination": "other"}, "channel", "Choose the channel"),
    ],
)
def test_an_error_stands_under_the_input_that_it_is_about(entered, field, words):
    found, message = error_of(opened(TWO, **entered))
    assert found == field
    assert words in message


def test_an_input_that_slack_leaves_out_after_a_change_holds_what_it_was_drawn_with():
    view = press(opened(TWO), "duplicate 2")
    state = {block: held for block, held in view["state"]["values"].items() if not block.endswith("-3")}
    assert len(form_question({**view, "state": {"values": state}}).options) == 3


MODELS = st.sampled_from(["7B", "13b", "llama-3.1-70b", "Qwen/Qwen2.5-32B-Instruct", "our/acme-13b"])
HARDWARE = st.sampled_from(["RTX4090", "H100", "A100 80GB", "L40S", None])
OPTION = st.fixed_dictionaries(
    {"model_size": MODELS, "hardware_type": HARDWARE},
    optional={
        "gpus": st.integers(1, 64),
        "precision": st.sampled_from(["fp8", "int4-awq", "bf16"]),
        "tokens": st.integers(1, 10**6),
        "batch_size": st.integers(1, 1000),
        "requests_per_hour": st.floats(1, 10**6),
        "max_latency_seconds": st.floats(0.1, 1000),
        "usd_per_gpu_hour": st.floats(0.01, 100),
        "discount": st.floats(0, 1),
        "deployment_mode": st.sampled_from(["local", "cloud"]),
        "use_case": st.sampled_from(["chat", "code"]),
        "tp": st.integers(1, 8),
    },
).map(lambda said: {key: value for key, value in said.items() if key != "gpus" or said["hardware_type"]})
WANTED = st.fixed_dictionaries(
    {},
    optional={
        "quality": st.sampled_from(["low", "medium", "high", "very high"]),
        "peak_factor": st.floats(1, 100),
        "redundancy": st.just("redundant"),
        "percentile": st.sampled_from(["typical", "p95"]),
        "availability": st.sampled_from(["24/7", "business hours"]),
        "budget_usd": st.decimals("0.01", 10**6, places=2),
        "channel": st.sampled_from(["here", "C123"]),
    },
)


@given(options=st.lists(OPTION, min_size=2, max_size=6), wanted=WANTED)
@settings(max_examples=60, deadline=None)
def test_a_comparison_comes_back_from_its_form_as_it_went_in(options, wanted):
    question = read(str(CompareQuestion.make({"options": options, **wanted})))
    view = filled(drawn(sheet_of(question)))
    view["private_metadata"] = Origin(subject=view["private_metadata"]).model_dump_json()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.commands.decisions.compare_form_submitted.resolve", lambda *_: None)
        assert form_question(view) == question


PRESSED = st.lists(
    st.sampled_from(["add", *(f"{do} {n}" for do in ("remove", "duplicate", "up", "down") for n in range(1, 9))]),
    max_size=12,
)


@given(typed=PRESSED)
@settings(max_examples=30, deadline=None)
def test_however_the_buttons_are_pressed_there_are_two_to_six_options_each_with_its_own_id(typed):
    view = opened(TWO)
    for one in typed:
        view = filled(pressed(view, one))
    ids = [entry[0] for entry in entries(view)]
    assert 2 <= len(ids) == len(set(ids)) <= 6
    assert check_view({key: value for key, value in view.items() if key != "state"}) == []


def test_the_form_remembers_the_order_of_its_options_and_not_what_they_say():
    sheet = Sheet(entries=tuple(Entry(id=one, more="x" * 3000) for one in (4, 2, 9, 1, 7, 3)), made=9)
    assert drawn(sheet)["private_metadata"] == "4,2,9,1,7,3/9"
