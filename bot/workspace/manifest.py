"""What the app's manifest grants: commands, shortcuts, scopes and events; and where it wants to be told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Self
from urllib.parse import urlsplit


@dataclass(frozen=True)
class SlashCommand:
    """One entry of `features.slash_commands`."""

    command: str
    description: str = ""
    usage_hint: str = ""
    should_escape: bool = False
    url: str = ""


@dataclass(frozen=True)
class Shortcut:
    """One entry of `features.shortcuts`."""

    name: str
    type: str
    callback_id: str
    description: str = ""


@dataclass(frozen=True)
class Manifest:
    """The parts of a manifest that the workspace acts on; in Socket Mode the URLs are ignored."""

    name: str
    commands: dict[str, SlashCommand] = field(default_factory=dict)
    shortcuts: dict[str, Shortcut] = field(default_factory=dict)
    scopes: tuple[str, ...] = ()
    events: frozenset[str] = frozenset()
    home_tab: bool = False
    socket_mode: bool = True
    interactivity_url: str = ""
    options_url: str = ""
    events_url: str = ""

    def urls(self) -> tuple[str, ...]:
        """Give each request URL once."""
        commands = [command.url for command in self.commands.values()]
        urls = [*commands, self.interactivity_url, self.options_url, self.events_url]
        return tuple(dict.fromkeys(filter(None, urls)))

    def told_at(self, url: str) -> Self:
        """Give the same manifest in HTTP mode with one URL for everything; ValueError when it is none."""
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise ValueError(f"{url!r} is no web address; write one such as http://localhost:3000/slack/events.")
        commands = {name: replace(command, url=url) for name, command in self.commands.items()}
        everywhere = replace(self, interactivity_url=url, options_url=url, events_url=url)
        return replace(everywhere, commands=commands, socket_mode=False)


def read_manifest(manifest: Mapping[str, Any]) -> Manifest:
    """Read the manifest as Slack's app settings would; without any request URL the app is in Socket Mode."""
    features = manifest.get("features") or {}
    commands = [SlashCommand(**_known(SlashCommand, entry)) for entry in features.get("slash_commands") or ()]
    shortcuts = [Shortcut(**_known(Shortcut, entry)) for entry in features.get("shortcuts") or ()]
    settings = manifest.get("settings") or {}
    subscriptions = settings.get("event_subscriptions") or {}
    interactivity = settings.get("interactivity") or {}
    bot_user = features.get("bot_user") or {}
    information = manifest.get("display_information") or {}
    read = Manifest(
        name=bot_user.get("display_name") or information.get("name") or "App",
        commands={command.command: command for command in commands},
        shortcuts={shortcut.callback_id: shortcut for shortcut in shortcuts},
        scopes=tuple(((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()),
        events=frozenset(subscriptions.get("bot_events") or ()),
        home_tab=bool((features.get("app_home") or {}).get("home_tab_enabled")),
        interactivity_url=interactivity.get("request_url") or "",
        options_url=interactivity.get("message_menu_options_url") or "",
        events_url=subscriptions.get("request_url") or "",
    )
    return replace(read, socket_mode=bool(settings.get("socket_mode_enabled")) or not read.urls())


def _known(kind: type[Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    return {key: value for key, value in entry.items() if key in names}
