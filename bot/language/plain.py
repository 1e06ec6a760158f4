"""Slack's markup as plain text, for terminals, pictures and screen readers."""

import html
import re
from collections.abc import Sequence

MARKS = {":white_check_mark:": "✓", ":warning:": "!", ":x:": "✗"}
LONGEST = 300
"""Characters that a screen reader says at one go."""
EMOJI = re.compile(r"(?<!\w):[a-z_]{2,}:(?!\w)\s*")
MENTION = re.compile(r"<(?![@#][A-Z0-9]+(?:\|[^<>|]*)?>)")
"""What could become markup or a mention, beside the names of people and channels, which Slack says as words."""
LITERAL = {"&lt;": "\ue000", "&gt;": "\ue001"}
"""What stands meanwhile for brackets that someone typed: between them nobody is named."""


def some(names: Sequence[str], most: int = 5) -> str:
    """`a, b, c and 4 more`."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def spoken(text: str) -> str:
    """A text as it is read out: a sentence or two without markup, escaped as Slack wants it."""
    for escaped, stand_in in LITERAL.items():
        text = text.replace(escaped, stand_in)
    plain = re.sub(r"[`|~]|\*(?=\w)|(?<=\w)\*", "", unmarked(EMOJI.sub("", text)))  # stars of crontab text stand alone
    said = MENTION.sub("&lt;", _shortened(" ".join(plain.split())).replace("&", "&amp;"))
    for escaped, stand_in in LITERAL.items():
        said = said.replace(stand_in, escaped)
    return said


def _shortened(text: str) -> str:
    """Up to the last sentence that is whole, else the last word."""
    if len(text) <= LONGEST:
        return text
    cut = text[: LONGEST - 1]
    end = max(cut.rfind(". "), cut.rfind("? "), cut.rfind("! "))
    return cut[: end + 1] if end > LONGEST // 3 else f"{cut.rpartition(' ')[0] or cut}…"


def unmarked(text: str) -> str:
    """Mrkdwn as plain text: dates by their fallback, no stars, no escapes."""
    text = text.replace("<@local>", "you").replace("<#local>", "here")
    text = re.sub(r"<!date\^[^|>]*\|([^>]*)>", r"\1", text)
    text = re.sub(r"<(https?://[^|>]+)\|([^>]*)>", r"\2 (\1)", text)
    text = re.sub(r"(?<![\w*])([*_])(\S(?:[^*_\n]*\S)?)\1(?![\w*])", r"\2", text)
    for code, mark in MARKS.items():
        text = text.replace(code, mark)
    return html.unescape(text.replace("`", "").replace("\u200b", ""))


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, the cut shown."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
