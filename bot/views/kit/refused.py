"""One sentence for who may not ask, or not here."""

from collections.abc import Sequence

from bot.reply import Message
from bot.views.kit.blocks import section

MOST = 20
"""Channels that are named."""


def guests_refused() -> Message:
    """Guests are refused until an admin allows them."""
    text = "Guests cannot ask here: a member of this workspace can ask for you, and a workspace admin can allow guests."
    return Message(text=text, blocks=(section(text),), data={"refused": "guest"})


def elsewhere(only: Sequence[str]) -> Message:
    """An admin named the channels in which the bot may be used."""
    more = f" and {len(only) - MOST} more" if len(only) > MOST else ""
    text = f"I answer in {', '.join(f'<#{one}>' for one in only[:MOST])}{more} and in direct messages; ask me there."
    return Message(text=text, blocks=(section(text),), data={"refused": "channel", "channels": list(only)})
