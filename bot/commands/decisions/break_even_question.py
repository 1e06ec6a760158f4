"""`break-even A vs B`: one side on hardware, the other a hosted API; what both must do is said once, anywhere."""

import re
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from bot.commands.decisions.compare_question import WORKLOAD, common
from bot.commands.decisions.wanted import Wanted
from bot.commands.estimates.choices import Share
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.language.cleaning import clean
from bot.language.grammar import VERSUS, scan
from bot.language.phrases import Phrase
from bot.language.quantities import FACTOR, SHARE
from calculator.catalog import HostedModel, find_model, hosted_model
from calculator.errors import QuestionError
from calculator.team.own import is_own

EVEN = re.compile(r"^[\s,:]*even\b", re.IGNORECASE)
"""What is left of `break even`."""
EXAMPLE = "`break-even llama-3.3-70b fp8 on 2xH100 vs gpt-4o-mini, 1k in 300 out, 2000 req/h`"
USELESS = MappingProxyType(
    {
        "percentile": "capacity is always planned so that 95 % of requests meet the limits",
        "cost_sensitivity": "a break-even is about cost alone",
        "privacy": "with nothing outside there is no API to compare with; say for example `private 30%`",
    }
)
"""Requirements that change nothing here, and why."""
Values = dict[str, Any]


class BreakEvenQuestion(Wanted):
    """From which volume is our own hardware cheaper than an API?"""

    word: ClassVar[str] = "break-even"

    about: EstimateQuestion
    """The side on hardware, with the lengths, load and limits of both."""
    against: EstimateQuestion | None = None
    """The hosted side: a model, perhaps its provider. The same model, or the cheapest one as good, where none is said."""
    private_share: Annotated[
        Share | None,
        Phrase(
            SHARE,
            "private {}",
            "{} private",
            "{} is private",
            "{} of it private",
            "private traffic {}",
            "{} sensitive",
            example="30%",
        ),
    ] = None
    """Share of requests that must stay on hardware of your own."""
    peak_hours: Annotated[
        float | None,
        Phrase(
            FACTOR,
            "peak {} hours a day",
            "peak for {} hours a day",
            "{} hours a day",
            "{} peak hours a day",
            "{} peak hours",
            "{} hours at the peak",
            example="4",
        ),
    ] = Field(None, gt=0, le=24)
    """Hours a day that the peak lasts; 4 where none is said."""
    channel: str | None = None
    """Where the answer goes: a channel, or here; only to you where none is said."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`llama-3.3-70b on 2xH100 [vs gpt-4o-mini], 1k in 300 out`, requirements anywhere."""
        parts = [clean(part) for part in VERSUS.split(EVEN.sub("", text).strip()) if part.strip(" ,")]
        if not 1 <= len(parts) <= 2:
            raise QuestionError("options", f"One side on hardware and one hosted: {EXAMPLE}; {len(parts)} found.")
        said = [scan(part, [*EstimateQuestion.phrases(), *cls.phrases()]) for part in parts]
        required = common(said, [phrase.field for phrase in cls.phrases()] + ["channel"], "both sides")
        work = common(said, WORKLOAD, "both sides")
        hardware, service = _told_apart(said)
        against = EstimateQuestion.make({**service, "deployment_mode": "api"}) if service is not None else None
        return cls.make({"about": EstimateQuestion.make({**hardware, **work}), "against": against, **required})

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        if not self.about.hardware_type or self.about.deployment_mode == "api":
            raise QuestionError("hardware_type", f"Which hardware of yours is the other side? For example {EXAMPLE}.")
        for field, why in USELESS.items():
            if getattr(self, field) is not None:
                raise QuestionError(field, f"{getattr(self, field)}: {why}. Drop it.")
        if self.peak_hours and not self.peak_factor:
            raise QuestionError(
                "peak_factor", f"How high is the peak of {self.peak_hours:g} hours? Add for example `peak 3x`."
            )
        if self.quality and self.against:
            raise QuestionError("quality", "A quality chooses the service where none is named. Drop one of the two.")
        return self

    def __str__(self) -> str:
        where = "" if self.channel is None else "in here" if self.channel == "here" else f"in <#{self.channel}>"
        sides = " vs ".join(str(side) for side in (self.about, self.against) if side)
        return f"{self.word} {', '.join(filter(None, (sides, self.said(), where)))}"


def _told_apart(said: list[Values]) -> tuple[Values, Values | None]:
    """The side on hardware and the hosted one, each completed from the other; what only hardware has goes to it."""
    if len(said) == 1:
        return said[0], None
    service = max(said, key=_like_a_service)
    hardware = dict(next(values for values in said if values is not service))
    if not any(_like_a_service(service)):
        raise QuestionError("options", f"Both sides run on hardware; one is a hosted model. For example {EXAMPLE}.")
    own = {name: value for name, value in service.items() if not _of_service(name, value, service.get("model_size"))}
    for name, value in own.items():
        if hardware.setdefault(name, value) != value:
            raise QuestionError(name, f"{name} is said twice: {hardware[name]} and {value}. Say it once.")
    hosted = {name: value for name, value in service.items() if name not in own}
    for one, other in ((hardware, hosted), (hosted, hardware)):
        if "model_size" in other:
            one.setdefault("model_size", other["model_size"])
    return hardware, hosted


def _of_service(name: str, value: Any, model: str | None) -> bool:
    """Whether a field said beside the service is its own: its model, that it is one, a provider who hosts it."""
    if name != "provider" or model is None or is_own(model):
        return name in {"model_size", "provider"} or value == "api"
    hosted = hosted_model(find_model(model).spec.key)
    return hosted is not None and any(offer.provider == value for offer in hosted.offers)


def _like_a_service(values: Values) -> tuple[bool, bool, bool]:
    """How much a side looks like a hosted model: it says so, nobody can run its model, it names no hardware."""
    name = values.get("model_size")
    hosted_only = name is not None and not is_own(name) and isinstance(find_model(name).spec, HostedModel)
    return values.get("deployment_mode") == "api", hosted_only, "hardware_type" not in values
