"""The reference document's use cases: what it asked, the figures that it printed, and the option that it recommends."""

from functools import cache

from calculator.base import Frozen
from calculator.catalog.loader import read


class ReferenceInputs(Frozen):
    """What an option is asked with, in the document's own words."""

    model_size: str
    tokens: int
    batch_size: int
    hardware_type: str
    deployment_mode: str
    requests_per_hour: float


class PrintedFigures(Frozen):
    """The figures that the document prints for an option, in its digits."""

    total_memory_gb: float
    memory_fits: bool
    memory_utilization_percent: float
    total_latency_seconds: float
    tokens_per_second: float
    cost_per_request: float
    hourly_cost: float
    monthly_cost: float
    performance_score: float


class ReferenceOption(Frozen):
    """One option of a use case."""

    name: str
    """Its letter."""
    usd_per_gpu_hour: float
    """The price of an accelerator that its latency and cost imply."""
    asked: ReferenceInputs
    printed: PrintedFigures


class ReferenceUseCase(Frozen):
    """A use case of the document."""

    name: str
    title: str
    about: str
    """What it is about, in our words."""
    requires: str
    """What is required of every option, as one would type it."""
    recommended: str
    """The letter of the option that the document recommends."""
    options: tuple[ReferenceOption, ...]


@cache
def reference_use_cases() -> tuple[ReferenceUseCase, ...]:
    """The document's use cases, in its order."""
    return tuple(ReferenceUseCase.model_validate(one) for one in read("reference_scenarios"))
