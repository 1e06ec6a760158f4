"""HTTP mode: the same bot behind request URLs, and what it does with requests that are forged, stale or sent again."""

import http.client
import json
import logging
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.signature import SignatureVerifier

from bot.bootstrap import Bot, read_manifest
from bot.settings import Address, SettingsError, load
from bot.slack.http_mode import CERTIFICATE_CHECK, LARGEST
from bot.slack.manifest import PATH, over_http
from bot.workspace import Workspace
from bot.workspace.client import WorkspaceClient
from bot.workspace.manifest_check import problems
from tests.bot.conftest import Place, settings_for
from tests.bot.test_command_line import ROOT, bot, environment

ANYWHERE = Address("127.0.0.1", 0)
QUESTION = "7B on RTX4090"


@contextmanager
def over_http_in(workspace, database):
    """The bot in HTTP mode in a workspace that posts to it."""
    told = {"slack_app_token": None, "slack_signing_secret": workspace.signing_secret, "http_listen": ANYWHERE}
    with Bot(settings_for(workspace, database, **told)) as running:
        workspace.request_url = f"http://127.0.0.1:{running.connection.port}{PATH}"
        yield running


@pytest.fixture
def reached(tmp_path, workspace, workspace_client):
    """A place whose bot is in HTTP mode."""
    with over_http_in(workspace, tmp_path / "inference.db") as running:
        yield Place(workspace, workspace_client, running, tmp_path / "inference.db")


def post(place, body, *, secret=None, age_s=0, path=PATH, kind="application/x-www-form-urlencoded"):
    """Send a request as Slack signs it, or as someone else would; gives the status and the body."""
    at = str(int(time.time()) - age_s)
    signature = SignatureVerifier(secret or place.workspace.signing_secret).generate_signature(timestamp=at, body=body)
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
    connection = http.client.HTTPConnection("127.0.0.1", place.bot.connection.port, timeout=30)
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def command(place, **more):
    """A slash command as Slack sends it."""
    fields = {
        "command": "/inference",
        "text": QUESTION,
        "team_id": "T0LOCAL001",
        "user_id": "U0LOCALADA",
        "channel_id": "C0GENERAL1",
        "channel_name": "general",
        "trigger_id": "1.2.abc",
        **more,
    }
    return urlencode(fields).encode()


def answers(place):
    return [one.words for one in place.person().messages("#general") if "Fits" in one.words]


def test_commands_buttons_forms_menus_and_mentions_work_as_in_socket_mode(reached):
    ada = reached.person()
    ada.type(f"/inference {QUESTION}")
    assert "Llama 2 7B" in ada.wait_for_message(containing="Fits").words
    ada.click(ada.wait_for_message(containing="Fits"), "Details")
    ada.wait_for_message(containing="weights")
    ada.type("/inference form llama-3.1-8b on L4")
    ada.wait_for_modal("Inference estimate")
    assert ada.options("model_size", "mistral")
    assert "two ways" in ada.submit({"tokens": "1,5k"})["tokens"]
    assert ada.submit({"tokens": "1500"}) == {}
    ada.wait_for_message(containing="Llama 3.1 8B")
    ada.mention(QUESTION)
    reached.client.wait_for_exchange("chat.post")


def test_a_forged_request_is_refused_and_nothing_is_answered(reached):
    assert post(reached, command(reached), secret="another")[0] == 401
    assert answers(reached) == []


def test_a_stale_request_is_refused_and_nothing_is_answered(reached):
    assert post(reached, command(reached), age_s=301)[0] == 401
    assert answers(reached) == []


def replay(place, name):
    """Send the newest request of this name once more as it was, signature and all."""
    request = place.client.wait_for_exchange(name)["request"]
    payload, is_json = request["payload"], request["headers"]["Content-Type"] == "application/json"
    form = payload if name.startswith("/") else {"payload": json.dumps(payload)}
    body = json.dumps(payload).encode() if is_json else urlencode(form).encode()
    connection = http.client.HTTPConnection("127.0.0.1", place.bot.connection.port, timeout=30)
    connection.request("POST", PATH, body, request["headers"])
    status = connection.getresponse().status
    connection.close()
    return status


def delivered(place):
    """How many answers the bot sent."""
    return len([one for one in place.client.exchanges() if one["name"].startswith(("response_url", "chat.post"))])


@pytest.mark.parametrize("name", ["/inference", "block_actions", "app_mention"])
def test_a_recorded_request_that_is_sent_again_is_acknowledged_and_answered_once(reached, name):
    ada = reached.person()
    ada.type(f"/inference {QUESTION}")
    fits = ada.wait_for_message(containing="Fits")
    if name == "block_actions":
        ada.click(fits, "Details")
        ada.wait_for_message(containing="weights")
    if name == "app_mention":
        ada.mention("help")
        reached.client.wait_for_exchange("chat.post")
    before = delivered(reached)
    assert [replay(reached, name) for _ in range(3)] == [200, 200, 200]
    reached.bot.stop()  # finishes what it accepted
    assert delivered(reached) == before


