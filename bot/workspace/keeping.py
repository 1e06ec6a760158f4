"""What a workspace keeps for its next run: its secrets, what was said and opened, and how far its clock was moved."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError

from bot.workspace.hub import Hub
from bot.workspace.models import Channel, File, Person, ResponseUrl, Scheduled, View
from bot.workspace.tokens import Tokens

EVERY_S = 10.0
IDLE_S = 3600.0


@dataclass
class Kept:
    """The state of a workspace as a file holds it."""

    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")

    tokens: Tokens
    moved_s: float
    ids: int
    people: dict[str, Person]
    channels: dict[str, Channel]
    stacks: dict[str, list[View]]
    homes: dict[str, View]
    response_urls: dict[str, ResponseUrl]
    files: dict[str, File]
    scheduled: dict[str, Scheduled]


SHAPE = TypeAdapter(Kept)
OF_THE_TEAM = tuple(one.name for one in fields(Kept) if one.name not in ("tokens", "moved_s"))


def keep(hub: Hub, path: Path) -> None:
    """Write a workspace's state to a file that only its owner may read, whole or not at all."""
    team = {name: getattr(hub.team, name) for name in OF_THE_TEAM}
    new = path.with_name(f"{path.name}.new")
    new.touch(mode=0o600)
    new.write_bytes(SHAPE.dump_json(Kept(hub.tokens, hub.clock.offset, **team)))
    new.replace(path)


def restore(hub: Hub, path: Path) -> bool:
    """Go on from a file; False, and nothing changes, where there is none or another version wrote it."""
    try:
        kept = SHAPE.validate_json(path.read_bytes())
    except (FileNotFoundError, ValidationError):
        return False
    vars(hub.tokens).update(vars(kept.tokens))
    hub.clock.offset = kept.moved_s
    for name in OF_THE_TEAM:
        setattr(hub.team, name, getattr(kept, name))
    return True


@asynccontextmanager
async def kept_in(hub: Hub, path: Path) -> AsyncIterator[None]:
    """Keep the state every few seconds in which something changed, and at the end."""
    task = asyncio.create_task(_keep_on(hub, path))
    try:
        yield
    finally:
        task.cancel()
        keep(hub, path)


async def _keep_on(hub: Hub, path: Path) -> None:
    version = hub.team.version
    while True:
        version = await hub.team.wait_for_change(version, IDLE_S)
        await asyncio.sleep(EVERY_S)
        keep(hub, path)
