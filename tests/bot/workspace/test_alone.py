"""`python -m bot workspace --alone`: the workspace in one process, an app in another."""

import json
import os
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from slack_sdk import WebClient

from bot.workspace.client import WorkspaceClient
from tests.bench.processes import ROOT
from tests.bot.workspace.conftest import MANIFEST
from tests.bot.workspace.endpoint import Endpoint

NAMES = ["SLACK_API_URL", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"]


def environment(**variables):
    return {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")} | variables


@contextmanager
def running(*arguments, **variables):
    """A command that runs until the test is done, and then ends in good order."""
    command = [sys.executable, "-m", "bot", *arguments]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(**variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            _, complaints = process.communicate(timeout=30)
    assert process.returncode == 0, complaints


@contextmanager
def alone(*arguments):
    """A workspace of its own process: its address, and the variables that it prints."""
    with running("workspace", *arguments) as process:
        url = process.stdout.readline().strip()
        variables = dict(process.stdout.readline().strip().split("=", 1) for _ in NAMES)
        assert list(variables) == NAMES
        assert "Ctrl+C" in process.stdout.readline()
        yield url, variables


def refused(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "bot", "workspace", *arguments],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    return done.stderr.strip()


def test_the_bot_in_another_process_connects_by_what_was_printed(tmp_path):
    with alone("--alone") as (url, variables), running("--db", str(tmp_path / "a.db"), **variables):
        WorkspaceClient(url).wait_until_connected(timeout_s=60)
        ada = WorkspaceClient(url).person()
        ada.type("/inference 7B on RTX4090")
        assert "Llama 2 7B" in ada.wait_for_message(containing="Fits").words


@pytest.mark.parametrize("name", ["manifest.json", "manifest.yml"])
def test_another_apps_manifest_is_read_and_told_by_http(tmp_path, name):
    file = tmp_path / name
    file.write_text(json.dumps(MANIFEST, indent="\t" if name.endswith("json") else None), encoding="utf-8")
    with (
        Endpoint() as endpoint,
        alone("--manifest", str(file), "--request-url", endpoint.url) as (url, variables),
    ):
        ada = WorkspaceClient(url).person()
        assert ada.screen()["app"]["name"] == "Parcels"
        ada.type("/parcel to Bern")
        assert endpoint.heard[-1].payload["command"] == "/parcel"
        assert WebClient(token=variables["SLACK_BOT_TOKEN"], base_url=variables["SLACK_API_URL"]).auth_test()["ok"]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "cannot be read: No such file or directory"),
        ("", "holds no app manifest: there is no display_information in it"),
        ("{a: [", "holds no app manifest: there is no display_information in it"),
        ("just words", "holds no app manifest: there is no display_information in it"),
        ("display_information: {name: X}\nfeatures: [1]", "/features must provide an object"),
        ("display_information: {name: X}\nfeatures: {slash_commands: [{url: x}]}", "must begin with http"),
    ],
    ids=["no file", "empty", "broken", "words", "a list for features", "a command without a name"],
)
def test_a_file_without_a_manifest_exits_2_and_says_what_to_give(tmp_path, content, problem):
    file = tmp_path / "app.yml"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    complaint = refused("--manifest", str(file))
    assert str(file) in complaint
    assert problem in complaint


def test_a_request_url_that_is_none_exits_2_and_shows_one():
    assert refused("--request-url", "localhost:3000") == (
        "--request-url: 'localhost:3000' is no web address; write one such as http://localhost:3000/slack/events."
    )
