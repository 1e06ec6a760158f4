"""Numbers, times, rates and money as people write them."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.quantities import COUNT, RATE, SECONDS, SHARE, USD, USD_PER_HOUR, UnreadableError, plain


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("500", 500),
        ("1_000", 1000),
        ("1,500", 1500),
        ("8k", 8000),
        ("1.2M", 1_200_000),
        ("1.2 million", 1_200_000),
        ("-4", -4),
        ("1,234,567", 1_234_567),
        (" 12 ", 12),
    ],
)
def test_counts_are_read_with_groups_and_magnitudes(text: str, value: int) -> None:
    assert COUNT.read(text) == value


@pytest.mark.parametrize("text", ["1,5", "0,512", "1,5k", "12,34", "1,500k", "1.5", "", "abc", "1,23,456"])
def test_a_count_that_could_be_read_two_ways_or_none_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        COUNT.read(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$3.26/h", 3.26),
        ("$3.26 per hour", 3.26),
        ("3.26 usd/h", 3.26),
        ("$0.51/GPU-hour", 0.51),
        ("3.26", 3.26),
        ("$1,234.50/h", 1234.5),
    ],
)
def test_prices_per_hour_are_read(text: str, value: float) -> None:
    assert USD_PER_HOUR.read(text) == value


@pytest.mark.parametrize("text", ["$3,26/h", "$1,234/h", "0,51"])
def test_a_price_with_a_comma_that_could_be_a_decimal_is_refused_with_both_readings(text: str) -> None:
    with pytest.raises(UnreadableError, match="two ways"):
        USD_PER_HOUR.read(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1000/h", 1000),
        ("0.5 req/s", 1800),
        ("1.2M/day", 50_000),
        ("10 rps", 36_000),
        ("100 requests per hour", 100),
        ("60/min", 3600),
        ("1000 rph", 1000),
        ("720/month", 1),
        ("1,000 req/h", 1000),
        ("500 an hour", 500),
        ("7", 7),
    ],
)
def test_rates_become_requests_per_hour(text: str, value: float) -> None:
    assert RATE.read(text) == value


@pytest.mark.parametrize(("text", "value"), [("2s", 2), ("500ms", 0.5), ("1.5 seconds", 1.5), ("2 min", 120), ("3", 3)])
def test_times_become_seconds(text: str, value: float) -> None:
    assert SECONDS.read(text) == value


@pytest.mark.parametrize(("text", "value"), [("35%", 0.35), ("0.35", 0.35), ("60 percent", 0.6), ("100%", 1)])
def test_shares_are_percentages_or_fractions(text: str, value: float) -> None:
    assert SHARE.read(text) == value


@given(st.floats(min_value=1e-9, max_value=1e9))
def test_every_number_is_written_without_an_exponent_and_reads_back_to_itself(value: float) -> None:
    assert "e" not in plain(value)
    assert float(plain(value)) == value


@pytest.mark.parametrize("quantity", [RATE, SECONDS, SHARE, USD, USD_PER_HOUR])
@given(value=st.floats(min_value=1e-6, max_value=1e9))
def test_what_a_quantity_writes_it_reads_back(quantity, value: float) -> None:
    assert quantity.read(quantity.write(value)) == value


@given(st.text(max_size=30))
def test_no_text_breaks_a_quantity(text: str) -> None:
    for quantity in (COUNT, RATE, SECONDS, SHARE, USD, USD_PER_HOUR):
        with contextlib.suppress(UnreadableError):
            quantity.read(text)
