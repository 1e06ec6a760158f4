"""What every command is made of: a question with a text form, and the desk at which it is answered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.desk.books import Agenda, Calibrations, Defaults, Fleet, Models, People, Privacy, Rules, Scenarios
from bot.language.grammar import clean, scan
from bot.language.phrases import Phrase, phrases_of
from bot.reply import Frozen, Reply
from calculator.errors import QuestionError
from calculator.specs.price import OwnRate


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
        return cls.make(scan(clean(text), cls.phrases()))

    @classmethod
    def from_fields(cls, fields: Mapping[str, str], **known: Any) -> Self:
        """The question that a form's inputs ask, about what is `known`; blank inputs are left to their defaults."""
        phrases = {phrase.field: phrase for phrase in cls.phrases()}
        said = {name: phrases[name].read(clean(text)) for name, text in fields.items() if text.strip()}
        return cls.make({**known, **said})

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


class Asker(Frozen):
    """Who asks, and where."""

    team_id: str = "local"
    user_id: str = "local"
    channel_id: str = "local"
    channel_name: str = ""
    private: bool = False
    """Asked in a private channel or a direct message: never shown elsewhere."""
    thread_ts: str | None = None
    """The thread of the answer: that of a mention, which may begin one."""
    begins_thread: bool = False
    """Nobody has answered in the thread yet, so that Slack shows no ephemeral message there."""


class Record(Protocol):
    """A stored answer, as storage keeps it."""

    @property
    def number(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def question(self) -> str: ...
    @property
    def spelled_out(self) -> str: ...
    @property
    def headline(self) -> str: ...
    @property
    def results(self) -> str: ...
    @property
    def user_id(self) -> str: ...
    @property
    def channel_id(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...
    @property
    def shared_at(self) -> datetime | None: ...
    @property
    def shared_channel_id(self) -> str | None: ...


class Stored(Protocol):
    """The stored answers that the asker may see, and change where they are theirs."""

    def add(
        self, kind: Literal["estimate", "compare"], question: str, spelled_out: str, headline: str, results: str
    ) -> Record: ...
    def get(self, number: int) -> Record: ...
    def last(self) -> Record | None: ...
    def in_thread(self) -> Record | None: ...
    def search(self, words: str, *, limit: int, offset: int) -> tuple[Sequence[Record], bool]: ...
    def delete(self, number: int) -> None: ...
    def undelete(self, number: int) -> None: ...
    def export(self, form: str) -> tuple[str, int]: ...


class Rates(Protocol):
    """The workspace's own prices of accelerators, which come before everyone else's."""

    def current(self) -> tuple[OwnRate, ...]: ...
    def ended(self) -> tuple[OwnRate, ...]: ...
    def set(self, gpu: str, provider: str, usd_per_gpu_hour: Decimal, note: str) -> OwnRate: ...
    def end(self, number: int) -> OwnRate: ...


@dataclass(frozen=True)
class Desk:
    """What a command may use while it answers: who asks, the time, and the books that the question may be about."""

    asker: Asker
    now: datetime
    stored: Stored
    cannot_store: type[Exception]
    """What `stored` raises when the database refuses; the answer is given all the same."""
    rates: Rates
    calibrations: Calibrations
    models: Models
    scenarios: Scenarios
    fleet: Fleet
    agenda: Agenda
    rules: Rules
    people: People
    defaults: Defaults
    privacy: Privacy
    command: str = "/inference"

    @property
    def zone(self) -> str:
        """The asker's time zone: as they or their workspace set it, else as Slack has it."""
        default = self.defaults.current().get("zone")
        return default.value if default else self.people.zone(self.asker.user_id) or "UTC"


@dataclass(frozen=True)
class Command:
    """One subcommand: how it is asked, what answers it, and what help says of it."""

    question: type[Question]
    answer: Callable[[Any, Desk], Reply]
    summary: str
    usage: tuple[str, ...]

    @property
    def word(self) -> str:
        """The subcommand's name."""
        return self.question.word
