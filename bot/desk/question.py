"""What every command is made of: a question with a text form, and the desk at which it is answered."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.language.grammar import scan
from bot.language.phrases import Phrase, phrases_of
from calculator.errors import QuestionError


class Question(BaseModel):
    """A question: frozen, validated, and written as a person would type it. `from_text(str(q)) == q` for every one."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
    word: ClassVar[str] = ""
    """The subcommand that asks it; empty for the default one."""

    @classmethod
    def phrases(cls) -> Sequence[Phrase]:
        """How its fields are said."""
        return tuple(phrases_of(cls.model_fields))

    @classmethod
    def make(cls, values: Mapping[str, Any]) -> Self:
        """The question with these field values; QuestionError names the first field that is wrong."""
        try:
            return cls(**values)
        except ValidationError as error:
            raise _explain(error) from error

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The question that `text`, without the subcommand, asks."""
        return cls.make(scan(text, cls.phrases()))

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], **known: Any) -> Self:
        """The question that a form's inputs ask, about what is `known`; blank inputs are left to their defaults."""
        phrases = {phrase.field: phrase for phrase in cls.phrases()}
        said = {name: phrases[name].read(text) for name, text in fields.items() if text.strip()}
        return cls.make({**known, **said})

    def goes_to(self, here: str) -> str | None:
        """The channel in which its answer is posted, asked from `here`; None where only the asker sees it."""
        about: object = getattr(self, "about", None)
        channel: str | None = getattr(self, "channel", None) or getattr(about, "channel", None)
        return here if channel == "here" else channel

    def said(self) -> str:
        """The fields that were said, each as a person would say it."""
        text = ""
        for phrase in self.phrases():
            words = phrase.say(self)
            text += (phrase.joint if text and words else "") + words
        return text

    def __str__(self) -> str:
        return f"{self.word} {self.said()}".strip()


def _explain(error: ValidationError) -> QuestionError:
    problem = error.errors(include_url=False)[0]
    field = str(problem["loc"][0]) if problem["loc"] else "question"
    if isinstance(cause := problem.get("ctx", {}).get("error"), QuestionError):
        return cause
    limit = problem.get("ctx", {})
    bounds = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}
    for key, words in bounds.items():
        if key in limit:
            return QuestionError(field, f"{field} must be {words} {limit[key]:,}; you wrote {problem['input']:,}.")
    return QuestionError(field, f"{field}: {problem['msg'].lower()}; you wrote “{problem['input']}”.")
