"""`python -m bot doctor`: one line each, with what to do, and an exit code that says whether there is a problem."""

import copy
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.bootstrap import read_manifest, web_client
from bot.doctor import examine, report
from bot.doctor.finding import ok, problem, warning
from bot.doctor.here import _listened
from bot.doctor.slack import _clock, _goldens, _payloads, _scopes, refusal
from bot.settings import Settings, load
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from storage import migrations
from storage.database import Database
from tests.bot.test_command_line import bot
from tests.bot.test_failures import damage, held, write_as_tomorrow

ABOUT = ["settings", "manifest", "zones", "database", "disk", "bot token", "scopes", "clock", "app token", "payloads"]


def doctor(workspace, path, **changed):
    """The exit code, and the level and the text of each line by what it is about."""
    findings = list(examine(load({**workspace.environment, "DATABASE_PATH": str(path), **changed})))
    return report(findings), {one.about: (one.level, one.text) for one in findings}


def test_the_command_prints_a_line_each_and_says_by_its_exit_code_whether_there_is_a_problem(workspace, tmp_path):
    done = bot("doctor", "--db", str(tmp_path / "a.db"), **workspace.environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line[:19].split() for line in done.stdout.splitlines()] == [["ok", *one.split()] for one in ABOUT]
    assert bot("doctor", "--db", str(tmp_path / "a.db")).returncode == 1


def test_all_is_well_in_the_local_workspace(workspace, tmp_path):
    path = tmp_path / "inference.db"
    Database(path).close()
    code, found = doctor(workspace, path)
    assert list(found) == ABOUT
    assert {level for level, _ in found.values()} == {"ok"}
    assert code == 0


def test_it_changes_nothing(workspace, tmp_path):
    doctor(workspace, tmp_path / "inference.db")
    assert list(tmp_path.iterdir()) == []


def test_http_mode_asks_for_no_app_token(workspace, tmp_path):
    code, found = doctor(workspace, tmp_path / "a.db", HTTP_LISTEN="127.0.0.1:3000", SLACK_APP_TOKEN="")
    assert (code, found["settings"][1], "app token" in found) == (0, "HTTP mode at 127.0.0.1:3000; /inference", False)


@pytest.mark.parametrize(
    ("changed", "about", "says"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "bot token", "Slack refuses SLACK_BOT_TOKEN (invalid_auth). Copy"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "app token", "Slack refuses SLACK_APP_TOKEN (invalid_auth). Make"),
        ({"SLACK_APP_TOKEN": "xoxb-wrong"}, "settings", "SLACK_APP_TOKEN does not begin with xapp-"),
        ({"SLACK_BOT_TOKEN": ""}, "settings", "Set SLACK_BOT_TOKEN"),
        ({"SLACK_API_URL": "http://127.0.0.1:1/api"}, "slack", "cannot be reached"),
    ],
)
def test_a_wrong_token_or_address_is_a_problem_with_its_remedy(workspace, tmp_path, changed, about, says):
    code, found = doctor(workspace, tmp_path / "a.db", **changed)
    assert code == 1
    assert found[about][0] == "problem"
    assert says in found[about][1]


def test_a_setting_that_is_not_understood_is_a_problem():
    done = bot("doctor", OPERATE_LISTEN="9000")
    assert done.returncode == 1
    assert done.stderr.startswith("problem  settings   OPERATE_LISTEN:")


def test_a_scope_that_was_not_granted_is_a_problem(tmp_path):
    manifest = read_manifest("inference")
    manifest["oauth_config"]["scopes"]["bot"].remove("files:write")
    manifest["oauth_config"]["scopes"]["bot"].append("channels:history")
    with Workspace(manifest) as workspace:
        code, found = doctor(workspace, tmp_path / "a.db")
    assert (code, found["scopes"]) == (
        1,
        ("problem", "Missing: files:write. Update the app's manifest and install it to the workspace again."),
    )


@pytest.mark.parametrize(
    ("spoil", "level", "says"),
    [
        (damage, "problem", "restore"),
        (write_as_tomorrow, "problem", "Start the newer version"),
        (
            lambda path: sqlite3.connect(path).execute("CREATE TABLE theirs (id)").connection.close(),
            "problem",
            "not one of this program",
        ),
        (lambda path: path.mkdir(), "problem", "Check that the path is a file"),
    ],
)
def test_a_database_that_cannot_be_used_is_a_problem_with_its_remedy(workspace, tmp_path, spoil, level, says):
    path = tmp_path / "bot.db"
    spoil(path)
    code, found = doctor(workspace, path)
    assert (code, found["database"][0]) == (1, level)
    assert says in found["database"][1]


