"""The database file: whole, of this version, writable, with room to grow."""

from collections.abc import Iterator
from pathlib import Path

from bot.doctor.finding import Finding, ok, problem, warning
from storage.backups import left_by_restore
from storage.checkup import Checkup, look
from storage.errors import StorageError

GIB = 2**30
LITTLE = 0.5 * GIB
"""Free space below which something should be done, in bytes; a backup needs as much as the database besides."""
REPAIR = "Stop the bot and restore the newest backup with `python -m bot restore FILE`."


def examine(path: Path) -> Iterator[Finding]:
    """Each in its turn."""
    try:
        found = look(path)
    except StorageError as error:
        yield problem("database", str(error))
        return
    yield _content(path, found)
    if found.doubted:
        yield warning(
            "time",
            f"This machine's clock jumped to {found.doubted[:16]} UTC, and is not believed before it went on for an hour:"
            " until then nothing is posted or removed. Set it, by NTP.",
        )
    if left := left_by_restore(path):
        yield warning(
            "copies",
            f"Restores have kept {len(left)} files beside {path}, with what was erased since: `restore --discard` removes them.",
        )
    yield _room(path, found)


def _content(path: Path, found: Checkup) -> Finding:
    if not found.exists:
        return ok("database", f"{path} does not exist yet; the first start creates it")
    if found.problems:
        return problem("database", f"{path} is damaged: {'; '.join(found.problems[:3])}. {REPAIR}")
    if found.pending:
        steps = "step" if len(found.pending) == 1 else "steps"
        return warning(
            "database",
            f"{path} is of an older version: the next start brings it {len(found.pending)} {steps} further. "
            "Back it up first with `python -m bot backup FILE`.",
        )
    return ok("database", f"{path} is whole, of this version and writable; {found.size_bytes / 2**20:.1f} MiB")


def _room(path: Path, found: Checkup) -> Finding:
    free = f"{found.free_bytes / GIB:.1f} GiB free for {path}"
    if found.free_bytes < max(LITTLE, found.size_bytes):
        return warning(
            "disk", f"{free}: too little to grow or to back it up. Free disk space, or move it with DATABASE_PATH."
        )
    return ok("disk", free)
