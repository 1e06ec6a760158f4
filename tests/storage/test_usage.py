"""Usage by the hour, by the day and as people say: no hour is lost, repeated or overruled by what knows less."""

from datetime import datetime, timedelta
from itertools import count, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calculator.spending.usage import Usage, UsageHour, moment_of
from storage.usage import UsageBook, UsageRate
from tests.storage.samples import NOON
from tests.storage.tracked import DAY, HOUR, NOON_HOUR, plans, ready, scans, seen, track

MIDNIGHT = NOON.replace(hour=0)
FIRST = NOON_HOUR - 12
LATER = MIDNIGHT + 60 * DAY
"""By then these days are put away."""
NAMES = count()
KOLKATA, KATHMANDU = ZoneInfo("Asia/Kolkata"), ZoneInfo("Asia/Kathmandu")
SAME_DATABASE = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def path(tmp_path):
    return ready(tmp_path)


@pytest.fixture
def book(database) -> UsageBook:
    return UsageBook(database)


@pytest.fixture
def number(database) -> int:
    return track(database, since=MIDNIGHT).id


def usage(book, number, start=MIDNIGHT, end=MIDNIGHT + DAY) -> Usage:
    return book.usage([(number, start, end)])[number, start, end]


def numbers(found) -> dict:
    """Every figure of every span; approx compares them, since floats are added in another order."""
    return {(span, name): value for span, usage in found.items() for name, value in usage.model_dump().items()}


def say(book, number, since, rate, tokens=None) -> None:
    book.rate(
        number, UsageRate(since=since, requests_per_hour=rate, input_tokens=tokens, output_tokens=tokens, user_id="U1")
    )


def whole(book, number, hour=FIRST, requests=10.0) -> None:
    """A whole day of usage."""
    book.put(number, seen(hour, *[requests] * 24), "csv")


def test_what_was_measured_comes_back_hour_by_hour(book, number):
    full = UsageHour(
        hour=FIRST,
        requests=3,
        input_tokens=30,
        output_tokens=9,
        running=0.5,
        waiting=0,
        kv_share=0.25,
        ttft_p95_s=0.1,
        tpot_p95_s=0.02,
        latency_p95_s=2,
    )
    assert book.put(number, [full, UsageHour(hour=FIRST + 1)], "prometheus") == 2
    assert book.hours(number, MIDNIGHT, MIDNIGHT + DAY) == (full, UsageHour(hour=FIRST + 1))
    assert book.hours(number, MIDNIGHT, MIDNIGHT + HOUR) == (full,)
    assert book.last_seen(number) == FIRST + 1


def test_nothing_seen_is_not_known_and_nothing_there_is_zero(book, number):
    assert usage(book, number) == Usage()
    book.put(number, seen(FIRST, 0), "prometheus")
    assert usage(book, number) == Usage(hours=1, requests=0, peak_requests=0)


def test_usage_of_several_hours_is_summed_and_averaged(book, number):
    book.put(number, seen(FIRST, 10, 30, input_tokens=100, output_tokens=20, ttft_p95_s=0.2), "prometheus")
    book.put(number, [UsageHour(hour=FIRST + 2, requests=5, ttft_p95_s=0.5)], "prometheus")
    found = usage(book, number)
    assert (found.hours, found.requests, found.input_tokens, found.output_tokens) == (3, 45, 200, 40)
    assert (found.requests_with_tokens, found.peak_requests) == (40, 30)
    assert found.ttft_p95_s == pytest.approx(0.3)


def test_tokens_count_where_both_kinds_are_counted(book, number):
    """Planned lengths stand in for the other hours; half of a request's tokens would make it cheaper than it was."""
    book.put(
        number,
        [
            UsageHour(hour=FIRST, requests=5, output_tokens=50),
            UsageHour(hour=FIRST + 1, requests=7, input_tokens=9, output_tokens=3),
        ],
        "csv",
    )
    for _ in range(2):
        found = usage(book, number)
        assert (found.requests, found.requests_with_tokens, found.input_tokens, found.output_tokens) == (12, 7, 9, 3)
        book.roll_up(LATER)


def test_an_import_wins_over_what_is_fetched_and_is_not_overwritten_by_it(book, number):
    book.put(number, seen(FIRST, 1, 1), "prometheus")
    assert book.put(number, seen(FIRST, 5), "csv") == 1
    assert book.put(number, seen(FIRST, 2, 2), "prometheus") == 1
    assert [hour.requests for hour in book.hours(number, MIDNIGHT, MIDNIGHT + DAY)] == [5, 2]
    assert book.put(number, seen(FIRST, 6), "csv") == 1
    assert usage(book, number).requests == 8


