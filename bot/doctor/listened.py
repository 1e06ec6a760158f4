"""What the code listens to, found by letting it register with an app that only writes down."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.service import Service
from bot.slack.listeners import register
from bot.slack.manifest import Manifest
from bot.slack.uninstall import Departures, listen_to_departures
from storage.database import Database

KINDS = ("command", "event", "shortcut")


class Listened:
    """Stands in for a Bolt app while listeners are registered."""

    def __init__(self) -> None:
        self._found: list[tuple[str, Any]] = []

    def __getattr__(self, kind: str) -> Callable[..., Any]:
        def listen(what: Any = None, *_: object) -> Callable[[object], object]:
            self._found.append((kind, what))
            return lambda listener: listener

        return listen

    def names(self, kind: str) -> set[str]:
        """The commands, events or shortcuts that something listens to; of a pattern, the names that it lists."""
        found = (what for one, what in self._found if one == kind)
        return {
            name
            for what in found
            for name in (what.pattern.split("|") if isinstance(what, re.Pattern) else [str(what)])
        }

    def differences(self, manifest: Manifest) -> list[str]:
        """What one of the two has and the other lacks."""
        stated = stated_in(manifest)
        heard = {kind: self.names(kind) for kind in KINDS}
        return [
            *(f"nothing listens to the {kind} {name}" for kind in KINDS for name in sorted(stated[kind] - heard[kind])),
            *(f"the {kind} {name} is missing" for kind in KINDS for name in sorted(heard[kind] - stated[kind])),
        ]


def stated_in(manifest: Manifest) -> dict[str, set[str]]:
    """The commands, events and shortcuts of a manifest."""
    features = manifest["features"]
    return {
        "command": {one["command"] for one in features.get("slash_commands", ())},
        "shortcut": {one["callback_id"] for one in features.get("shortcuts", ())},
        "event": set(manifest["settings"].get("event_subscriptions", {}).get("bot_events", ())),
    }


def listened(service: Service, database: Database, now: Callable[[], datetime], command: str) -> Listened:
    """What every listener of the bot listens to."""
    found: Any = Listened()
    register(found, service, command)
    listen_to_departures(found, Departures(database, now))
    recorded: Listened = found
    return recorded
