"""The shape of a manifest as Slack's schema has it: its keys, their types and their lengths."""

from collections.abc import Mapping
from typing import Any

from bot.limits.shapes import (
    Check,
    Problems,
    anything,
    boolean,
    choice,
    items,
    number,
    pattern,
    problem,
    record,
    string,
)


def _closed(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Check an object with these keys and no others, none of them null."""
    known = {**required, **(optional or {})}

    def strict(value: Mapping[str, Any], pointer: str) -> Problems:
        if "type" in value and "type" not in known:
            yield problem("invalid additional property: type", pointer)
        for key in value:
            if key in known and value[key] is None:
                yield problem("must not be null", f"{pointer}/{key}")

    def check(value: Any, pointer: str) -> Problems:
        yield from record(required, optional)(value, pointer)
        if isinstance(value, Mapping):
            yield from strict(value, pointer)

    return check


def _flags(*names: str) -> dict[str, Check]:
    return dict.fromkeys(names, boolean)


def _distinct(each: Check, most: int, least: int = 0) -> Check:
    """Check a list in which nothing is twice."""

    def check(value: Any, pointer: str) -> Problems:
        found = list(items(each, most, least)(value, pointer))
        yield from found
        if not found and any(one in value[:index] for index, one in enumerate(value)):
            yield problem("must not have the same item twice", pointer)

    return check


def _url(most: int) -> Check:
    return pattern(r"https?://.*", "must begin with http:// or https://", most)


_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_ADDRESS = rf"{_BYTE}(?:\.{_BYTE}){{3}}(?:/(?:3[0-2]|[12]?\d))?"
_TEXT = string(1_000_000, 0)
_COLOUR = pattern(r"#[0-9a-fA-F]{3}(?:[0-9a-fA-F]{3})?", "must be a hex color", 7, 4)
_COMMAND = pattern(r"/.*", "must begin with /", 32, 2)
_DOMAIN = pattern(r"(?![.-])[-a-z0-9.]+[a-z0-9]", "must be a domain", 255)
_VERSION = dict.fromkeys(("schema_version", "min_version", "minor_version"), number())
_SCOPES = items(string(50, 0), 255, 0)
_EVENTS = _distinct(string(50, 0), 100)
_PROMPTS = items(_closed({"title": _TEXT, "message": _TEXT}), 100, 0)
_FEATURES = {
    "app_home": _closed({}, _flags("home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled")),
    "bot_user": _closed({"display_name": string(80)}, _flags("always_online")),
    "shortcuts": items(
        _closed(
            {
                "name": string(24),
                "type": choice("message", "global"),
                "callback_id": string(255),
                "description": string(150),
            }
        ),
        10,
    ),
    "slash_commands": items(
        _closed(
            {"command": _COMMAND, "description": string(2000)},
            {"url": _url(3000), "usage_hint": string(1000), "should_escape": boolean},
        ),
        50,
    ),
    "workflow_steps": items(_closed({"name": string(50), "callback_id": string(50)}), 10),
    "unfurl_domains": _distinct(_DOMAIN, 5, 1),
    "assistant_view": _closed({"assistant_description": _TEXT}, {"suggested_prompts": _PROMPTS}),
    "agent_view": anything,
    "code_channels": _closed({}, {"enabled": boolean, "slash_command_url": _url(3000)}),
    "functions": anything,
    "user_connections": anything,
}
_SETTINGS = {
    "allowed_ip_address_ranges": _distinct(pattern(_ADDRESS, "must be an IP address or range"), 50, 1),
    "event_subscriptions": _closed(
        {},
        {
            "request_url": _url(3500),
            "bot_events": _EVENTS,
            "user_events": _EVENTS,
            "metadata_subscriptions": _distinct(_closed({"app_id": _TEXT, "event_type": string(50, 0)}), 20, 1),
        },
    ),
    "incoming_webhooks": _closed({}, _flags("incoming_webhooks_enabled")),
    "interactivity": _closed(
        {"is_enabled": boolean}, {"request_url": _url(3500), "message_menu_options_url": _url(3500)}
    ),
    "siws_links": _closed({}, {"initiate_uri": pattern(r"https://.*", "must begin with https://", 3500)}),
    **_flags("org_deploy_enabled", "socket_mode_enabled", "is_hosted", "token_rotation_enabled", "is_mcp_enabled"),
    **dict.fromkeys(("hermes_app_type", "function_runtime"), _TEXT),
}
_NOT_LOOKED_INTO = (
    "app_directory",
    "functions",
    "workflows",
    "datastores",
    "outgoing_domains",
    "types",
    "external_auth_providers",
    "mcp_servers",
)
MANIFEST = _closed(
    {
        "display_information": _closed(
            {"name": string(35)},
            {"description": string(140), "background_color": _COLOUR, "long_description": string(4000, 175)},
        )
    },
    {
        "$schema": _TEXT,
        "_metadata": _closed({}, {"major_version": number(1, 2), **_VERSION}),
        "features": _closed({}, _FEATURES),
        "oauth_config": _closed(
            {},
            {
                "redirect_urls": _distinct(string(2500, 0), 1000),
                "scopes": _closed({}, dict.fromkeys(("bot", "user", "bot_optional", "user_optional"), _SCOPES)),
                **_flags("token_management_enabled", "pkce_enabled"),
            },
        ),
        "settings": _closed({}, _SETTINGS),
        **dict.fromkeys(_NOT_LOOKED_INTO, anything),
    },
)
