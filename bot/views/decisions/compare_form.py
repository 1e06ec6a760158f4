"""The form of a comparison: two to six options with their buttons, what all must meet, where the answer goes."""

from collections.abc import Iterator, Mapping

from bot.answers.decided import LETTERS
from bot.language.plain import clip
from bot.reply import Block
from bot.views.decisions.recommend_form import LABELS, REQUIRED
from bot.views.kit.blocks import actions, button, divider, header, plain_text
from bot.views.kit.form import Input, destination, input_block, modal
from calculator.base import Frozen

FEWEST, MOST = 2, 6
SELECTS = {"model_size": "Model", "hardware_type": "Hardware"}
HINTS = {
    "model_size": "A name of the catalog, or a size such as 7B.",
    "hardware_type": "How many of it, below: 2 gpus.",
}
MORE_HINT = "Anything else, as you would type it. What an option leaves out it takes from the others."
MORE_EXAMPLE = "2 gpus, fp8, 500 tokens, batch 4, 1000 req/h, $3/h"
LINES = "options"
"""The block of the field that takes an option a line."""


class Entry(Frozen):
    """An option as it stands in the form."""

    id: int
    """Its own for as long as the form is open, wherever it is moved: Slack keeps what was entered by it."""
    model_size: str = ""
    hardware_type: str = ""
    more: str = ""

    def is_blank(self) -> bool:
        """Whether nothing is said of it."""
        return not (self.model_size or self.hardware_type or self.more)


class Sheet(Frozen):
    """A comparison as it stands in the form."""

    entries: tuple[Entry, ...]
    made: int
    """How many entries there ever were: an id is never given twice, so a new option starts empty."""
    lines: str = ""
    """Further options, one a line."""
    required: Mapping[str, str] = {}
    """What all of them must meet, by field."""
    choice: str = "me"
    """Who sees the answer: `me`, `here` or `other`."""
    channel: str = ""
    """The other channel."""
    note: tuple[Block, ...] = ()
    """What stands above the options."""

    @property
    def order(self) -> str:
        """The ids of the options in their order, and how many there ever were: all that the form has to remember."""
        return f"{','.join(str(one.id) for one in self.entries)}/{self.made}"


def place(field: str, entry: int) -> str:
    """The block of an option's field."""
    return f"{field}-{entry}"


def compare_form(sheet: Sheet, inputs: Mapping[str, Input]) -> Block:
    """The form as it stands; `inputs` say what each field means, and hold what is required."""
    options = [block for at in range(len(sheet.entries)) for block in _option(sheet, at, inputs)]
    more = {**actions(button("Add an option", "add", "add")), "block_id": "add"}
    add = [more] if len(sheet.entries) < MOST else []
    needs = [input_block(inputs[field], LABELS[field]) for field in REQUIRED]
    where = destination({"me": None, "here": "here"}.get(sheet.choice, sheet.channel))
    blocks = [*sheet.note, *options, *add, _lines(sheet.lines), divider(), *needs, *where]
    return modal("compare", "Compare options", blocks, subject=sheet.order)


def _option(sheet: Sheet, at: int, inputs: Mapping[str, Input]) -> Iterator[Block]:
    one, letter = sheet.entries[at], LETTERS[at]
    yield {**header(f"Option {letter}"), "block_id": place("title", one.id)}
    for field, label in SELECTS.items():
        field_now = inputs[field]._replace(value=getattr(one, field), hint=HINTS[field])
        block = input_block(field_now, f"{letter}: {label}")
        yield _told_once(at, {**block, "block_id": place(field, one.id), "optional": True})
    element = {"type": "plain_text_input", "action_id": "more", "placeholder": plain_text(MORE_EXAMPLE)}
    yield _told_once(
        at,
        {
            "type": "input",
            "block_id": place("more", one.id),
            "optional": True,
            "label": plain_text(f"{letter}: More"),
            "hint": plain_text(MORE_HINT, 2000),
            "element": {**element, "initial_value": clip(one.more, 3000)} if one.more else element,
        },
    )
    yield {**actions(*_buttons(sheet, at)), "block_id": place("do", one.id)}


def _told_once(at: int, block: Block) -> Block:
    """The hint stands under the first option alone."""
    return block if at == 0 else {key: value for key, value in block.items() if key != "hint"}


def _buttons(sheet: Sheet, at: int) -> Iterator[Block]:
    """What can be done with an option; each says to a screen reader which one."""
    count = len(sheet.entries)
    possible = {"Move up": at > 0, "Move down": at < count - 1, "Duplicate": count < MOST, "Remove": count > FEWEST}
    for label in (label for label, can in possible.items() if can):
        do, entry = label.lower().removeprefix("move "), sheet.entries[at].id
        yield button(label, f"{do}-{entry}", f"{do} {entry}", accessibility_label=f"{label} option {LETTERS[at]}")


def _lines(said: str) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": LINES,
        "multiline": True,
        "placeholder": plain_text("13B on A100"),
    }
    return {
        "type": "input",
        "block_id": LINES,
        "optional": True,
        "label": plain_text("More options, one a line"),
        "hint": plain_text("Typed or pasted, such as “13B on A100, $3/h”. Two to six options in all.", 2000),
        "element": {**element, "initial_value": clip(said, 3000)} if said else element,
    }
