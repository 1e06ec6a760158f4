"""A team's own prices: dated, never overwritten, audited, and never another workspace's."""

from datetime import timedelta
from decimal import Decimal

import pytest

from storage.audit import Audit
from storage.errors import NotFound
from storage.rates import NewRate, RateBook
from tests.storage.samples import NOON

LATER = NOON + timedelta(days=30)


@pytest.fixture
def book(database) -> RateBook:
    return RateBook(database)


def entered(book, usd="2.10", *, team="T1", gpu="h100-sxm", provider="", note="", at=NOON):
    return book.set(team, "U1", NewRate(gpu, provider, Decimal(usd), note), at)


def test_a_price_is_kept_to_the_last_digit_with_who_and_since_when(book):
    rate = entered(book, "2.1000001", provider="aws", note="until June")
    assert book.current("T1") == (rate,)
    assert (rate.number, rate.usd_per_gpu_hour, rate.provider, rate.note) == (
        1,
        Decimal("2.1000001"),
        "aws",
        "until June",
    )
    assert (rate.user_id, rate.since, rate.until) == ("U1", NOON, None)


def test_a_new_price_ends_the_one_for_the_same_card_at_the_same_provider_and_keeps_it(book):
    old = entered(book)
    new = entered(book, "1.90", at=LATER)
    assert book.current("T1") == (new,)
    assert book.ended("T1") == (old.model_copy(update={"until": LATER}),)


def test_prices_at_other_providers_and_of_other_cards_stand_beside_it(book):
    kept = [entered(book), entered(book, provider="aws"), entered(book, gpu="l4")]
    assert [(rate.gpu, rate.provider) for rate in book.current("T1")] == [
        ("h100-sxm", ""),
        ("h100-sxm", "aws"),
        ("l4", ""),
    ]
    assert {rate.number for rate in kept} == {1, 2, 3}


def test_a_price_ends_once(book):
    entered(book)
    assert book.end("T1", "U2", 1, LATER).until == LATER
    assert book.current("T1") == ()
    with pytest.raises(NotFound, match="no price 1"):
        book.end("T1", "U2", 1, LATER)


def test_a_number_stays_what_it_is_whatever_ends(book):
    entered(book)
    third = [entered(book, gpu=gpu) for gpu in ("l4", "t4")][-1]
    book.end("T1", "U1", 1, LATER)
    assert third in book.current("T1")
    assert entered(book, gpu="a10").number == 4


def test_another_workspace_has_its_own_numbers_and_sees_nothing(book):
    entered(book)
    theirs = entered(book, "9", team="T2")
    assert theirs.number == 1
    assert book.current("T2") == (theirs,)
    assert book.ended("T2") == ()
    with pytest.raises(NotFound):
        book.end("T2", "U1", 2, LATER)
    book.end("T2", "U1", 1, LATER)
    assert len(book.current("T1")) == 1


def test_the_past_is_listed_from_its_end_and_only_as_far_as_asked(book):
    for day in range(5):
        entered(book, str(day + 1), at=NOON + timedelta(days=day))
    assert [rate.usd_per_gpu_hour for rate in book.ended("T1", 2)] == [4, 3]


def test_every_change_is_written_down(book, database):
    entered(book, provider="aws")
    entered(book, "1.90", provider="aws", note="renewed", at=LATER)
    book.end("T1", "U2", 2, LATER)
    told = [(c.user_id, c.what, c.before, c.after) for c in Audit(database).of("T1", "prices")]
    assert told == [
        ("U2", "h100-sxm at aws", "$1.90/h (renewed)", ""),
        ("U1", "h100-sxm at aws", "$2.10/h", "$1.90/h (renewed)"),
        ("U1", "h100-sxm at aws", "", "$2.10/h"),
    ]


def test_a_change_that_cannot_be_written_down_is_not_made(book, monkeypatch):
    old = entered(book)
    monkeypatch.setattr("storage.rates.record", lambda *_: pytest.fail("the disk"))
    with pytest.raises(pytest.fail.Exception):
        entered(book, "1", at=LATER)
    assert book.current("T1") == (old,)
