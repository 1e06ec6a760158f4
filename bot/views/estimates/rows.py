"""The figures of one option, row by row: the same rows stand in an estimate's table and in a comparison's columns."""

from collections.abc import Callable

from bot.answers.kinds import HostedAnswer, OneAnswer
from bot.views.estimates.verdict import judge
from bot.views.kit.format import count, percent, seconds, usd, usd_round
from calculator.estimates.estimate import Estimate

Row = tuple[str, str, str]
"""What, the figure, the note beside it."""


def rows(answer: OneAnswer) -> list[Row]:
    """The figures that decide, each with what stands behind it."""
    if isinstance(answer, HostedAnswer):
        return _service(answer)
    result = answer.estimate
    judged: Row = ("Verdict", judge(answer)[1], _answered_for(result))
    return [judged, _memory(result), *_latency(result), *_bound(result), *_load(result), *_cost(result), _score(result)]


def _answered_for(result: Estimate) -> str:
    w, d = result.workload, result.deployment
    return f"{w.input_tokens:,} in, {w.output_tokens:,} out, batch {w.batch_size}, tp {d.tp}, {d.engine.display_name}"


def _memory(result: Estimate) -> Row:
    m = result.memory
    room = f"room for {m.max_concurrent_sequences:,} such requests at once, or a context of {m.max_context_tokens:,}"
    return "Memory", f"{m.total_memory_gb:,.1f} of {m.label_gb:g} GB ({m.memory_utilization_percent:.0f} %)", room


def _latency(result: Estimate) -> list[Row]:
    t = result.latency
    if t.total_latency_seconds is None:
        return [("Latency", "unknown", t.reason or "")]
    if_it_fit = "if it fitted; " if result.hypothetical else ""
    first = f"{if_it_fit}first token {seconds(t.ttft_seconds)}, then {seconds(t.tpot_seconds)} each; {interval(result)}"
    speed = f"{count(t.output_tokens_per_second_per_user or 0)} output tok/s per user, {count(t.output_tokens_per_second or 0)} in all"
    return [
        ("Latency", seconds(t.total_latency_seconds), first.removesuffix("; ")),
        ("Tokens per second", count(t.tokens_per_second or 0), speed),
    ]


def _bound(result: Estimate) -> list[Row]:
    """What an answer mostly waits for, and what moves it."""
    found = result.binding
    if found is None:
        return []
    share = f", {percent(found.share)}" if found.share else ""
    return [
        ("Bound by", f"{found.words}{share}", f"what moves it: {found.lever}" if found.lever else "share of the answer")
    ]


def interval(result: Estimate, name: str = "total_latency_seconds", show: Callable[[float], str] = seconds) -> str:
    """`80 %: 3.9 s to 5.2 s`, or nothing where no interval was fitted."""
    found = (result.latency.intervals or {}).get(name)
    return f"80 %: {show(found[0])} to {show(found[1])}" if found else ""


def _load(result: Estimate) -> list[Row]:
    load = result.load
    if load is None:
        return []
    if load.overloaded:
        needed = f"{load.replicas_needed} replicas keep up" if load.replicas_needed else load.reason or ""
        return [
            (
                "Load",
                "overloaded",
                f"can do {count(load.capacity_requests_per_hour)} of {count(load.requests_per_hour)} req/h; {needed}",
            )
        ]
    waits = (
        f"95 % answered within {seconds(load.latency_p95_seconds)}, first token within {seconds(load.ttft_p95_seconds)}"
    )
    return [
        (
            "Load",
            f"{percent(load.utilization)} busy",
            f"{waits}; capacity {count(load.capacity_requests_per_hour)} req/h",
        )
    ]


def _cost(result: Estimate) -> list[Row]:
    c = result.cost
    if c.price is None:
        return [("Cost", "unknown", c.reason or "")]
    found: list[Row] = []
    if c.cost_per_request is not None and c.shared is not None:
        note = f"busy time, as if alone; {usd(c.shared.cost_per_request)} shared by the batch"
        found.append(("Cost per request", usd(c.cost_per_request), note))
        million = f"shared; {usd(c.usd_per_million_output_tokens)} per million output tokens"
        found.append(("$ per million tokens", usd(c.usd_per_million_tokens), million))
    if c.hourly_cost is not None:
        busy = f"{usd(c.hourly_cost)} an hour x {result.workload.hours_per_month:g} h"
        found.append(("Busy time per month", usd_round(c.monthly_cost), busy))
    if c.provisioned is not None:
        p = c.provisioned
        idle = f", {percent(p.idle_share)} of it idle" if p.idle_share is not None else ""
        found.append(
            (
                "Kept per month",
                usd_round(p.monthly_cost),
                f"{p.gpus} x {usd(c.price.usd_per_gpu_hour)}/h x {p.hours_per_month:g} h{idle}",
            )
        )
    return found


def _score(result: Estimate) -> Row:
    c = result.compatibility
    parts = ", ".join(f"{name} {value * 100:.0f}" for name, value in c.parts if value is not None)
    return "Score", f"{c.performance_score:.0f} of 100", parts


def _service(answer: HostedAnswer) -> list[Row]:
    lengths = f"{answer.workload.input_tokens:,} in, {answer.workload.output_tokens:,} out"
    if not answer.offers:
        return [("Verdict", "No price known", lengths)]
    best = answer.offers[0]
    offer = f"{best.provider}, cheapest of {len(answer.offers)}"
    found: list[Row] = [
        ("Verdict", "Hosted", lengths),
        ("Memory", "–", "the provider's"),
        ("Latency", "–", "the provider publishes none"),
        ("Cost per request", usd(best.cost_per_request), "; ".join(filter(None, (offer, best.cache_note)))),
        ("$ per million tokens", usd(best.usd_per_million_tokens), "this mix of prompt and output"),
    ]
    if best.monthly_cost is not None:
        found.append(
            ("Kept per month", usd_round(best.monthly_cost), f"{usd(best.hourly_cost)} an hour; nothing while idle")
        )
    return found
