"""What can be looked at without Slack: the settings, the manifest against the code, the time zones."""

import re
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from bot.calendar import RULES
from bot.doctor.finding import Finding, ok, problem, warning
from bot.doctor.listened import Listened, listened
from bot.service import Service
from bot.settings import Settings
from bot.slack.manifest import Manifest, read_manifest
from bot.workspace.manifest_check import problems
from storage.database import Database

SECRET = re.compile(r"[0-9a-f]{32}")
ZONES = 400
"""Fewer than the time zone database has had for decades."""


def examine(settings: Settings) -> Iterator[Finding]:
    """Each in its turn."""
    yield _settings(settings)
    yield from _swapped(settings)
    yield _manifest(read_manifest(settings.command_name), _listened(settings.command_name))
    yield _zones()
    if settings.refresh_prices and find_spec("gpuhunt") is None:
        yield warning(
            "settings",
            "REFRESH_PRICES looks at hosted models only: install gpuhunt for prices of accelerators, or ignore this.",
        )


def _settings(settings: Settings) -> Finding:
    if missing := settings.missing():
        return problem("settings", f"Set {' and '.join(missing)}; `.env.example` says where each is found.")
    mode = f"HTTP mode at {settings.http_listen}" if settings.http_listen else "Socket Mode"
    watched = f", operated at {settings.operate_listen}" if settings.operate_listen else ""
    return ok("settings", f"{mode}{watched}; /{settings.command_name}")


def _swapped(settings: Settings) -> Iterator[Finding]:
    """Tokens that stand in each other's place."""
    for name, secret, start in (
        ("SLACK_BOT_TOKEN", settings.slack_bot_token, "xoxb-"),
        ("SLACK_APP_TOKEN", settings.slack_app_token, "xapp-"),
    ):
        if secret and not secret.get_secret_value().startswith(start):
            yield problem(
                "settings",
                f"{name} does not begin with {start}: it is another token. `.env.example` says where the right one is found.",
            )
    signing = settings.slack_signing_secret
    if settings.http_listen and signing and not SECRET.fullmatch(signing.get_secret_value()):
        yield warning(
            "settings",
            "SLACK_SIGNING_SECRET is not 32 hexadecimal digits, as Slack's are. Compare it with Basic Information.",
        )


def _listened(command: str) -> Listened:
    def now() -> datetime:
        return datetime.now(UTC)

    with tempfile.TemporaryDirectory() as folder, Database(Path(folder) / "none.db") as database:
        return listened(Service(database, now, command), database, now, command)


def _manifest(manifest: Manifest, code: Listened) -> Finding:
    """The file creates the app that the code listens to."""
    found = [*problems(manifest), *code.differences(manifest)]
    return (
        problem("manifest", f"manifest.yml: {'; '.join(found)}. Take the file of this version.")
        if found
        else ok("manifest", "manifest.yml has the commands, events and shortcuts that the code listens to")
    )


def _zones() -> Finding:
    count = len(available_timezones())
    try:
        ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        count = 0
    return (
        ok("zones", f"{count} time zones, IANA {RULES.version} from {RULES.source}")
        if count >= ZONES
        else problem("zones", "Time zones are missing: `pip install tzdata`.")
    )
