"""The form that shares an answer in a channel."""

from bot.reply import Block
from bot.views.kit.blocks import context, escape, plain_text
from bot.views.kit.form import modal


def share_form(number: int, question: str) -> Block:
    """Which channel the answer of this number goes to."""
    select: Block = {
        "type": "conversations_select",
        "action_id": "channel",
        "placeholder": plain_text("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    where: Block = {"type": "input", "block_id": "channel", "label": plain_text("Channel"), "element": select}
    told = context(escape(question[:600]), "Everyone in the channel sees it, and finds it there.")
    return modal("share", f"Share #{number}", [where, told], "Share", str(number))