def test_a_rate_that_was_said_fills_only_the_hours_that_nobody_measured(book, number):
    say(book, number, FIRST + 2, 100.0)
    book.put(number, seen(FIRST, 7, 7, 7, 0), "prometheus")
    found = usage(book, number)
    assert (found.hours, found.requests, found.peak_requests) == (24, 21 + 20 * 100, 100)


def test_what_was_said_of_tokens_counts_with_the_rate(book, number):
    say(book, number, FIRST, 10.0, tokens=300)
    assert usage(book, number) == Usage(
        hours=24, requests=240, input_tokens=72_000, output_tokens=72_000, requests_with_tokens=240, peak_requests=10
    )
    say(book, number, FIRST, 10.0)
    assert usage(book, number) == Usage(hours=24, requests=240, peak_requests=10)


def test_a_rate_ends_with_none_and_begins_where_it_is_said_to(book, number):
    say(book, number, FIRST + 6, 10.0)
    say(book, number, FIRST + 12, None)
    assert usage(book, number) == Usage(hours=6, requests=60, peak_requests=10)
    say(book, number, FIRST + 18, 0.0)
    assert usage(book, number) == Usage(hours=12, requests=60, peak_requests=10)


def test_a_rate_may_be_restated_for_the_past(book, number):
    say(book, number, FIRST + 12, 10.0)
    say(book, number, FIRST + 12, 20.0)
    assert usage(book, number).requests == 240
    say(book, number, FIRST, 1.0)
    assert usage(book, number).requests == 12 + 240
    assert [rate.since for rate in book.rates([number])[number]] == [FIRST, FIRST + 12]


def test_what_was_said_long_before_holds_still(book, number):
    say(book, number, FIRST - 1000, 5.0)
    say(book, number, FIRST + 1000, 9.0)
    assert usage(book, number).requests == 120


def test_each_deployment_has_its_own_and_a_span_that_is_asked_for_twice_counts_once(book, database, number):
    other = track(database, "other").id
    book.put(number, seen(FIRST, 5), "csv")
    book.put(other, seen(FIRST, 7), "csv")
    spans = [(one, MIDNIGHT, MIDNIGHT + DAY) for one in (number, other, number, 99)]
    assert [book.usage(spans)[span].requests for span in spans] == [5, 7, 5, None]
    assert book.usage([]) == {}


@pytest.mark.parametrize("zone", [KOLKATA, KATHMANDU])
def test_days_of_a_zone_with_half_hours_neither_lose_nor_repeat_an_hour(book, number, zone):
    book.put(number, seen(FIRST, *range(1, 97)), "prometheus")
    start = datetime(2026, 8, 3, tzinfo=zone)
    edges = [MIDNIGHT, *(start + timedelta(days=day) for day in range(1, 4)), MIDNIGHT + 4 * DAY]
    days = [usage(book, number, *edge) for edge in pairwise(edges)]
    assert [day.hours for day in days] == [19, 24, 24, 29]
    assert sum(day.requests for day in days) == sum(range(1, 97))


@given(
    cuts=st.lists(st.integers(0, 96 * 3600 * 10**6), max_size=12),
    measured=st.lists(st.booleans(), min_size=96, max_size=96),
    said=st.lists(st.tuples(st.integers(-5, 100), st.none() | st.integers(0, 50)), max_size=4),
    away=st.booleans(),
)
@SAME_DATABASE
def test_times_that_follow_each_other_add_up_however_they_are_cut(database, book, cuts, measured, said, away):
    number = track(database, str(next(NAMES))).id
    book.put(number, [UsageHour(hour=FIRST + at, requests=at) for at, known in enumerate(measured) if known], "csv")
    for since, rate in said:
        say(book, number, FIRST + since, rate)
    before = usage(book, number, MIDNIGHT, MIDNIGHT + 4 * DAY)
    if away:
        book.roll_up(LATER)
    edges = [MIDNIGHT, *(MIDNIGHT + timedelta(microseconds=cut) for cut in sorted(cuts)), MIDNIGHT + 4 * DAY]
    parts = book.usage([(number, *edge) for edge in pairwise(edges) if edge[0] < edge[1]])
    assert sum(part.hours for part in parts.values()) == before.hours
    assert sum(part.requests or 0 for part in parts.values()) == pytest.approx(before.requests or 0)


