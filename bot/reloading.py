"""The local workspace for those who change the code: it starts anew, at the same address, with every change."""

import shlex
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import SettingsError

if TYPE_CHECKING:
    from watchfiles.main import FileChange

ROOT = Path(__file__).parent.parent
WATCHED = ("bot", "calculator", "storage", "manifest.yml")


def watch(arguments: list[str], port: int) -> int:
    """Run `python -m bot workspace` with these arguments again and again, until stopped."""
    try:
        from watchfiles import run_process  # noqa: PLC0415  # installed for development only
    except ImportError:
        raise SettingsError("--watch needs watchfiles, which `make dev` installs and uses.") from None
    command = [sys.executable, "-m", "bot", "workspace", "--port", str(port or _free_port()), *arguments]
    run_process(
        *(ROOT / name for name in WATCHED),
        target=shlex.join(command),
        target_type="command",
        callback=_tell,
        sigint_timeout=20,
    )
    return 0


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _tell(changes: "set[FileChange]") -> None:
    names = ", ".join(sorted(Path(path).name for _, path in changes))
    print(f"Changed: {names}. Starting anew.", file=sys.stderr, flush=True)  # noqa: T201  # a command line
