"""files.*: an upload in three steps, where it is shared, and its end."""

import mimetypes
from collections.abc import Mapping
from urllib.parse import quote

from bot.workspace.errors import SlackError
from bot.workspace.hub import Hub
from bot.workspace.methods.call import Call, Method
from bot.workspace.models import BOT_USER_ID, TEAM_ID, File, Json, Message
from bot.workspace.rates import TIER_3, TIER_4

MOST_FILE_BYTES = 16 * 2**20


def shown(hub: Hub, file: File) -> Json:
    """Give the file object."""
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    suffix = file.name.rpartition(".")[2].lower()
    address = f"{hub.address}/files/{file.id}/{quote(file.name, safe='')}"
    about = {"id": file.id, "name": file.name, "title": file.title or file.name, "mimetype": kind}
    about |= {"alt_txt": file.alt_txt} if file.alt_txt else {}
    links = {"url_private": address, "url_private_download": address, "permalink": address}
    owner = {"user": file.user, "user_team": TEAM_ID, "channels": file.shares, "is_public": bool(file.shares)}
    size = {"filetype": suffix, "size": file.length, "mode": "hosted", "file_access": "visible", "is_external": False}
    return {**about, **links, **owner, **size, "created": int(hub.clock.now()), "timestamp": int(hub.clock.now())}


async def get_upload_url(call: Call) -> Json:
    length = call.number("length", 0)
    if not length:
        raise SlackError("invalid_arguments", messages=["[ERROR] must be more than 0 [json-pointer:/length]"])
    if length > MOST_FILE_BYTES:
        raise SlackError("file_upload_size_restricted")
    file = File(call.hub.team.new_id("F"), call.need("filename"), length, alt_txt=call.text("alt_txt"))
    call.hub.team.files[file.id] = file
    return {"ok": True, "upload_url": f"{call.hub.address}/upload/v1/{file.id}", "file_id": file.id}


async def complete_upload(call: Call) -> Json:
    files = [_uploaded(call, entry) for entry in call.json("files") or ()]
    if not files:
        raise SlackError("no_file_data" if call.args.get("files") else "invalid_arguments")
    for channel_id in _destinations(call):
        _share(call, channel_id, files)
    return {"ok": True, "files": [shown(call.hub, file) for file in files]}


def _uploaded(call: Call, entry: Json) -> File:
    file = call.hub.team.files.get(str(entry.get("id")))
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    file.title = str(entry.get("title") or file.name)
    return file


def _destinations(call: Call) -> list[str]:
    listed = call.text("channel_id") or call.text("channels")
    found = []
    for channel_id in filter(None, listed.split(",")):
        channel = call.hub.team.channels.get(channel_id)
        if channel is None or (channel.kind != "public" and BOT_USER_ID not in channel.members):
            raise SlackError("channel_not_found")
        if BOT_USER_ID not in channel.members:
            raise SlackError("not_in_channel")
        if channel.is_archived:
            raise SlackError("is_archived")
        found.append(channel.id)
    return found


def _share(call: Call, channel_id: str, files: list[File]) -> None:
    team = call.hub.team
    for file in files:
        file.shares.append(channel_id)
    text, thread_ts = call.text("initial_comment"), call.text("thread_ts") or None
    shared = [shown(call.hub, file) for file in files]
    team.post(Message(channel_id, team.new_ts(), BOT_USER_ID, text, thread_ts=thread_ts, files=shared))


def _file(call: Call) -> File:
    file = call.hub.team.files.get(call.need("file"))
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    return file


async def info(call: Call) -> Json:
    return {"ok": True, "file": shown(call.hub, _file(call)), "comments": []}


async def list_all(call: Call) -> Json:
    channel, person = call.text("channel"), call.text("user")
    files = [one for one in reversed(call.hub.team.files.values()) if one.content is not None and one.shares]
    found = [one for one in files if channel in ("", *one.shares) and person in ("", one.user)]
    count, page = call.number("count", 100), call.number("page", 1)
    pages = max(1, -(-len(found) // count))
    listed = [shown(call.hub, one) for one in found[(page - 1) * count : page * count]]
    return {"ok": True, "files": listed, "paging": {"count": count, "total": len(found), "page": page, "pages": pages}}


async def delete(call: Call) -> Json:
    file = _file(call)
    if file.user != BOT_USER_ID:
        raise SlackError("cant_delete_file")
    del call.hub.team.files[file.id]
    for channel in call.hub.team.channels.values():
        for message in channel.messages:
            message.files = [one for one in message.files if one["id"] != file.id]
    call.hub.team.touch()
    return {"ok": True}


METHODS: Mapping[str, Method] = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",), tier=TIER_4),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), tier=TIER_4),
    "files.list": Method(list_all, ("files:read",), tier=TIER_3),
    "files.delete": Method(delete, ("files:write",), tier=TIER_3),
    "files.info": Method(info, ("files:read",), tier=TIER_4),
}
