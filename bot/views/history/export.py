"""What is exported, which file it shall be, and that it is on its way."""

from datetime import datetime
from typing import Any

from bot.answers.decided import Decided
from bot.reply import Block, File, Message
from bot.views.kit.blocks import actions, button, escape, section
from calculator.base import Frozen

SIGNED = "LLM inference calculator"


class Exported(Frozen):
    """An answer on its way to a file."""

    name: str
    """The file's, without its ending."""
    heading: str
    """The verdict in a few words."""
    sentence: str
    """The figures behind it."""
    blocks: tuple[Block, ...]
    """The answer, of which a picture draws tables, charts and small print."""
    signed: str
    """Its number and date."""
    data: Any
    """The answer for programs."""
    decided: Decided | None = None
    """What the answer is and decides; None for a summary."""


def signed(moment: datetime, number: int | None = None) -> str:
    """The last line of a picture."""
    return f"{f'#{number}, ' if number else ''}{moment.day} {moment:%b %Y}, {SIGNED}"


def which_file(what: str, about: str) -> Message:
    """One button for each kind; `about` is what is exported, as it is typed."""
    text = f"Which file of {what}? A picture for slides, a spreadsheet, or JSON for programs. It goes to your direct messages with me."
    here = button("Show the JSON here", "json", f"json {about}") if about.isdecimal() else None
    buttons = actions(
        button("Picture (PNG)", "png", f"export {about} png", style="primary"),
        button("Spreadsheet (CSV)", "csv", f"export {about} csv"),
        button("JSON file", "as-json", f"export {about} json"),
        here,
    )
    return Message(text=text, blocks=(section(escape(text)), buttons), data={"export": about})


def on_its_way(file: File, what: str) -> Message:
    """The notice beside the file."""
    text = f"{what[0].upper()}{what[1:]} goes to your direct messages with me, as {file.name}."
    return Message(text=text, file=file, data={"file": file.name})


def offering(message: Message, about: str) -> Message:
    """The message with a button that exports it, where it has buttons."""
    *blocks, last = message.blocks
    if last["type"] != "actions":
        return message
    export = button("Export…", "export", f"export {about}")
    return message.model_copy(update={"blocks": (*blocks, actions(*last["elements"], export))})
