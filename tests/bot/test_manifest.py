"""The manifest creates the app that the code expects, within Slack's limits, and asks for nothing more."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent.parent
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
SCOPES = MANIFEST["oauth_config"]["scopes"]["bot"]
SOURCE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").glob("*.py"))
NEEDED_BY = {
    "commands": "@app.command",
    "chat:write": "chat_postMessage",
    "chat:write.public": "chat_postMessage",
    "app_mentions:read": 'app.event("app_mention")',
    "files:read": "url_private_download",
    "files:write": "files_upload_v2",
    "im:write": "conversations_open",
    "users:read": "users_info",
}


def test_every_scope_is_needed_by_a_call_and_every_such_call_has_its_scope():
    assert sorted(SCOPES) == sorted(NEEDED_BY)
    assert all(call in SOURCE for call in NEEDED_BY.values())


def test_no_scope_reads_messages():
    assert not [scope for scope in SCOPES if scope.endswith(":history") or scope.startswith("search")]


def test_every_scope_has_its_reason_in_the_readme():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [scope for scope in SCOPES if f"`{scope}`" not in readme] == []


def test_every_subscribed_event_has_a_listener_and_every_listener_its_event():
    listened = re.findall(r'app\.event\("(\w+)"\)', SOURCE)
    assert sorted(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == sorted(listened)


@pytest.mark.parametrize(("text", "limit"), [
    (MANIFEST["display_information"]["name"], 35),
    (MANIFEST["display_information"]["description"], 140),
    (MANIFEST["features"]["bot_user"]["display_name"], 80),
    (MANIFEST["features"]["slash_commands"][0]["description"], 2000),
    (MANIFEST["features"]["slash_commands"][0]["usage_hint"], 1000),
])  # fmt: skip
def test_every_text_keeps_slacks_limit(text, limit):
    assert 0 < len(text) <= limit


def test_the_command_is_one_slack_accepts_and_escapes_channels_and_people():
    command = MANIFEST["features"]["slash_commands"][0]
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
    assert command["should_escape"] is True


def test_socket_mode_and_interactivity_are_on():
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]
