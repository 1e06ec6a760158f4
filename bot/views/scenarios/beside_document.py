"""Our figures beside those that the reference document prints, and for each difference the reason."""

from collections.abc import Iterator
from typing import Any

from bot.answers.kinds import CompareAnswer, EstimateAnswer, OneAnswer
from bot.views.kit.format import seconds, usd
from bot.views.kit.markdown import escape, table
from bot.views.scenarios.report_parts import DIGITS
from calculator.catalog.document import ReferenceOption, ReferenceUseCase
from calculator.estimates.estimate import Estimate
from calculator.specs.workload import HOURS_PER_MONTH
from calculator.team.correction import fastest_tpot_s

FULL = 100.0
LABELS = {
    "total_memory_gb": "Memory, GB",
    "memory_fits": "Fits",
    "memory_utilization_percent": "Memory used, %",
    "total_latency_seconds": "Latency, s",
    "tokens_per_second": "Tokens per second",
    "cost_per_request": "Cost per request, $",
    "hourly_cost": "Cost per hour, $",
    "monthly_cost": "Cost per month, $",
    "performance_score": "Score",
}


def beside(theirs: ReferenceUseCase, ours: CompareAnswer) -> Iterator[str]:
    """The section that holds the two side by side."""
    yield "### Beside the Reference Document"
    yield escape(verdicts(theirs, ours))
    rows = [("Option", "Figure", "Document", "Here", "Why they differ")]
    for found in differences(theirs, ours):
        shown = (number(found["figure"], found[side]) for side in ("document", "here"))
        rows.append((found["option"], LABELS[found["figure"]], *shown, found["why"] or "the same"))
    yield table(rows)


def verdicts(theirs: ReferenceUseCase, ours: CompareAnswer) -> str:
    """Which option each recommends."""
    winner = ours.decision.winner
    here = f"option {winner.option.name}" if winner else "none of them"
    same = "also" if winner and winner.option.name == theirs.recommended else "here it is"
    return f"The document recommends option {theirs.recommended}; {same} {here}."


def differences(theirs: ReferenceUseCase, ours: CompareAnswer) -> Iterator[dict[str, Any]]:
    """Every figure of every option, the document's and ours, and why they differ; no reason where they are the same."""
    for option, answer in zip(theirs.options, ours.options, strict=True):
        figures = _figures(answer)
        for name, value in option.printed:
            here = figures[name]
            same = here == value if name == "memory_fits" else round(here, DIGITS[name]) == value
            why = "" if same or not isinstance(answer, EstimateAnswer) else _why(name, option, answer.estimate)
            yield {"option": option.name, "figure": name, "document": value, "here": here, "why": why}


def _figures(answer: OneAnswer) -> dict[str, Any]:
    results = answer.export()["results"]
    return {
        name: value for part in ("memory", "latency", "cost", "compatibility") for name, value in results[part].items()
    }


def number(name: str, value: Any) -> str:
    """A figure in the document's digits."""
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value:,.{DIGITS[name]}f}"


def _why(name: str, option: ReferenceOption, found: Estimate) -> str:
    """The reason for a difference."""
    reasons = {
        "total_memory_gb": _memory,
        "memory_fits": _fits,
        "memory_utilization_percent": _share,
        "total_latency_seconds": _latency,
        "cost_per_request": _cost,
        "monthly_cost": _month,
        "performance_score": _score,
    }
    if name in reasons:
        return reasons[name](option, found)
    return "follows from the latency" if name == "tokens_per_second" else "follows from the cost per request"


def _memory(option: ReferenceOption, found: Estimate) -> str:
    parts, w = found.memory.parts, found.workload
    rest = found.memory.total_memory_gb - parts.weights - parts.kv_cache
    return (
        f"here {parts.weights:.1f} of weights at {found.deployment.precision.label}, {parts.kv_cache:.1f} of KV cache for {w.batch_size} x "
        f"{w.tokens:,} tokens and {rest:.1f} for the engine; the document's {option.asked.model_size} is read at 16 bits, and it does not "
        "say what its sum is made of"
    )


def _fits(option: ReferenceOption, found: Estimate) -> str:  # noqa: ARG001  # every reason is asked alike
    return f"follows from the memory: {found.memory.memory_utilization_percent:.1f} % of the card"


def _share(option: ReferenceOption, found: Estimate) -> str:
    used = option.printed.memory_utilization_percent
    fit = (
        f"; the document calls {used} % a fit, here a fit ends at 100 %"
        if option.printed.memory_fits and used > FULL
        else ""
    )
    return f"follows from the memory, on a card of {found.memory.label_gb:g} GB{fit}"


def _latency(option: ReferenceOption, found: Estimate) -> str:
    """The document's speed follows from the model alone; here memory bandwidth bounds every output token."""
    w, asked = found.workload, option.asked
    each = option.printed.total_latency_seconds / asked.tokens
    least = fastest_tpot_s(found.deployment, w.batch_size) * w.output_tokens
    theirs = f"the document takes {seconds(each)} for each of the {asked.tokens:,} tokens, prompt and output alike, whatever the batch and the load"
    if least > option.printed.total_latency_seconds:
        return (
            f"{theirs}; reading the weights for each of the {w.output_tokens:,} output tokens takes {seconds(least)} at least, more "
            "than its whole answer"
        )
    latency = found.latency
    return f"{theirs}; here the prompt takes {seconds(latency.ttft_seconds)} and each of the {w.output_tokens:,} output tokens {seconds(latency.tpot_seconds)}"


def _cost(option: ReferenceOption, found: Estimate) -> str:
    price = found.cost.price
    ours = usd(price.usd_per_gpu_hour) if price else "unknown"
    implied = f"its latency and cost imply {usd(option.usd_per_gpu_hour)} an hour for a card"
    cards = f" for each of {found.deployment.gpus} cards" if found.deployment.gpus > 1 else ""
    return f"{implied}, here it is {ours}{cards}; and the latency differs"


def _month(option: ReferenceOption, found: Estimate) -> str:  # noqa: ARG001  # every reason is asked alike
    hours = found.workload.hours_per_month
    same = hours == HOURS_PER_MONTH
    return "follows from the cost per request" + (
        "" if same else f"; the document counts {HOURS_PER_MONTH:g} hours of a month, here it is {hours:g}"
    )


def _score(option: ReferenceOption, found: Estimate) -> str:
    if not found.memory.memory_fits and option.printed.performance_score > 0:
        return "the document scores what does not fit; here that is 0"
    return "the document does not say what its score is made of; here memory, latency and load count against what is required"
