"""A parameter is one documented field, and this is how people say it: the annotation that makes a field readable.

    batch_size: Annotated[int | None, Phrase(COUNT, "batch {}", "{} concurrent", names=("bs",))] = None

The first form is how the field is written back; the field's own name and `names` are read as `name=value` too.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.language.cleaning import clean
from bot.language.quantities import DURATION, Quantity, UnreadableError
from calculator.errors import QuestionError

END = rf"(?![a-z0-9])(?!(?<=\bin)\s+(?:here\b|<#|(?:(?:under|less than|at most)\s+)?{DURATION}))"
"""Where a phrase ends: at a word's end, and not before the `here`, `<#C1>` or `1.2s` that an `in` belongs to."""


@dataclass(frozen=True)
class Span:
    """A piece of the text that is understood: up to `end`, as the fields that `read` gives."""

    end: int
    read: Callable[[], dict[str, Any]]


class Phrase:
    """How one field is said: the value's quantity, the forms around it, other names of the field."""

    joint = ", "
    """What stands before it when a question is written."""

    def __init__(
        self,
        quantity: Quantity | Callable[[], Quantity],
        *forms: str,
        names: tuple[str, ...] = (),
        joint: str = ", ",
        example: str = "",
    ) -> None:
        self._quantity, self.forms, self.names, self.joint, self._example = quantity, forms, names, joint, example
        self.field = ""

    @cached_property
    def quantity(self) -> Quantity:
        """How the value is written; made on first use where it comes from the catalog."""
        return self._quantity if isinstance(self._quantity, Quantity) else self._quantity()

    def bind(self, field: str) -> "Phrase":
        """The phrase, told which field it fills."""
        self.field = field
        return self

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str], ...]:
        """What the forms look like, those of one shape in one pattern; the value is the group `value`."""
        value, bare = self.quantity.pattern, self.quantity.bare or self.quantity.pattern
        shapes = [(before.strip(), after.strip()) for before, _, after in (form.partition("{}") for form in self.forms)]
        opening = [before for before, after in shapes if before and not after]
        closing = [after for before, after in shapes if after and not before]
        pairs = [_compile([before], value, [after]) for before, after in shapes if before and after]
        alone = [_compile([], value, [])] if ("", "") in shapes else []
        opened = [_compile(opening, value, [])] if opening else []
        closed = [_compile([], value, closing)] if closing else []
        return (*alone, *pairs, *opened, *closed, _compile([self.field, *self.names], bare, []))

    def read_at(self, text: str, start: int) -> Span | None:
        """The longest reading of `text` from `start`, or None where the text says something else."""
        matches = [match for pattern in self.patterns if (match := pattern.match(text, start))]
        if not matches:
            return None
        best = max(matches, key=re.Match.end)
        return Span(best.end(), lambda: {self.field: self._value(best["value"])})

    def begins_at(self, text: str, start: int) -> bool:
        """Whether the words before this field's value stand at `start`: `within`, `tp`, `cache hit rate`."""
        return self._opening.match(text, start) is not None

    @cached_property
    def _opening(self) -> re.Pattern[str]:
        words = [word for form in self.forms if (word := form.partition("{}")[0].strip())]
        return re.compile(_any_of([*words, self.field, *self.names]) + END, re.IGNORECASE)

    def read(self, text: str) -> Any:
        """The value that `text` alone writes, as it was entered in a form's input."""
        return self._value(clean(text))

    def _value(self, text: str) -> Any:
        try:
            return self.quantity.read(text)
        except UnreadableError as error:
            raise QuestionError(self.field, f"{error}.") from error

    def say(self, question: Any) -> str:
        """The words that read back to the question's value of this field; empty where it has none."""
        value = getattr(question, self.field)
        return "" if value is None else self.forms[0].format(self.quantity.write(value))

    @property
    def sample(self) -> str:
        """A value that the field may have, as it is written."""
        return self._example or self.quantity.example

    def example(self) -> str:
        """How the field is said, for help and errors."""
        return self.forms[0].format(self.sample)


def _compile(before: list[str], value: str, after: list[str]) -> re.Pattern[str]:
    """`cache hit rate {}` as a pattern: blanks, dashes and underscores are one; `name=value` and `name: value` too."""
    left = rf"{_any_of(before)}\s*[=:]?\s*" if before else ""
    right = rf"[\s-]*{_any_of(after)}" if after else ""
    return re.compile(rf"{left}(?P<value>{value}){right}{END}", re.IGNORECASE)


def _any_of(texts: list[str]) -> str:
    """The longest that fits comes first."""
    return f"(?:{'|'.join(_words(text) for text in sorted(texts, key=len, reverse=True))})"


def _words(text: str) -> str:
    return r"[\s_-]*".join(re.escape(word) for word in re.split(r"[\s_-]+", text.strip()))


def phrases_of(fields: dict[str, Any]) -> Iterator[Phrase]:
    """The phrases among a pydantic model's fields, in the order of their declaration."""
    for name, info in fields.items():
        yield from (item.bind(name) for item in info.metadata if isinstance(item, Phrase))
