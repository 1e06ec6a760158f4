"""How the page shows moments: in the acting person's zone, by the workspace's clock. Runs the page's own script."""

import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import bot.workspace

PAGE = Path(bot.workspace.__file__).parent / "page"
NODE = shutil.which("node")
NOW = datetime(2026, 11, 24, 17, tzinfo=UTC)
SCRIPT = """
globalThis.location = { href: "http://127.0.0.1/token/" };
globalThis.sessionStorage = { getItem: () => null };
const { state } = await import("./transport.js");
const dates = await import("./dates.js");
const { now, cases } = JSON.parse(process.argv[2]);
const answers = cases.map(([tz, name, ...rest]) => {
  state.screen = { me: "U1", people: [{ id: "U1", tz }], clock: { now, frozen: true } };
  return dates[name](...rest);
});
console.log(JSON.stringify(answers));
"""

pytestmark = pytest.mark.skipif(NODE is None, reason="runs the page's script in node")


@pytest.fixture
def ask(tmp_path):
    """Call functions of the page's dates.js, each as (zone, function, arguments…)."""
    for path in PAGE.glob("*.js"):
        shutil.copy(path, tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "ask.js").write_text(SCRIPT)

    def run(*cases):
        given = json.dumps({"now": NOW.timestamp(), "cases": cases})
        done = subprocess.run([NODE, "ask.js", given], cwd=tmp_path, capture_output=True, text=True, check=True)
        return [one.replace("\u202f", " ") if isinstance(one, str) else one for one in json.loads(done.stdout)]

    return run


def seconds(moment):
    return int(moment.timestamp())


def test_a_moment_is_shown_in_the_persons_own_zone(ask):
    zones = ["America/New_York", "Europe/Berlin", "Asia/Kolkata"]
    late = str(seconds(datetime(2026, 11, 24, 23, 30, tzinfo=UTC)))
    assert ask(*[[zone, "dateText", late, "{date_short_pretty} {time}", "-"] for zone in zones]) == [
        "Today 6:30 PM",
        "Tomorrow 12:30 AM",
        "Tomorrow 5:00 AM",
    ]


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("{date_num}", "2026-03-22"),
        ("{date}", "March 22nd, 2026"),
        ("{date_short}", "Mar 22, 2026"),
        ("{date_long}", "Sunday, March 22nd, 2026"),
        ("{date_pretty}", "March 22nd, 2026"),
        ("{day_divider_pretty}", "Sunday, March 22nd"),
        ("at {time_secs}", "at 9:05:07 AM"),
        ("{ago}", "247 days ago"),
        ("{no_such_token}", "{no_such_token}"),
    ],
)
def test_every_token_of_slacks_has_its_form(ask, form, shown):
    ts = str(seconds(datetime(2026, 3, 22, 9, 5, 7, tzinfo=UTC)))
    assert ask(["UTC", "dateText", ts, form, "-"]) == [shown]


def test_days_around_today_have_names(ask):
    moments = [seconds(NOW + timedelta(days=day)) for day in (-2, -1, 0, 1, 2)]
    assert ask(*[["UTC", "dayName", ts] for ts in moments]) == [
        "Sunday, November 22nd",
        "Yesterday",
        "Today",
        "Tomorrow",
        "Thursday, November 26th",
    ]


def test_a_day_of_another_year_carries_its_year(ask):
    assert ask(["UTC", "dayName", seconds(datetime(2025, 1, 1, tzinfo=UTC))]) == ["Wednesday, January 1st, 2025"]


def test_what_is_no_moment_shows_its_fallback(ask):
    assert ask(["UTC", "dateText", "soon", "{date}", "a fallback"]) == ["a fallback"]


def test_what_is_entered_is_read_in_the_same_zone(ask):
    hours = [seconds(datetime(2026, 3, 8, tzinfo=UTC) + timedelta(hours=hour)) for hour in range(48)]
    walls = ask(*[["America/New_York", "toWall", ts] for ts in hours])
    assert walls[0] == "2026-03-07T19:00"
    assert ask(*[["America/New_York", "fromWall", wall] for wall in walls]) == hours
