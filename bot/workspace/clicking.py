"""What people click and choose, in messages, modals and Home tabs."""

from dataclasses import dataclass
from html import escape
from typing import Any

from bot.limits.elements import GROUP, OPTION
from bot.limits.shapes import items
from bot.workspace import attaching, payloads
from bot.workspace.blocks import find
from bot.workspace.errors import PersonError
from bot.workspace.hub import Hub
from bot.workspace.models import Json, Message, Person, Values, View
from bot.workspace.values import KEYS, action, entered, values_of

FAILED = "This app did not respond. ({error})"


@dataclass(frozen=True)
class Spot:
    """An element that someone looks at, with the surface it is on."""

    surface: Message | View
    block: Json
    element: Json
    values: Values

    @property
    def place(self) -> str:
        return f"{self.block['block_id']}/{self.element['action_id']}"


def spot(person: Person, surface: Message | View, block_id: str, action_id: str) -> Spot:
    """Find an element on a message or a view that this person sees."""
    blocks = surface.blocks if isinstance(surface, Message) else surface.body["blocks"]
    found = find(blocks, block_id, action_id)
    if found is None:
        raise PersonError(f"There is no element {action_id!r} in block {block_id!r}.")
    if isinstance(surface, View):
        return Spot(surface, *found, surface.values)
    surface.values[person.id] = values_of(blocks, surface.values.get(person.id, {}))
    return Spot(surface, *found, surface.values[person.id])


def surface(hub: Hub, person: Person, where: Json) -> Message | View:
    """Find the view or the message that a request names."""
    if where.get("view_id"):
        view = hub.team.find_view(where["view_id"])
        if view is None or view.person != person.id:
            raise PersonError("That view is no longer open.")
        return view
    channel = hub.team.channel(where.get("channel", ""), person.id)
    message = hub.team.message(channel.id, where.get("message_ts", ""))
    if message is None or message.visible_to not in (None, person.id):
        raise PersonError("That message is gone.")
    return message


def enter(hub: Hub, person: Person, at: Spot, raw: Any) -> Json | None:
    """Put a value into an element; None for elements that hold none (buttons)."""
    if at.element["type"] not in KEYS:
        return None
    raw = attaching.chosen(hub, person, at.element, raw) if at.element["type"] == "file_input" else raw
    state = entered(at.element, raw, at.surface.offered.get(at.place, []), lookup(hub))
    at.values.setdefault(at.block["block_id"], {})[at.element["action_id"]] = state
    if isinstance(at.surface, View):
        at.surface.errors.pop(at.block["block_id"], None)
    hub.team.touch()
    return state


def lookup(hub: Hub) -> Any:
    """Resolve the names of people and channels that someone chose."""

    def resolve(key: str, name: str) -> str:
        if key == "selected_user" or (key == "selected_conversation" and name.startswith(("@", "U"))):
            return hub.team.person(name).id
        return hub.team.channel(name).id

    return resolve


def dispatches(at: Spot) -> bool:
    """Say whether a change of this element is sent to the app at once."""
    return at.block["type"] != "input" or bool(at.block.get("dispatch_action"))


async def act(hub: Hub, person: Person, at: Spot, raw: Any = None) -> Json:
    """Click or choose: enter the value, and tell the app if it wants to know."""
    state = enter(hub, person, at, raw)
    if not dispatches(at):
        return {"ok": True, "state": state}
    payload = _on(hub, "block_actions", person, at.surface)
    payload["actions"] = [action(at.block, at.element, state, raw, hub.team.new_ts())]
    if isinstance(at.surface, Message):
        where = (at.surface.channel, at.surface.ts, at.surface.thread_ts)
        payload["response_url"] = hub.new_response_url(person.id, *where)
    root = at.surface.root if isinstance(at.surface, View) and at.surface.type == "modal" else None
    payload["trigger_id"] = hub.new_trigger(person.id, root)
    ack = await hub.app.deliver("interactive", payload, f"block_actions {at.element['action_id']}")
    return {**answered(hub, person, ack.error), "state": state}


def answered(hub: Hub, person: Person, error: str | None) -> Json:
    """Tell the person when the app did not answer."""
    if error is None:
        return {"ok": True}
    hub.team.notify(person.id, FAILED.format(error=error))
    return {"ok": False, "error": error}


def _on(hub: Hub, kind: str, person: Person, where: Message | View) -> Json:
    if isinstance(where, View):
        return payloads.on_view(hub, kind, person, where)
    return payloads.on_message(hub, kind, person, where)


async def suggest(hub: Hub, person: Person, at: Spot, typed: str) -> Json:
    """Ask the app for the options of an external select."""
    if len(typed) < at.element.get("min_query_length", 3):
        return {"ok": True, "options": []}
    payload = _on(hub, "block_suggestion", person, at.surface)
    ids = {"action_id": at.element["action_id"], "block_id": at.block["block_id"]}
    payload |= {**ids, "value": escape(typed, quote=False)}
    ack = await hub.app.deliver("block_suggestion", payload, f"block_suggestion {ids['action_id']}")
    if ack.error:
        return {"ok": False, "error": ack.error, "options": []}
    return _offer(hub, at, ack.payload)


def _offer(hub: Hub, at: Spot, answer: Json) -> Json:
    groups = answer.get("option_groups")
    shape = items(GROUP if groups is not None else OPTION, 100, 0)
    problems = list(shape(groups if groups is not None else answer.get("options"), "/options"))
    if problems:
        hub.team.log("refused", "block_suggestion", {}, {"messages": problems}, "invalid options")
        return {"ok": False, "error": "invalid_options", "messages": problems, "options": []}
    options = answer.get("options") or [option for group in groups or () for option in group["options"]]
    known = at.surface.offered.setdefault(at.place, [])
    known.extend(option for option in options if option not in known)
    return {"ok": True, "options": options, "option_groups": groups}
