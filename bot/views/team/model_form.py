"""The form for a model of the team's own."""

from bot.reply import Block
from bot.views.kit.blocks import context, plain_text
from bot.views.kit.form import file_input, modal


def model_form(name: str) -> Block:
    """Paste a config.json, or attach it."""
    blocks = [
        _text(
            "name", "Name", "Letters, digits, dots and dashes; from the file where you leave it out.", "acme-13b", name
        ),
        _text(
            "config",
            "config.json",
            "The whole file as it lies beside the weights. Attach it below where it is longer than 3,000 characters.",
            '{"model_type": "llama", …}',
            "",
            lines=True,
        ),
        file_input("model", "Or the file", "The config.json of the model, 256 KB at most."),
        context("Questions then name it `our/acme-13b`. Your whole team may use it; nobody else sees it."),
    ]
    return modal("model", "Your team's own model", blocks, "Add")


def _text(  # noqa: PLR0913 - the parts of an input
    name: str,
    label: str,
    hint: str,
    example: str,
    value: str,
    *,
    lines: bool = False,
) -> Block:
    element: Block = {"type": "plain_text_input", "action_id": name, "placeholder": plain_text(f"e.g. {example}")}
    element |= {"multiline": True} if lines else {}
    element |= {"initial_value": value} if value else {}
    return {
        "type": "input",
        "block_id": name,
        "optional": True,
        "label": plain_text(label),
        "hint": plain_text(hint, 2000),
        "element": element,
    }
