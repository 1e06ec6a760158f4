"""Follow-ups in threads: what is said there is different from the thread's last question, whoever asked it."""

from contextlib import suppress
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.commands import read
from bot.commands.thread_follow_up import follow
from bot.limits.payloads import check_message
from bot.slack.listeners import without_mention
from bot.terminal import plain
from calculator.errors import QuestionError
from tests.bot.commands.decisions.test_what_if import asked

WORDS = ("fp8", "vs", "compare", "with", "and", "what if", "B", "on", "2xL40S", "13B", "batch 16", "5000/h", "#2:", "cheaper", "?", "gpt-4o", "24/7", "history", "now", "instead")  # fmt: skip
BASE = "7B on RTX4090, 500 tokens, 1000 req/h"
TWO = "compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h, within 5s"


@pytest.fixture
def there(asker):
    """In a thread, where mentions are answered for everyone."""
    return asker.model_copy(update={"thread_ts": "1764000000.1"})


@pytest.fixture
def ben(there):
    return there.model_copy(update={"user_id": "U2"})


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("on 2xL40S", "7B on 2xL40S, 500 tokens, 1000 req/h"),
        ("fp8", "7B fp8 on RTX4090, 500 tokens, 1000 req/h"),
        ("FP8?", "7B fp8 on RTX4090, 500 tokens, 1000 req/h"),
        ("5000 req/h", "7B on RTX4090, 500 tokens, 5000 req/h"),
        ("and with batch 16?", "7B on RTX4090, 500 tokens, batch 16, 1000 req/h"),
        ("what about a 13B?", "13B on RTX4090, 500 tokens, 1000 req/h"),
        ("ok, now within 2s please", "7B on RTX4090, 500 tokens, 1000 req/h, within 2s"),
        ("the same but on H100 instead", "7B on H100, 500 tokens, 1000 req/h"),
        ("gpt-4o", "gpt-4o, 500 tokens, 1000 req/h"),
        ("vs 13B on A100", "compare 7B on RTX4090, 500 tokens, 1000 req/h vs 13B on A100, 500 tokens, 1000 req/h"),
        (
            "compare with fp8",
            "compare 7B on RTX4090, 500 tokens, 1000 req/h vs 7B fp8 on RTX4090, 500 tokens, 1000 req/h",
        ),
        ("against gpt-4o", "compare 7B on RTX4090, 500 tokens, 1000 req/h vs gpt-4o, 500 tokens, 1000 req/h"),
        (
            "int8 vs int4",
            "compare 7B int8 on RTX4090, 500 tokens, 1000 req/h vs 7B int4-awq on RTX4090, 500 tokens, 1000 req/h",
        ),
    ],
)
def test_a_follow_up_inherits_what_it_does_not_say(service, there, ben, text, question):
    service.answer(BASE, there)
    reply = service.answer(text, ben)
    assert asked(reply) == question
    assert reply.audience == "channel"
    assert "(from the thread, #1)" in plain(reply)
    assert not check_message({"text": reply.text, "blocks": list(reply.blocks)})


def test_the_difference_comes_first_and_the_chain_goes_on_from_the_last_whoever_asked(service, there, ben):
    service.answer(BASE, there)
    first = service.answer("fp8", ben)
    assert plain(first).startswith("What if fp8, against #1: ")
    again = service.answer("batch 16", there)
    assert again.data["what_if"]["against"] == 2
    assert asked(again) == "7B fp8 on RTX4090, 500 tokens, batch 16, 1000 req/h"


@pytest.mark.parametrize(
    "text",
    [
        "13B on A100",
        "compare 7B on L4 vs 13B on A100, 500 tokens",
        "what does llama-3.1-8b on L4 cost?",
        "chatbot, 10 req/h, high quality, 24/7",
    ],
)
def test_a_full_question_in_a_thread_stands_alone(service, there, text):
    service.answer(BASE, there)
    reply = service.answer(text, there)
    assert "1000 req/h" not in asked(reply)
    assert "from the thread" not in plain(reply)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("history", "History"),
        ("help", "7B on RTX4090"),
        ("what if int4", "against #1"),
        ("rerun 1", "Since #1"),
        ("catalog gpus", "Accelerators"),
    ],
)
def test_a_command_word_in_a_thread_still_is_a_command(service, there, text, words):
    service.answer(BASE, there)
    assert words in plain(service.answer(text, there))


def test_a_comparison_in_a_thread_changes_and_grows(service, there, ben):
    service.answer(TWO, there)
    assert "option B" in plain(service.answer("B on L40S", ben))
    grown = service.answer("vs int4 on L4", ben)
    assert len(grown.data["options"]) == 3
    assert "from the thread, #2" in plain(grown)
    assert {one["requests_per_hour"] for one in service.answer("5000/h", ben).data["options"]} == {5000}


def test_a_recommendation_and_a_break_even_are_followed_up_too(service, there, ben):
    service.answer("recommend llama-3.3-70b on H100 $3/h, 1k in 300 out, 500 req/h, within 20s", there)
    assert asked(service.answer("1000 req/h", ben)).startswith("recommend")
    before = len(service.answer("show 1", there).data["options"])
    assert len(service.answer("vs 4xL40S $1/h", ben).data["options"]) == before + 1
    service.answer("break-even llama-3.3-70b fp8 on 2xH100 vs gpt-4o-mini, 1k in 300 out, 2000 req/h", there)
    assert "vs gpt-4o, api" in asked(service.answer("vs gpt-4o", ben))


