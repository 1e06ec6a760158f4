"""Files that people choose: in a file input, or with a message."""

from base64 import b64decode
from collections.abc import Sequence
from typing import Any

from bot.workspace.errors import PersonError
from bot.workspace.hub import Hub
from bot.workspace.methods.files import shown
from bot.workspace.models import File, Json, Person

MOST_FILES = 10
MOST_INPUT_BYTES = 10 * 2**20


def chosen(hub: Hub, person: Person, element: Json, raw: Any) -> list[Json]:
    """Give the files of a file input: new ones as name and content in base64, those that are there by their id."""
    listed = raw if isinstance(raw, list) else [raw] if raw else []
    most = element.get("max_files", MOST_FILES)
    if len(listed) > most:
        raise PersonError(f"You can add {most} {'file' if most == 1 else 'files'} at most.")
    files = [_known(hub, person, one) if isinstance(one, str) else _new(hub, person, one) for one in listed]
    for file in files:
        _check(file, element.get("filetypes") or ())
    return _kept(hub, files)


def attached(hub: Hub, person: Person, raw: Any) -> list[Json]:
    """Give the files that go with a message."""
    return _kept(hub, [_new(hub, person, one) for one in raw or ()])


def _check(file: File, types: Sequence[str]) -> None:
    if types and file.name.rpartition(".")[2].lower() not in [one.lower() for one in types]:
        raise PersonError(f"{file.name} is not a supported file type. Add one of these: {', '.join(types)}.")
    if file.length > MOST_INPUT_BYTES:
        raise PersonError(f"{file.name} is too large. Files can have {MOST_INPUT_BYTES // 2**20} MB at most.")


def _known(hub: Hub, person: Person, file_id: str) -> File:
    file = hub.team.files.get(file_id)
    if file is None or file.user != person.id:
        raise PersonError(f"There is no file {file_id!r}.")
    return file


def _new(hub: Hub, person: Person, entry: Json) -> File:
    name, content = str(entry["name"]).replace("\\", "/").rpartition("/")[2], b64decode(entry["content"], validate=True)
    if not name or not content:
        raise PersonError(f"{name or 'The file'} is empty.")
    return File(hub.team.new_id("F"), name, len(content), content, name, person.id)


def _kept(hub: Hub, files: Sequence[File]) -> list[Json]:
    hub.team.files.update({file.id: file for file in files})
    return [shown(hub, file) for file in files]
