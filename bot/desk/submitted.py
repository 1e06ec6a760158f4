"""What a submitted form holds, as text by input."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from bot.desk.attached import Attached, checked
from calculator.errors import QuestionError

Fields = dict[str, str]


class Chosen(BaseModel):
    """The option chosen in a select."""

    value: str = ""


class Entered(BaseModel):
    """What one input holds, whatever its kind."""

    value: str | None = None
    selected_option: Chosen | None = None
    selected_conversation: str | None = None
    files: tuple[Attached, ...] | None = None

    def text(self) -> str:
        """The value as text, a file by its name; empty where nothing was entered."""
        chosen = self.selected_option.value if self.selected_option else ""
        names = ", ".join(file.name or file.title for file in self.files or ())
        return chosen or self.selected_conversation or self.value or names


class FormState(BaseModel):
    """The inputs of a form by block and action, as Slack sends them."""

    values: dict[str, dict[str, Entered]]


def inputs(view: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Block id and value of every input; one that Slack leaves out, as it may after a change of the form, holds what it began with."""
    said = [(block, entered.text()) for block, entered in _entered(view)]
    known = {block for block, _ in said}
    blocks = [block for block in view.get("blocks") or () if block.get("type") == "input"]
    return [*said, *((one["block_id"], _first(one["element"])) for one in blocks if one["block_id"] not in known)]


def _first(element: Mapping[str, Any]) -> str:
    """What an input holds before anyone touches it."""
    option = element.get("initial_option") or {}
    return str(option.get("value") or element.get("initial_conversation") or element.get("initial_value") or "")


def attached(view: Mapping[str, Any]) -> Attached | None:
    """The file that was chosen, if one was; QuestionError where it cannot be read."""
    files = [file for _, entered in _entered(view) for file in entered.files or ()]
    return checked(files, str(view.get("callback_id"))) if files else None


def _entered(view: Mapping[str, Any]) -> Iterator[tuple[str, Entered]]:
    try:
        state = FormState.model_validate(view.get("state"))
    except ValidationError as error:
        raise QuestionError("question", "The form came back incomplete. Close it and open it again.") from error
    return ((block, entered) for block, entries in state.values.items() for entered in entries.values())
