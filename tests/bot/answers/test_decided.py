"""What an answer decided is kept beside its JSON; answers that were stored before say it in their JSON."""

import json

import pytest

from bot.answers.decided import Chosen
from bot.answers.shown import ShownAnswer

OWN = "7B on RTX4090, 500 tokens, 1000 req/h"
ASKED = {
    "estimate": (OWN, None, ["llama-2-7b"]),
    "hosted": ("gpt-4o, 1k in 300 out, 1000 req/h", None, ["gpt-4o"]),
    "compare": (f"compare {OWN} vs 13B on A100", "A", ["llama-2-7b", "llama-2-13b"]),
    "break-even": (
        "break-even llama-3.3-70b fp8 on 2xH100 vs gpt-4o, 1k in 300 out, 2000 req/h",
        None,
        ["llama-3.3-70b", "gpt-4o"],
    ),
}


def stored(service, asker, text):
    number = service.answer(text, asker).data["number"]
    return service.desk(asker).answers.get(number)


@pytest.mark.parametrize("kind", ASKED)
def test_what_an_answer_decided_is_kept(service, asker, kind):
    text, winner, models = ASKED[kind]
    decided = ShownAnswer.model_validate_json(stored(service, asker, text).results).decided
    assert (decided.kind, decided.winner) == (kind, winner)
    assert [one.model for one in decided.options] == models
    assert all(one.asked for one in decided.options)


@pytest.mark.parametrize("kind", ASKED)
def test_an_answer_of_before_says_the_same_in_its_json(service, asker, kind):
    kept = json.loads(stored(service, asker, ASKED[kind][0]).results)
    now = ShownAnswer.model_validate(kept)
    before = ShownAnswer.model_validate({name: value for name, value in kept.items() if name != "decided"})
    assert before == now


def test_the_option_to_take_is_the_one_of_the_winners_letter(service, asker):
    decided = ShownAnswer.model_validate_json(stored(service, asker, ASKED["compare"][0]).results).decided
    assert decided.taken == decided.options[0]
    assert decided.model_copy(update={"winner": None}).taken is None
    assert isinstance(decided.taken, Chosen)
