"""The form for a model of the team's own."""

from bot.reply import Block
from bot.views.kit.blocks import context
from bot.views.kit.form import TextInput, file_input, modal, text_input

NAME = TextInput("name", "Name", "Letters, digits, dots and dashes; from the file where you leave it out.", "acme-13b")
CONFIG = TextInput(
    "config",
    "config.json",
    "The whole file as it lies beside the weights. Attach it below where it is longer than 3,000 characters.",
    '{"model_type": "llama", …}',
    lines=True,
)


def model_form(name: str) -> Block:
    """Paste a config.json, or attach it."""
    blocks = [
        text_input(NAME, name),
        text_input(CONFIG),
        file_input("model", "Or the file", "The config.json of the model, 256 KB at most."),
        context("Questions then name it `our/acme-13b`. Your whole team may use it; nobody else sees it."),
    ]
    return modal("model", "Your team's own model", blocks, "Add")
