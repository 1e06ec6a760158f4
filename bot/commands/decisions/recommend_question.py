"""`recommend`: what one needs, without saying on what. What can be said, and what a use case takes for granted."""

from types import MappingProxyType
from typing import Any, ClassVar, Self

from pydantic import Field, model_validator

from bot.commands.decisions.wanted import Wanted
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.language.grammar import scan
from calculator.errors import QuestionError
from calculator.specs.workload import HOURS_PER_MONTH

PRESETS = MappingProxyType({
    "chat": {"tokens": 500, "max_latency_seconds": 2.0, "quality": "high", "availability": "24/7"},
    "content": {"tokens": 1500, "max_latency_seconds": 10.0, "quality": "very high", "availability": "business hours",
                "cost_sensitivity": "low"},
    "code": {"tokens": 200, "max_latency_seconds": 0.5, "quality": "high", "availability": "business hours"},
    "rag": {"tokens": 2000, "max_latency_seconds": 5.0, "quality": "high", "availability": "24/7"},
    "summaries": {"tokens": 4000, "max_latency_seconds": 30.0, "quality": "medium", "availability": "business hours"},
    "batch jobs": {"tokens": 2000, "quality": "medium", "cost_sensitivity": "high"},
})  # fmt: skip
"""What is required for a use case where nothing else is said; the first three are the reference document's."""
ANY_USE = MappingProxyType({"tokens": 500, "quality": "medium"})
"""The same without a use case: the cheapest model of all serves nobody."""
LENGTHS = {"tokens", "input_tokens", "output_tokens"}


class RecommendQuestion(Wanted):
    """What serves this best?"""

    word: ClassVar[str] = "recommend"

    about: EstimateQuestion = Field(default_factory=EstimateQuestion)
    """Lengths, load and limits; a model, hardware, precision or place where only that will do."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`chatbot 1000 req/h within 2s high quality 24/7`, in any order."""
        own = [phrase.field for phrase in cls.phrases()]
        values = scan(text, [*EstimateQuestion.phrases(), *cls.phrases()])
        wanted = {field: values.pop(field) for field in own if field in values}
        return cls.make({"about": EstimateQuestion.make(values), **wanted})

    @model_validator(mode="after")
    def _can_be(self) -> Self:
        about = self.about
        if self.privacy and about.deployment_mode not in {None, "local"}:
            raise QuestionError("privacy", f"offline and {about.deployment_mode} exclude each other: drop one of them.")
        if self.availability == "24/7" and (about.hours_per_month or HOURS_PER_MONTH) < HOURS_PER_MONTH:
            raise QuestionError(
                "availability",
                f"24/7 is {HOURS_PER_MONTH:g} hours a month, not {about.hours_per_month:g}: drop one of them.",
            )
        return self

    def __str__(self) -> str:
        return f"{self.word} {', '.join(filter(None, (str(self.about), self.said())))}".strip()

    def completed(self) -> tuple[Self, dict[str, Any]]:
        """The question with what its use case takes for granted, and what that is."""
        preset = PRESETS.get(self.about.use_case or "", ANY_USE)
        said = {name for name in EstimateQuestion.model_fields if getattr(self.about, name) is not None}
        said |= {phrase.field for phrase in self.phrases() if getattr(self, phrase.field) is not None}
        said |= {"tokens"} if said & LENGTHS else set()
        said |= {"availability"} if self.about.hours_per_month else set()
        filled = {name: value for name, value in preset.items() if name not in said}
        about = {name: value for name, value in filled.items() if name in EstimateQuestion.model_fields}
        own = {name: value for name, value in filled.items() if name not in about}
        return self.model_copy(update={**own, "about": self.about.model_copy(update=about)}), filled
