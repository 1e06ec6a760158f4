"""A config.json as it was pasted: what Slack does to text is undone, and where it is no JSON the place is told."""

import html
import json
import re
from typing import Any

from calculator.errors import QuestionError

MOST_BYTES = 256 * 1024
AROUND = " \t\r\n`"
PASTE = "Paste the whole file, from the first { to the last }, or attach it."
LANGUAGE = re.compile(r"^json\s+(?=\{)", re.IGNORECASE)
"""What stands behind the three backticks of a code fence."""
LINK = re.compile(r"<(?:https?://|mailto:)[^|<>\s]+\|([^<>]*)>|<(https?://[^|<>\s]+)>")
TYPOGRAPHY = str.maketrans({
    "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "`": None, "\u00a0": " ", "\u202f": " ", "\u2009": " ",
    "\u200b": None, "\ufeff": None, "\u2060": None,
})  # fmt: skip


def read_config(text: str) -> str:
    """The config.json in one line, its keys in order; QuestionError where it cannot be read."""
    pasted = LANGUAGE.sub("", text.strip(AROUND))
    if len(pasted.encode("utf-8", "replace")) > MOST_BYTES:
        raise QuestionError("config", f"This is larger than {MOST_BYTES // 1024} KB, so it is no config.json. {PASTE}")
    try:
        config = _parsed(pasted)
        if not isinstance(config, dict):
            raise QuestionError("config", f"A config.json is an object in braces, and this is none. {PASTE}")
        return json.dumps(config, sort_keys=True, separators=(",", ":"))
    except RecursionError as error:
        raise QuestionError("config", f"The config.json is nested too deeply. {PASTE}") from error


def _parsed(text: str) -> Any:
    """As it stands, or else without what Slack did to it."""
    try:
        return json.loads(text)
    except ValueError:
        text = html.unescape(html.unescape(LINK.sub(r"\1\2", text))).translate(TYPOGRAPHY)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise QuestionError("config", f"{_place(error)} {PASTE}") from error
    except ValueError as error:
        raise QuestionError("config", f"The config.json holds a number with too many digits. {PASTE}") from error


def _place(error: json.JSONDecodeError) -> str:
    if not error.doc[error.pos :].strip():
        return "The config.json ends too early: a brace, bracket or quote is still open."
    near = " ".join(error.doc[max(error.pos - 20, 0) : error.pos + 20].split())
    return (
        f"The config.json is no JSON at line {error.lineno}, column {error.colno}, near “{near}”: {error.msg.lower()}."
    )
