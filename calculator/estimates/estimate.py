"""One question to the core: a deployment and a workload in, everything that follows out."""

from collections.abc import Sequence

from calculator.base import Frozen
from calculator.estimates.advice import advice
from calculator.estimates.assumptions import Assumption, assumptions_of
from calculator.estimates.bottleneck import Binding, binding_of
from calculator.estimates.compatibility import Compatibility, score, score_parts
from calculator.estimates.cost import CostEstimate, cost_of
from calculator.estimates.latency import LatencyEstimate, latency_of
from calculator.estimates.load import LoadEstimate, load_of
from calculator.estimates.memory import MemoryEstimate, memory_of
from calculator.estimates.variants import Case
from calculator.prices.pricing import price_of
from calculator.specs.deployment import Deployment
from calculator.specs.gpu import Mode
from calculator.specs.price import NoPrice, Price
from calculator.specs.workload import Workload
from calculator.team.correction import Correction, correction_of
from calculator.team.measurement import OwnMeasurement


class Estimate(Frozen):
    """Everything about one deployment under one workload. Reads back from its own JSON."""

    deployment: Deployment
    """What serves."""
    workload: Workload
    """What is asked of it."""
    deployment_mode: Mode
    """local, cloud or hybrid."""
    memory: MemoryEstimate
    """Whether it fits, and where the memory goes."""
    latency: LatencyEstimate
    """One request at the given batch, without queueing."""
    load: LoadEstimate | None
    """Under the stated arrivals; None where none are stated."""
    cost: CostEstimate
    """On three bases."""
    compatibility: Compatibility
    """Score and recommendations."""
    binding: Binding | None = None
    """What an answer mostly waits for, and what moves it."""
    assumptions: tuple[Assumption, ...]
    """Every number that was filled in or assumed, and why."""
    hypothetical: bool
    """It does not fit: latency and cost are computed as if memory were enough."""
    correction: Correction | None = None
    """What the team's own measurements changed; None where none is near."""


def estimate(  # noqa: PLR0913  # the two nouns, the price, and what the caller knows besides
    deployment: Deployment,
    workload: Workload,
    price: Price | NoPrice | None = None,
    *,
    mode: Mode | None = None,
    measurements: Sequence[OwnMeasurement] = (),
    assumptions: tuple[Assumption, ...] = (),
) -> Estimate:
    """Memory, latency, load, cost and score of a deployment under a workload.

    `price` defaults to that of `mode`, which defaults to the hardware's. `measurements` are the team's own; the caller's
    `assumptions` come before the core's own. QuestionError where the model's KV cache is not known.
    """
    mode = mode or deployment.gpu.default_mode
    price = price or price_of(deployment.gpu, mode)
    memory = memory_of(deployment, workload)
    correction = correction_of(deployment, workload, measurements)
    latency = latency_of(deployment, workload, correction=correction)
    load = load_of(deployment, workload, correction=correction)
    case = Case(deployment, workload, memory, latency, load, measurements)
    return Estimate(
        deployment=deployment,
        workload=workload,
        deployment_mode=mode,
        memory=memory,
        latency=latency,
        load=load,
        cost=cost_of(deployment, workload, latency, load, price),
        compatibility=_suits(case),
        binding=binding_of(case),
        assumptions=_merged(assumptions, assumptions_of(deployment, workload)),
        correction=correction if correction.measurements else None,
        hypothetical=not memory.memory_fits,
    )


def _suits(case: Case) -> Compatibility:
    parts = score_parts(case.memory, case.latency, case.load, case.workload)
    points = score(parts, fits=case.memory.memory_fits)
    return Compatibility(performance_score=points, parts=parts, recommendations=advice(case))


def _merged(said: tuple[Assumption, ...], own: tuple[Assumption, ...]) -> tuple[Assumption, ...]:
    """The caller's assumptions, then the core's about anything else."""
    names = {assumption.name for assumption in said}
    return (*said, *(assumption for assumption in own if assumption.name not in names))
