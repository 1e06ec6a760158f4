"""What comes from Slack as the person meant to type it."""

import html
import re

TYPOGRAPHY = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "—": " ", "–": "-", "−": "-", "×": "x",
     "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u200b": "", "\ufeff": "", "≤": "<", "`": " "},
)  # fmt: skip
LINK = re.compile(r"<(https?://[^|<>\s]+)(?:\|[^<>]*)?>")
"""An address as Slack sends it."""


def clean(text: str) -> str:
    """What the person meant to type: Slack's escapes and links undone, typographic quotes, dashes and blanks made plain."""
    before = None
    text = LINK.sub(r"\1", text)
    while text != before:  # `&amp;lt;` takes two rounds; what was cleaned once stays as it is
        before, text = text, " ".join(html.unescape(text).translate(TYPOGRAPHY).split()).lstrip(" ,:")
    return text
