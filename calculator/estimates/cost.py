"""What it costs, on three bases that are never mixed: busy time, shared, provisioned.

Busy is the reference document's: a request has the deployment to itself for its latency. Shared divides that by the
sequences in flight: the marginal cost. Provisioned is the invoice: every accelerator for every hour kept.
"""

from calculator.base import Frozen
from calculator.estimates.latency import LatencyEstimate
from calculator.estimates.load import LoadEstimate
from calculator.specs.deployment import Deployment
from calculator.specs.price import NoPrice, Price
from calculator.specs.workload import Workload

MILLION = 1_000_000
SECONDS_PER_HOUR = 3600


class SharedCost(Frozen):
    """The busy cost divided by the sequences in flight: what one more request costs on a full batch."""

    cost_per_request: float
    """Dollars per request."""
    hourly_cost: float | None
    """Dollars per hour at the stated arrivals."""
    monthly_cost: float | None
    """Dollars per month at the stated arrivals."""
    usd_per_million_tokens: float
    """Dollars per million tokens, prompt and output."""
    usd_per_million_output_tokens: float
    """Dollars per million output tokens, the prompt counted in."""


class ProvisionedCost(Frozen):
    """Every accelerator for every hour kept: the figure to decide on."""

    gpus: int
    """Accelerators kept."""
    replicas: int
    """Copies kept: what is deployed, or what the peak needs where that is more."""
    hours_per_month: float
    """Hours kept in a month."""
    hourly_cost: float
    """Dollars per hour."""
    monthly_cost: float
    """Dollars per month."""
    cost_per_request: float | None
    """Dollars per request at the stated arrivals."""
    usd_per_million_tokens: float | None
    """Dollars per million tokens at the stated arrivals."""
    idle_share: float | None
    """Share of the capacity that nobody uses."""


class CostEstimate(Frozen):
    """Dollars. The first three are the document's busy-time basis; null with the reason where no price is known."""

    cost_per_request: float | None
    """Latency x the deployment's price."""
    hourly_cost: float | None
    """cost_per_request x requests per hour; None where no load is stated."""
    monthly_cost: float | None
    """hourly_cost x hours per month."""
    usd_per_million_tokens: float | None
    """Shared basis: dollars per million tokens, prompt and output."""
    usd_per_million_output_tokens: float | None
    """Shared basis: dollars per million output tokens."""
    shared: SharedCost | None
    """Divided by the sequences in flight."""
    provisioned: ProvisionedCost | None
    """What the invoice says."""
    idle_share: float | None
    """Share of the provisioned capacity that nobody uses."""
    price: Price | None
    """The price behind it all."""
    reason: str | None = None
    """Why a figure is missing, and what to type."""


def cost_of(
    deployment: Deployment,
    workload: Workload,
    latency: LatencyEstimate,
    load: LoadEstimate | None,
    price: Price | NoPrice,
) -> CostEstimate:
    """The three bases for one deployment."""
    if isinstance(price, NoPrice):
        return _nothing(price.reason)
    provisioned = _provisioned(deployment, workload, load, price)
    hourly_price = deployment.gpus * price.usd_per_gpu_hour
    seconds = latency.total_latency_seconds
    if seconds is None:
        empty = _nothing(latency.reason or "the latency is unknown")
        return empty.model_copy(
            update={"provisioned": provisioned, "price": price, "idle_share": provisioned.idle_share}
        )
    busy = seconds * hourly_price / SECONDS_PER_HOUR
    hourly, monthly = _per_time(busy, workload)
    shared = _shared(busy / workload.batch_size, workload)
    return CostEstimate(
        cost_per_request=busy,
        hourly_cost=hourly,
        monthly_cost=monthly,
        usd_per_million_tokens=shared.usd_per_million_tokens,
        usd_per_million_output_tokens=shared.usd_per_million_output_tokens,
        shared=shared,
        provisioned=provisioned,
        idle_share=provisioned.idle_share,
        price=price,
        reason=None if hourly is not None else "no requests per hour are stated: type for example `1000 req/h`",
    )


def _per_time(per_request: float, w: Workload) -> tuple[float | None, float | None]:
    if w.requests_per_hour is None:
        return None, None
    hourly = per_request * w.requests_per_hour
    return hourly, hourly * w.hours_per_month


def _shared(per_request: float, w: Workload) -> SharedCost:
    hourly, monthly = _per_time(per_request, w)
    return SharedCost(
        cost_per_request=per_request,
        hourly_cost=hourly,
        monthly_cost=monthly,
        usd_per_million_tokens=per_request / w.tokens * MILLION,
        usd_per_million_output_tokens=per_request / w.output_tokens * MILLION,
    )


def _provisioned(d: Deployment, w: Workload, load: LoadEstimate | None, price: Price) -> ProvisionedCost:
    needed = max(d.replicas, (load.replicas_needed or load.replicas_to_keep_up) if load else 0)
    replicas = needed + w.spare_replicas
    gpus = d.gpus_per_replica * replicas
    hourly = gpus * price.usd_per_gpu_hour
    per_request = hourly / w.requests_per_hour if w.requests_per_hour else None
    used = min(load.utilization / w.peak_factor * d.replicas / replicas, 1.0) if load else None
    return ProvisionedCost(
        gpus=gpus,
        replicas=replicas,
        hours_per_month=w.hours_per_month,
        hourly_cost=hourly,
        monthly_cost=hourly * w.hours_per_month,
        cost_per_request=per_request,
        usd_per_million_tokens=None if per_request is None else per_request / w.tokens * MILLION,
        idle_share=None if used is None else 1 - used,
    )


def _nothing(reason: str) -> CostEstimate:
    return CostEstimate(
        cost_per_request=None,
        hourly_cost=None,
        monthly_cost=None,
        usd_per_million_tokens=None,
        usd_per_million_output_tokens=None,
        shared=None,
        provisioned=None,
        idle_share=None,
        price=None,
        reason=reason,
    )