@given(
    rows=st.lists(
        st.tuples(
            st.integers(0, 95),
            st.none() | st.integers(0, 99),
            st.none() | st.integers(0, 9),
            st.none() | st.integers(0, 9),
        ),
        max_size=60,
    ),
    rate=st.none() | st.tuples(st.integers(0, 95), st.integers(0, 50)),
    twice=st.integers(0, 96),
)
@SAME_DATABASE
def test_putting_hours_away_changes_no_total_of_whole_days(database, book, rows, rate, twice):
    """Some of the hours come after the others were put away."""
    number = track(database, str(next(NAMES))).id
    days = [(number, MIDNIGHT + start * DAY, MIDNIGHT + end * DAY) for start in range(4) for end in range(start + 1, 5)]
    hours = {
        at: UsageHour(hour=FIRST + at, requests=requests, input_tokens=prompt, output_tokens=output)
        for at, requests, prompt, output in rows
    }
    book.put(number, hours.values(), "prometheus")
    if rate:
        say(book, number, FIRST + rate[0], rate[1])
    before = numbers(book.usage(days))
    with database.transaction() as connection:
        connection.execute("DELETE FROM usage_hours WHERE deployment_id = ? AND hour >= ?", (number, FIRST + twice))
    book.roll_up(LATER)
    book.put(number, hours.values(), "prometheus")
    assert numbers(book.usage(days)) == pytest.approx(before)
    book.roll_up(LATER)
    assert numbers(book.usage(days)) == pytest.approx(before)


def test_hours_are_put_away_when_they_are_older_than_35_days_and_only_whole_days(book, number):
    book.put(number, seen(FIRST, *[1] * 48), "prometheus")
    assert book.roll_up(MIDNIGHT + 36 * DAY - HOUR / 60) == 0
    assert book.roll_up(MIDNIGHT + 36 * DAY) == 24
    assert len(book.hours(number, MIDNIGHT, MIDNIGHT + 2 * DAY)) == 24
    assert book.roll_up(MIDNIGHT + 37 * DAY - HOUR) == 0
    assert book.roll_up(MIDNIGHT + 90 * DAY) == 24
    assert book.roll_up(MIDNIGHT + 90 * DAY) == 0
    assert usage(book, number, MIDNIGHT, MIDNIGHT + 2 * DAY) == Usage(hours=48, requests=48, peak_requests=1)


def test_the_busiest_hour_is_remembered_and_averages_stay(book, number):
    book.put(number, seen(FIRST, 1, 99, kv_share=0.2, ttft_p95_s=0.1, latency_p95_s=3), "prometheus")
    book.put(number, seen(FIRST + 24, 5, kv_share=0.8, ttft_p95_s=0.4, latency_p95_s=6), "prometheus")
    before = usage(book, number, MIDNIGHT, MIDNIGHT + 2 * DAY)
    book.roll_up(LATER)
    assert usage(book, number, MIDNIGHT, MIDNIGHT + 2 * DAY).model_dump() == pytest.approx(before.model_dump())
    assert before.peak_requests == 99


def test_a_plan_that_changes_within_a_day_that_was_put_away_has_its_part_of_it(book, number):
    """Its day counted whole before the change, and a typed rate filled the hours after it once more."""
    book.put(number, seen(FIRST, *[10] * 20), "prometheus")
    say(book, number, FIRST, 1000.0)
    book.roll_up(LATER)
    before, after = usage(book, number, MIDNIGHT, NOON), usage(book, number, NOON, MIDNIGHT + DAY)
    assert (before.hours, before.requests) == (12, 120)
    assert (after.hours, after.requests) == (12, 80 + 4000)


def test_an_hour_that_was_put_away_is_not_counted_twice_when_it_comes_again(book, number):
    book.put(number, seen(FIRST, 5, 5), "csv")
    book.roll_up(LATER)
    assert book.put(number, seen(FIRST, 5, 5, 5), "csv") == 1
    assert book.put(number, seen(FIRST, 5, 5, 5), "prometheus") == 0
    assert usage(book, number).requests == 15
    book.roll_up(LATER)
    assert usage(book, number) == Usage(hours=3, requests=15, peak_requests=5)


def test_a_day_that_was_put_away_is_replaced_by_an_import_of_the_whole_day_and_not_by_a_fetch(book, number):
    whole(book, number)
    book.roll_up(LATER)
    assert book.put(number, seen(FIRST, *[20] * 24), "prometheus") == 0
    assert usage(book, number).requests == 240
    whole(book, number, requests=20)
    assert usage(book, number).requests == 480
    book.roll_up(LATER)
    assert usage(book, number).requests == 480


def test_reading_and_keeping_usage_reads_only_its_hours(book, number):
    whole(book, number)
    book.roll_up(LATER)
    with plans() as steps:
        usage(book, number, NOON, NOON + 40 * DAY)
        usage(book, number, NOON, NOON + HOUR)
        book.hours(number, NOON, NOON + DAY)
        whole(book, number, FIRST)
        whole(book, number, FIRST + 24)
        book.put(number, seen(FIRST, 1), "prometheus")
        book.roll_up(LATER)
        book.last_seen(number)
        book.rates([number])
        say(book, number, FIRST, 1.0)
    assert not scans(steps)
    assert sum("SEARCH usage_days" in step for step in steps) >= 2


def test_an_hour_begins_where_the_utc_hour_does():
    assert moment_of(FIRST) == MIDNIGHT
