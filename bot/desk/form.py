"""What the form of a command is made of: how it opens, what it asks when it is submitted, what its buttons change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.desk.desk import Desk
from bot.desk.question import Question
from bot.desk.submitted import Fields
from bot.reply import Block
from calculator.team.own import Own


@dataclass(frozen=True)
class Form:
    """A modal: one input per field of a question."""

    opened: Callable[[str, Desk], Block]
    """The view, filled in with what stands behind `form NAME`."""
    asks: Callable[[Fields, str, Own], Question]
    """The question that its inputs ask about its subject, checked to the end; QuestionError names the input."""
    pressed: Callable[[Mapping[str, Any], str], Block] | None = None
    """The view after one of its own buttons typed this; None where it has no buttons."""
