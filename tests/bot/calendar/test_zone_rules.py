"""The newest rules of time zones are used: an operating system's that are older are passed over."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from bot.background.clock import ZONE_RULES
from bot.calendar import RULES, Calendar
from bot.calendar.zone_rules import system_version
from bot.workspace.models import TEAM_ID
from tests.bench.processes import ROOT
from tests.bot.background.clockwork import clockwork

LOOK = """
import sys, zoneinfo
from bot.calendar.zone_rules import use_newest
found = use_newest(zoneinfo.TZPATH, sys.argv[1])
print(found.version, found.source, len(zoneinfo.TZPATH) > 0)
"""


def chosen(folder, package):
    """What a process chooses whose system has its rules in the folder."""
    done = subprocess.run(
        [sys.executable, "-c", LOOK, package],
        cwd=ROOT, env={"PYTHONTZPATH": str(folder), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("system", "package", "expected"),
    [
        ("2025b", "2026f", "2026f the tzdata package False"),
        ("2026f", "2026f", "2026f the operating system True"),
        ("2027a", "2026f", "2027a the operating system True"),
        ("", "2026f", "2026f the tzdata package False"),
        (None, "2026f", "2026f the tzdata package False"),
    ],
)
def test_the_newer_of_the_two_is_used_and_a_system_of_no_version_is_not(tmp_path, system, package, expected):
    (tmp_path / "UTC").write_bytes(b"TZif")
    if system is not None:
        (tmp_path / "tzdata.zi").write_text(f"# version {system}\nR d 1916" if system else "R d 1916")
    assert chosen(tmp_path, package) == expected


def test_the_version_of_a_system_is_found_as_debian_and_as_bsd_write_it(tmp_path):
    assert system_version([]) == system_version([str(tmp_path)]) == ""
    (tmp_path / "+VERSION").write_text("2024a\n")
    assert system_version(["/nowhere", str(tmp_path)]) == "2024a"


@pytest.mark.parametrize(
    ("text", "utc_hour"),
    [("daily 09:00 America/Vancouver", 16), ("daily 09:00 Edmonton", 15), ("daily 09:00 Europe/Berlin", 8)],
)
def test_a_winter_morning_is_when_the_rules_of_2026_have_it(text, utc_hour):
    assert RULES.version >= "2026f"
    run = Calendar.from_text(text).next_run(datetime(2026, 12, 1, tzinfo=UTC))
    assert run == datetime(2026, 12, 1, utc_hour, tzinfo=UTC)


def test_a_schedule_whose_next_run_moved_with_the_rules_says_so_once(tmp_path):
    with clockwork(tmp_path, starts_at=datetime(2026, 12, 1, 12, tzinfo=UTC)) as here:
        stored = here.schedule("daily 09:00 America/Vancouver")
        with here.database.transaction() as connection:
            before = (stored.next_run_at + timedelta(hours=1)).isoformat(timespec="microseconds")
            connection.execute("UPDATE schedules SET next_run_at = ?", (before,))
        here.clock.tables.workspaces.set(TEAM_ID, ZONE_RULES, "2025b")
        for _ in range(3):
            here.clock._fresh = True
            here.move(seconds=10)
        assert here.stored(1).next_run_at == stored.next_run_at
        assert sum("has moved with its time zone" in one.text for one in here.told()) == 1
        assert here.clock.tables.posts.of_schedule(stored.id) == ()
