"""What a hosted model costs: per token, so idle time is free and latency is the provider's."""

from calculator.base import Frozen
from calculator.catalog.resolved import HostedModel, HostedOffer
from calculator.errors import QuestionError
from calculator.specs.workload import Workload

MILLION = 1_000_000


class HostedCost(Frozen):
    """Dollars for a workload at one provider."""

    provider: str
    """Who hosts it."""
    model_ref: str
    """Its name there."""
    cost_per_request: float
    """Dollars per request, prompt and output."""
    hourly_cost: float | None
    """Dollars per hour at the stated arrivals."""
    monthly_cost: float | None
    """Dollars per month at the stated arrivals."""
    usd_per_million_tokens: float
    """Dollars per million tokens of this mix of prompt and output."""
    usd_per_mtok_input: float
    """Dollars per million prompt tokens."""
    usd_per_mtok_output: float
    """Dollars per million output tokens."""
    usd_per_mtok_cached_input: float | None = None
    """Dollars per million cached prompt tokens; None where the provider has no such price and the full one counts."""
    cache_hit_rate: float = 0
    """Share of prompt tokens that is cached."""
    source: str
    """Where the price is from."""

    @property
    def usd_per_mtok_prompt(self) -> float:
        """Dollars per million prompt tokens, the cached share at its own price where there is one."""
        return prompt_price(self.usd_per_mtok_input, self.usd_per_mtok_cached_input, self.cache_hit_rate)

    @property
    def cache_note(self) -> str:
        """How the cached share was priced; empty where nothing is cached."""
        if not self.cache_hit_rate:
            return ""
        if self.usd_per_mtok_cached_input is None:
            return f"no cached price known at {self.provider}: the full price counts"
        return f"{self.cache_hit_rate:.0%} of the prompt at the cached price, ${self.usd_per_mtok_cached_input:g} per million"


def prompt_price(full: float, cached: float | None, hit_rate: float) -> float:
    """Dollars per million prompt tokens of which the share `hit_rate` is read from the provider's cache."""
    return full if cached is None else full * (1 - hit_rate) + cached * hit_rate


def hosted_costs(model: HostedModel, workload: Workload, provider: str | None = None) -> tuple[HostedCost, ...]:
    """What each provider charges, cheapest first; retiring offers only where there is no other.

    QuestionError for a provider that does not host it. Empty where no price is known.
    """
    offers = [offer for offer in model.offers if provider in {None, offer.provider}]
    if provider and not offers:
        known = tuple(sorted({offer.provider for offer in model.offers}))
        raise QuestionError(
            "provider", f"“{provider}” does not host {model.display_name}. Type one of {', '.join(known)}.", known
        )
    current = [offer for offer in offers if not offer.deprecated] or offers
    return tuple(sorted((_cost(offer, workload) for offer in current), key=lambda cost: cost.cost_per_request))


def break_even_requests_per_hour(provisioned_hourly_usd: float, hosted: HostedCost) -> float | None:
    """Requests per hour from which the provisioned hardware is cheaper; None where hosting is free."""
    return provisioned_hourly_usd / hosted.cost_per_request if hosted.cost_per_request else None


def _cost(offer: HostedOffer, w: Workload) -> HostedCost:
    prompt = prompt_price(offer.usd_per_mtok_input, offer.usd_per_mtok_cached_input, w.cache_hit_rate)
    per_request = (w.input_tokens * prompt + w.output_tokens * offer.usd_per_mtok_output) / MILLION
    hourly = None if w.requests_per_hour is None else per_request * w.requests_per_hour
    return HostedCost(
        provider=offer.provider,
        model_ref=offer.model_ref,
        cost_per_request=per_request,
        hourly_cost=hourly,
        monthly_cost=None if hourly is None else hourly * w.hours_per_month,
        usd_per_million_tokens=per_request / w.tokens * MILLION,
        usd_per_mtok_input=offer.usd_per_mtok_input,
        usd_per_mtok_output=offer.usd_per_mtok_output,
        usd_per_mtok_cached_input=offer.usd_per_mtok_cached_input,
        cache_hit_rate=w.cache_hit_rate,
        source=offer.source,
    )
