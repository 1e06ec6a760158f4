"""What Slack would refuse in a manifest: its shape, and what one part of it needs from another.

Each problem is a sentence with a JSON pointer, as Slack's answer `invalid_manifest` lists them.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.limits.shapes import problem
from bot.workspace.manifest_shapes import MANIFEST

CHANNELS = ("channels:read",)
GROUPS = ("groups:read",)
FILES = ("files:read",)
MEMBERS = ("channels:read", "groups:read")
EVENT_SCOPES: Mapping[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "pin_added": ("pins:read",),
    "pin_removed": ("pins:read",),
    "member_joined_channel": MEMBERS,
    "member_left_channel": MEMBERS,
    "team_join": ("users:read",),
    "user_change": ("users:read",),
    "link_shared": ("links:read",),
    "emoji_changed": ("emoji:read",),
    "team_rename": ("team:read",),
    "team_domain_change": ("team:read",),
    "dnd_updated_user": ("dnd:read",),
    "assistant_thread_started": ("assistant:write",),
    "assistant_thread_context_changed": ("assistant:write",),
    **dict.fromkeys(("channel_archive", "channel_created", "channel_deleted", "channel_left"), CHANNELS),
    **dict.fromkeys(("channel_rename", "channel_unarchive"), CHANNELS),
    **dict.fromkeys(("group_archive", "group_deleted", "group_left", "group_rename", "group_unarchive"), GROUPS),
    **dict.fromkeys(("file_change", "file_created", "file_deleted", "file_shared", "file_public"), FILES),
}
"""An event and the scopes of which it needs one; events that are not here need none, or are not known."""


def problems(manifest: Any, *, is_reached: bool = False) -> list[str]:
    """Find what Slack would refuse; where the shape is wrong, only that.

    `is_reached` says that something listens for the app whether or not the manifest says where.
    """
    rules = [rule for rule in _RULES if not (is_reached and rule is _something_listens)]
    return list(MANIFEST(manifest, "")) or [found for rule in rules for found in rule(manifest)]


def _part(manifest: Mapping[str, Any], *path: str) -> Any:
    for key in path:
        manifest = manifest.get(key) or {}
    return manifest


def _granted(manifest: Mapping[str, Any], whose: str) -> set[str]:
    scopes = _part(manifest, "oauth_config", "scopes")
    return {*(scopes.get(whose) or ()), *(scopes.get(f"{whose}_optional") or ())}


def _events_have_scopes(manifest: Mapping[str, Any]) -> Iterator[str]:
    subscriptions = _part(manifest, "settings", "event_subscriptions")
    for whose in ("bot", "user"):
        granted = _granted(manifest, whose)
        for index, event in enumerate(subscriptions.get(f"{whose}_events") or ()):
            needed = EVENT_SCOPES.get(event, ())
            if needed and granted.isdisjoint(needed):
                where = f"/settings/event_subscriptions/{whose}_events/{index}"
                yield problem(f"event {event} requires the {whose} scope {' or '.join(needed)}", where)


def _entries_have_their_scope(manifest: Mapping[str, Any]) -> Iterator[str]:
    for key in ("slash_commands", "shortcuts"):
        if _part(manifest, "features", key) and "commands" not in _granted(manifest, "bot"):
            yield problem("requires the bot scope commands", f"/features/{key}")


def _something_listens(manifest: Mapping[str, Any]) -> Iterator[str]:
    settings = _part(manifest, "settings")
    if settings.get("socket_mode_enabled"):
        return
    events, clicks = _part(settings, "event_subscriptions"), _part(settings, "interactivity")
    if (events.get("bot_events") or events.get("user_events")) and not events.get("request_url"):
        message = "Event Subscription requires either Request URL or Socket Mode Enabled"
        yield problem(message, "/settings/event_subscriptions")
    if clicks.get("is_enabled") and not clicks.get("request_url"):
        yield problem("Interactivity requires a Request URL", "/settings/interactivity")
        yield problem("Interactivity requires Socket Mode enabled", "/settings/interactivity")


_RULES = (_events_have_scopes, _entries_have_their_scope, _something_listens)
