"""`what if`: the last answer with something different, what that changes, and what to change where nobody says it."""

import pytest
from hypothesis import given, settings

from bot.commands import read
from bot.commands.decisions.compare_question import CompareQuestion
from bot.commands.decisions.what_if_question import WhatIfQuestion
from bot.commands.decisions.what_if_variants import said_by, variant
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.forms.form import FormQuestion, form_question
from bot.limits.payloads import check_message, check_view
from bot.terminal import plain
from bot.views.answers.difference import change
from calculator.errors import QuestionError
from tests.soak.questions import wondered

BASE = "llama-3.1-70b on 4xH100, 1k in 300 out, 20 concurrent, 1000 req/h"
TWO = "compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h, within 5s"


def asked(reply):
    return reply.data["asked"]


@settings(max_examples=300, deadline=None)
@given(question=wondered())
def test_what_is_wondered_reads_back_equal(question):
    assert read(str(question)) == question


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("what if fp8", "what if fp8"),
        ("whatif on 2xL40S", "what if on 2xL40S"),
        ("What if at 5000/h?", "what if 5000 req/h"),
        ("what if cheaper", "what if cheaper"),
        ("what-if quicker?", "what if faster"),
        ("what if 12: fp8", "what if 12: fp8"),
        ("what if #12, api", "what if 12: api"),
        ("what if B on L40S", "what if option B: on L40S"),
        ("what if 12: option b: 13B", "what if 12: option B: 13B"),
        ("what if we used fp8", "what if fp8"),
        ("what if 4 cards", "what if 4 gpus"),
        ("what if batch 16, kv fp8", "what if kv fp8, batch 16"),
        ("what if a 13B", "what if 13B"),
        ("what if faster than 2s", "what if within 2s"),
    ],
)
def test_it_is_read_as_people_say_it(text, written):
    question = read(text)
    assert isinstance(question, WhatIfQuestion)
    assert str(question) == written


def test_alone_it_opens_its_form():
    assert read("what if?") == FormQuestion(about="whatif")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("what if 12:", "change"),
        ("what if cheaper, fp8", "change"),
        ("what if hihg quality", "model_size"),
        ("what if 0 tokens", "tokens"),
    ],
)
def test_what_is_not_understood_says_what_to_type(text, field):
    with pytest.raises(QuestionError) as error:
        read(text)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("before", "different", "after"),
    [
        ("7B on RTX4090 $0.51/h, 500 tokens", "on 2xL40S", "7B on 2xL40S, 500 tokens"),
        ("7B on 4xL4 aws, tp 2, discount 20%, batch 4", "on H100", "7B on H100, batch 4"),
        ("qwen2.5-32b awq on L40S", "13B", "13B on L40S"),
        ("qwen2.5-32b awq on L40S", "13B fp8", "13B fp8 on L40S"),
        ("7B on L4, 500 tokens", "1k in 300 out", "7B on L4, 1000 in, 300 out"),
        ("7B on L4, 1k in 300 out", "500 tokens", "7B on L4, 500 tokens"),
        ("7B on L4, 1k in 300 out", "2k in", "7B on L4, 2000 in, 300 out"),
        ("7B on L4, 1000/h", "5000/h", "7B on L4, 5000 req/h"),
        ("7B on L4, batch 4, 1000/h", "5000/h", "7B on L4, batch 4, 5000 req/h"),
        ("7B on L4, 1000/h", "batch 8", "7B on L4, batch 8, 1000 req/h"),
        ("7B on 4xL4, tp 2", "2 gpus", "7B on 2xL4"),
        ("7B on 4xL4, tp 2", "tp 4", "7B on 4xL4, tp 4"),
        ("7B on 2xL4", "tp 4", "7B on L4, tp 4"),
        ("7B on 2xL4", "3 replicas", "7B on L4, 3 replicas"),
        ("llama-3.1-8b fp8 on 2xL4, tp 2, vllm, batch 4", "api", "llama-3.1-8b api, batch 4"),
        ("llama-3.1-8b api, 1000/h", "on L4", "llama-3.1-8b on L4, 1000 req/h"),
        ("llama-3.1-8b fp8 on L4", "gpt-4o", "gpt-4o"),
        ("7B on L4 local $0.2/h", "cloud", "7B on L4, cloud"),
        ("7B on L4 aws us-east-1", "cheapest", "7B on L4, us-east-1, cheapest"),
    ],
)
def test_what_is_said_replaces_what_it_is_about_and_what_no_longer_holds(before, different, after):
    said = said_by(WhatIfQuestion.from_text(different))
    assert variant(EstimateQuestion.from_text(before), said) == EstimateQuestion.from_text(after)


