"""The app's manifest as Slack takes it: for Socket Mode as it stands in manifest.yml, for HTTP mode with request URLs."""

import copy
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.settings import SettingsError

PATH = "/slack/events"
"""Where HTTP mode hears commands, interactions and events."""
Manifest = dict[str, Any]
FILE = Path(__file__).parents[2] / "manifest.yml"


def read_manifest(command: str) -> Manifest:
    """The app's manifest, with the slash command under its configured name."""
    import yaml  # noqa: PLC0415  # only the workspace and the checks of the manifest read it

    manifest: Manifest = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    manifest["features"]["slash_commands"][0]["command"] = f"/{command}"
    return manifest


def over_http(manifest: Manifest, base: str) -> Manifest:
    """The manifest of an app that Slack reaches at `base`; SettingsError where that is no public address."""
    address = urlsplit(base)
    if address.scheme != "https" or not address.hostname or address.query or address.fragment:
        raise SettingsError(
            "--http: give the public address that Slack reaches, such as https://inference.example.com."
        )
    url = base.rstrip("/") + PATH
    changed = copy.deepcopy(manifest)
    for command in changed["features"]["slash_commands"]:
        command["url"] = url
    settings = changed["settings"]
    settings["event_subscriptions"] = {"request_url": url, **settings["event_subscriptions"]}
    settings["interactivity"] |= {"request_url": url, "message_menu_options_url": url}
    settings["socket_mode_enabled"] = False
    return changed


def printed(manifest: Manifest, *, as_json: bool) -> str:
    """The manifest as text to paste, or for the Slack CLI."""
    import yaml  # noqa: PLC0415  # only this command writes it

    if as_json:
        return json.dumps(manifest, indent=2)
    return str(yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=1000)).rstrip()
