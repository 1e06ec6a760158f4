"""What a tracked deployment costs and can do: an estimate boiled down to the rates that a bill is made of."""

from decimal import Decimal

from calculator.base import Frozen
from calculator.estimates.estimate import Estimate
from calculator.prices.hosted_cost import HostedCost
from calculator.specs.workload import HOURS_PER_MONTH, Workload

MILLION = 1_000_000


class Terms(Frozen):
    """Rates and limits of one plan. Money is decimal dollars, exact from here on."""

    hosted: bool
    """A model as a service: it costs by use, not by time."""
    name: str
    """`Llama 2 7B BF16 on 2x L4`."""
    model: str
    """The model's key in the catalog."""
    hardware: str | None = None
    """The accelerator's key in the catalog; None for a hosted model."""
    gpus: int = 0
    """Accelerators kept, over all replicas."""
    usd_per_gpu_hour: Decimal | None = None
    """Price of one accelerator for one hour; None where it is unknown or the model is hosted."""
    price: str = ""
    """Whose price, from when: one line for people."""
    kept_usd_per_hour: Decimal | None = None
    """What an hour of the calendar costs while it runs, used or not; None where no price is known."""
    kept_share: float = 1.0
    """Share of the calendar's hours in which it is kept: 176 of 720 for business hours."""
    usd_per_input_token: Decimal | None = None
    """Busy time of one prompt token, or its price where the model is hosted."""
    usd_per_output_token: Decimal | None = None
    """The same of one output token."""
    requests_per_hour: float | None = None
    """Planned arrivals in an hour in which it is kept."""
    capacity_requests_per_hour: float | None = None
    """The most that it can finish in an hour; None where the speed is unknown or the model is hosted."""
    input_tokens: int
    """Prompt tokens of a planned request."""
    output_tokens: int
    """Output tokens of a planned request."""
    max_latency_s: float | None = None
    """Limit for a whole answer."""
    max_ttft_s: float | None = None
    """Limit for the first token."""

    @property
    def tokens(self) -> int:
        """Prompt and output of a planned request."""
        return self.input_tokens + self.output_tokens

    @property
    def busy_usd_per_request(self) -> Decimal | None:
        """Busy time of one planned request."""
        return self.busy_usd(Decimal(self.input_tokens), Decimal(self.output_tokens))

    def busy_usd(self, input_tokens: Decimal, output_tokens: Decimal) -> Decimal | None:
        """Busy time of this many tokens, to first order in both lengths; exact at the planned ones."""
        if self.usd_per_input_token is None or self.usd_per_output_token is None:
            return None
        return input_tokens * self.usd_per_input_token + output_tokens * self.usd_per_output_token

    @property
    def planned_per_calendar_hour(self) -> Decimal | None:
        """Planned requests in an average hour of the calendar."""
        return None if self.requests_per_hour is None else exact(self.requests_per_hour * self.kept_share)


def exact(value: float) -> Decimal:
    """The decimal number that a float means: its 15 sure digits, so that no binary remainder is ever carried on."""
    return Decimal(f"{value:.15g}")


def terms_of(result: Estimate, name: str, price: str = "") -> Terms:
    """The terms of a deployment on hardware. Prompt tokens carry the time to the first token, output tokens the rest."""
    d, w, cost = result.deployment, result.workload, result.cost
    share = min(w.hours_per_month / HOURS_PER_MONTH, 1.0)
    kept = cost.provisioned
    usd = exact(cost.price.usd_per_gpu_hour) if cost.price else None
    gpus = kept.gpus if kept else d.gpus
    per_input, per_output = _busy_rates(result)
    return Terms(
        hosted=False,
        name=name,
        model=d.model.key,
        hardware=d.gpu.key,
        gpus=gpus,
        usd_per_gpu_hour=usd,
        price=price,
        kept_usd_per_hour=None if usd is None else usd * gpus * exact(share),
        kept_share=share,
        usd_per_input_token=per_input,
        usd_per_output_token=per_output,
        requests_per_hour=w.requests_per_hour,
        capacity_requests_per_hour=_capacity(result),
        **_asked(w),
    )


def hosted_terms(offer: HostedCost, workload: Workload, name: str, model: str) -> Terms:
    """The terms of a hosted model: nothing while idle."""
    per_input, per_output = exact(offer.usd_per_mtok_prompt) / MILLION, exact(offer.usd_per_mtok_output) / MILLION
    return Terms(
        hosted=True,
        name=name,
        model=model,
        price=f"{offer.provider}, {offer.source}",
        kept_usd_per_hour=Decimal(0),
        kept_share=min(workload.hours_per_month / HOURS_PER_MONTH, 1.0),
        usd_per_input_token=per_input,
        usd_per_output_token=per_output,
        requests_per_hour=workload.requests_per_hour,
        **_asked(workload),
    )


def repriced(terms: Terms, usd_per_gpu_hour: Decimal, price: str) -> Terms:
    """The same hardware at another price; nothing else of the plan changes."""
    old = terms.usd_per_gpu_hour
    share = exact(terms.kept_share)
    scale = usd_per_gpu_hour / old if old else None
    rates = {
        name: None if scale is None or (rate := getattr(terms, name)) is None else rate * scale
        for name in ("usd_per_input_token", "usd_per_output_token")
    }
    kept = usd_per_gpu_hour * terms.gpus * share
    return terms.model_copy(
        update={**rates, "usd_per_gpu_hour": usd_per_gpu_hour, "kept_usd_per_hour": kept, "price": price}
    )


def _asked(w: Workload) -> dict[str, float | int | None]:
    return {
        "input_tokens": w.input_tokens,
        "output_tokens": w.output_tokens,
        "max_latency_s": w.max_latency_s,
        "max_ttft_s": w.max_ttft_s,
    }


def _busy_rates(result: Estimate) -> tuple[Decimal | None, Decimal | None]:
    """Dollars of busy time per prompt and per output token; together they make the cost of one request."""
    busy, latency, w = result.cost.cost_per_request, result.latency, result.workload
    total, first = latency.total_latency_seconds, latency.ttft_seconds
    if busy is None or not total or first is None:
        return None, None
    prompt_share = first / total if w.input_tokens else 0.0
    per_input = busy * prompt_share / w.input_tokens if w.input_tokens else 0.0
    return exact(per_input), exact(busy * (1 - prompt_share) / w.output_tokens)


def _capacity(result: Estimate) -> float | None:
    """What is kept can finish this much, replicas added for the peak counted in."""
    if result.load is None:
        return None
    kept = result.cost.provisioned
    replicas = kept.replicas if kept else result.deployment.replicas
    return result.load.capacity_requests_per_hour * replicas / result.deployment.replicas