def test_the_difference_comes_first_and_the_new_answer_is_stored(service, asker):
    service.answer(BASE, asker)
    reply = service.answer("what if fp8", asker)
    assert asked(reply) == "llama-3.1-70b fp8 on 4xH100, 1000 in, 300 out, batch 20, 1000 req/h"
    assert reply.data["number"] == 2
    shown = plain(reply)
    assert shown.startswith("What if fp8, against #1: Fits as before; latency ")
    found = {row["figure"]: row for row in reply.data["what_if"]["difference"]}
    assert list(found) == ["Verdict", "Latency", "Tokens per second", "Memory", "Kept per month", "Busy time per month"]
    assert found["Kept per month"]["change"] == "same"
    assert found["Latency"]["change"].endswith("% less")
    assert not check_message({"text": reply.text, "blocks": list(reply.blocks)})
    assert reply.blocks[-1]["elements"][0]["action_id"] == "share"
    assert service.answer("show 2", asker).data["asked"] == asked(reply)


def test_a_chain_in_a_thread_goes_on_from_the_answer_before(service, asker):
    there = asker.model_copy(update={"thread_ts": "1764000000.1"})
    service.answer(BASE, there)
    chain = ("what if fp8", "what if kv fp8", "what if on 2xH200", "what if at 5000/h", "what if batch 40, within 20s")
    replies = [service.answer(text, there) for text in chain]
    assert [reply.data["what_if"]["against"] for reply in replies] == [1, 2, 3, 4, 5]
    assert (
        asked(replies[-1]) == "llama-3.1-70b fp8, kv fp8 on 2xH200, 1000 in, 300 out, batch 40, 5000 req/h, within 20s"
    )
    assert {reply.audience for reply in replies} == {"channel"}


def test_it_is_asked_of_ones_own_last_answer_in_this_place(service, asker):
    elsewhere = asker.model_copy(update={"channel_id": "C2"})
    other = asker.model_copy(update={"user_id": "U2"})
    service.answer("7B on L4", asker)
    service.answer("13B on L40S", elsewhere)
    service.answer("7B on H100", other)
    assert service.answer("what if fp8", asker).data["what_if"]["against"] == 1
    assert service.answer("what if fp8", elsewhere).data["what_if"]["against"] == 2
    assert service.answer("what if 2: int4", asker).data["what_if"]["against"] == 2
    with pytest.raises(QuestionError, match="no answer here yet"):
        service.answer("what if fp8", asker.model_copy(update={"channel_id": "C3"}))
    with pytest.raises(QuestionError, match="no #1 that you can see"):
        service.answer("what if 1: fp8", other)


def test_a_deleted_answer_is_passed_over(service, asker):
    service.answer("7B on L4", asker)
    service.answer("13B on L40S", asker)
    service.answer("delete 2 yes", asker)
    assert service.answer("what if fp8", asker).data["what_if"]["against"] == 1


