"""`launch 12`: the command for a stored answer, from the question asked anew."""

import pytest

from bot.commands import read
from bot.commands.history.launch import LaunchQuestion
from bot.limits.payloads import check_message
from bot.terminal import plain
from calculator.errors import QuestionError

TWO = "compare 7B on RTX4090 vs 13B on A100, 500 tokens, 1000 req/h, within 5s"
CONFIG = (
    '{"model_type":"llama","architectures":["LlamaForCausalLM"],"hidden_size":2048,"intermediate_size":5632,'
    '"num_hidden_layers":22,"num_attention_heads":32,"num_key_value_heads":4,"vocab_size":32000,'
    '"max_position_embeddings":4096,"torch_dtype":"bfloat16"}'
)


@pytest.mark.parametrize(
    ("text", "option"), [("launch 12", None), ("launch #12 b", "B"), ("launch 12, option C", "C"), ("launch B 12", "B")]
)
def test_the_question_reads_back_equal(text, option):
    question = read(text)
    assert question == LaunchQuestion(number=12, option=option)
    assert read(str(question)) == question


def test_an_estimate_gets_its_command_in_a_code_block(service, asker):
    service.answer("llama-3.1-70b fp8 on 2xH100, 1k in 300 out, 20 concurrent", asker)
    found = service.answer("launch 1", asker)
    assert found.data["lines"][0].startswith("vllm serve meta-llama/Llama-3.1-70B --tensor-parallel-size 2")
    block = next(block for block in found.blocks if block["type"] == "rich_text")
    command = block["elements"][0]["elements"][0]["text"]
    assert command.replace(" \\\n ", "") == found.data["lines"][0]
    shown = plain(found)
    for words in ("Launch line of #1", "1,000 tokens in and 300 out", "20 at once", "nothing has changed since #1"):
        assert words in shown
    assert not check_message({"text": found.text, "blocks": list(found.blocks)})


def test_a_comparison_launches_its_winner_or_the_option_that_is_named(service, asker):
    service.answer(TWO, asker)
    assert "RTX 4090" in service.answer("launch 1", asker).data["option"]
    assert "the one to take" in plain(service.answer("launch 1", asker))
    assert "A100" in service.answer("launch 1 B", asker).data["option"]
    with pytest.raises(QuestionError, match="#1 has the options A, B"):
        service.answer("launch 1 C", asker)


def test_where_nothing_meets_everything_the_closest_is_launched_and_called_so(service, asker):
    service.answer(TWO.replace("5s", "1ms"), asker)
    assert "comes closest" in plain(service.answer("launch 1", asker))


def test_a_recommendation_launches_what_it_recommends(service, asker):
    service.answer("recommend code assistant, 100 req/h, must work offline", asker)
    assert service.answer("launch 1", asker).data["lines"]


def test_a_service_has_nothing_to_launch_and_an_estimate_no_options(service, asker):
    service.answer("gpt-4o, 1000 req/h", asker)
    assert "nothing to launch" in service.answer("launch 1", asker).text
    with pytest.raises(QuestionError, match="#1 has no options"):
        service.answer("launch 1 B", asker)


def test_a_break_even_launches_its_side_on_hardware(service, asker):
    service.answer("break-even llama-3.3-70b fp8 on 2xH100 vs gpt-4o-mini, 1k in 300 out, 2000 req/h", asker)
    assert "the side on hardware" in plain(service.answer("launch 1", asker))


def test_what_does_not_fit_says_why_instead(service, asker):
    service.answer("70B on RTX4090", asker)
    found = service.answer("launch 1", asker)
    assert found.data["lines"] == []
    assert "No launch line" in plain(found)
    assert "set tp to" in plain(found)


def test_a_model_of_the_teams_own_is_a_path(service, asker):
    service.answer(f"model acme {CONFIG}", asker)
    service.answer("our/acme on L4", asker)
    found = service.answer("launch 1", asker)
    assert found.data["lines"][0].startswith("vllm serve MODEL")
    assert "your checkpoint of our/acme" in plain(found)


def test_a_price_that_changed_since_is_told(service, asker):
    service.answer("7B on L4 cloud, 1000 req/h", asker)
    service.answer("prices set L4 $9/h", asker)
    assert "since #1: " in plain(service.answer("launch 1", asker))


def test_details_have_a_button_for_it_where_there_is_hardware(service, asker):
    def buttons(text):
        return [one["value"] for one in service.answer(text, asker).blocks[-1]["elements"]]

    service.answer("7B on L4", asker)
    service.answer("gpt-4o, 1000 req/h", asker)
    assert "launch 1" in buttons("details 1")
    assert "launch 2" not in buttons("details 2")


def test_nobody_launches_what_they_may_not_see(service, asker):
    service.answer("7B on L4", asker)
    other = asker.model_copy(update={"user_id": "U2"})
    with pytest.raises(QuestionError, match="no #1 that you can see"):
        service.answer("launch 1", other)
