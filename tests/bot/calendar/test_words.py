"""What people type for a schedule: what it is understood as, and what they are told to type instead."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Calendar, understand
from calculator.errors import QuestionError


@pytest.mark.parametrize(
    ("text", "spelled_out"),
    [
        ("daily 00:00 America/New_York", "daily at 00:00 America/New_York"),
        ("daily 8am", "daily at 08:00 UTC"),
        ("every day at 9:30", "daily at 09:30 UTC"),
        ("DAILY at 12 noon", "daily at 12:00 UTC"),
        ("daily midnight tokyo", "daily at 00:00 Asia/Tokyo"),
        ("daily at 12am and 12pm", "daily at 00:00 and 12:00 UTC"),
        ("daily at 9, 12 and 17:00 sao paulo", "daily at 09:00, 12:00 and 17:00 America/Sao_Paulo"),
        ("every monday 09:00 Europe/Berlin", "every monday at 09:00 Europe/Berlin"),
        ("9am every monday, new york time", "every monday at 09:00 America/New_York"),
        ("every mon and thu at 9am", "every monday and thursday at 09:00 UTC"),
        ("Mon, Wed &amp; Fri 9:00am (europe/paris)", "every monday, wednesday and friday at 09:00 Europe/Paris"),
        ("mondays 09:00", "every monday at 09:00 UTC"),
        ("sat to mon 7 p.m. in Kyiv", "every monday, saturday and sunday at 19:00 Europe/Kyiv"),
        ("mon–fri 17:30", "weekdays at 17:30 UTC"),
        ("weekdays at 17:30 Australia/Lord_Howe", "weekdays at 17:30 Australia/Lord_Howe"),
        ("weekends", "weekends at 09:00 UTC"),
        ("hourly", "hourly at :00 UTC"),
        ("every hour at :15", "hourly at :15 UTC"),
        ("every 6 hours", "daily at 00:00, 06:00, 12:00 and 18:00 UTC"),
        ("every 15 minutes", "*/15 * * * * UTC"),
        ("first of the month 08:00", "monthly on day 1 at 08:00 UTC"),
        ("monthly on day 31 at 08:00 UTC", "last day of the month at 08:00 UTC"),
        ("monthly on the 15th", "monthly on day 15 at 09:00 UTC"),
        ("the 1st and 30th of each month at 8am", "monthly on day 1 and 30 at 08:00 UTC"),
        ("last day of the month", "last day of the month at 09:00 UTC"),
        ("0 9 * * 0 UTC", "every sunday at 09:00 UTC"),
        ("0 9 * * 7", "every sunday at 09:00 UTC"),
        ("0 9 * * fri-sun berlin", "every friday, saturday and sunday at 09:00 Europe/Berlin"),
        ("*/20 9-17 1,15 jan-mar *", "*/20 9-17 1,15 1-3 * UTC"),
        ("0 8 31 * * UTC", "0 8 31 * * UTC"),
        ("0 0 13 * 5 UTC", "0 0 13 * 5 UTC"),
        ("@weekly utc", "every sunday at 00:00 UTC"),
    ],
)
def test_a_schedule_is_read_and_spelled_out(text, spelled_out):
    schedule = Calendar.from_text(text)
    assert str(schedule) == spelled_out
    assert Calendar.from_text(spelled_out) == schedule


@pytest.mark.parametrize(
    ("text", "quoted", "advice"),
    [
        ("", "empty", "every monday 09:00"),
        ("daily 25:00", "“25:00”", "23:59"),
        ("daily 24:00", "“24:00”", "Midnight is 00:00"),
        ("daily 9:5", "“9:5”", "00:00"),
        ("daily 13pm", "“13pm”", "9am"),
        ("daily 09:00:30", "“09:00:30”", "09:00"),
        ("daily at 9 and 10am", "“at 9 and 10am”", "am or pm"),
        ("daily 9:00 and 17:30", "“9:00 and 17:30”", "one schedule of each"),
        ("daily 9am Europe/Berln", "“Europe/Berln”", "Europe/Berlin"),
        ("daily 9am Atlantis", "“Atlantis”", "every monday 09:00"),
        ("daily 9am PST", "“PST”", "America/Los_Angeles"),
        ("daily 9am UTC+2", "“UTC+2”", "Etc/GMT-2"),
        ("foo daily 9am bar", "“foo” and “bar”", "Europe/Berlin"),
        ("every 31 february", "“every 31 february”", "1 to 29"),
        ("0 0 31 2 * UTC", "“0 0 31 2 * UTC”", "another day"),
        ("every 4 july", "“every 4 july”", "0 9 4 7 *"),
        ("every 2 weeks", "“every 2 weeks”", "every monday 09:00"),
        ("first monday of the month 9am", "“first monday”", "monthly on day 1"),
        ("weekly", "“weekly”", "every monday 09:00"),
        ("monthly 9am", "“monthly”", "monthly on day 1"),
        ("monthly on day 32", "“monthly on day 32”", "1 to 31"),
        ("every minute", "“every minute”", "hourly"),
        ("every 7 minutes", "“every 7 minutes”", "15"),
        ("9am Berlin", "“9am Berlin”", "daily 9am"),
        ("every friday and 15th of the month", "“every friday” and “15th of the month”", "one of each"),
        ("0 9 * *", "“0 9 * *”", "five fields"),
        ("0 0 9 * * 1 UTC", "“0 0 9 * * 1 UTC”", "five fields"),
        ("60 * * * *", "“60”", "0 to 59"),
        ("0 9 * * 8", "“8”", "sun to sat"),
        ("5/15 * * * *", "“5/15”", "5-59/15"),
        ("*/0 * * * *", "“*/0”", "from 1"),
        ("0 0 */2 * 1 UTC", "“*/2”", "list"),
        ("daily " * 100, "“daily daily", "too long"),
    ],
)
def test_what_is_not_understood_is_quoted_with_what_to_type_instead(text, quoted, advice):
    with pytest.raises(QuestionError) as error:
        Calendar.from_text(text)
    assert error.value.field == "schedule"
    assert quoted in error.value.message
    assert advice in error.value.message


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("daily 9am Europe/Berlin", ()),
        ("daily 9am berlin", ("berlin -> Europe/Berlin",)),
        ("daily 9am bangalore", ("bangalore -> Asia/Kolkata",)),
        ("weekends", ("no time said: 09:00", "no time zone said: UTC")),
        ("daily 9am EST", ("EST keeps its winter time all year; America/New_York is the place",)),
    ],
)
def test_what_was_filled_in_or_resolved_is_shown(text, notes):
    assert understand(text).notes == notes


PIECES = st.sampled_from([
    "daily", "every", "mon", "tuesday", "mon-fri", "weekdays", "weekend", "monthly", "on", "the", "day", "31", "15th",
    "last", "first", "of the month", "at", "9", "09:00", "25:00", "8am", "noon", "and", ",", "hourly", ":15", "0", "*",
    "*/15", "1-5", "fri-sun", "UTC", "new york", "Berlin", "February", "2 weeks", "minutes", "@daily", "tz=", "&", "-",
])  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=5), max_size=9).map(" ".join))
def test_any_text_is_a_schedule_that_reads_back_or_says_what_to_type(text):
    with suppress(QuestionError):
        schedule = Calendar.from_text(text)
        assert Calendar.from_text(str(schedule)) == schedule