def test_one_option_of_a_comparison_changes_and_the_others_stay(service, asker):
    service.answer(TWO, asker)
    reply = service.answer("what if B on L40S", asker)
    assert "A: Llama 2 7B" in plain(reply)
    before, after = (CompareQuestion.from_text(text.removeprefix("compare")) for text in (TWO, asked(reply)))
    assert after.options[0] == before.options[0]
    assert after.options[1].hardware_type == "L40S"
    reply = service.answer("what if 1: A batch 8", asker)
    kept = CompareQuestion.from_text(asked(reply).removeprefix("compare")).options
    batch = service.answer("show 1", asker).data["options"][1]["batch_size"]
    assert [option.batch_size for option in kept] == [8, batch]


def test_load_limits_and_requirements_change_for_every_option(service, asker):
    service.answer(TWO, asker)
    options = CompareQuestion.from_text(
        asked(service.answer("what if 5000/h, within 3s, fp8", asker)).removeprefix("compare")
    ).options
    assert {(o.requests_per_hour, o.max_latency_seconds, o.precision) for o in options} == {(5000, 3, "fp8")}
    reply = service.answer("what if budget $10 a month", asker)
    assert reply.data["what_if"]["difference"][0]["now"] == "No option meets everything"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("what if on L40S", "Which option changes"),
        ("what if C on L40S", "The options are A, B"),
        ("what if C: cheaper", "The options are A, B"),
    ],
)
def test_a_comparison_asks_which_option_is_meant(service, asker, text, words):
    service.answer(TWO, asker)
    with pytest.raises(QuestionError, match=words):
        service.answer(text, asker)


def test_a_service_among_the_options_is_spared_what_it_does_not_decide(service, asker):
    service.answer("compare llama-3.1-8b on L4 vs gpt-4o-mini, 500 tokens, 100 req/h", asker)
    options = CompareQuestion.from_text(asked(service.answer("what if fp8", asker)).removeprefix("compare")).options
    assert [option.precision for option in options] == ["fp8", None]


def test_a_recommendation_looks_again_with_other_requirements(service, asker):
    service.answer("recommend chatbot, 1000 req/h, within 2s, high quality, 24/7", asker)
    reply = service.answer("what if must work offline", asker)
    assert asked(reply).endswith("high quality, 24/7, offline")
    assert "cost weighs more" in plain(service.answer("what if cheaper", asker))
    assert "was looked through already" in service.answer("what if cheaper", asker).text
    with pytest.raises(QuestionError, match="finds its options itself"):
        service.answer("what if B: fp8", asker)


def test_a_break_even_moves_with_either_side(service, asker):
    service.answer("break-even llama-3.3-70b fp8 on 2xH100 vs gpt-4o-mini, 1k in 300 out, 2000 req/h", asker)
    assert "on 2xL40S, 1000 in" in asked(service.answer("what if on 2xL40S", asker))
    reply = service.answer("what if gpt-4o", asker)
    assert "vs gpt-4o, api" in asked(reply)
    assert reply.data["what_if"]["difference"][0]["change"] == "changed"
    assert "no single figure" in service.answer("what if cheaper", asker).text
    with pytest.raises(QuestionError, match="two sides"):
        service.answer("what if B: fp8", asker)


def test_six_options_and_their_difference_stay_within_slacks_limits(service, asker):
    cards = ("A100", "H100", "L40S", "L4", "A10", "RTX4090")
    service.answer(
        f"compare {' vs '.join(f'llama-3.1-8b on {card}' for card in cards)}, 500 tokens, 1000 req/h, within 9s, 24/7",
        asker,
    )
    reply = service.answer("what if F: on 2xL4", asker)
    assert not check_message({"text": reply.text, "blocks": list(reply.blocks)})
    assert reply.blocks[-1]["type"] == "actions"


@pytest.mark.parametrize("text", ["what if 24/7", "what if B: fp8", "what if B: cheaper"])
def test_an_estimate_has_neither_options_nor_requirements(service, asker, text):
    service.answer(BASE, asker)
    with pytest.raises(QuestionError, match="`compare` and `recommend` have"):
        service.answer(text, asker)


