"""users.*, bots.*, team.*, auth.*, api.test and apps.connections.open."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.workspace import events
from bot.workspace.errors import SlackError
from bot.workspace.methods.call import Call, Method
from bot.workspace.models import APP_ID, BOT_ID, BOT_USER_ID, DOMAIN, TEAM_ID, Json, Person
from bot.workspace.rates import HUNDREDS, TIER_1, TIER_2, TIER_3, TIER_4

TEAM_NAME = "Local workspace"


def shown(person: Person, now: datetime) -> Json:
    """Give the user object; its offset is that of the person's time zone at this moment."""
    local = now.astimezone(ZoneInfo(person.tz))
    offset = local.utcoffset() or timedelta()
    profile = {"real_name": person.real_name, "display_name": person.name, "team": TEAM_ID}
    roles = {"is_admin": person.is_admin, "is_owner": False, "is_primary_owner": False, "is_bot": person.is_bot}
    guest = {"is_restricted": person.is_guest, "is_ultra_restricted": False, "is_app_user": False, "deleted": False}
    zone = {"tz": person.tz, "tz_label": local.tzname(), "tz_offset": int(offset.total_seconds())}
    names = {"id": person.id, "team_id": TEAM_ID, "name": person.name, "real_name": person.real_name}
    return {**names, **roles, **guest, **zone, "locale": "en-US", "profile": profile, "updated": 0}


async def api_test(call: Call) -> Json:
    error = call.text("error")
    if error:
        raise SlackError(error, args=dict(call.args))
    return {"ok": True, "args": dict(call.args)}


async def auth_test(call: Call) -> Json:
    bot = call.hub.team.people[BOT_USER_ID]
    who = {"user": bot.name, "user_id": bot.id, "bot_id": BOT_ID, "is_enterprise_install": False}
    return {"ok": True, "url": f"{call.hub.address}/", "team": TEAM_NAME, "team_id": TEAM_ID, **who}


async def auth_revoke(call: Call) -> Json:
    if not call.flag("test"):
        events.uninstalled(call.hub)
        call.hub.tokens.revoked = True
    return {"ok": True, "revoked": not call.flag("test")}


async def connections_open(call: Call) -> Json:
    if not call.hub.manifest.socket_mode:
        raise SlackError("socket_mode_not_enabled")
    address = call.hub.address.replace("http://", "ws://")
    return {"ok": True, "url": f"{address}/link/?ticket={call.hub.socket.new_ticket()}&app_id={APP_ID}"}


async def users_info(call: Call) -> Json:
    return {"ok": True, "user": shown(call.person(), call.hub.clock.moment())}


async def users_list(call: Call) -> Json:
    now = call.hub.clock.moment()
    page = call.page("members", [shown(person, now) for person in call.hub.team.people.values()])
    return {**page, "cache_ts": int(call.hub.clock.now())}


async def profile(call: Call) -> Json:
    person = call.person() if call.text("user") else call.hub.team.people[BOT_USER_ID]
    return {"ok": True, "profile": shown(person, call.hub.clock.moment())["profile"]}


async def lookup_by_email(call: Call) -> Json:
    call.need("email")
    raise SlackError("users_not_found")  # no one here has an address


async def bots_info(call: Call) -> Json:
    if call.text("bot") not in ("", BOT_ID):
        raise SlackError("bot_not_found")
    bot = call.hub.team.people[BOT_USER_ID]
    names = {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER_ID, "name": bot.real_name}
    return {"ok": True, "bot": {**names, "deleted": False, "updated": 0, "icons": {}}}


async def team_info(call: Call) -> Json:  # noqa: ARG001
    names = {"id": TEAM_ID, "name": TEAM_NAME, "domain": DOMAIN, "email_domain": ""}
    return {"ok": True, "team": {**names, "icon": {}}}


METHODS: Mapping[str, Method] = {
    "api.test": Method(api_test, wants="none", tier=TIER_4),
    "auth.test": Method(auth_test, tier=HUNDREDS),
    "auth.revoke": Method(auth_revoke, tier=TIER_3),
    "apps.connections.open": Method(connections_open, wants="app", tier=TIER_1),
    "users.info": Method(users_info, ("users:read",), tier=TIER_4),
    "users.list": Method(users_list, ("users:read",), tier=TIER_2),
    "users.profile.get": Method(profile, ("users.profile:read",), tier=TIER_4),
    "users.lookupByEmail": Method(lookup_by_email, ("users:read.email",), tier=TIER_3),
    "bots.info": Method(bots_info, ("users:read",), tier=TIER_3),
    "team.info": Method(team_info, ("team:read",), tier=TIER_3),
}