def test_what_was_acknowledged_is_answered_before_the_bot_stops(reached):
    reached.client.fault("response_url", "timeout", seconds=1)
    ada = reached.person()
    ada.type(f"/inference {QUESTION}")
    reached.bot.stop()
    assert len(answers(reached)) == 1


def sent(place, body, headers=None, method="POST", path=PATH):
    """The status of a request that nobody signed."""
    connection = http.client.HTTPConnection("127.0.0.1", place.bot.connection.port, timeout=30)
    connection.request(method, path, body, headers or {})
    status = connection.getresponse().status
    connection.close()
    return status


def test_what_slack_never_sends_is_refused_before_it_is_read_further(reached):
    assert sent(reached, b"\xff\xfe") == 401
    assert sent(reached, b"x" * (LARGEST + 1)) == 413
    assert sent(reached, b"", path="/") == 404
    assert sent(reached, None, method="GET") == 405


@pytest.mark.parametrize("body", [b"{", b"{}" * 2, b"[1]", b"null", b"[" * 100_000, b"\xef\xbb\xbf{}", b"payload=%7B"])
def test_signed_text_that_cannot_be_read_is_refused_as_that(reached, caplog, body):
    kind = "application/x-www-form-urlencoded" if body.startswith(b"payload") else "application/json"
    assert post(reached, body, kind=kind)[0] == 400
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


