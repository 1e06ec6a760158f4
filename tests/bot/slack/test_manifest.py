"""The manifest creates the app that the code expects, within Slack's limits, and asks for nothing more."""

import copy
import re

import pytest
import yaml

from bot.desk.registry import SHORTCUTS
from bot.workspace.manifest_check import problems
from tests.bench.processes import ROOT

MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
SCOPES = MANIFEST["oauth_config"]["scopes"]["bot"]
SOURCE = "\n".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py") if "workspace" not in path.parts
)
NEEDED_BY = {
    "commands": "@app.command",
    "chat:write": "chat_postMessage",
    "chat:write.public": "chat_postMessage",
    "app_mentions:read": 'app.event("app_mention")',
    "channels:read": "conversations_info",
    "groups:read": "conversations_info",
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


def test_every_shortcut_has_a_listener_and_every_listener_its_shortcut():
    offered = {one["callback_id"]: one["type"] for one in MANIFEST["features"]["shortcuts"]}
    assert sorted(offered) == sorted(SHORTCUTS)
    assert "app.shortcut(" in SOURCE
    assert {name for name, kind in offered.items() if kind == "message"} == {"size_message", "compare_message"}


def test_shortcuts_have_names_of_their_own_that_slack_shows_whole():
    names = [one["name"] for one in MANIFEST["features"]["shortcuts"]]
    assert len(set(names)) == len(names)
    assert all(len(name) <= 24 for name in names)


def test_the_command_is_one_slack_accepts_and_escapes_channels_and_people():
    command = MANIFEST["features"]["slash_commands"][0]
    assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
    assert command["should_escape"] is True


def test_socket_mode_and_interactivity_are_on():
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]


def changed(path, value):
    """Our manifest with one value put in; None takes the key out."""
    manifest = copy.deepcopy(MANIFEST)
    *way, last = path
    place = manifest
    for key in way:
        place = place[key] if isinstance(place, list) else place.setdefault(key, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return manifest


def test_slack_accepts_the_manifest():
    assert problems(MANIFEST) == []


COMMAND = ("features", "slash_commands", 0)
SHORTCUT = {"name": "n", "type": "global", "callback_id": "c", "description": "d"}
EVENTS = ("settings", "event_subscriptions", "bot_events")
SOCKET_MODE = ("settings", "socket_mode_enabled")
BOT_SCOPES = ("oauth_config", "scopes", "bot")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (("display_information", "name"), "x" * 35, None),
        (("display_information", "name"), "x" * 36, "less than 36 characters [json-pointer:/display_information/name]"),
        (("display_information", "name"), None, "missing required field: name [json-pointer:/display_information]"),
        (("display_information", "name"), 7, "must provide a string"),
        (("display_information", "description"), "x" * 141, "less than 141 characters"),
        (("display_information", "long_description"), "x" * 174, "more than 174 characters"),
        (("display_information", "background_color"), "blue", "must be a hex color"),
        (("display_information",), None, "missing required field: display_information [json-pointer:]"),
        (("colour",), "red", "invalid additional property: colour [json-pointer:]"),
        (("type",), "app", "invalid additional property: type"),
        (("_metadata",), {"major_version": 3}, "less than or equal to 2"),
        (("features", "bot_user", "display_name"), "x" * 81, "less than 81 characters"),
        (("features", "app_home", "home_tab_enabled"), "yes", "must be a valid boolean"),
        ((*COMMAND, "command"), "/" + "x" * 31, None),
        ((*COMMAND, "command"), "/" + "x" * 32, "33 characters [json-pointer:/features/slash_commands/0/command]"),
        ((*COMMAND, "command"), "/", "more than 1 characters"),
        ((*COMMAND, "command"), "inference", "must begin with /"),
        ((*COMMAND, "description"), "x" * 2001, "less than 2001 characters"),
        ((*COMMAND, "description"), None, "missing required field: description"),
        ((*COMMAND, "usage_hint"), "x" * 1001, "less than 1001 characters"),
        ((*COMMAND, "usage_hint"), "", "more than 0 characters"),
        ((*COMMAND, "url"), "ftp://example.com", "must begin with http:// or https://"),
        (("features", "slash_commands"), [], "no less than 1 items"),
        (("features", "slash_commands"), [{"command": "/x", "description": "d"}] * 51, "no more than 50 items"),
        (("features", "shortcuts"), [SHORTCUT] * 10, None),
        (("features", "shortcuts"), [SHORTCUT] * 11, "no more than 10 items"),
        (("features", "shortcuts"), [{**SHORTCUT, "name": "x" * 25}], "less than 25 characters"),
        (("features", "shortcuts"), [{**SHORTCUT, "type": "local"}], "enum value: message, global"),
        (("features", "shortcuts"), [{**SHORTCUT, "description": None}], "must not be null"),
        (("features", "unfurl_domains"), ["example.com"] * 2, "same item twice"),
        (BOT_SCOPES, ["x" * 51], "less than 51 characters"),
        (BOT_SCOPES, "commands", "must provide an array"),
        (BOT_SCOPES, ["app_mentions:read"], "requires the bot scope commands [json-pointer:/features/slash_commands]"),
        (
            BOT_SCOPES,
            ["commands"],
            "event app_mention requires the bot scope app_mentions:read [json-pointer:/settings/",
        ),
        (EVENTS, ["message.channels"], "requires the bot scope channels:history"),
        (EVENTS, ["member_joined_channel"], None),
        (EVENTS, ["message.im"], "requires the bot scope im:history"),
        (EVENTS, ["app_mention"] * 2, "same item twice"),
        (EVENTS, ["app_uninstalled", "tokens_revoked"], None),
        (("settings", "interactivity"), {}, "missing required field: is_enabled"),
        (("settings", "interactivity", "request_url"), "x" * 3501, "less than 3501 characters"),
        (("settings", "allowed_ip_address_ranges"), ["10.0.0.0/8", "192.168.1.255"], None),
        (("settings", "allowed_ip_address_ranges"), ["10.0.0.256"], "must be an IP address or range"),
        (("settings", "allowed_ip_address_ranges"), ["10.0.0."], "must be an IP address or range"),
        (SOCKET_MODE, False, "Event Subscription requires either Request URL or Socket Mode Enabled"),
        (SOCKET_MODE, False, "Interactivity requires a Request URL [json-pointer:/settings/interactivity]"),
    ],
)
def test_a_manifest_past_slacks_limits_is_refused_with_a_pointer(path, value, expected):
    found = problems(changed(path, value))
    assert found == [] if expected is None else any(expected in one for one in found), found


def test_request_urls_stand_in_for_socket_mode():
    url = "https://example.com/slack/events"
    manifest = changed(("settings", "socket_mode_enabled"), False)
    manifest["settings"]["event_subscriptions"]["request_url"] = url
    manifest["settings"]["interactivity"]["request_url"] = url
    assert problems(manifest) == []


@pytest.mark.parametrize("manifest", [None, [], "name: x", {}, {"features": None}])
def test_what_is_no_manifest_is_refused(manifest):
    assert problems(manifest)
