"""The command line: run against Slack, try the local workspace, ask in a terminal, keep the database."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from bot.settings import Settings, SettingsError, load
from storage.errors import StorageError


def main(arguments: list[str] | None = None) -> int:
    """Run one command and give its exit code: 0 done, 2 not understood or not configured, 1 anything else."""
    options = _parser().parse_args(arguments)
    try:
        settings = load()
        if options.db:
            settings = settings.model_copy(update={"database_path": options.db})
        return int(options.run(settings, options))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    except StorageError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, such as `head`, has enough
        sys.stdout = None
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="The LLM inference calculator for Slack.")
    parser.set_defaults(run=run)
    parser.add_argument("--db", type=Path, default=None, help="the database file, created when absent")
    commands = parser.add_subparsers(title="commands", metavar="")
    ask_ = _command(commands, "ask", ask, "answer one question in the terminal")
    ask_.add_argument("question", nargs="*", help="what one types after the slash command")
    ask_.add_argument("--json", action="store_true", help="print the answer as JSON")
    place = _command(commands, "workspace", workspace, "start the bot in a local workspace, without Slack")
    place.add_argument("--port", type=int, default=0, help="port of the page; any free one when absent")
    _command(commands, "backup", backup, "copy the database while the bot runs").add_argument("file", type=Path)
    _command(commands, "restore", restore, "put a backup in the database's place; stop the bot first").add_argument(
        "file", type=Path
    )
    return parser


def _command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run_: object, help_: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=help_)
    parser.add_argument("--db", type=Path, default=argparse.SUPPRESS, help="the database file, created when absent")
    parser.set_defaults(run=run_)
    return parser


def ask(settings: Settings, options: argparse.Namespace) -> int:
    """Answer in the terminal."""
    from bot.terminal import answer_in_terminal

    return answer_in_terminal(settings, " ".join(options.question), as_json=options.json)


def run(settings: Settings, _: argparse.Namespace) -> int:
    """Connect to Slack until stopped."""
    if settings.missing():
        names = " and ".join(settings.missing())
        raise SettingsError(f"Set {names} to connect to Slack, or try `python -m bot workspace`, which needs neither.")
    from bot.bootstrap import Bot
    from bot.logs import configure

    configure(settings.log_level)
    bot = Bot(settings)
    bot.start()
    _until_stopped()
    bot.stop()
    return 0


def workspace(settings: Settings, options: argparse.Namespace) -> int:
    """Start the local workspace and the bot connected to it."""
    from bot.bootstrap import Bot, read_manifest
    from bot.logs import configure
    from bot.workspace import Workspace

    configure("WARNING" if settings.log_level == "INFO" else settings.log_level)
    local = Workspace(read_manifest(settings.command_name), port=options.port)
    local.start()
    connected = {"slack_api_url": local.api_url, "slack_bot_token": local.bot_token, "slack_app_token": local.app_token}
    bot = Bot(Settings.model_validate({**settings.model_dump(), **connected}), local.now)
    bot.start()
    local.on_move = bot.tick
    bot.welcome("#general")
    print(local.url, flush=True)
    print("Open it in a browser. Ctrl+C stops it; answers stay in", settings.database_path, flush=True)
    _until_stopped()
    bot.stop()
    local.stop()
    return 0


def backup(settings: Settings, options: argparse.Namespace) -> int:
    """Copy the database to a file."""
    from storage.database import Database

    with Database(settings.database_path) as database:
        database.backup(options.file)
    print(f"Backed up {settings.database_path} to {options.file}")
    return 0


def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Put a backup in the database's place."""
    from storage.backups import restore as put_back

    kept = put_back(settings.database_path, options.file)
    print(f"Restored {options.file}." + (f" What was there before is kept as {kept}." if kept else ""))
    return 0


def _until_stopped() -> None:
    """Wait for SIGINT or SIGTERM."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    stopped.wait()


if __name__ == "__main__":
    sys.exit(main())
