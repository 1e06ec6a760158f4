"""views.* and blocks.validate."""

from collections.abc import Mapping

from bot.limits.payloads import check_blocks, check_view
from bot.workspace import views
from bot.workspace.errors import SlackError
from bot.workspace.methods.call import Call, Method
from bot.workspace.models import Json
from bot.workspace.rates import HUNDREDS, TIER_4


async def open_view(call: Call) -> Json:
    view = views.open_modal(call.hub, call.need("trigger_id"), call.json("view"))
    return {"ok": True, "view": views.shown(view)}


async def push_view(call: Call) -> Json:
    view = views.push_modal(call.hub, call.need("trigger_id"), call.json("view"))
    return {"ok": True, "view": views.shown(view)}


async def update_view(call: Call) -> Json:
    found = views.find(call.hub, call.text("view_id"), call.text("external_id"))
    body = views.checked(call.json("view"), found.type)
    view = views.replace(call.hub, found, body, call.text("hash") or None)
    return {"ok": True, "view": views.shown(view)}


async def publish_view(call: Call) -> Json:
    person = call.hub.team.people.get(call.need("user_id"))
    if person is None:
        raise SlackError("user_not_found")
    if not call.hub.manifest.home_tab:
        raise SlackError("not_enabled")
    view = views.publish_home(call.hub, person.id, call.json("view"), call.text("hash") or None)
    return {"ok": True, "view": views.shown(view)}


async def validate(call: Call) -> Json:
    """Check blocks, a message or a view, exactly one of them."""
    given = [name for name in ("blocks", "message", "view") if call.args.get(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments", messages=["[ERROR] provide exactly one of blocks, view, or message"])
    (what,) = given
    found = call.json(what, f"invalid_{what}")
    if what != "blocks" and not isinstance(found, dict):
        raise SlackError(f"invalid_{what}", messages=["[ERROR] must provide an object [json-pointer:/]"])
    blocks = found.get("blocks") or [] if what == "message" else found
    if problems := check_view(found) if what == "view" else check_blocks(blocks, "message"):
        raise SlackError(f"invalid_{what}", messages=problems)
    return {"ok": True}


METHODS: Mapping[str, Method] = {
    "views.open": Method(open_view, tier=TIER_4),
    "views.push": Method(push_view, tier=TIER_4),
    "views.update": Method(update_view, tier=TIER_4),
    "views.publish": Method(publish_view, tier=TIER_4),
    "blocks.validate": Method(validate, tier=HUNDREDS),
}