def test_a_service_is_not_told_how_to_run_its_model(service, asker):
    service.answer("gpt-4o, 1000 req/h", asker)
    with pytest.raises(QuestionError, match="Name hardware too"):
        service.answer("what if fp8", asker)
    assert asked(service.answer("what if llama-3.1-8b on L4", asker)) == "llama-3.1-8b on L4, 1000 req/h"


def kept(reply):
    return reply.data["results"]["cost"]["provisioned"]["monthly_cost"]


def test_cheaper_takes_the_change_that_lowers_the_kept_cost_most_and_says_which(service, asker):
    before = service.answer(f"{BASE}, within 10s", asker)
    reply = service.answer("what if cheaper", asker)
    assert kept(reply) < kept(before)
    assert reply.data["results"]["latency"]["total_latency_seconds"] <= 10
    assert "Taken: " in plain(reply)
    assert "changes that were tried" in reply.data["what_if"]["how"]


def test_faster_takes_the_change_that_lowers_the_latency_most(service, asker):
    before = service.answer("7B on L4, 500 tokens, batch 8", asker)
    reply = service.answer("what if faster", asker)
    fast, slow = (one.data["results"]["latency"]["total_latency_seconds"] for one in (reply, before))
    assert fast < slow / 2


def test_where_nothing_helps_it_says_so_and_stores_nothing(service, asker):
    service.answer("qwen2.5-0.5b int4 on RTX4060Ti, 500 tokens", asker)
    reply = service.answer("what if cheaper", asker)
    assert "still meets every limit" in reply.text
    assert service.answer("history", asker).data["items"][0]["number"] == 1
    service.answer("gpt-4o, 1000 req/h", asker)
    assert "the cheapest one counts" in service.answer("what if cheaper", asker).text


def test_prices_that_changed_meanwhile_are_told(service, asker):
    service.answer("7B on L4 cloud, 1000 req/h", asker)
    service.answer("prices set L4 $9/h", asker)
    assert "have changed since #1" in plain(service.answer("what if fp8", asker))


def test_what_people_wrote_stays_text(service, asker):
    service.answer("7B on L4", asker)
    assert "<!channel>" not in str(service.reply("what if <!channel>", asker).blocks)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (10, 6.5, "35 % less"),
        (10, 12, "20 % more"),
        (10, 24, "2.4 times as much"),
        (10, 10.01, "same"),
        (None, 3, ""),
        (0, 0, "same"),
        (0, 3, ""),
    ],
)
def test_a_change_is_told_in_words(before, now, words):
    assert change(before, now) == words


def test_the_button_opens_a_form_that_asks_of_its_answer(service, asker):
    service.answer("7B on L4", asker)
    service.answer("13B on L40S", asker)
    buttons = {one["action_id"]: one["value"] for one in service.answer("show 1", asker).blocks[-1]["elements"]}
    view = service.answer(buttons["whatif"], asker).view
    assert not check_view(view)
    state = {"values": {"change": {"change": {"value": "fp8"}}}}
    origin = f'{{"subject": "{view["private_metadata"]}"}}'
    question = form_question({"callback_id": "whatif", "state": state, "private_metadata": origin})
    assert str(question) == "what if 1: fp8"
    with pytest.raises(QuestionError, match="What is different"):
        form_question({"callback_id": "whatif", "state": {"values": {}}, "private_metadata": origin})


def test_in_a_workspace_the_button_and_the_mention_answer(place):
    ada = place.person()
    ada.type("/inference 7B on RTX4090, 500 tokens, batch 4, 1000 req/h")
    ada.click(ada.wait_for_message(containing="Fits"), "What if…")
    ada.wait_for_modal("What if…")
    assert ada.submit({"change": "fp8"}) == {}
    assert "against #1" in ada.wait_for_message(containing="What if fp8").words
    ada.mention("what if on L4")
    there = ada.wait_for_message(containing="What if on L4")
    assert "against #2" in there.words
    ada.mention("what if cheaper", thread=there)
    assert "against #3" in ada.wait_for_message(containing="What if cheaper").words
