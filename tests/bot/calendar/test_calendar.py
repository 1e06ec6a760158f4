"""When schedules run: against a slow walk through real time, and on the days when clocks change."""

from calendar import monthrange
from datetime import time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Calendar
from tests.bot.calendar.oracle import QUARTER, as_it_flows, once_each, utc

ZONES = (
    "America/New_York", "Europe/Berlin", "Europe/London", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe",
    "Pacific/Apia", "America/Santiago", "Africa/Casablanca", "UTC", "Pacific/Chatham", "America/Sao_Paulo",
)  # fmt: skip
NOW = (utc(2026, 1, 1), utc(2028, 1, 1))
SPANS = dict.fromkeys(ZONES, NOW)
STORMY = {
    "Pacific/Apia": (utc(2011, 1, 1), utc(2013, 1, 1)),  # it left out 2011-12-30
    "America/Sao_Paulo": (utc(2017, 1, 1), utc(2019, 6, 1)),
}  # its clocks changed at midnight
PLACES = [(zone, *span) for spans in (SPANS, STORMY) for zone, span in spans.items()]


def at(*hours, minutes=(0,)):
    return {time(hour, minute) for hour in hours for minute in minutes}


def every_day(_):
    return True


def last(*days):
    """One of the days, or the last of a shorter month."""
    return lambda wall: wall.day in {min(day, monthrange(wall.year, wall.month)[1]) for day in days}


def on(*weekdays):
    """0 is Monday, as Python counts."""
    return lambda wall: wall.weekday() in weekdays


QUARTERS = (0, 15, 30, 45)
BY_THE_CLOCK = {
    "daily 00:00": (at(0), every_day),
    "daily 02:30": (at(2, minutes=[30]), every_day),
    "daily at 01:30": (at(1, minutes=[30]), every_day),
    "every day at 11:45pm": (at(23, minutes=[45]), every_day),
    "every monday 00:00": (at(0), on(0)),
    "sundays 02:15": (at(2, minutes=[15]), on(6)),
    "weekdays at 17:30": (at(17, minutes=[30]), on(0, 1, 2, 3, 4)),
    "every sat and sun at 2:00": (at(2), on(5, 6)),
    "monthly on day 31 at 08:00": (at(8), last(31)),
    "monthly on day 29 and 30 at 00:00": (at(0), last(29, 30)),
    "first of the month 02:30": (at(2, minutes=[30]), last(1)),
    "0 9 * * 0": (at(9), on(6)),
    "30 2 8-14 3,11 *": (at(2, minutes=[30]), lambda wall: 8 <= wall.day <= 14 and wall.month in {3, 11}),
    "0 8 31 * *": (at(8), lambda wall: wall.day == 31),
    "15 1 13 * fri": (at(1, minutes=[15]), lambda wall: wall.day == 13 or wall.weekday() == 4),
    "0 */6 * * 1-5": (at(0, 6, 12, 18), on(0, 1, 2, 3, 4)),
    "*/15 1-3 * * *": (at(1, 2, 3, minutes=QUARTERS), every_day),
}
BY_THE_HOUR = {
    "15 * * 2-4,9-12 *": (at(*range(24), minutes=[15]), lambda wall: wall.month in {2, 3, 4, 9, 10, 11, 12}),
    "*/30 * * * 0": (at(*range(24), minutes=[0, 30]), on(6)),
}


@pytest.mark.parametrize(("zone", "start", "end"), PLACES)
def test_a_time_of_the_day_runs_once_each_local_day_over_two_years(zone, start, end):
    for text, (times, says) in BY_THE_CLOCK.items():
        expected = once_each(zone, start, end, times, says)
        found = Calendar.from_text(f"{text} {zone}").next_runs(start - QUARTER, len(expected) + 1)
        assert found[:-1] == expected, text
        assert found[-1] >= end, text


@pytest.mark.parametrize(("zone", "start", "end"), PLACES)
def test_an_hourly_schedule_runs_whenever_the_clock_shows_its_minute(zone, start, end):
    for text, (times, says) in BY_THE_HOUR.items():
        expected = as_it_flows(zone, start, end, times, says)
        found = Calendar.from_text(f"{text} {zone}").next_runs(start - QUARTER, len(expected) + 1)
        assert found[:-1] == expected, text
        assert found[-1] >= end, text


