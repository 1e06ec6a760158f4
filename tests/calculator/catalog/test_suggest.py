"""The choices of a searchable select."""

import pytest

from calculator import catalog
from calculator.errors import CalculatorError


def test_an_empty_search_lists_the_catalog_in_its_order():
    assert [key for key, _ in catalog.search("gpus", "", 100)] == list(catalog.gpu_keys())


def test_what_begins_with_the_typed_text_comes_first():
    assert catalog.search("gpus", "h1", 10)[0][0].startswith("h100")
    assert all("qwen" in key for key, _ in catalog.search("models", "qwen", 8))


def test_an_alias_is_found_first():
    assert catalog.search("gpus", "H100", 5)[0] == ("h100-sxm", "H100 SXM5 80GB")


def test_a_misspelling_still_finds_something_near():
    assert "llama-3-8b" in dict(catalog.search("models", "lama 3 8b", 5))


def test_no_more_than_the_limit_is_returned():
    assert len(catalog.search("models", "", 7)) == 7


def test_hosted_models_can_be_searched():
    assert "gpt-4o" in dict(catalog.search("models", "gpt-4o", 5))


def test_an_unknown_kind_is_a_mistake_of_the_caller():
    with pytest.raises(CalculatorError):
        catalog.search("engines", "v", 5)