NUMBERS = st.sampled_from(["", "0", "-1", "1e9", "9" * 5_000, "²", "١٢", str(int(time.time()))])
SIGNATURES = st.sampled_from(["", "v0", "v0=", "v0=" + "0" * 64, "é", "v1=" + "a" * 64])
KINDS = st.sampled_from(
    ["", "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain; charset=utf-7"]
)
BODIES = st.one_of(
    st.binary(max_size=300),
    st.sampled_from([b"[" * 100_000, b'{"type":"url_verification","challenge":"x"}', b"ssl_check=1x", b"payload=%ff"]),
).filter(lambda body: CERTIFICATE_CHECK not in body.split(b"&"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(BODIES, NUMBERS, SIGNATURES, KINDS)
def test_whatever_is_not_signed_is_refused_and_is_no_error_of_the_bot(reached, caplog, body, at, signature, kind):
    headers = {"Content-Type": kind, "X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}
    assert sent(reached, body, {name: said.encode() for name, said in headers.items()}) in {400, 401}
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


def test_what_slack_posts_to_look_at_the_certificate_is_answered(reached):
    assert sent(reached, b"token=x&ssl_check=1") == 200


HEAD = b"POST %s HTTP/1.1\r\nHost: bot\r\n" % PATH.encode()


def heard(place, pieces, wait_s):
    """What the bot says, until it closes the connection, to pieces that come `wait_s` apart."""
    with socket.create_connection(("127.0.0.1", place.bot.connection.port), timeout=30) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(wait_s)
        return b"".join(iter(lambda: connection.recv(4096), b""))


@pytest.mark.parametrize("wait_s", [0, 0.06])
def test_a_body_that_does_not_come_or_dribbles_is_given_up(reached, monkeypatch, wait_s):
    monkeypatch.setattr("bot.slack.http_mode.READING_S", 0.2)
    said = heard(reached, [HEAD + b"Content-Length: 100\r\n\r\n", b"a", b"b"], wait_s)
    assert said.startswith(b"HTTP/1.1 408")


@pytest.mark.parametrize("head", [b"", HEAD, b"GET"])
def test_a_connection_on_which_no_request_comes_together_is_closed(reached, monkeypatch, head):
    monkeypatch.setattr("bot.operating.web_connection.REQUEST_S", 0.2)
    assert heard(reached, [head], 0) == b""


def test_a_connection_that_is_kept_serves_the_next_request_within_its_time(reached, monkeypatch):
    monkeypatch.setattr("bot.operating.web_connection.REQUEST_S", 0.4)
    connection = http.client.HTTPConnection("127.0.0.1", reached.bot.connection.port, timeout=30)
    for _ in range(3):
        connection.request("POST", PATH, b"token=x&ssl_check=1")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"")
        time.sleep(0.2)
    connection.close()


def test_it_takes_a_token_a_secret_and_an_address_to_run_and_a_signal_ends_it_in_good_order(tmp_path):
    with Workspace(read_manifest("inference")) as workspace:
        free = Workspace(read_manifest("inference"))
        free.start()
        port = int(free.url.split(":")[2].split("/")[0])
        free.stop()
        variables = {
            "SLACK_API_URL": workspace.api_url,
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "HTTP_LISTEN": f"127.0.0.1:{port}",
        }
        running = subprocess.Popen(
            [sys.executable, "-m", "bot", "--db", str(tmp_path / "a.db")],
            cwd=ROOT,
            text=True,
            stderr=subprocess.PIPE,
            env=environment(**variables),
        )
        workspace.request_url = f"http://127.0.0.1:{port}{PATH}"
        client = WorkspaceClient(workspace.url)
        client.wait_until_connected()
        ada = client.person()
        ada.type(f"/inference {QUESTION}")
        ada.wait_for_message(containing="Fits")
        running.send_signal(signal.SIGTERM)
        _, logs = running.communicate(timeout=30)
    assert running.returncode == 0
    assert [line["message"] for line in map(json.loads, logs.splitlines()) if line["logger"] == "bot.bootstrap"] == [
        "connected",
        "stopped",
    ]


def test_what_http_mode_lacks_is_named():
    done = bot(HTTP_LISTEN="127.0.0.1:3000", SLACK_APP_TOKEN="xapp-1")
    assert done.returncode == 2
    assert "SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET" in done.stderr
    assert "SLACK_APP_TOKEN" not in done.stderr


@pytest.mark.parametrize("address", ["3000", "http://localhost:3000", "localhost", "localhost:70000", "[::1]"])
def test_what_is_no_address_is_refused_by_the_name_of_its_variable(address):
    with pytest.raises(SettingsError, match=r"HTTP_LISTEN: .*an address and a port"):
        load({"HTTP_LISTEN": address})


@pytest.mark.parametrize("address", ["0.0.0.0:3000", "localhost:80", "[::1]:3000"])
def test_an_address_is_read_and_written_alike(address):
    assert str(load({"HTTP_LISTEN": address}).http_listen) == address


def test_an_address_that_is_taken_is_told_by_the_name_of_its_variable(reached):
    taken = f"127.0.0.1:{reached.bot.connection.port}"
    place = reached.workspace
    done = bot(
        "--db",
        str(reached.database),
        HTTP_LISTEN=taken,
        SLACK_API_URL=place.api_url,
        SLACK_BOT_TOKEN=place.bot_token,
        SLACK_SIGNING_SECRET="x",
    )
    assert done.returncode == 1
    assert f"HTTP_LISTEN: nothing can listen at {taken}" in done.stderr


def test_a_token_that_slack_refuses_and_a_slack_that_is_not_there_are_told_in_a_sentence(tmp_path, workspace):
    wrong = {"SLACK_BOT_TOKEN": "xoxb-wrong", "SLACK_SIGNING_SECRET": "x", "HTTP_LISTEN": "127.0.0.1:3000"}
    refused = bot("--db", str(tmp_path / "a.db"), SLACK_API_URL=workspace.api_url, **wrong)
    assert (refused.returncode, "Check SLACK_BOT_TOKEN" in refused.stderr, "Traceback" in refused.stderr) == (
        2,
        True,
        False,
    )
    gone = bot("--db", str(tmp_path / "a.db"), SLACK_API_URL="http://127.0.0.1:1/api", **wrong)
    assert (
        gone.returncode,
        "cannot be reached at http://127.0.0.1:1/api/" in gone.stderr,
        "Traceback" in gone.stderr,
    ) == (1, True, False)


def test_what_slack_cannot_do_just_now_is_no_fault_of_the_settings(tmp_path, workspace, workspace_client):
    workspace_client.fault("apps.connections.open", "error", error="internal_error", times=5)
    connected = {"SLACK_BOT_TOKEN": workspace.bot_token, "SLACK_APP_TOKEN": workspace.app_token}
    done = bot("--db", str(tmp_path / "a.db"), SLACK_API_URL=workspace.api_url, **connected)
    assert (done.returncode, "did not let the bot in (internal_error)" in done.stderr) == (1, True)


def test_the_manifest_of_http_mode_is_one_that_slack_accepts_and_names_the_command():
    printed = bot("manifest", "--http", "https://bot.example.com/", COMMAND_NAME="sizing")
    manifest = yaml.safe_load(printed.stdout)
    url = f"https://bot.example.com{PATH}"
    assert problems(manifest) == []
    assert {(one["command"], one["url"]) for one in manifest["features"]["slash_commands"]} == {("/sizing", url)}
    assert manifest["settings"]["event_subscriptions"]["request_url"] == url
    assert manifest["settings"]["interactivity"]["message_menu_options_url"] == url
    assert manifest["settings"]["socket_mode_enabled"] is False


def test_the_manifest_of_socket_mode_is_the_file_itself_as_yaml_or_json():
    assert yaml.safe_load(bot("manifest").stdout) == read_manifest("inference")
    assert json.loads(bot("manifest", "--json").stdout) == read_manifest("inference")


def test_a_public_address_begins_with_https():
    with pytest.raises(SettingsError, match="https://"):
        over_http(read_manifest("inference"), "http://bot.example.com")