def test_a_database_of_an_older_version_is_a_warning_to_back_it_up(workspace, tmp_path, monkeypatch):
    path = tmp_path / "bot.db"
    with monkeypatch.context() as older:
        older.setattr(migrations, "STEPS", migrations.STEPS[:-2])
        Database(path).close()
    code, found = doctor(workspace, path)
    assert (code, found["database"][0]) == (0, "warning")
    assert "2 steps further" in found["database"][1]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0] == len(migrations.STEPS) - 2


def test_a_database_that_another_process_holds_is_a_problem(workspace, tmp_path):
    path = tmp_path / "bot.db"
    Database(path).close()
    with held(path):
        assert "stop the other process" in doctor(workspace, path)[1]["database"][1]


@pytest.mark.parametrize(
    ("seconds", "level", "says"),
    [
        (0, "ok", "within"),
        (90, "warning", "90 s slow"),
        (-90, "warning", "90 s fast"),
        (400, "problem", "HTTP mode refuses everything"),
    ],
)
def test_a_clock_that_is_off_is_told_before_slack_refuses_what_seems_stale(seconds, level, says):
    found = _clock(format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=False))
    assert found.level == level
    assert says.split()[-1] in found.text


def test_an_answer_without_a_date_is_a_warning():
    assert _clock("").level == "warning"


def test_whatever_the_manifest_lacks_or_has_too_much_is_named():
    manifest, code = read_manifest("inference"), _listened("inference")
    assert code.differences(manifest) == []
    changed = copy.deepcopy(manifest)
    changed["settings"]["event_subscriptions"]["bot_events"] = [
        "app_mention",
        "app_uninstalled",
        "tokens_revoked",
        "pin_added",
    ]
    changed["features"]["slash_commands"][0]["command"] = "/other"
    changed["features"]["shortcuts"] = changed["features"].get("shortcuts", [])[1:]
    said = code.differences(changed)
    assert "nothing listens to the event pin_added" in said
    assert "the event app_home_opened is missing" in said
    assert "nothing listens to the command /other" in said
    assert "the command /inference is missing" in said


def test_a_message_that_slack_refuses_is_told_with_what_it_says(workspace):
    client = web_client(Settings(slack_api_url=workspace.api_url, slack_bot_token=workspace.bot_token))
    assert refusal(client, {"text": "x", "blocks": [{"type": "section"}]}).startswith("invalid_blocks")
    assert refusal(client, {"text": "x", "blocks": [{"type": "divider"}]}) == ""


def test_where_there_is_no_checkout_there_are_no_payloads_to_show(tmp_path):
    assert _goldens(tmp_path / "goldens") == []


def test_only_a_problem_makes_it_fail(capsys):
    assert report([ok("a", "x"), warning("b", "y\nz")]) == 0
    assert report([ok("a", "x"), problem("c", "z")]) == 1
    assert capsys.readouterr().out.splitlines()[1] == "warning  b          y z"


@pytest.mark.parametrize(
    ("lacking", "level", "says"),
    [
        ((), "ok", "all 10 of manifest.yml"),
        (
            ("channels:read", "groups:read"),
            "warning",
            "Missing: channels:read, groups:read. What is tracked by a mention stays",
        ),
        (("channels:read", "im:write"), "problem", "Missing: im:write. Update"),
    ],
)
def test_a_scope_without_which_all_works_but_openness_is_a_warning(lacking, level, says):
    granted = set(read_manifest("inference")["oauth_config"]["scopes"]["bot"]) - set(lacking)
    found = _scopes(",".join(granted), "inference")
    assert found.level == level
    assert says in found.text


def test_where_slack_does_not_say_which_scopes_were_granted_none_is_called_missing():
    found = _scopes("", "inference")
    assert (found.level, "does not say" in found.text) == ("warning", True)


def test_where_slack_validates_no_messages_none_is_called_refused(workspace):
    client = web_client(Settings(slack_api_url=workspace.api_url, slack_bot_token=workspace.bot_token))
    WorkspaceClient(workspace.url).fault("blocks.validate", "error", times=10**6, error="unknown_method")
    [found] = _payloads(client)
    assert (found.level, "does not validate" in found.text) == ("warning", True)