@pytest.mark.parametrize("zone", ["America/New_York", "Africa/Casablanca", "Pacific/Chatham"])
def test_hourly_runs_are_an_hour_apart_also_when_clocks_change(zone):
    runs = Calendar.from_text(f"hourly {zone}").next_runs(NOW[0], 8_500)
    assert {after - before for before, after in pairwise(runs)} == {timedelta(hours=1)}


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("daily 02:30 America/New_York", utc(2026, 3, 8), utc(2026, 3, 8, 7, 30)),
        ("daily 01:30 America/New_York", utc(2026, 11, 1), utc(2026, 11, 1, 5, 30)),
        ("daily 01:30 America/New_York", utc(2026, 11, 1, 5, 30), utc(2026, 11, 2, 6, 30)),
        ("daily 00:00 America/New_York", utc(2026, 3, 8, 5), utc(2026, 3, 9, 4)),
        ("every monday 00:00 America/New_York", utc(2026, 3, 8), utc(2026, 3, 9, 4)),
        ("monthly on day 31 at 08:00 UTC", utc(2026, 2, 1), utc(2026, 2, 28, 8)),
        ("monthly on day 31 at 08:00 UTC", utc(2028, 2, 1), utc(2028, 2, 29, 8)),
        ("0 8 31 * * UTC", utc(2026, 2, 1), utc(2026, 3, 31, 8)),
        ("0 9 * * 0 UTC", utc(2026, 11, 24), utc(2026, 11, 29, 9)),
        ("0 9 * * 7 UTC", utc(2026, 11, 24), utc(2026, 11, 29, 9)),
        ("0 0 29 2 * UTC", utc(2096, 3, 1), utc(2104, 2, 29)),
        ("daily 00:00 America/Sao_Paulo", utc(2018, 11, 4), utc(2018, 11, 4, 3)),
        ("daily 08:00 Pacific/Apia", utc(2011, 12, 30, 10), utc(2011, 12, 30, 18)),
        ("hourly America/New_York", utc(2026, 11, 1, 5), utc(2026, 11, 1, 6)),
    ],
)
def test_the_next_run_on_an_awkward_day_is(text, after, expected):
    assert Calendar.from_text(text).next_run(after) == expected


def test_a_schedule_whose_time_was_skipped_or_comes_twice_says_so():
    new_york = Calendar.from_text("daily 02:30 New York")
    assert [new_york.oddity(run) for run in new_york.next_runs(utc(2026, 3, 7, 12), 2)] == [
        "the clock skips its time",
        "",
    ]
    twice = Calendar.from_text("daily 01:30 New York")
    assert "comes twice, the first time" in twice.oddity(utc(2026, 11, 1, 5, 30))


def test_no_run_is_left_before_the_end_of_the_calendar():
    assert Calendar.from_text("daily 09:00").next_run(utc(9998, 12, 31, 9)) is None


def some(low, high):
    return st.sets(st.integers(low, high), min_size=1).map(tuple)


CALENDARS = st.builds(
    Calendar,
    minutes=some(0, 59),
    hours=some(0, 23) | st.just(tuple(range(24))),
    month_days=some(1, 29) | st.just(tuple(range(1, 32))),
    weekdays=some(0, 6) | st.just(tuple(range(7))),
    months=some(1, 12) | st.just(tuple(range(1, 13))),
    zone=st.sampled_from(ZONES),
)
CLAMPED = st.builds(
    Calendar,
    minutes=st.integers(0, 59).map(lambda minute: (minute,)),
    hours=some(0, 23),
    zone=st.sampled_from(ZONES),
    month_days=some(1, 31).filter(lambda days: max(days) > 28 and len(days) < 31),
    clamp=st.just(True),
)


@given(CALENDARS | CLAMPED)
def test_a_schedule_is_written_as_it_is_read(schedule):
    assert Calendar.from_text(str(schedule)) == schedule


@given(CALENDARS | CLAMPED, st.datetimes(utc(2011, 1, 1).replace(tzinfo=None), utc(2030, 1, 1).replace(tzinfo=None)))
def test_runs_come_in_order_and_none_twice_from_any_moment(schedule, moment):
    after = utc(*moment.timetuple()[:6])
    runs = schedule.next_runs(after, 5)
    assert runs == sorted(set(runs))
    assert runs[0] > after
    assert [schedule.next_run(moment) for moment in (after, *runs[:-1])] == runs
    assert schedule.last_runs(runs[-1], 5) == runs
    assert schedule.last_run(runs[-1] - timedelta.resolution) == runs[-2]