def test_another_answer_may_be_named(service, there, ben):
    service.answer(BASE, there)
    service.answer("13B on A100", there)
    reply = service.answer("#1: fp8", there)
    assert asked(reply) == "7B fp8 on RTX4090, 500 tokens, 1000 req/h"
    assert "from the thread" not in plain(reply)


@pytest.mark.parametrize("text", ["fp8", "on 2xL40S", "vs 13B on A100"])
def test_with_nothing_to_go_on_from_the_ordinary_error_says_what_to_type(service, there, text):
    with pytest.raises(QuestionError):
        service.answer(text, there)


def test_nothing_is_inherited_from_ones_own_answers_elsewhere_in_the_channel(service, asker, there):
    service.answer(BASE, asker)
    with pytest.raises(QuestionError, match="model"):
        service.answer("on 2xL40S", there)


def test_what_is_asked_in_a_thread_of_a_private_channel_is_seen_only_there(service, there, ben):
    private = there.model_copy(update={"channel_id": "G1", "private": True})
    service.answer(BASE, private)
    with pytest.raises(QuestionError):
        service.answer("fp8", ben)
    with pytest.raises(QuestionError):
        service.answer("fp8", private.model_copy(update={"team_id": "T2"}))
    assert "against #1" in plain(service.answer("fp8", private.model_copy(update={"user_id": "U2"})))


@pytest.mark.parametrize("text", ["thanks!", "lama-3 on H100", "0 tokens", "fp8 and batch sixteen"])
def test_what_is_not_understood_in_a_thread_says_so(service, there, text):
    service.answer(BASE, there)
    with pytest.raises(QuestionError):
        service.answer(text, there)


def test_a_thread_that_cannot_be_read_leaves_the_question_as_it_stands(service, there, monkeypatch):
    service.answer(BASE, there)
    desk = service.desk(there)

    def broken(*_):
        raise desk.cannot_store("gone")

    monkeypatch.setattr("bot.books.answers.AnswerBook.in_thread", broken)
    assert follow("fp8", desk) is None


@settings(max_examples=150, deadline=None)
@example(text="fp4 vs batch 1", base=BASE)
@given(
    text=st.text(max_size=30) | st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join),
    base=st.sampled_from([BASE, TWO, "recommend chatbot, 1000 req/h", "break-even 7B on L4 vs gpt-4o, 500 tokens"]),
)
def test_whatever_is_said_in_a_thread_is_a_question_or_says_what_to_type(text, base):
    followed = None
    with suppress(QuestionError):
        followed = follow(text, a_desk(base))
    assert followed is None or read(str(followed.question)) == followed.question


def a_desk(question):
    stored = SimpleNamespace(number=1, question=question, spelled_out=str(read(question)))
    return SimpleNamespace(answers=SimpleNamespace(in_thread=lambda: stored), cannot_store=OSError)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<@U0> fp8", "fp8"),
        ("thanks <@U0>: fp8", "thanks  : fp8"),
        ("fp8 <@U0|bot>", "fp8"),
        ("<@U0>", ""),
        (" <@U0> . ", ""),
        ("<@U1> <@U0> fp8", "<@U1>   fp8"),
    ],
)
def test_the_bot_may_be_mentioned_anywhere(text, said):
    assert without_mention(text, "U0") == said


def root(person, answer):
    """The message that the answer's thread began with."""
    return next(one for one in person.messages() if one.ts == answer.thread_ts)


def test_in_a_workspace_everyone_follows_up_in_the_thread(place):
    ada, ben = place.person(), place.person("ben")
    ada.mention(BASE)
    first = root(ada, ada.wait_for_message(containing="Fits"))
    ben.mention("fp8", thread=first)
    ben.wait_for_message(containing="against #1")
    ada.mention("vs 13B on A100", thread=first)
    assert "from the thread, #2" in ada.wait_for_message(containing="B: Llama 2 13B").words


def test_a_thread_under_a_shared_answer_inherits_it(place):
    ada, ben = place.person(), place.person("ben")
    ada.type(f"/inference {BASE}")
    ada.click(ada.wait_for_message(containing="Fits"), "Share to channel")
    shared = ben.wait_for_message(containing="Asked by")
    ben.mention("and with batch 16?", thread=shared)
    there = ben.wait_for_message(containing="against #1")
    assert "from the thread, #1" in there.words
    assert there.thread_ts == shared.ts
    ada.type(f"/inference {TWO} in here")
    posted = ben.wait_for_message(containing="A: Llama 2 7B")
    ben.mention("budget $900 a month", thread=posted)
    assert "from the thread, #3" in ben.wait_for_message(containing="against #3").words


def test_a_mention_with_nothing_else_shows_the_asker_what_to_try(place):
    ada = place.person()
    ada.mention("")
    started = ada.wait_for_message(containing="Five things to try")
    assert started.is_ephemeral
    assert started.thread_ts is None, "Slack shows no ephemeral message in a thread that nobody has answered in"
    ada.mention(BASE)
    ada.mention("", thread=ada.wait_for_message(containing="Fits"))
    again = ada.wait_for_message(containing="Five things to try")
    assert again.is_ephemeral
    assert again.thread_ts


def test_a_form_asked_for_by_mention_opens_at_the_press_of_its_button(place):
    ada = place.person()
    ada.mention("form 7B on L4")
    ada.click(ada.wait_for_message(containing="A form opens"), "Open the form")
    assert ada.wait_for_modal("Inference estimate").values["model_size"]
