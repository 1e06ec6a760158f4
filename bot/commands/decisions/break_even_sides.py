"""Own hardware against a hosted model: both sides resolved, the service chosen where none is named."""

from collections.abc import Iterator

from bot.answers.kinds import BreakEvenAnswer, EstimateAnswer, HostedAnswer
from bot.commands.decisions.break_even_question import BreakEvenQuestion
from bot.commands.decisions.compare_question import WORKLOAD
from bot.commands.decisions.deciding import at_hours, load_of
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import resolve
from calculator.catalog import find_model, hosted_model, model_keys, quality
from calculator.catalog.names import hosted_only_keys
from calculator.decisions.break_even_sides import Given, given_of, sides_of, why_not
from calculator.decisions.day import hours_a_day, peak_hours_of
from calculator.errors import QuestionError
from calculator.estimates.load import COMFORTABLE
from calculator.prices.hosted_cost import hosted_costs
from calculator.specs.requirements import LEAST_TIER, TIERS, Level, Tier
from calculator.specs.workload import Workload
from calculator.team.own import NOTHING, Own, is_own


def broken_even(question: BreakEvenQuestion, own: Own = NOTHING) -> BreakEvenAnswer:
    """The answer to the question; QuestionError names the field that is missing or not understood."""
    about, load = at_hours(question.about, question), load_of(question)
    mine = resolve(about, own, load)
    assert isinstance(mine, EstimateAnswer)
    against, chosen = (question.against, "") if question.against else _as_good(mine, question.quality)
    work = {name: getattr(about, name) for name in WORKLOAD}
    service = resolve(against.model_copy(update=work), own, load)
    assert isinstance(service, HostedAnswer)
    if not service.offers:
        raise QuestionError(
            "model_size", f"No price of {service.model_name} is known. Name another, such as `vs gpt-4o-mini`."
        )
    reason = why_not(mine.estimate)
    given = None if reason else given_of(mine.estimate, own.measurements)
    private, hours = question.private_share or 0, question.peak_hours
    sides = given and sides_of(mine.estimate, service.offers[0], given, peak_hours=hours, private_share=private)
    return BreakEvenAnswer(
        asked=str(question.model_copy(update={"channel": None})),
        spelled_out=_written_out(question, mine, service),
        own=mine,
        service=service,
        sides=sides or None,
        reason=reason or (given and given.missed) or "",
        discount=about.discount,
        budget_usd=None if question.budget_usd is None else float(question.budget_usd),
        assumed=tuple(filter(None, (chosen, *_assumed(mine, service, given, question)))),
    )


def _written_out(question: BreakEvenQuestion, mine: EstimateAnswer, service: HostedAnswer) -> str:
    """The question with every alias and default of both sides."""
    about = EstimateQuestion.from_text(mine.spelled_out)
    against = (question.against or EstimateQuestion()).model_copy(
        update={"model_size": service.model_key, "deployment_mode": "api"}
    )
    return str(question.model_copy(update={"about": about, "against": against, "channel": None, "quality": None}))


def _as_good(mine: EstimateAnswer, level: str | None) -> tuple[EstimateQuestion, str]:
    """The same model as a service where somebody hosts it; else the cheapest one whose published tier is at least the same."""
    w, words = mine.estimate.workload, mine.model_size
    model = mine.estimate.deployment.model if is_own(words) else find_model(words).spec
    scored = quality(model.key)
    if level is None and _price(model.key, w) is not None:
        return _service(model.key), f"No service was named: it is the same model, {model.display_name}, as one."
    wanted: Level = level or "medium"  # type: ignore[assignment]  # one of its words
    tier: Tier = LEAST_TIER[wanted] if level or scored is None else scored.tier  # type: ignore[assignment]  # likewise
    keys = [key for key in (*hosted_only_keys(), *model_keys()) if _reaches(key, tier)]
    priced = {key: price for key in keys if (price := _price(key, w)) is not None}
    if not priced:
        raise QuestionError("model_size", "No service is known that is as good. Name one, such as `vs gpt-4o`.")
    best = min(priced, key=lambda key: priced[key])
    why = "that quality was asked for" if level else "nobody hosts it" if scored else "nobody hosts or scores it"
    told = f"No service was named: it is the cheapest scored {tier} or better, as {why} ({model.display_name})."
    return _service(best), told


def _service(key: str) -> EstimateQuestion:
    return EstimateQuestion(model_size=key, deployment_mode="api")


def _reaches(key: str, tier: Tier) -> bool:
    scored = quality(key)
    return scored is not None and TIERS.index(scored.tier) >= TIERS.index(tier)


def _price(key: str, workload: Workload) -> float | None:
    """Dollars per request at the cheapest provider; None where nobody hosts it for a price."""
    found = hosted_model(key)
    offers = hosted_costs(found, workload) if found else ()
    return offers[0].cost_per_request if offers else None


def _assumed(
    mine: EstimateAnswer, service: HostedAnswer, given: Given | None, question: BreakEvenQuestion
) -> Iterator[str]:
    """What the figures take for granted, each with what to say instead."""
    w = mine.estimate.workload
    if w.peak_factor > 1:
        day = hours_a_day(w.hours_per_month)
        hours = peak_hours_of(w.peak_factor, w.hours_per_month, question.peak_hours)
        said = "" if question.peak_hours else f"; say for example `peak {hours / 2:.3g} hours a day`"
        yield f"The rate is the average of a day: {w.peak_factor:g} times as much for {hours:.3g} of {day:.3g} hours, less in the others{said}."
    if given:
        limited = any((w.max_latency_s, w.max_ttft_s)) and not given.missed
        why = (
            "95 % of requests meet the limits"
            if limited
            else f"{COMFORTABLE:.0%} of what it can finish, so that waits stay short"
        )
        yield f"A copy is given at most {given.planned:,.0f} req/h: {why}."
    if question.redundancy and not question.private_share:
        yield "With overflow the API stands in for a copy that fails, so no spare copy is kept."
    yield f"Copies for the peak are kept for all {w.hours_per_month:g} hours of the month; both sides take the same tokens."
    if note := service.offers[0].cache_note:
        yield f"{note[0].upper()}{note[1:]}."
