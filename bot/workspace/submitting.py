"""Submitting and closing modals, shortcuts, and the Home tab."""

from typing import Any

from bot.workspace import events, payloads, views
from bot.workspace.blocks import inputs
from bot.workspace.clicking import answered
from bot.workspace.errors import PersonError, SlackError
from bot.workspace.hub import Hub
from bot.workspace.models import Json, Message, Person, View
from bot.workspace.required import form_errors

TROUBLE = "We had some trouble connecting. Try again?"


def top(hub: Hub, person: Person) -> View:
    """Give the modal that is on top of someone's screen."""
    stack = hub.team.stacks.get(person.id)
    if not stack:
        raise PersonError("No modal is open.")
    return stack[-1]


async def submit(hub: Hub, person: Person) -> Json:
    """Submit the top modal: Slack's own checks first, then the app decides what follows."""
    view = top(hub, person)
    view.errors = form_errors(view.body["blocks"], view.values)
    if view.errors:
        hub.team.touch()
        return {"ok": False, "error": "form_errors", "errors": view.errors}
    callback_id = view.body.get("callback_id") or ""
    payload = payloads.view_submission(hub, person, view)
    ack = await hub.app.deliver("interactive", payload, f"view_submission {callback_id}")
    if ack.error:
        return _trouble(hub, view, ack.error)
    try:
        return _follow(hub, person, view, ack.payload)
    except SlackError as error:
        hub.team.log("refused", f"view_submission {callback_id}", ack.payload, error.body(), error.code)
        return _trouble(hub, view, error.code)


def _trouble(hub: Hub, view: View, error: str) -> Json:
    view.errors = {"": TROUBLE}
    hub.team.touch()
    return {"ok": False, "error": error, "errors": view.errors}


def _follow(hub: Hub, person: Person, view: View, answer: Json) -> Json:
    action = answer.get("response_action")
    if action == "errors":
        return _show_errors(hub, view, answer.get("errors"))
    if action == "update":
        views.replace(hub, view, views.checked(answer.get("view"), "modal"))
    elif action == "push":
        views.push(hub, person.id, views.checked(answer.get("view"), "modal"))
    elif action == "clear":
        _drop(hub, person, 0)
    elif action is None:
        _drop(hub, person, len(hub.team.stacks.get(person.id, [])) - 1)
    else:
        raise SlackError("invalid_response_action")
    return {"ok": True}


def _show_errors(hub: Hub, view: View, errors: Any) -> Json:
    known = {block["block_id"] for block, _ in inputs(view.body["blocks"])}
    if not isinstance(errors, dict) or not errors or not set(errors) <= known:
        raise SlackError("invalid_errors", messages=["[ERROR] must name input blocks [json-pointer:/errors]"])
    view.errors = {block_id: str(text) for block_id, text in errors.items()}
    hub.team.touch()
    return {"ok": False, "error": "errors", "errors": view.errors}


def _drop(hub: Hub, person: Person, keep: int) -> None:
    """Close the modals above the first `keep`."""
    stack = hub.team.stacks.get(person.id, [])
    hub.team.stacks[person.id] = stack[: max(keep, 0)]
    hub.team.touch()


async def close(hub: Hub, person: Person, *, everything: bool = False) -> Json:
    """Close the top modal (Cancel), or all of them (the cross)."""
    view = top(hub, person)
    stack = hub.team.stacks[person.id]
    everything = everything or bool(view.body.get("clear_on_close"))
    _drop(hub, person, 0 if everything else len(stack) - 1)
    for closed in reversed(stack) if everything else [view]:
        if closed.body.get("notify_on_close"):
            payload = payloads.view_closed(hub, person, closed, is_cleared=everything)
            hub.background(_notify_closed(hub, payload))
    return {"ok": True}


async def _notify_closed(hub: Hub, payload: Json) -> None:
    await hub.app.deliver("interactive", payload, f"view_closed {payload['view']['callback_id']}")


async def shortcut(hub: Hub, person: Person, callback_id: str, message: Message | None = None) -> Json:
    """Run a global shortcut, or a message shortcut on a message."""
    found = hub.manifest.shortcuts.get(callback_id)
    if found is None or (found.type == "message") != (message is not None):
        raise PersonError(f"There is no such shortcut {callback_id!r}.")
    if message is None:
        payload = payloads.shortcut(hub, person, callback_id)
    elif message.visible_to is None:
        payload = payloads.message_shortcut(hub, person, callback_id, message)
    else:
        raise PersonError("Message shortcuts do not work on ephemeral messages.")
    ack = await hub.app.deliver("interactive", payload, f"{payload['type']} {callback_id}")
    return answered(hub, person, ack.error)


def open_home(hub: Hub, person: Person, tab: str = "home") -> Json:
    """Look at the app's Home (or Messages) tab."""
    if tab == "home" and not hub.manifest.home_tab:
        raise PersonError("The manifest does not enable the Home tab.")
    events.home_opened(hub, person, tab)
    return {"ok": True}
