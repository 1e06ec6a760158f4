"""The parts of a scenario report: an option's figures in the reference document's form, and what is required in words."""

from collections.abc import Callable, Iterator
from typing import Any

from bot.answers.kinds import CompareAnswer, EstimateAnswer, OneAnswer
from bot.views.estimates.price import price_line
from bot.views.estimates.rows import interval
from bot.views.kit.format import count, seconds, usd_round
from calculator.specs.requirements import LEAST_TIER
from calculator.specs.workload import HOURS_PER_MONTH, Workload

DIGITS = {
    "total_memory_gb": 1,
    "memory_utilization_percent": 1,
    "total_latency_seconds": 2,
    "tokens_per_second": 1,
    "cost_per_request": 5,
    "hourly_cost": 3,
    "monthly_cost": 2,
    "performance_score": 1,
}
"""Decimals to which the document prints a figure."""
TOO_ROUGH = 0.1
"""Share of a figure that rounding may take away or add."""
RESULTS = {
    "memory": ("total_memory_gb", "memory_fits", "memory_utilization_percent"),
    "latency": ("total_latency_seconds", "tokens_per_second"),
    "cost": ("cost_per_request", "hourly_cost", "monthly_cost"),
    "compatibility": ("performance_score", "recommendations"),
}
"""The document's keys."""
ASKED = ("model_size", "tokens", "batch_size", "hardware_type", "deployment_mode", "requests_per_hour")
CRITICAL_S, MEDIUM_S = 2.0, 10.0
"""Limits up to which the document calls latency critical, and medium."""
THROUGHPUT = ((5000, "Very high"), (1000, "High"), (100, "Medium"), (0, "Low"))
"""Requests per hour from which the document calls throughput so."""


def printed(option: OneAnswer) -> dict[str, Any]:
    """The option as the document prints it: exactly its keys, rounded to its digits."""
    found = option.export()
    cards = option.estimate.deployment.gpus if isinstance(option, EstimateAnswer) else 1
    asked = {name: _whole(found[name]) for name in ASKED}
    if cards > 1:
        asked["hardware_type"] = f"{cards}x{found['hardware_type']}"
    results = found["results"]
    return asked | {
        "results": {
            part: {name: rounded(name, (results[part] or {}).get(name)) for name in names}
            for part, names in RESULTS.items()
        }
    }


def rounded(name: str, value: Any) -> Any:
    """A figure in the document's digits; one too small for them in two significant ones."""
    if not isinstance(value, float) or name not in DIGITS:
        return value
    short = round(value, DIGITS[name])
    return short if abs(short - value) <= TOO_ROUGH * abs(value) else float(f"{value:.1e}")


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def workload_of(option: OneAnswer) -> Workload:
    """What is asked of an option."""
    return option.estimate.workload if isinstance(option, EstimateAnswer) else option.workload


def _said(answer: CompareAnswer, words: Callable[[Workload], str]) -> str:
    """What holds for the options; each once, where they differ."""
    return ", ".join(dict.fromkeys(filter(None, (words(workload_of(option)) for option in answer.options))))


def load_lines(answer: CompareAnswer) -> Iterator[str]:
    """The load in bare facts."""
    yield _said(answer, _lengths)
    yield _said(answer, lambda w: f"{count(w.requests_per_hour)} requests per hour" if w.requests_per_hour else "")
    yield _said(answer, lambda w: f"An answer within {seconds(w.max_latency_s)}" if w.max_latency_s else "")
    yield _said(answer, lambda w: f"The first token within {seconds(w.max_ttft_s)}" if w.max_ttft_s else "")
    yield f"Taken for granted, since nothing else was said: {', '.join(answer.filled)}" if answer.filled else ""


def _lengths(w: Workload) -> str:
    return f"{w.tokens:,} tokens per request ({w.input_tokens:,} in, {w.output_tokens:,} out)"


def requirements(answer: CompareAnswer, hours: str = "") -> list[tuple[str, str]]:
    """What is required, by the document's headings, and more where more is required; `hours` is the availability as it was said."""
    needs = answer.needs
    quality = (
        f"{needs.quality.capitalize()} (published scores {LEAST_TIER[needs.quality]} or better)"
        if needs.quality
        else ""
    )
    found = [
        ("Model Quality", quality or "Not stated"),
        ("Latency", _said(answer, _latency) or "Not stated"),
        ("Throughput", _said(answer, _throughput) or "Not stated"),
        ("Cost Sensitivity", needs.cost_sensitivity.capitalize()),
        ("Availability", "24/7" if needs.around_the_clock else _said(answer, lambda w: _availability(w, hours))),
        ("Privacy", "High (must work offline: nothing leaves the premises)" if needs.offline else "Not stated"),
    ]
    if needs.redundant:
        found.append(("Redundancy", "One copy more than the load needs"))
    if needs.budget_usd:
        found.append(("Budget", f"{usd_round(needs.budget_usd)} a month"))
    return found


def _latency(w: Workload) -> str:
    limits = (("", w.max_latency_s), (" to the first token", w.max_ttft_s))
    told = [f"< {seconds(limit)}{what}" for what, limit in limits if limit is not None]
    least = min((limit for _, limit in limits if limit is not None), default=None)
    if least is None:
        return ""
    word = "Critical" if least <= CRITICAL_S else "Medium" if least <= MEDIUM_S else "Low"
    return f"{word} ({', '.join(told)})"


def _throughput(w: Workload) -> str:
    rate = w.requests_per_hour
    if rate is None:
        return ""
    return f"{next(word for least, word in THROUGHPUT if rate >= least)} ({count(rate)} req/hour)"


def _availability(w: Workload, said: str) -> str:
    if w.hours_per_month == HOURS_PER_MONTH and not said:
        return "Not stated"
    return f"{said.capitalize() or 'Part of the time'} ({w.hours_per_month:g} hours a month)"


def notes(option: OneAnswer) -> Iterator[str]:
    """What stands below an option's figures: what was understood, how sure it is, what keeping it costs, the price behind that."""
    yield from (f"Understood: {note}" for note in option.notes)
    if not isinstance(option, EstimateAnswer):
        yield "A hosted model: the provider publishes neither memory nor latency"
        yield f"Price: {price_line(option)}" if option.offers else "No price of it is known"
        return
    found = option.estimate
    if found.hypothetical:
        yield "Does not fit: latency and cost are computed as if memory were enough"
    if sure := interval(found):
        yield f"Latency, {sure}"
    if found.correction:
        numbers = ", ".join(str(one.number) for one in found.correction.measurements if one.number)
        exact = found.correction.nearness > 1 - 1e-9
        yield f"Latency {'rests on' if exact else 'is corrected by'} {f'own measurement {numbers}' if numbers else 'what was measured'}"
    kept, load = found.cost.provisioned, found.load
    if load and load.overloaded:
        yield f"Overloaded: can do {count(load.capacity_requests_per_hour)} of {count(load.requests_per_hour)} requests per hour"
    if kept:
        cards = f"{kept.gpus} {'card' if kept.gpus == 1 else 'cards'}"
        yield f"Kept all {kept.hours_per_month:g} hours of a month: {usd_round(kept.monthly_cost)} ({cards})"
    yield f"Price: {price_line(option)}" if found.cost.price else f"No price: {found.cost.reason}"
