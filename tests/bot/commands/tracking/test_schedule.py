"""`schedule preview`: what people type, what they see, and what they are told to type instead."""

import json
import os
import subprocess
import sys

import pytest

from bot.commands import read
from bot.commands.tracking.schedule_question import ScheduleQuestion
from bot.limits.payloads import check_message
from bot.terminal import plain
from calculator.errors import QuestionError
from tests.bench.processes import ROOT

NEW_YORK = 'schedule preview "daily 00:00 America/New_York" from=2026-03-07T06:00:00Z count=3'
RUNS = ["2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", "2026-03-10T04:00:00Z"]


@pytest.mark.parametrize(
    "spec",
    [
        '"daily 00:00 America/New_York"',
        "“daily 00:00 America/New_York”",
        "‘daily 00:00 America/New_York’",
        "daily 00:00 America/New_York",
        "„daily 00:00 America/New_York“",
        '"daily 00:00 America/New_York',
    ],
)
def test_quotes_around_the_schedule_may_be_of_any_kind_or_missing(spec, service, asker):
    answer = service.answer(f"schedule preview {spec} from=2026-03-07T06:00:00Z count=3", asker)
    assert answer.data == {"next_runs": RUNS}
    assert service.answer(f"schedule preview count=3 from=“2026-03-07 01:00-05:00” {spec}", asker).data == answer.data


def test_five_runs_after_now_are_shown_where_nothing_else_is_said(service, asker):
    runs = service.answer("schedule preview daily 12:00", asker).data["next_runs"]
    assert runs == [f"2026-11-{day}T12:00:00Z" for day in range(25, 30)]


def test_the_answer_shows_each_run_in_the_zone_and_in_utc_and_why_one_is_odd(service, asker):
    answer = service.answer("schedule preview daily 02:30 new york from=2026-03-07T12:00Z count=2", asker)
    shown = plain(answer)
    assert "daily at 02:30 America/New_York" in shown
    assert "Sun 08 Mar 2026 03:30 EDT  2026-03-08 07:30 UTC  the clock skips its time" in shown
    assert "Mon 09 Mar 2026 02:30 EDT  2026-03-09 06:30 UTC" in shown
    assert "new york -> America/New_York" in shown


@pytest.mark.parametrize("count", [1, 50, 51, 100])
def test_any_number_of_runs_fits_in_a_message(count, service, asker):
    spec = f'"*/15 1-2 29 12,2 * America/North_Dakota/New_Salem" count={count} from=2026-03-08T00:00:00Z'
    answer = service.answer(f"schedule preview {spec}", asker)
    assert len(answer.data["next_runs"]) == count
    assert not check_message({"text": answer.text, "blocks": list(answer.blocks)})


def test_the_button_asks_for_the_runs_that_follow(service, asker):
    answer = service.answer(NEW_YORK, asker)
    later = service.answer(answer.blocks[-1]["elements"][0]["value"], asker)
    assert later.data["next_runs"] == ["2026-03-11T04:00:00Z", "2026-03-12T04:00:00Z", "2026-03-13T04:00:00Z"]


@pytest.mark.parametrize(
    ("text", "field", "advice"),
    [
        ("3 pasue", "schedule", "Did you mean `pause`"),
        ("whenever", "schedule", "not understood"),
        ("preview", "schedule", "empty"),
        ("preview daily cuont=3", "schedule", "Did you mean `count`"),
        ("preview daily count=3 count=4", "schedule", "twice"),
        ("preview daily count=0", "count", "at least 1"),
        ("preview daily count=101", "count", "at most 100"),
        ("preview daily count=many", "count", "count=5"),
        ("preview daily from=tomorrow", "from", "2026-03-07T00:00:00Z"),
        ("preview daily from=0001-01-01", "from", "1970"),
    ],
)
def test_a_preview_that_is_not_understood_says_what_to_type(text, field, advice):
    with pytest.raises(QuestionError, match=advice) as error:
        read(f"schedule {text}")
    assert error.value.field == field


def test_a_preview_is_written_as_it_is_read():
    question = read(NEW_YORK)
    assert isinstance(question, ScheduleQuestion)
    assert str(question) == NEW_YORK
    assert read(str(question)) == question


def test_the_terminal_prints_the_runs_as_json(tmp_path):
    command = [sys.executable, "-m", "bot", "ask", "--json", "--db", str(tmp_path / "a.db"), NEW_YORK]
    done = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"next_runs": RUNS}


def test_in_slack_the_preview_is_shown_to_the_asker(place):
    ada = place.person()
    ada.type("/inference " + NEW_YORK.replace('"', "”"))
    answer = ada.wait_for_message(containing="America/New_York")
    assert answer.is_ephemeral
    assert "2026-03-08 05:00 UTC" in answer.words
    ada.click(answer, "Later runs")
    assert "2026-03-11 04:00 UTC" in ada.wait_for_message(containing="2026-03-11").words
