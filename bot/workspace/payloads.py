"""The payloads that Slack sends to an app."""

from bot.workspace import messages, views
from bot.workspace.hub import Hub
from bot.workspace.models import APP_ID, BOT_USER_ID, DOMAIN, TEAM_ID, Channel, Json, Message, Person, View

CHANNEL_NAMES = {"private": "privategroup", "im": "directmessage"}


def channel_name(channel: Channel) -> str:
    """Name a channel as payloads do: a private one keeps its name to itself."""
    return CHANNEL_NAMES.get(channel.kind, channel.name)


def slash_command(hub: Hub, person: Person, channel: Channel, command: str, text: str) -> Json:
    """A slash command; its values are strings, as in the form it once was."""
    return {
        "token": hub.tokens.verification,
        "team_id": TEAM_ID,
        "team_domain": DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": hub.new_response_url(person.id, channel.id),
        "trigger_id": hub.new_trigger(person.id),
    }


def interaction(hub: Hub, kind: str, person: Person) -> Json:
    """What all interactive payloads share."""
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": TEAM_ID},
        "api_app_id": APP_ID,
        "token": hub.tokens.verification,
        "team": {"id": TEAM_ID, "domain": DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def on_message(hub: Hub, kind: str, person: Person, message: Message) -> Json:
    """An interaction with a message; an ephemeral one is not repeated in the payload."""
    channel = hub.team.channels[message.channel]
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": channel.id}
    container["is_ephemeral"] = message.visible_to is not None
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = {
        **interaction(hub, kind, person),
        "container": container,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "state": {"values": message.values.get(person.id, {})},
    }
    if message.visible_to is None:
        payload["message"] = messages.shown(hub.team, message, with_metadata=True)
    return payload


def on_view(hub: Hub, kind: str, person: Person, view: View) -> Json:
    """An interaction within a modal or a Home tab."""
    payload = interaction(hub, kind, person)
    return {**payload, "container": {"type": "view", "view_id": view.id}, "view": views.shown(view)}


def view_submission(hub: Hub, person: Person, view: View) -> Json:
    payload = interaction(hub, "view_submission", person)
    return {
        **payload,
        "trigger_id": hub.new_trigger(person.id, view.root),
        "view": views.shown(view),
        "response_urls": [],
    }


def view_closed(hub: Hub, person: Person, view: View, *, is_cleared: bool) -> Json:
    return {**interaction(hub, "view_closed", person), "view": views.shown(view), "is_cleared": is_cleared}


def shortcut(hub: Hub, person: Person, callback_id: str) -> Json:
    payload = interaction(hub, "shortcut", person)
    trigger = hub.new_trigger(person.id)
    return {**payload, "callback_id": callback_id, "trigger_id": trigger, "action_ts": hub.team.new_ts()}


def message_shortcut(hub: Hub, person: Person, callback_id: str, message: Message) -> Json:
    channel = hub.team.channels[message.channel]
    return {
        **interaction(hub, "message_action", person),
        "callback_id": callback_id,
        "trigger_id": hub.new_trigger(person.id),
        "action_ts": hub.team.new_ts(),
        "response_url": hub.new_response_url(person.id, channel.id, message.ts),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": messages.shown(hub.team, message),
    }


def event(hub: Hub, body: Json) -> Json:
    """The envelope of the Events API around one event."""
    installed = {"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER_ID, "is_bot": True}
    return {
        "token": hub.tokens.verification,
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": body,
        "type": "event_callback",
        "event_id": hub.team.new_id("Ev"),
        "event_time": int(hub.clock.now()),
        "authorizations": [{**installed, "is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "event_context": hub.team.new_id("4-"),
    }
