"""Options held against requirements, one criterion at a time; nothing is held against another option."""

from collections.abc import Iterator

from calculator.base import Frozen
from calculator.estimates.estimate import Estimate
from calculator.prices.hosted_cost import HostedCost
from calculator.specs.requirements import LEAST_TIER, TIERS, Requirements, Tier
from calculator.specs.workload import HOURS_PER_MONTH, Workload


class Option(Frozen):
    """One way to do the work: a deployment, or a hosted model."""

    name: str
    """What people call it: `A`, or what it is."""
    label: str
    """What it is: `Llama 2 7B bf16 on RTX 4090`."""
    workload: Workload
    estimate: Estimate | None = None
    """On hardware."""
    hosted: HostedCost | None = None
    """As a service; None also where no price is known."""
    tier: Tier | None = None
    """Tier of its published scores; None where there are none."""

    @property
    def monthly_usd(self) -> float | None:
        """What it costs to keep: the figure to decide on."""
        if self.estimate is None:
            return self.hosted.monthly_cost if self.hosted else None
        kept = self.estimate.cost.provisioned
        return kept.monthly_cost if kept else None

    @property
    def busy_usd(self) -> float | None:
        """Its busy-time cost a month; a service is paid for busy time alone."""
        return self.estimate.cost.monthly_cost if self.estimate else self.monthly_usd

    @property
    def score(self) -> float | None:
        """Performance from 0 to 100; None for a service, whose speed nobody publishes."""
        return self.estimate.compatibility.performance_score if self.estimate else None

    @property
    def mode(self) -> str:
        """local, cloud, hybrid or api."""
        return self.estimate.deployment_mode if self.estimate else "api"


class Criterion(Frozen):
    """One requirement, and what an option has."""

    name: str
    """memory, latency, first token, load, quality, privacy, availability or budget."""
    required: str
    """What is required, in words."""
    found: str
    """What the option has."""
    met: bool | None
    """None where it is not known."""
    over: float | None = None
    """What it has over what is allowed: above 1 it fails, by that much."""


def criteria_of(option: Option, needs: Requirements) -> tuple[Criterion, ...]:
    """Every criterion that applies, in the order in which people look at them."""
    found = [*_on_hardware(option, needs)] if option.estimate else [*_as_service(option)]
    return (
        *found,
        *_quality(option, needs),
        *_privacy(option, needs),
        *_availability(option, needs),
        *_budget(option, needs),
    )


def _on_hardware(option: Option, needs: Requirements) -> Iterator[Criterion]:
    estimate = option.estimate
    assert estimate is not None
    memory, load, w = estimate.memory, estimate.load, option.workload
    used = memory.memory_utilization_percent / 100
    fits = memory.memory_fits and memory.will_start
    yield Criterion(
        name="memory", required="fits", found=f"{used:.0%}", met=fits, over=used if used > 1 or fits else None
    )
    yield from _limits(estimate, needs)
    if load and w.requests_per_hour:
        wanted = f"{load.requests_per_hour:,.0f} req/h"
        yield Criterion(
            name="load",
            required=wanted,
            found=f"can do {load.capacity_requests_per_hour:,.0f}",
            met=not load.overloaded,
            over=load.utilization,
        )


def _limits(estimate: Estimate, needs: Requirements) -> Iterator[Criterion]:
    """Latency limits, for the typical request or for 95 % of them."""
    w, late = estimate.workload, needs.percentile == "p95"
    load, latency = estimate.load, estimate.latency
    whole, first = latency.total_latency_seconds, latency.ttft_seconds
    if late:
        whole, first = (load.latency_p95_seconds, load.ttft_p95_seconds) if load else (None, None)
    for name, limit, value in (("latency", w.max_latency_s, whole), ("first token", w.max_ttft_s, first)):
        if limit is not None:
            over = None if value is None else value / limit
            which = " for 95 %" if late else ""
            yield Criterion(
                name=name,
                required=f"within {_time(limit)}{which}",
                found="unknown" if value is None else _time(value),
                met=None if over is None else over <= 1,
                over=over,
            )


def _as_service(option: Option) -> Iterator[Criterion]:
    w = option.workload
    for name, limit in (("latency", w.max_latency_s), ("first token", w.max_ttft_s)):
        if limit is not None:
            yield Criterion(name=name, required=f"within {_time(limit)}", found="the provider publishes none", met=None)


def _quality(option: Option, needs: Requirements) -> Iterator[Criterion]:
    if needs.quality is None:
        return
    least = LEAST_TIER[needs.quality]
    required = f"{needs.quality} ({least} or better)"
    if option.tier is None:
        yield Criterion(name="quality", required=required, found="no published score", met=None)
    else:
        yield Criterion(
            name="quality", required=required, found=option.tier, met=TIERS.index(option.tier) >= TIERS.index(least)
        )


def _privacy(option: Option, needs: Requirements) -> Iterator[Criterion]:
    if needs.offline:
        yield Criterion(name="privacy", required="offline", found=option.mode, met=option.mode == "local")


def _availability(option: Option, needs: Requirements) -> Iterator[Criterion]:
    kept = option.estimate.cost.provisioned if option.estimate else None
    if needs.around_the_clock:
        hours = option.workload.hours_per_month
        found = "the provider's" if option.estimate is None else f"kept {hours:g} h a month"
        yield Criterion(
            name="availability", required="24/7", found=found, met=option.estimate is None or hours >= HOURS_PER_MONTH
        )
    if needs.redundant:
        copies = kept.replicas if kept else 1
        found = "the provider's" if option.estimate is None else f"{copies} {'copy' if copies == 1 else 'copies'}"
        yield Criterion(name="redundancy", required="N+1", found=found, met=option.estimate is None or copies > 1)


def _budget(option: Option, needs: Requirements) -> Iterator[Criterion]:
    if needs.budget_usd is None:
        return
    cost, required = option.monthly_usd, f"${needs.budget_usd:,.0f} a month"
    if cost is None:
        yield Criterion(name="budget", required=required, found="no price is known", met=None)
    else:
        yield Criterion(
            name="budget",
            required=required,
            found=f"${cost:,.0f}",
            met=cost <= needs.budget_usd,
            over=cost / needs.budget_usd,
        )


def _time(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds >= 1 else f"{seconds * 1000:.3g} ms"
