"""What is shipped to run the bot: every path and variable that it names exists, and what it promises holds."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from bot.__main__ import _parser
from bot.bootstrap import read_manifest
from bot.operating.metrics import FIGURES
from bot.settings import STAND_INS, TOKEN_PREFIX, Settings, load
from bot.workspace.client import WorkspaceClient
from bot.workspace.manifest_check import problems
from storage import migrations
from storage.database import Database
from tests.bot.test_command_line import ROOT, asked, bot, environment

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = yaml.safe_load((ROOT / "compose.yml").read_text(encoding="utf-8"))["services"]["bot"]
UNIT = (ROOT / "deploy" / "inference-bot.service").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
HOOKS = json.loads((ROOT / ".slack" / "hooks.json").read_text(encoding="utf-8"))["hooks"]
OURS = {name.upper() for name in Settings.model_fields}
"""One of them, PROMETHEUS_TOKENS, is every variable whose name begins so."""
PYTHONS_AND_THE_SHELLS = {"PATH", "PYTHONUNBUFFERED"}
AT_FIRST = 20
"""How many steps the schema of the first version had."""


def assigned(text):
    """The variables that a text sets, in capitals before an equals sign."""
    return set(re.findall(r"(?<![A-Z_$])([A-Z][A-Z_]+)=", text))


def unknown(names):
    return {name for name in names if name not in OURS | PYTHONS_AND_THE_SHELLS and not name.startswith(TOKEN_PREFIX)}


def test_every_variable_that_is_set_anywhere_is_one_of_ours():
    env = "\n".join(line.lstrip("#") for line in (ROOT / ".env.example").read_text(encoding="utf-8").splitlines())
    environments = "\n".join(re.findall(r"^Environment=(.*)$", UNIT, re.MULTILINE))
    for names in (
        assigned(DOCKERFILE),
        set(COMPOSE["environment"]),
        assigned(environments),
        assigned(env),
        assigned(PAGE),
    ):
        assert names
        assert unknown(names) == set()


def test_every_setting_has_its_row_on_the_page_and_is_offered_in_the_example():
    assert [name for name in OURS - {"PROMETHEUS_TOKENS"} if f"`{name}`" not in PAGE] == []
    env = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert [name for name in OURS - {"PROMETHEUS_TOKENS"} if f"{name}=" not in env] == []


def test_the_values_that_are_shipped_are_understood():
    shipped = dict(re.findall(r"([A-Z_]+)=(\S+)", re.sub(r"\\\n", "", DOCKERFILE[DOCKERFILE.index("ENV ") :])))
    assert load(shipped).operate_listen.port == load(COMPOSE["environment"]).operate_listen.port == 9000
    assert shipped["DATABASE_PATH"] == COMPOSE["environment"]["DATABASE_PATH"]
    assert "127.0.0.1:9000/healthz" in DOCKERFILE


def test_the_image_copies_what_exists_and_what_is_let_in_and_nothing_else():
    copied = {
        path for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE) for path in line.split()[:-1]
    }
    assert [path for path in copied if not (ROOT / path).exists()] == []
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" in lines
    assert {line[1:] for line in lines if line.startswith("!")} == copied


def test_what_the_bot_imports_is_in_the_image(tmp_path):
    """The copied folders, alone in another place, answer a question."""
    for name in re.findall(r"^COPY (\w+) \w+$", DOCKERFILE, re.MULTILINE):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manifest.yml", tmp_path)
    command = [sys.executable, "-m", "bot", "ask", "7B on L4"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert (done.returncode, "Fits" in done.stdout) == (0, True), done.stderr


def test_the_image_runs_as_a_user_of_its_own_from_pinned_versions_of_a_slim_base():
    assert re.search(r"^USER (?!root)\w+$", DOCKERFILE, re.MULTILINE)
    assert {line.split()[1] for line in DOCKERFILE.splitlines() if line.startswith("FROM")} == {
        "python:3.11-slim-bookworm"
    }
    assert "--require-hashes" in DOCKERFILE
    assert "--no-cache-dir" in DOCKERFILE
    assert (
        DOCKERFILE.index("VOLUME /data")
        > DOCKERFILE.index("USER bot")
        > DOCKERFILE.index("install --directory --owner=bot")
    )
    assert [line for line in DOCKERFILE.splitlines() if re.match(r"(CMD|ENTRYPOINT|\s+CMD) (?!\[)", line)] == []


def test_compose_keeps_the_database_in_a_volume_and_lets_the_bot_finish():
    assert f"data:{Path(COMPOSE['environment']['DATABASE_PATH']).parent}" in COMPOSE["volumes"]
    assert COMPOSE["read_only"] is True
    assert COMPOSE["stop_grace_period"] == "60s"
    assert all(port.startswith("127.0.0.1:") for port in COMPOSE["ports"])


@pytest.mark.skipif(shutil.which("docker") is None, reason="needs docker")
def test_docker_reads_the_compose_file(tmp_path):
    shutil.copy(ROOT / "compose.yml", tmp_path)
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=x\n")
    command = ["docker", "compose", "config", "--quiet"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    if "is not a docker command" in done.stderr or "unknown" in done.stderr:
        pytest.skip("needs docker compose")
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_reads_the_unit_and_misses_only_the_program():
    command = ["systemd-analyze", "verify", str(ROOT / "deploy" / "inference-bot.service")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    said = [
        line for line in done.stderr.splitlines() if "inference-bot.service" in line and "is not executable" not in line
    ]
    assert said == []


def test_the_unit_does_not_start_again_what_a_setting_keeps_from_starting():
    assert "RestartPreventExitStatus=2" in UNIT
    assert bot().returncode == 2


def test_every_command_link_and_figure_on_the_page_exists():
    commands = _parser()._subparsers._group_actions[0].choices
    assert set(re.findall(r"python -m bot (?!`)([a-z]+)", PAGE)) <= set(commands)
    links = [link for link in re.findall(r"\]\(([^)]+)\)", PAGE) if not link.startswith("http")]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
    known = {one.full_name for one in FIGURES}
    assert {name.removesuffix("_bucket") for name in re.findall(r"inference_bot_\w+", PAGE)} <= known


def of_the_first_version(path, monkeypatch):
    """A database as the first version left it, with an answer in it."""
    with monkeypatch.context() as older:
        older.setattr(migrations, "STEPS", migrations.STEPS[:AT_FIRST])
        with Database(path) as database, database.transaction() as connection:
            connection.execute(
                "INSERT INTO comparisons (team_id, number, channel_id, channel_name, private, user_id, kind, question, spelled_out,"
                " headline, parts, created_at, results) VALUES ('local', 1, 'local', '', 0, 'local', 'estimate', '7B on L4', '7B on L4',"
                " 'Fits', '', '2026-11-01T00:00:00.000000+00:00', '{}')"
            )
            connection.execute("INSERT INTO comparison_numbers VALUES ('local', 1)")


def steps(path):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0]


def test_an_upgrade_brings_the_database_along_with_what_is_in_it(tmp_path, monkeypatch):
    path = tmp_path / "a.db"
    of_the_first_version(path, monkeypatch)
    assert asked(tmp_path, "13B on A100")["number"] == 2
    assert steps(path) == len(migrations.STEPS)


def test_a_backup_of_an_older_version_is_restored_and_brought_along(tmp_path, monkeypatch):
    path, backup = tmp_path / "a.db", tmp_path / "backup.db"
    of_the_first_version(backup, monkeypatch)
    asked(tmp_path, "13B on A100")
    assert bot("restore", str(backup), "--db", str(path)).returncode == 0
    assert steps(path) == len(migrations.STEPS)
    assert asked(tmp_path, "13B on A100")["number"] == 2
    kept = path.with_name("a.db.before-restore-1")
    assert steps(kept) == len(migrations.STEPS)


def test_the_way_back_is_the_backup_from_before(tmp_path, monkeypatch):
    path, backup = tmp_path / "a.db", tmp_path / "backup.db"
    of_the_first_version(path, monkeypatch)
    shutil.copy(path, backup)
    asked(tmp_path, "13B on A100")
    with monkeypatch.context() as older:
        older.setattr(migrations, "STEPS", migrations.STEPS[:AT_FIRST])
        with pytest.raises(Exception, match="newer version"):
            Database(path)
        shutil.copy(backup, path)
        Path(f"{path}-wal").unlink(missing_ok=True)
        Database(path).close()


def run_hook(name, **variables):
    """A hook as the Slack CLI runs it: by the shell, in the project's folder, its arguments set apart by spaces."""
    return subprocess.Popen(
        ["sh", "-c", " ".join(HOOKS[name].split()) + " "],
        cwd=ROOT,
        env=environment(**variables),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


needs_the_environment = pytest.mark.skipif(not (ROOT / ".venv").exists(), reason="needs .venv")


@needs_the_environment
def test_the_slack_cli_gets_the_manifest_as_json(tmp_path):
    with run_hook("get-manifest") as hook:
        found = json.loads(hook.communicate(timeout=60)[0])
    assert found == read_manifest("inference")
    assert problems(found) == []


@needs_the_environment
def test_the_slack_cli_starts_the_bot_with_the_tokens_of_its_app_and_stops_it(tmp_path, workspace):
    tokens = {"SLACK_CLI_XOXB": workspace.bot_token, "SLACK_CLI_XAPP": workspace.app_token, "SLACK_BOT_TOKEN": ""}
    with run_hook("start", **tokens, SLACK_API_URL=workspace.api_url, DATABASE_PATH=tmp_path / "a.db") as hook:
        client = WorkspaceClient(workspace.url)
        client.wait_until_connected()
        client.person().type("/inference 7B on RTX4090")
        client.person().wait_for_message(containing="Fits")
        hook.terminate()
        hook.communicate(timeout=60)


def test_the_hooks_are_those_that_the_file_lists_and_the_cli_knows_where_to_look():
    with run_hook("get-hooks") as hook:
        found = json.loads(hook.communicate(timeout=60)[0])
    assert found["hooks"] == HOOKS
    assert found["config"]["sdk-managed-connection-enabled"] is True
    assert json.loads((ROOT / ".slack" / "config.json").read_text())["manifest"]["source"] == "local"


def test_tokens_of_ones_own_come_before_those_of_the_slack_cli():
    given = dict.fromkeys(STAND_INS.values(), "theirs") | {"SLACK_BOT_TOKEN": "ours"}
    assert load(given).slack_bot_token.get_secret_value() == "ours"
    assert load(given).slack_app_token.get_secret_value() == "theirs"
