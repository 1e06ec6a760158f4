"""What an answer in a thread goes on from."""

from bot.reply import Block, Message
from bot.views.kit.blocks import context, escape

ASKED = "Asked: "


def from_thread(message: Message, number: int, question: str) -> Message:
    """The answer with what it inherits: beside what was asked, or where nothing was answered, in a line of its own."""
    inherited = f"From the thread, #{number}: {escape(question[:600])}"
    marked = [_marked(block, f" (from the thread, #{number})") for block in message.blocks]
    if marked == list(message.blocks) and message.blocks:
        marked.insert(1, context(inherited))
    return message.model_copy(update={"blocks": tuple(marked)})


def _marked(block: Block, words: str) -> Block:
    if block["type"] != "context":
        return block
    elements = [
        {**one, "text": one["text"] + words} if one["text"].startswith(ASKED) else one for one in block["elements"]
    ]
    return {**block, "elements": elements}
