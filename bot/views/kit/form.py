"""The forms: one input per field of the question, its documentation as the hint."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from bot.desk.registry import FILES
from bot.language.plain import clip
from bot.reply import Block
from bot.views.kit.blocks import context, escape, plain_text
from calculator.base import Frozen
from calculator.catalog import model_keys


class Input(NamedTuple):
    """One field of the question: what it is called, what it means, how it is written, what it says now."""

    name: str
    hint: str
    example: str
    choices: tuple[str, ...]
    value: str


SEARCHED = ("model_size", "hardware_type")
"""Fields whose choices are looked up in the catalog while one types."""
LABELS = {
    "model_size": "Model",
    "precision": "Weights",
    "hardware_type": "Hardware",
    "gpus": "How many",
    "deployment_mode": "Deployment",
    "use_case": "Use case",
    "tokens": "Tokens per request",
    "input_tokens": "Prompt tokens",
    "output_tokens": "Output tokens",
    "batch_size": "Batch size (concurrent requests)",
    "requests_per_hour": "Requests per hour",
    "max_latency_seconds": "Latency limit",
}
ORDER = tuple(LABELS)
NOTE = "note"
"""The block that says where a form was filled in from."""
PEOPLE = {"U", "W"}
"""How the ids of people begin, who stand for their direct messages where there is no channel."""
DESTINATIONS = {"me": "Only me", "here": "This channel", "other": "The channel below"}


class Origin(Frozen):
    """Where a form was opened, kept in the form itself."""

    channel: str = ""
    channel_name: str = ""
    response_url: str | None = None
    subject: str = ""
    """What the form is about, such as the deployment that it changes."""
    user: str = ""
    """Whose form it is: someone else's answer does not go where this person asked."""

    def of(self, user: str) -> "Origin":
        """The same for its own person; nowhere for anyone else."""
        return self if self.user in {"", user} else Origin(subject=self.subject)


def origin_of(view: Mapping[str, Any]) -> Origin:
    """Where this form was opened."""
    return Origin.model_validate_json(view.get("private_metadata") or "{}")


def opened_from(view: Block, origin: Origin) -> Block:
    """The form, told where it was opened."""
    about = origin.model_copy(update={"subject": view.get("private_metadata", "")})
    blocks = view["blocks"] if origin.channel[:1] not in PEOPLE else [_without_here(block) for block in view["blocks"]]
    return {**view, "blocks": blocks, "private_metadata": about.model_dump_json()}


def _without_here(block: Block) -> Block:
    """A form opened from no channel, such as by a global shortcut, offers none as its own."""
    if block.get("block_id") != "destination":
        return block
    options = [one for one in block["element"]["options"] if one["value"] != "here"]
    first = next((one for one in options if one == block["element"]["initial_option"]), options[0])
    return {**block, "element": {**block["element"], "options": options, "initial_option": first}}


def taken_from(view: Block, message: str) -> Block:
    """The form with the words of a message above it, of which not all was understood."""
    note = {**context(f"From the message: “{escape(clip(message, 300))}” Check what I took from it."), "block_id": NOTE}
    return {**view, "blocks": [note, *view["blocks"]]}


def estimate_form(inputs: Mapping[str, Input], said: str, channel: str | None) -> Block:
    """The form of one estimate: its inputs, the rest of the question as text, where the answer goes."""
    blocks = [input_block(inputs[name], LABELS[name]) for name in ORDER]
    return modal("estimate", "Inference estimate", [*blocks, more(said), *destination(channel)])


def modal(callback: str, title: str, blocks: list[Block], submit: str = "Answer", subject: str = "") -> Block:
    """A form; `subject` is what it is about, given back with its inputs."""
    about = {"private_metadata": subject} if subject else {}
    return {
        "type": "modal",
        "callback_id": callback,
        "title": plain_text(title, 24),
        "submit": plain_text(submit, 24),
        "close": plain_text("Cancel", 24),
        "blocks": blocks,
        **about,
    }


