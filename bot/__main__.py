"""The command line: run against Slack, try the local workspace, ask in a terminal, keep the database."""

import argparse
import signal
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.settings import CannotStartError, Settings, SettingsError, load
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
        print(f"problem  settings   {error}" if options.run is doctor else error, file=sys.stderr)
        return 1 if options.run is doctor else 2
    except (StorageError, CannotStartError) as error:
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
    place.add_argument(
        "--alone", action="store_true", help="start it without the bot, and print what another process needs to connect"
    )
    place.add_argument("--manifest", type=Path, help="another app's manifest, YAML or JSON; implies --alone")
    place.add_argument("--request-url", default="", help="deliver by HTTP to this address; implies --alone")
    place.add_argument("--fresh", action="store_true", help="forget what was said there; the database stays")
    place.add_argument("--watch", action="store_true", help="start anew whenever the code changes")
    _command(commands, "doctor", doctor, "look for what keeps the bot from working, and say what to do")
    printing = _command(commands, "manifest", manifest, "print the app's manifest, to paste where Slack asks for it")
    printing.add_argument("--http", default="", metavar="URL", help="for HTTP mode, at this public address of the bot")
    printing.add_argument("--json", action="store_true", help="as JSON")
    _command(commands, "backup", backup, "copy the database while the bot runs").add_argument("file", type=Path)
    back = _command(commands, "restore", restore, "put a backup in the database's place; stop the bot first")
    back.add_argument("file", type=Path, nargs="?")
    back.add_argument("--discard", action="store_true", help="remove the copies that earlier restores have kept")
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
        mode = " in HTTP mode, which HTTP_LISTEN chooses" if settings.http_listen else ""
        raise SettingsError(
            f"Set {names} to connect to Slack{mode}, or try `python -m bot workspace`, which needs neither."
        )
    from bot.bootstrap import Bot
    from bot.operating.logs import configure
    from bot.slack.connection import REFUSALS, UNREACHABLE, explained

    configure(settings.log_level)
    stopped = _stopped()
    try:
        bot = Bot(settings).__enter__()
    except (*REFUSALS, *UNREACHABLE) as error:
        raise explained(error, settings) from error
    stopped.wait()
    bot.stop()
    return 0


def doctor(settings: Settings, _: argparse.Namespace) -> int:
    """Look at everything."""
    from bot.doctor import examine, report

    return report(examine(settings))


def manifest(settings: Settings, options: argparse.Namespace) -> int:
    """Print the manifest."""
    from bot.slack.manifest import over_http, printed, read_manifest

    ours = read_manifest(settings.command_name)
    print(printed(over_http(ours, options.http) if options.http else ours, as_json=options.json))
    return 0


def workspace(settings: Settings, options: argparse.Namespace) -> int:
    """Start the local workspace, and the bot connected to it unless it is wanted alone."""
    from bot.operating.logs import configure

    configure("WARNING" if settings.log_level == "INFO" else settings.log_level)
    if options.watch:
        from bot.reloading import watch

        return watch(["--db", str(settings.database_path)], options.port)
    is_alone = options.alone or options.manifest or options.request_url
    return _alone(settings, options) if is_alone else _with_bot(settings, options)


def _with_bot(settings: Settings, options: argparse.Namespace) -> int:
    from bot.bootstrap import Bot
    from bot.slack.manifest import read_manifest
    from bot.workspace import Workspace

    database = settings.database_path
    kept = database.with_name(f"{database.name}.workspace")
    if options.fresh or not database.exists():
        kept.unlink(missing_ok=True)
    local = Workspace(read_manifest(settings.command_name), port=options.port, rate_limits=True, keep_at=kept)
    local.start()
    connected = {"slack_api_url": local.api_url, "slack_bot_token": local.bot_token, "slack_app_token": local.app_token}
    bot = Bot(Settings.model_validate({**settings.model_dump(), **connected}), local.now)
    bot.start()
    local.on_move = bot.tick
    if not local.goes_on:
        bot.welcome("#general")
    print(local.url, flush=True)
    print(
        f"Open it in a browser. Ctrl+C stops it; what was said and answered stays in {database} and {kept.name}.",
        flush=True,
    )
    _until_stopped()
    bot.stop()
    local.stop()
    return 0


def _alone(settings: Settings, options: argparse.Namespace) -> int:
    from bot.workspace import Workspace

    manifest = _manifest(settings, options)
    try:
        local = Workspace(manifest, port=options.port, rate_limits=True, request_url=options.request_url)
    except ValueError as error:
        raise SettingsError(f"--request-url: {error}") from None
    with local:
        print(local.url, *(f"{name}={value}" for name, value in local.environment.items()), sep="\n", flush=True)
        print("Open the first in a browser; start the app with the others. Ctrl+C stops it.", flush=True)
        _until_stopped()
    return 0


def _manifest(settings: Settings, options: argparse.Namespace) -> Mapping[str, Any]:
    """The manifest in a file, or this bot's own."""
    if options.manifest is None:
        from bot.slack.manifest import read_manifest

        return read_manifest(settings.command_name)
    from bot.workspace.errors import ManifestError
    from bot.workspace.manifest_file import load_manifest

    try:
        return load_manifest(options.manifest, options.request_url)
    except ManifestError as error:
        raise SettingsError(f"--manifest: {error}") from None


def backup(settings: Settings, options: argparse.Namespace) -> int:
    """Copy the database to a file."""
    from storage.database import Database

    with Database(settings.database_path) as database:
        database.backup(options.file)
    print(f"Backed up {settings.database_path} to {options.file}")
    return 0


def restore(settings: Settings, options: argparse.Namespace) -> int:
    """Put a backup in the database's place."""
    from storage.backups import left_by_restore
    from storage.backups import restore as put_back
    from storage.carrying_over import carry_over

    if (options.file is None) != options.discard:
        print(
            "Say which backup, `restore FILE`, or `restore --discard` for the copies that restores have kept.",
            file=sys.stderr,
        )
        return 2
    if options.discard:
        left = left_by_restore(settings.database_path)
        for one in left:
            one.unlink()
        print(f"Discarded {len(left)} files that restores had kept." if left else "No restore has left a copy.")
        return 0
    known: list[bool] = []
    kept = put_back(
        settings.database_path,
        options.file,
        lambda copy, place: known.append(carry_over(copy, place, datetime.now(UTC))),
    )
    print(
        f"Restored {options.file}."
        + (f" What was there before is kept as {kept}: `restore --discard` removes it." if kept else "")
    )
    if not all(known):
        print(
            "What was posted since the backup is not known: summaries due since then are looked up, or their owners asked."
        )
    return 0


def _stopped() -> threading.Event:
    """What SIGINT and SIGTERM set from now on."""
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    return stopped


def _until_stopped() -> None:
    """Wait for SIGINT or SIGTERM."""
    _stopped().wait()


if __name__ == "__main__":
    sys.exit(main())
