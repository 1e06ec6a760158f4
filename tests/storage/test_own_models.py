"""A team's own models: a name keeps its meaning, and each workspace has its own."""

import pytest

from storage.errors import NameTaken, NotFound
from storage.own_models import OwnModels
from tests.storage.samples import NOON


@pytest.fixture
def book(database) -> OwnModels:
    return OwnModels(database)


def test_a_model_is_kept_as_it_was_given_with_who_and_when(book):
    kept = book.add("T1", "U1", "our/acme-7b", '{"hidden_size": 4096}', NOON)
    assert book.current("T1") == (kept,)
    assert (kept.user_id, kept.added_at, kept.config) == ("U1", NOON, '{"hidden_size": 4096}')
    assert book.current("T2") == ()


def test_a_name_keeps_its_meaning_even_after_the_model_was_removed(book):
    book.add("T1", "U1", "our/acme-7b", '{"hidden_size": 4096}', NOON)
    book.remove("T1", "U1", "our/acme-7b", NOON)
    assert book.current("T1") == ()
    with pytest.raises(NameTaken, match="another config"):
        book.add("T1", "U1", "our/acme-7b", '{"hidden_size": 5120}', NOON)
    assert book.add("T1", "U2", "our/ACME-7b", '{"hidden_size": 4096}', NOON).removed_at is None
    assert len(book.current("T1")) == 1


def test_removing_what_is_not_there_says_so(book):
    with pytest.raises(NotFound, match="no model our/x"):
        book.remove("T1", "U1", "our/x", NOON)