def input_block(field: Input, label: str) -> Block:
    """A field of a question as an input."""
    return {
        "type": "input",
        "block_id": field.name,
        "optional": field.name != "model_size",
        "label": plain_text(label),
        "hint": plain_text(field.hint, 2000),
        "element": _element(field),
    }


def _element(field: Input) -> Block:
    if field.name in SEARCHED or field.choices:
        kind: Block = (
            {"type": "external_select", "min_query_length": 0}
            if field.name in SEARCHED
            else {"type": "static_select", "options": [option(word) for word in field.choices]}
        )
        placeholder = _sought().get(field.name, "Default")
        select = {**kind, "action_id": field.name, "placeholder": plain_text(placeholder)}
        return {**select, "initial_option": option(field.value)} if field.value else select
    text = {"type": "plain_text_input", "action_id": field.name, "placeholder": plain_text(f"e.g. {field.example}")}
    return {**text, "initial_value": field.value} if field.value else text


def _sought() -> dict[str, str]:
    return {"model_size": f"Search {len(model_keys())} models", "hardware_type": "Search accelerators"}


def option(value: str, label: str = "") -> Block:
    """One choice of a select."""
    return {"text": plain_text(label or value, 75), "value": clip(value, 150)}


class TextInput(NamedTuple):
    """An input that is typed into."""

    name: str
    label: str
    hint: str
    example: str
    required: bool = False
    lines: bool = False
    """Whether it takes several lines."""


def text_input(field: TextInput, value: str = "") -> Block:
    """The input, with what it says now."""
    placeholder = plain_text(f"e.g. {field.example}")
    element: Block = {"type": "plain_text_input", "action_id": field.name, "placeholder": placeholder}
    element |= {"multiline": True} if field.lines else {}
    element |= {"initial_value": clip(value, 3000)} if value else {}
    return {
        "type": "input",
        "block_id": field.name,
        "optional": not field.required,
        "label": plain_text(field.label),
        "hint": plain_text(field.hint, 2000),
        "element": element,
    }


def file_input(word: str, label: str, hint: str) -> Block:
    """The input for the file that a command takes."""
    element: Block = {"type": "file_input", "action_id": "file", "filetypes": list(FILES[word].types), "max_files": 1}
    return {
        "type": "input",
        "block_id": "file",
        "optional": True,
        "label": plain_text(label),
        "hint": plain_text(hint, 2000),
        "element": element,
    }


def more(said: str) -> Block:
    """The rest of the question, as one would type it."""
    element = {
        "type": "plain_text_input",
        "action_id": "more",
        "placeholder": plain_text("$3.26/h, discount 35%, cache 60%"),
    }
    return {
        "type": "input",
        "block_id": "more",
        "optional": True,
        "label": plain_text("More"),
        "hint": plain_text(
            "Anything else, as you would type it: price, provider, discount, cache hit rate, tp, engine.", 2000
        ),
        "element": {**element, "initial_value": said} if said else element,
    }


def destination(channel: str | None) -> Iterable[Block]:
    """Who sees the answer."""
    chosen = "me" if channel is None else "here" if channel == "here" else "other"
    options = [option(value, label) for value, label in DESTINATIONS.items()]
    radio = {
        "type": "radio_buttons",
        "action_id": "destination",
        "options": options,
        "initial_option": options[list(DESTINATIONS).index(chosen)],
    }
    yield {"type": "input", "block_id": "destination", "label": plain_text("Who sees the answer"), "element": radio}
    other: Block = {
        "type": "conversations_select",
        "action_id": "channel",
        "placeholder": plain_text("Choose a channel"),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if chosen == "other" and channel:
        other["initial_conversation"] = channel
    yield {"type": "input", "block_id": "channel", "optional": True, "label": plain_text("Channel"), "element": other}
    yield context("Numbers are read as you write them: `1.2M`, `8k`, `500ms`, `0.5 req/s`.")
