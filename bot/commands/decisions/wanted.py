"""What a team requires of every option: the words for quality, privacy, availability, budget and the like."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from bot.desk.question import Question
from bot.language.phrases import Phrase
from bot.language.quantities import FACTOR, choice
from bot.language.shared_words import BUDGET, LARGEST
from calculator.specs.requirements import Requirements

QUALITY = choice(
    "a quality level",
    {
        "low": (),
        "medium": ("basic", "ok", "good enough"),
        "high": ("good",),
        "very high": ("highest", "top", "best"),
    },
)
WEIGHT = choice("a cost sensitivity", {"low": (), "medium": ("normal",), "high": ("very high",)})
HOURS = choice(
    "an availability",
    {
        "24/7": ("24x7", "around the clock", "round the clock", "always on"),
        "business hours": ("work hours", "working hours", "office hours", "during work hours", "during business hours"),
    },
)
SPARE = choice(
    "a redundancy", {"redundant": ("n+1", "with redundancy", "high availability", "highly available", "one spare copy")}
)
PLACE = choice(
    "a privacy requirement",
    {
        "offline": (
            "must stay on-prem",
            "must stay on-premises",
            "stays on-prem",
            "on-prem only",
            "must work offline",
            "works offline",
            "work offline",
            "no cloud",
            "private data",
            "nothing leaves the premises",
            "air-gapped",
        ),
    },
)
LATE = choice(
    "a percentile",
    {"typical": ("on average", "mean", "p50"), "p95": ("for 95%", "for 95 %", "95th percentile", "at p95")},
)


class Wanted(Question):
    """What is required of every option."""

    percentile: Annotated[str | None, Phrase(LATE, "{}")] = None
    """Whom the latency limits hold for: the typical request, or p95 with the queue."""
    peak_factor: Annotated[
        float | None,
        Phrase(
            FACTOR,
            "peak {}x",
            "peaks of {}x",
            "{}x at the peak",
            "{}x peak",
            "{}x at peak",
            names=("peak",),
            example="3",
        ),
    ] = Field(None, ge=1, le=1000)
    """How many times the stated requests arrive at the peak; capacity is kept for it."""
    quality: Annotated[
        str | None, Phrase(QUALITY, "{} quality", "quality {}", "quality at least {}", "{} accuracy", example="high")
    ] = None
    """Published scores at least of this level: low, medium, high or very high."""
    cost_sensitivity: Annotated[
        str | None,
        Phrase(WEIGHT, "{} cost sensitivity", "cost sensitivity {}", "cost sensitivity is {}", example="low"),
    ] = None
    """How much cost weighs: with low, better performance wins among costs that are near each other."""
    availability: Annotated[str | None, Phrase(HOURS, "{}")] = None
    """24/7, or business hours (176 hours a month)."""
    redundancy: Annotated[str | None, Phrase(SPARE, "{}")] = None
    """redundant: one copy more than the load needs."""
    privacy: Annotated[str | None, Phrase(PLACE, "{}", names=("private",))] = None
    """offline: no cloud and no API, hardware of your own alone."""
    budget_usd: Annotated[
        Decimal | None,
        Phrase(BUDGET, "budget {}", "budget of {}", "monthly budget {}", "at most {} a month", names=("budget",)),
    ] = Field(None, gt=0, le=LARGEST)
    """Dollars a month for what is kept."""

    @property
    def requirements(self) -> Requirements:
        """The same as the calculator takes them."""
        said = {
            "percentile": self.percentile,
            "quality": self.quality,
            "cost_sensitivity": self.cost_sensitivity,
            "around_the_clock": self.availability == "24/7" or None,
            "redundant": self.redundancy and True,
            "offline": self.privacy and True,
            "budget_usd": None if self.budget_usd is None else float(self.budget_usd),
        }
        return Requirements.model_validate({name: value for name, value in said.items() if value is not None})
