"""`python -m bot` as a person or a program calls it."""

import json
import os
import signal
import subprocess
import sys

import pytest

from bot.bootstrap import read_manifest
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from tests.bench.processes import ROOT

REFERENCE = json.loads((ROOT / "tests" / "bot" / "reference_options.json").read_text(encoding="utf-8"))
PRINTED = {
    "memory": {"total_memory_gb", "memory_fits", "memory_utilization_percent"},
    "latency": {"total_latency_seconds", "tokens_per_second"},
    "cost": {"cost_per_request", "hourly_cost", "monthly_cost"},
    "compatibility": {"performance_score", "recommendations"},
}
"""The reference document's keys."""


def environment(**variables):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    return kept | {name: str(value) for name, value in variables.items()}


def bot(*arguments, **variables):
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def asked(tmp_path, text):
    done = bot("ask", "--json", "--db", str(tmp_path / "a.db"), text)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "option", REFERENCE[:3], ids=lambda option: f"{option['model_size']} on {option['hardware_type']}"
)
def test_the_json_has_the_reference_documents_keys_and_its_arithmetic(tmp_path, option):
    answer = asked(tmp_path, " ".join(f"{name}={value}" for name, value in option.items()))
    assert {name: answer[name] for name in option} == option
    results = answer["results"]
    assert all(keys <= results[part].keys() for part, keys in PRINTED.items())
    memory, latency, cost = results["memory"], results["latency"], results["cost"]
    assert memory["memory_fits"] is (memory["memory_utilization_percent"] <= 100)
    assert latency["tokens_per_second"] == pytest.approx(option["tokens"] / latency["total_latency_seconds"])
    assert cost["hourly_cost"] == pytest.approx(cost["cost_per_request"] * option["requests_per_hour"])
    assert cost["monthly_cost"] == pytest.approx(cost["hourly_cost"] * 720)
    assert (results["compatibility"]["performance_score"] == 0) is (not memory["memory_fits"])
    assert answer["hypothetical"] is (not memory["memory_fits"])


def test_an_answer_exits_0_a_misunderstanding_2_with_its_message_on_stderr(tmp_path):
    assert bot("ask", "--db", str(tmp_path / "a.db"), "GPT-4 on H100").returncode == 0
    misunderstood = bot("ask", "--db", str(tmp_path / "a.db"), "lama on H100")
    assert (misunderstood.returncode, misunderstood.stdout) == (2, "")
    assert misunderstood.stderr.startswith("model_size: ")


def test_without_a_question_there_is_help(tmp_path):
    done = bot("ask", "--db", str(tmp_path / "a.db"))
    assert done.returncode == 0
    assert "compare" in done.stdout


def test_without_tokens_the_missing_variables_are_named():
    done = bot()
    assert done.returncode == 2
    assert "SLACK_BOT_TOKEN and SLACK_APP_TOKEN" in done.stderr


def test_a_wrong_variable_is_named_with_what_to_set():
    done = bot(SLACK_API_URL="localhost", SLACK_BOT_TOKEN="x", SLACK_APP_TOKEN="y")
    assert done.returncode == 2
    assert "SLACK_API_URL" in done.stderr


def test_a_backup_is_restored_and_what_was_there_is_kept(tmp_path):
    database, copy = tmp_path / "a.db", tmp_path / "copy.db"
    asked(tmp_path, "7B on L4")
    assert bot("backup", str(copy), "--db", str(database)).returncode == 0
    asked(tmp_path, "13B on A100")
    restored = bot("restore", str(copy), "--db", str(database))
    assert "kept as" in restored.stdout
    assert [item["number"] for item in asked(tmp_path, "history")["items"]] == [1]


def test_tokens_and_an_address_are_all_it_takes_to_run_and_a_signal_ends_it_in_good_order(tmp_path):
    with Workspace(read_manifest("inference")) as workspace:
        tokens = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_APP_TOKEN": workspace.app_token}
        running = subprocess.Popen(
            [sys.executable, "-m", "bot", "--db", str(tmp_path / "a.db")],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(SLACK_API_URL=workspace.api_url.rstrip("/"), **tokens),
        )
        client = WorkspaceClient(workspace.url)
        client.wait_until_connected()
        ada = client.person()
        ada.type("/inference 7B on RTX4090")
        assert "Llama 2 7B" in ada.wait_for_message(containing="Fits").words
        running.send_signal(signal.SIGTERM)
        _, logs = running.communicate(timeout=30)
    assert running.returncode == 0
    said = [json.loads(line) for line in logs.splitlines()]
    assert [line["message"] for line in said if line["logger"] == "bot.bootstrap"] == ["connected", "stopped"]
    assert not [line for line in said if workspace.bot_token in line["message"] or "RTX4090" in line["message"]]


def test_a_picture_goes_where_a_file_takes_it(tmp_path):
    database = ["--db", str(tmp_path / "inference.db")]
    ask = [sys.executable, "-m", "bot", "ask", *database]
    subprocess.run([*ask, "7B on RTX4090, 500 tokens"], check=True, capture_output=True)
    done = subprocess.run([*ask, "export 1 png"], check=True, capture_output=True)
    assert done.stdout.startswith(b"\x89PNG\r\n\x1a\n")


def test_a_restore_says_what_it_kept_and_discard_removes_it(tmp_path):
    place = tmp_path / "inference.db"
    assert bot("ask", "--db", str(place), "7B on L4, 500 tokens").returncode == 0
    assert bot("backup", "--db", str(place), str(tmp_path / "b.db")).returncode == 0
    done = bot("restore", "--db", str(place), str(tmp_path / "b.db"))
    assert "is kept as" in done.stdout
    assert "`restore --discard` removes it" in done.stdout
    assert bot("restore", "--db", str(place)).returncode == 2
    assert bot("restore", "--db", str(place), "--discard").stdout.startswith("Discarded")
    assert bot("restore", "--db", str(place), "--discard").stdout == "No restore has left a copy.\n"
    assert list(tmp_path.glob("*before-restore*")) == []
