"""Modals and Home tabs: opening, pushing, updating, and the stack of three."""

import secrets
from typing import Any

from bot.limits.payloads import check_view
from bot.workspace.blocks import inputs, with_ids
from bot.workspace.errors import SlackError
from bot.workspace.hub import Hub
from bot.workspace.models import APP_ID, BOT_ID, TEAM_ID, Json, Trigger, View
from bot.workspace.values import values_of

MOST_VIEWS = 3


def exchange(hub: Hub, trigger_id: str) -> Trigger:
    """Use a trigger up, or refuse it as Slack does."""
    trigger = hub.team.triggers.get(trigger_id)
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    if hub.clock.now() >= trigger.expires:
        raise SlackError("expired_trigger_id")
    trigger.used = True
    return trigger


def checked(view: Any, kind: str) -> Json:
    """Refuse what Slack would refuse in a view."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", messages=["[ERROR] must provide an object [json-pointer:/view]"])
    problems = check_view(view)
    if any("view_too_large" in problem for problem in problems):
        raise SlackError("view_too_large", messages=problems)
    if view.get("type") != kind:
        problems.append("[ERROR] must be a valid enum value [json-pointer:/view/type]")
    if problems:
        raise SlackError("invalid_arguments", messages=problems)
    return view


def open_modal(hub: Hub, trigger_id: str, body: Json) -> View:
    """Show a new modal in place of whatever modal was there."""
    body = checked(body, "modal")
    _unique_external_id(hub, body)
    trigger = exchange(hub, trigger_id)
    view = _new_view(hub, trigger.person, body)
    hub.team.stacks[trigger.person] = [view]
    hub.team.touch()
    return view


def push_modal(hub: Hub, trigger_id: str, body: Json) -> View:
    """Put a modal on top of the one that the trigger came from."""
    body = checked(body, "modal")
    _unique_external_id(hub, body)
    trigger = exchange(hub, trigger_id)
    if not hub.team.stacks.get(trigger.person) or trigger.root is None:
        raise SlackError("not_found")
    return push(hub, trigger.person, body)


def push(hub: Hub, person: str, body: Json) -> View:
    """Put a checked modal on top of someone's stack."""
    stack = hub.team.stacks[person]
    if len(stack) >= MOST_VIEWS:
        raise SlackError("push_limit_reached")
    view = _new_view(hub, person, body)
    view.root, view.previous = stack[0].root, stack[-1].id
    stack.append(view)
    hub.team.touch()
    return view


def publish_home(hub: Hub, person: str, body: Json, view_hash: str | None) -> View:
    """Show a Home tab to one person."""
    body = checked(body, "home")
    known = hub.team.homes.get(person)
    if known is None:
        known = hub.team.homes[person] = _new_view(hub, person, body)
        hub.team.touch()
        return known
    return replace(hub, known, body, view_hash)


def replace(hub: Hub, view: View, body: Json, view_hash: str | None = None) -> View:
    """Change a view in place, keeping what the person entered."""
    _may_take_files(hub, body)
    if view_hash and view_hash != view.hash:
        raise SlackError("hash_conflict")
    view.body = {**body, "blocks": with_ids(body["blocks"])}
    view.values = values_of(view.body["blocks"], view.values)
    view.hash, view.errors = _new_hash(hub), {}
    hub.team.touch()
    return view


def find(hub: Hub, view_id: str | None, external_id: str | None) -> View:
    """Find an open view by either of its ids."""
    if view_id:
        view = hub.team.find_view(view_id)
    else:
        stacked = [one for stack in hub.team.stacks.values() for one in stack]
        view = next((one for one in stacked if external_id and one.body.get("external_id") == external_id), None)
    if view is None:
        raise SlackError("not_found")
    return view


def shown(view: View) -> Json:
    """Give the view object of Web API answers and payloads."""
    body = view.body
    common = {
        "id": view.id,
        "team_id": TEAM_ID,
        "type": view.type,
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": body.get("callback_id") or "",
        "state": {"values": view.values},
        "hash": view.hash,
        "title": body.get("title"),
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "close": body.get("close"),
        "submit": body.get("submit"),
    }
    lineage = {"previous_view_id": view.previous, "root_view_id": view.root, "app_id": APP_ID}
    owner = {"external_id": body.get("external_id") or "", "app_installed_team_id": TEAM_ID, "bot_id": BOT_ID}
    return {**common, **lineage, **owner}


def _may_take_files(hub: Hub, body: Json) -> None:
    """Refuse a file input where the app may not read files."""
    provided = hub.manifest.scopes
    if "files:read" not in provided and any(one["type"] == "file_input" for _, one in inputs(body["blocks"])):
        raise SlackError("missing_scope", needed="files:read", provided=",".join(provided))


def _new_view(hub: Hub, person: str, body: Json) -> View:
    view_id = hub.team.new_id("V")
    view = View(view_id, person, body["type"], {}, "", root=view_id)
    return replace(hub, view, body)


def _new_hash(hub: Hub) -> str:
    return f"{hub.clock.now():.0f}.{secrets.token_hex(4)}"


def _unique_external_id(hub: Hub, body: Json) -> None:
    external_id = body.get("external_id")
    taken = [view.body.get("external_id") for stack in hub.team.stacks.values() for view in stack]
    if external_id and external_id in taken:
        raise SlackError("duplicate_external_id")
