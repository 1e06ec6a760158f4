"""`accuracy`: what is understood, and what is said of what was never measured."""

import pytest

from bot.commands import read
from bot.commands.help.accuracy import AccuracyQuestion
from calculator.accuracy.table import committed
from calculator.errors import QuestionError


@pytest.mark.parametrize(
    ("text", "by", "name"),
    [
        ("accuracy", "", ""),
        ("accuracy gpu H100", "gpu", "H100"),
        ("accuracy card rtx 4090", "gpu", "rtx 4090"),
        ("accuracy H200", "gpu", "H200"),
        ("accuracy llama-3.1-70b", "model", "llama-3.1-70b"),
        ("accuracy vLLM", "engine", "vLLM"),
        ("accuracy engine TGI", "engine", "TGI"),
    ],
)
def test_a_card_model_or_engine_is_named_with_or_without_its_kind(text, by, name):
    question = read(text)
    assert question == AccuracyQuestion(by=by, name=name)
    assert read(str(question)) == question


@pytest.mark.parametrize(
    ("text", "words"),
    [("accuracy gpu", "Which gpu"), ("accuracy gpu h1000x", "h100"), ("accuracy nothing like it", "No accelerator")],
)
def test_an_unknown_name_is_said(text, words):
    with pytest.raises(QuestionError) as error:
        read(text)
    assert words in str(error.value)


def test_the_answer_carries_the_committed_table_for_programs(service, asker):
    reply = service.reply("accuracy", asker)
    assert reply.data["fingerprint"] == committed().fingerprint
    assert {line["metric"] for line in reply.data["left_out"]["groups"]} >= {"tpot_ms", "ttft_ms"}


def test_what_was_never_measured_is_said_with_what_it_rests_on(service, asker):
    reply = service.reply("accuracy gpu L40S", asker)
    assert "was never measured" in reply.text
    assert "graphics class" in reply.text
    assert "coefficients of vLLM" in service.reply("accuracy engine tgi", asker).text
