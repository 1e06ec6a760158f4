"""Structured logs on stderr: one JSON object a line, never a token, never what a person wrote."""

import logging
import re

from pythonjsonlogger.json import JsonFormatter

TOKEN = re.compile(r"xox[a-z]-[\w-]+|xapp-[\w-]+")
ADDRESS = re.compile(r"https?://[^\s\"']*")
ANSWERS = re.compile(r"/actions/|/commands/|link/\?ticket=")
"""What an address holds at which anyone can answer, or connect, in the bot's name."""

LIBRARIES = ("slack_bolt", "slack_sdk", "apscheduler", "uvicorn", "websockets", "httpx2", "httpcore2")


class Redacting(JsonFormatter):
    """Removes tokens and response addresses wherever they turn up, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        return TOKEN.sub("[secret]", ADDRESS.sub(_unless_secret, super().format(record)))


def _unless_secret(address: re.Match[str]) -> str:
    """The address, or that there was one with which anyone could answer."""
    return "[secret]" if ANSWERS.search(address[0]) else address[0]


def configure(level: str) -> None:
    """Send everything through one handler; the libraries speak from WARNING up."""
    handler = logging.StreamHandler()
    handler.setFormatter(
        Redacting(
            "{asctime}{levelname}{name}{message}",
            style="{",
            rename_fields={
                "asctime": "time",
                "levelname": "level",
                "name": "logger",
            },
        )
    )
    if level != "DEBUG":
        handler.addFilter(_worth_saying)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)


def _worth_saying(record: logging.LogRecord) -> bool:
    """Ours, or a library's warning."""
    return record.levelno >= logging.WARNING or not record.name.startswith(LIBRARIES)
