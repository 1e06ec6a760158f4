"""`compare A vs B`: two to six options side by side. What an option leaves out it takes from the others."""

from collections.abc import Iterable
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field

from bot.commands.decisions.wanted import Wanted
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.language.cleaning import clean
from bot.language.grammar import VERSUS, scan
from calculator.catalog import HostedModel, find_model
from calculator.errors import QuestionError
from calculator.team.own import is_own

MOST = 6
MODEL = ("model_size", "precision", "kv_cache")
WORKLOAD = (
    "use_case",
    "tokens",
    "input_tokens",
    "output_tokens",
    "batch_size",
    "requests_per_hour",
    "max_latency_seconds",
    "max_ttft_seconds",
    "cache_hit_rate",
    "hours_per_month",
)
TOKENS = {"tokens", "input_tokens", "output_tokens"}
Values = dict[str, Any]


class CompareQuestion(Wanted):
    """Which of these options is better?"""

    word: ClassVar[str] = "compare"

    options: Annotated[tuple[EstimateQuestion, ...], Field(min_length=2, max_length=MOST)]
    """The options, each a complete question."""
    channel: str | None = None
    """Where the answer goes: a channel, or here; only to you where none is said."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """The comparison that `A vs B [vs C ...]` asks."""
        parts = [clean(part) for part in VERSUS.split(text.strip()) if part.strip()]
        if not 2 <= len(parts) <= MOST:  # a comparison has two sides
            raise QuestionError(
                "options",
                f"A comparison needs two to six options: `compare 7B on RTX4090 vs 13B on A100`; {len(parts)} found.",
            )
        said = [scan(part, [*EstimateQuestion.phrases(), *cls.phrases()]) for part in parts]
        wanted = common(said, tuple(phrase.field for phrase in cls.phrases()))
        channels = {values.pop("channel") for values in said if "channel" in values}
        if len(channels) > 1:
            raise QuestionError("channel", "The answer goes to one channel. Name it once.")
        options = tuple(EstimateQuestion.make(values) for values in inherit(said))
        if not all(map(str, options)):
            raise QuestionError(
                "options", "Each option needs a model and hardware: `compare 7B on RTX4090 vs 13B on A100`."
            )
        return cls.make({"options": options, "channel": next(iter(channels), None), **wanted})

    def __str__(self) -> str:
        where = "" if self.channel is None else ", in here" if self.channel == "here" else f", in <#{self.channel}>"
        wanted = f", {self.said()}" if self.said() else ""
        return f"{self.word} {' vs '.join(map(str, self.options))}{wanted}{where}"


def common(said: list[Values], fields: Iterable[str], whose: str = "every option") -> Values:
    """What holds for all, taken out of them wherever it was said; QuestionError where two say it differently."""
    found: Values = {}
    for values in said:
        for field in fields:
            value = values.pop(field, None)
            if value is not None and found.setdefault(field, value) != value:
                raise QuestionError(
                    field, f"{field} holds for {whose}: you wrote {found[field]} and {value}. Say it once."
                )
    return found


def inherit(said: list[Values]) -> list[Values]:
    """The options completed: model and hardware each as a group, the workload field by field."""
    hardware = tuple(name for name in EstimateQuestion.model_fields if name not in (*MODEL, *WORKLOAD, "channel"))
    return [_completed(values, said, hardware) for values in said]


def _completed(values: Values, said: list[Values], hardware: tuple[str, ...]) -> Values:
    model = {} if "model_size" in values else _group(said, "model_size", MODEL)
    cards = {} if "hardware_type" in values or _is_service(values) else _group(said, "hardware_type", hardware)
    workload = {
        name: other[name] for other in reversed(said) for name in WORKLOAD if name in other and name not in TOKENS
    }
    sized = next((other for other in (values, *said) if TOKENS & other.keys()), {})
    tokens = {name: sized[name] for name in sized if name in TOKENS}
    return {**workload, **tokens, **model, **cards, **values}


def _is_service(values: Values) -> bool:
    """Whether the option is a hosted model, which runs on nobody's hardware."""
    model = values.get("model_size", "")
    if values.get("deployment_mode") == "api":
        return True
    return model != "" and not is_own(model) and isinstance(find_model(model).spec, HostedModel)


def _group(said: list[Values], head: str, names: tuple[str, ...]) -> Values:
    """The fields of the first option that names the head of the group."""
    first = next((other for other in said if head in other), {})
    return {name: first[name] for name in names if name in first}
