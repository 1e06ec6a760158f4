"""The price behind the costs, as a line: how much, whose, from when."""

from bot.answers.kinds import HostedAnswer, OneAnswer
from bot.views.kit.format import usd
from calculator.specs.price import Price


def price_line(option: OneAnswer) -> str:
    """The price behind the costs: how much, whose, from when."""
    if isinstance(option, HostedAnswer):
        return f"{option.offers[0].provider}, {option.offers[0].source}" if option.offers else ""
    price = option.estimate.cost.price
    return f"{option.estimate.deployment.gpu.display_name} {described(price)}" if price else ""


def described(price: Price) -> str:
    """`$3.26/h, median of 14 providers ($1.49 to $12.29), 2026-05-24 to 2026-08-03, us-east-1`."""
    spread = f" ({usd(price.low)} to {usd(price.high)})" if price.count > 1 else ""
    providers = f"{price.count} providers{spread}" if price.count > 1 else ", ".join(price.providers)
    if price.basis == "own":
        return f"{usd(price.usd_per_gpu_hour)}/h per card: {price.note}"
    parts = (price.note, providers, price.region, price.date, price.source if price.source != price.note else None)
    return f"{usd(price.usd_per_gpu_hour)}/h per card: {', '.join(part for part in parts if part)}"
