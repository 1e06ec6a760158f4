"""What the app's manifest grants: commands, shortcuts, scopes and events."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class SlashCommand:
    """One entry of `features.slash_commands`."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False


@dataclass(frozen=True)
class Shortcut:
    """One entry of `features.shortcuts`."""

    name: str
    type: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True)
class Manifest:
    """The parts of a manifest that the workspace acts on."""

    name: str
    commands: dict[str, SlashCommand] = field(default_factory=dict)
    shortcuts: dict[str, Shortcut] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    events: frozenset[str] = frozenset()
    home_tab: bool = False


def read_manifest(manifest: Mapping[str, Any]) -> Manifest:
    """Read the manifest as Slack's app settings would."""
    features = manifest.get("features") or {}
    commands = [SlashCommand(**_known(SlashCommand, entry)) for entry in features.get("slash_commands") or ()]
    shortcuts = [Shortcut(**_known(Shortcut, entry)) for entry in features.get("shortcuts") or ()]
    settings = manifest.get("settings") or {}
    bot_user = features.get("bot_user") or {}
    information = manifest.get("display_information") or {}
    return Manifest(
        name=bot_user.get("display_name") or information.get("name") or "App",
        commands={command.command: command for command in commands},
        shortcuts={shortcut.callback_id: shortcut for shortcut in shortcuts},
        scopes=tuple(((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()),
        events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
        home_tab=bool((features.get("app_home") or {}).get("home_tab_enabled")),
    )


def _known(kind: type[Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    return {key: value for key, value in entry.items() if key in names}
