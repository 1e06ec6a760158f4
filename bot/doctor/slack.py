"""What Slack says: to the tokens, the scopes, this machine's clock, and the messages that the bot sends."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.doctor.finding import Finding, ok, problem, warning
from bot.operating.measures import Unmeasured
from bot.settings import Settings
from bot.slack.client import client_of, patient
from bot.slack.connection import UNREACHABLE
from bot.slack.manifest import FILE, read_manifest

GOLDENS = FILE.parent / "tests" / "bot" / "views" / "goldens"
"""A payload of each kind that the bot sends; only a checkout has them."""
SKEW_S, TOO_SKEWED_S = 30, 300
"""Slack's requests count as stale when they seem five minutes old."""
BOT_REMEDY = "Copy the Bot User OAuth Token anew: app settings, OAuth & Permissions."
APP_REMEDY = "Make an app-level token with connections:write: app settings, Basic Information."
NOT_NEEDED = {"channels:read", "groups:read"}
CLOSED = (
    "What is tracked by a mention stays private until its owner opens it: I cannot see whether a channel is public."
)
SCOPES_REMEDY = "Update the app's manifest and install it to the workspace again."
UNKNOWN = "unknown_method"
"""What an older or restricted Web API says of blocks.validate."""
LISTED = 3


def examine(settings: Settings) -> Iterator[Finding]:
    """Each in its turn; without a token there is nobody to ask."""
    if settings.slack_bot_token:
        try:
            yield from _asked(client_of(settings, patient(Unmeasured())), settings)
        except UNREACHABLE as error:
            yield problem(
                "slack", f"{settings.slack_api_url} cannot be reached ({error}). Check the network and SLACK_API_URL."
            )


def _asked(client: WebClient, settings: Settings) -> Iterator[Finding]:
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        yield problem("bot token", f"Slack refuses SLACK_BOT_TOKEN ({error.response['error']}). {BOT_REMEDY}")
        return
    yield ok("bot token", f"{answer['user']} in {answer['team']}")
    yield _scopes(_header(answer.headers, "x-oauth-scopes"), settings.command_name)
    yield _clock(_header(answer.headers, "date"))
    yield from _app_token(client, settings)
    yield from _payloads(client)


def _header(headers: Mapping[str, Any], name: str) -> str:
    found = next((value for key, value in headers.items() if key.lower() == name), "")
    return found[0] if isinstance(found, list) else str(found)


def _scopes(header: str, command: str) -> Finding:
    """The scopes that were granted, against those of the manifest."""
    granted = set(filter(None, map(str.strip, header.split(","))))
    if not granted:
        return warning("scopes", "Slack's answer does not say which were granted, so they were not compared.")
    wanted = set(read_manifest(command)["oauth_config"]["scopes"]["bot"])
    lacking = sorted(wanted - granted)
    if needed := [scope for scope in lacking if scope not in NOT_NEEDED]:
        return problem("scopes", f"Missing: {', '.join(needed)}. {SCOPES_REMEDY}")
    if lacking:
        return warning("scopes", f"Missing: {', '.join(lacking)}. {CLOSED} {SCOPES_REMEDY}")
    more = f"; also {', '.join(sorted(granted - wanted))}" if granted - wanted else ""
    return ok("scopes", f"all {len(wanted)} of manifest.yml{more}")


def _clock(date: str) -> Finding:
    """This machine's clock against Slack's."""
    if not date:
        return warning("clock", "Slack's answer has no date, so this machine's clock was not compared.")
    skew_s = (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds()
    off = f"This machine's clock is {abs(skew_s):.0f} s {'fast' if skew_s > 0 else 'slow'}"
    if abs(skew_s) > TOO_SKEWED_S:
        return problem(
            "clock", f"{off}: schedules run at wrong times and HTTP mode refuses everything. Set it, by NTP."
        )
    if abs(skew_s) > SKEW_S:
        return warning("clock", f"{off}. Set it, by NTP.")
    return ok("clock", "within half a minute of Slack's")


def _app_token(client: WebClient, settings: Settings) -> Iterator[Finding]:
    """Whether Socket Mode may connect; HTTP mode needs no such token."""
    if settings.http_listen or settings.slack_app_token is None:
        return
    try:
        client.apps_connections_open(app_token=settings.slack_app_token.get_secret_value())
    except SlackApiError as error:
        yield problem("app token", f"Slack refuses SLACK_APP_TOKEN ({error.response['error']}). {APP_REMEDY}")
    else:
        yield ok("app token", "Socket Mode may connect")


def _payloads(client: WebClient) -> Iterator[Finding]:
    """Whether Slack takes a message and a form of each kind."""
    payloads = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in _goldens(GOLDENS)}
    refused = {name: why for name, payload in payloads.items() if (why := refusal(client, payload))}
    if set(refused.values()) == {UNKNOWN}:
        yield warning("payloads", "This Slack does not validate messages, so none was tried.")
    elif refused:
        listed = "; ".join(f"{name}: {why}" for name, why in list(refused.items())[:LISTED])
        yield warning(
            "payloads", f"Slack refuses {len(refused)} of {len(payloads)}: {listed}. A newer version may know why."
        )
    elif payloads:
        yield ok("payloads", f"Slack takes all {len(payloads)}")


def _goldens(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.json")) if folder.is_dir() else []


def refusal(client: WebClient, payload: dict[str, Any]) -> str:
    """What Slack finds wrong with a message or a view; empty when nothing is."""
    try:
        _validate(client, payload)
    except SlackApiError as error:
        details = error.response.get("errors") or error.response.get("response_metadata", {}).get("messages") or ()
        said = [one.get("message", "") if isinstance(one, dict) else str(one) for one in details]
        return ", ".join((str(error.response["error"]), *said[:LISTED]))
    return ""


def _validate(client: WebClient, payload: dict[str, Any]) -> SlackResponse:
    is_view = payload.get("type") in {"modal", "home"}
    return client.blocks_validate(view=payload) if is_view else client.blocks_validate(blocks=payload["blocks"])
