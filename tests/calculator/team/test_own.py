"""A model of the team's own is named by `our/` and found among the team's, never in the catalog."""

import pytest

from calculator.catalog import find_model
from calculator.config_json.model import model_from_config
from calculator.errors import QuestionError
from calculator.team.own import find_own, is_own
from tests.calculator.config_json.test_model import LLAMA

OURS = (model_from_config(LLAMA, "our/acme-8b"), model_from_config(LLAMA, "our/beta.2"))


@pytest.mark.parametrize("words", ["our/acme-8b", " OUR/Acme-8B "])
def test_a_name_is_found_in_any_case(words):
    found = find_own(words, OURS)
    assert found is not None
    assert found.spec is OURS[0]


@pytest.mark.parametrize("words", ["llama-3.1-8b", "7B", "acme-8b", "their/acme-8b"])
def test_what_does_not_begin_with_our_means_the_catalog(words):
    assert find_own(words, OURS) is None


def test_an_unknown_name_is_refused_with_the_closest_one_and_what_to_type():
    with pytest.raises(
        QuestionError, match=r"no model our/acme-9b\. Did you mean `our/acme-8b`\?.*`model list`"
    ) as error:
        find_own("our/acme-9b", OURS)
    assert error.value.field == "model_size"


@pytest.mark.parametrize(
    ("words", "own"),
    [
        ("our/a", True),
        ("our/" + "a" * 60, True),
        ("our/" + "a" * 61, False),
        ("our/a_b", False),
        ("our/-a", False),
        ("our/a-", False),
        ("our/a/b", False),
        ("our/", False),
        ("our/7b.v2-fp8", True),
    ],
)
def test_a_name_is_letters_digits_dots_and_dashes(words, own):
    assert is_own(words) is own


@pytest.mark.parametrize("words", ["our/llama-3.1-8b", "OUR/llama-3.1-8b", "our/a_b"])
def test_the_catalog_never_answers_for_a_name_of_a_teams_own(words):
    with pytest.raises(QuestionError, match="not in the catalog"):
        find_model(words)
