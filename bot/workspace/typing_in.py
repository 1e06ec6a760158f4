"""What people type: messages, mentions and slash commands."""

import re
from dataclasses import replace
from html import escape, unescape

from bot.workspace import events, payloads
from bot.workspace.errors import PersonError, SlackError
from bot.workspace.hub import Hub
from bot.workspace.manifest import SlashCommand
from bot.workspace.models import Channel, Json, Message, Person, ResponseUrl
from bot.workspace.responses import respond
from bot.workspace.team import Team
from bot.workspace.values import rich_text

REFERENCE = re.compile(r"(?<![\w/&])([@#])([\w.-]*\w)")
RUNS = re.compile(r"(<[^<>]+>)")
LINK = re.compile(r"(?<![<\w])(https?://[^\s<>]+)")


async def say(hub: Hub, person: Person, channel: Channel, draft: Message) -> Json:
    """Send what someone typed: a slash command, or a message that others see."""
    _may_write(person, channel)
    if draft.text.startswith("/"):
        if draft.thread_ts or draft.files:
            raise PersonError(f"Slash commands do not work {'in threads' if draft.thread_ts else 'with files'}.")
        return await _command(hub, person, channel, draft.text)
    escaped = with_references(hub.team, escape(draft.text, quote=False), named=False)
    blocks = [{**rich_text([_run(part) for part in RUNS.split(escaped) if part]), "block_id": "typed"}]
    message = replace(draft, text=escaped, blocks=blocks)
    events.message_posted(hub, hub.team.post(message))
    return {"ok": True, "ts": message.ts}


def _run(part: str) -> Json:
    """Give one run of rich text: a reference, a link, or plain words."""
    inside = part[1:-1]
    if part.startswith("<@"):
        return {"type": "user", "user_id": inside[1:]}
    if part.startswith("<#"):
        return {"type": "channel", "channel_id": inside[1:]}
    if part.startswith("<"):
        return {"type": "link", "url": unescape(inside)}
    return {"type": "text", "text": unescape(part)}


def _may_write(person: Person, channel: Channel) -> None:
    if person.id not in channel.members:
        raise PersonError(f"{person.name} is not in #{channel.name}.")
    if channel.is_archived:
        raise PersonError(f"#{channel.name} is archived.")


def with_references(team: Team, text: str, *, named: bool) -> str:
    """Turn #channel and @person into Slack's references; `named` adds the names, as slash commands have them."""

    def reference(match: re.Match[str]) -> str:
        sign, name = match.groups()
        if sign == "@":
            person = next((one for one in team.people.values() if one.name == name.lower()), None)
            return _reference("@", person.id, person.name, named=named) if person else match[0]
        channel = next((one for one in team.channels.values() if one.name == name and one.kind != "im"), None)
        return _reference("#", channel.id, channel.name, named=named) if channel else match[0]

    return LINK.sub(r"<\1>", REFERENCE.sub(reference, text))


def _reference(sign: str, thing_id: str, name: str, *, named: bool) -> str:
    return f"<{sign}{thing_id}|{name}>" if named else f"<{sign}{thing_id}>"


async def _command(hub: Hub, person: Person, channel: Channel, typed: str) -> Json:
    name, *words = typed.split(maxsplit=1)
    text = "".join(words)
    command = hub.manifest.commands.get(name)
    if command is None:
        hub.team.tell(channel.id, person.id, f"`{escape(name, quote=False)}` is not a valid command.")
        return {"ok": False, "error": "unknown_command"}
    payload = payloads.slash_command(hub, person, channel, name, _command_text(hub, command, text))
    ack = await hub.app.deliver("slash_commands", payload, name)
    if ack.error:
        hub.team.tell(channel.id, person.id, f'{name} failed with the error "{ack.error}"')
        return {"ok": False, "error": ack.error}
    return _answer_in_ack(hub, person, channel, name, ack.payload)


def _command_text(hub: Hub, command: SlashCommand, text: str) -> str:
    escaped = escape(text.strip(), quote=False)
    return with_references(hub.team, escaped, named=True) if command.should_escape else escaped


def _answer_in_ack(hub: Hub, person: Person, channel: Channel, name: str, answer: Json) -> Json:
    if answer:
        try:
            respond(hub, ResponseUrl(person.id, channel.id, 0), answer)
        except SlackError as error:
            hub.team.log("refused", name, answer, error.body(), error.code)
            hub.team.tell(channel.id, person.id, f'{name} failed with the error "{error.code}"')
            return {"ok": False, "error": error.code}
    return {"ok": True}
