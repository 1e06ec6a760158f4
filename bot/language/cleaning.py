"""What comes from Slack as the person meant to type it."""

import html
import re

from calculator.errors import QuestionError

TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "—": " ", "–": "-", "−": "-", "×": "x",
     "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\ufeff": "", "≤": "<", "`": " "},
)  # fmt: skip
LINK = re.compile(r"<(https?://[^|<>\s]+)(?:\|[^<>]*)?>")
"""An address as Slack sends it."""

MOST = 4_000
"""Characters of a question; what is pasted behind a command that takes a file may have more."""


def must_be_short(text: str) -> None:
    """QuestionError for a text that is longer than any question, before anything reads it."""
    if len(text) > MOST:
        raise QuestionError(
            "question",
            f"That is {len(text):,} characters, and a question has {MOST:,} at most. Ask it shorter, or attach a file to "
            "`usage`, `calibrate` or `model`.",
        )


def clean(text: str) -> str:
    """What the person meant to type: Slack's escapes and links undone, typographic quotes, dashes and blanks made plain."""
    before = None
    text = LINK.sub(r"\1", text)
    while text != before:  # `&amp;lt;` takes two rounds; what was cleaned once stays as it is
        before, text = text, " ".join(html.unescape(text).translate(TYPOGRAPHY).split()).lstrip(" ,:")
    return text
