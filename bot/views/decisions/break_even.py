"""Own hardware against a hosted API: the volume from which it pays, a chart over all rates, the plans at the stated one."""

from bot.answers.kinds import BreakEvenAnswer
from bot.answers.shown import ShownAnswer
from bot.language.plain import clip
from bot.reply import Block
from bot.views.decisions.break_even_words import rate_text, rates_of, short, verdict
from bot.views.estimates.details import details
from bot.views.estimates.price import price_line
from bot.views.estimates.verdict import MARKS
from bot.views.kit.blocks import columns, context, escape, preformatted, section, table
from bot.views.kit.chart import line_chart
from bot.views.kit.format import count, percent, plural, usd, usd_round
from calculator.decisions.break_even import NOISE, BreakEven, Plan, Sides

TITLES = {"own": "Own hardware", "api": "API", "overflow": "Overflow to the API", "split": "Private share kept"}
__all__ = ["shown_break_even", "verdict"]
Row = tuple[str, ...]


def shown_break_even(answer: BreakEvenAnswer) -> ShownAnswer:
    """What is shown of the answer, and what is shown behind it."""
    level, judgement, behind = verdict(answer)
    line = f"{MARKS[level]} *{escape(judgement)}.* {escape(behind)}"
    chart = [_chart(answer, answer.sides)] if answer.sides else []
    return ShownAnswer(
        asked=answer.asked,
        compares=True,
        verdict=f"{judgement}: {behind}",
        data=answer.export(),
        decided=answer.decided,
        blocks=(section(line), *chart, *_plans(answer), *_discount(answer), *_assumed(answer), _small_print(answer)),
        details=(*_staircase(answer), *details(answer.own, "Own: "), *details(answer.service, "API: ")),
        figures=(_figures(answer),),
    )


def _chart(answer: BreakEvenAnswer, sides: Sides) -> Block:
    """Dollars a month of the plans over rates, evenly spaced in their logarithm."""
    hours = answer.own.estimate.workload.hours_per_month
    rates = rates_of(sides, answer.requests_per_hour)
    plans = {"Own hardware": sides.own, "API": sides.api, "Hybrid": sides.overflow}
    series = {name: [round(plan(rate).usd_per_hour * hours, 2) for rate in rates] for name, plan in plans.items()}
    return line_chart("Dollars a month", [short(rate) for rate in rates], series, "requests per hour")


def _plans(answer: BreakEvenAnswer) -> list[Block]:
    """The plans at the stated rate; nothing where none is stated."""
    sides, rate = answer.sides, answer.requests_per_hour
    if not (sides and rate):
        return []
    plans = {"own": sides.own(rate), "api": sides.api(rate), **sides.plans(rate)}
    dearest = max(plan.usd_per_hour for plan in plans.values())
    hours = answer.own.estimate.workload.hours_per_month
    head = ("Plan", f"A month at {rate_text(rate)}", "Saves against the dearest", "What it means")
    rows = [_row(answer, sides, name, plan, (dearest - plan.usd_per_hour) * hours) for name, plan in plans.items()]
    return [table([head, *rows], right=(1, 2))]


def _row(answer: BreakEvenAnswer, sides: Sides, name: str, plan: Plan, saves: float) -> Row:
    month = plan.usd_per_hour * answer.own.estimate.workload.hours_per_month
    over = answer.budget_usd is not None and month > answer.budget_usd
    budget = f"; over the budget of {usd_round(answer.budget_usd)}" if over else ""
    meaning = f"{_meaning(answer, sides, name, plan)}{budget}"
    return TITLES[name], usd_round(month), usd_round(saves) if saves >= 0.005 else "–", meaning


def _meaning(answer: BreakEvenAnswer, sides: Sides, name: str, plan: Plan) -> str:
    rate = answer.requests_per_hour or 0
    if name == "api":
        kept = f"; but {percent(sides.private_share)} of requests may not go there" if sides.private_share else ""
        return f"{usd(sides.usd_per_request)} a request, nothing while idle{kept}"
    if not plan.copies:
        return "no copy pays at this rate: all to the API"
    cards = answer.own.estimate.deployment.gpus_per_replica
    copies = f"{plural(plan.copies, 'copy', 'copies')} of {plural(cards, 'card')}"
    if name != "own":
        kept = ", spare included" if sides.private_share and sides.spare_copies else ""
        whole = plan.own_share > 1 - NOISE
        return f"{copies}{kept} for {'every request' if whole else f'{percent(plan.own_share)} of requests, the rest to the API'}"
    spare = f", {sides.spare_copies} of them spare" if sides.spare_copies else ""
    return f"{copies}{spare}, {percent(rate / (plan.copies * sides.capacity_per_copy))} busy on average"


def _discount(answer: BreakEvenAnswer) -> list[Block]:
    """What the commitment behind a discount changes."""
    sides, share, rate = answer.sides, answer.discount, answer.requests_per_hour
    if not (sides and share) or share >= 1:
        return []
    uncommitted = sides.model_copy(update={"usd_per_copy_hour": sides.usd_per_copy_hour / (1 - share)})
    before, after = (_at(one.break_even()) for one in (uncommitted, sides))
    hours = answer.own.estimate.workload.hours_per_month
    costs = [usd_round(one.own(rate).usd_per_hour * hours) for one in (uncommitted, sides)] if rate else []
    month = f"; own hardware costs {costs[1]} a month instead of {costs[0]}" if costs else ""
    text = f"*Committed for a year* at {percent(share)} less: break-even {after} instead of {before}{month}. It is paid whether used or not."
    return [section(escape(text))]


def _at(found: BreakEven | None) -> str:
    return f"at {rate_text(found.requests_per_hour)}" if found else "nowhere"


def _assumed(answer: BreakEvenAnswer) -> list[Block]:
    return [section("\n".join(["*Taken for granted*", *(f"• {escape(text)}" for text in answer.assumed)]))]


def _small_print(answer: BreakEvenAnswer) -> Block:
    notes = "; ".join((*answer.own.notes, *answer.service.notes))
    hosted = answer.hosted
    cached = "" if hosted.usd_per_mtok_cached_input is None else f", {usd(hosted.usd_per_mtok_cached_input)} cached"
    api = f"{usd(hosted.usd_per_mtok_input)} in{cached}, {usd(hosted.usd_per_mtok_output)} out per million tokens, {price_line(answer.service)}"
    own = price_line(answer.own)
    return context(
        f"Asked: {escape(clip(answer.asked, 900))}",
        f"Understood: {escape(notes)}" if notes else "",
        f"Defaults: {escape('; '.join(answer.own.told))}" if answer.own.told else "",
        f"Price: {escape(own)}" if own else "",
        f"Price: {escape(answer.service.model_name)} {escape(api)}",
    )


def _figures(answer: BreakEvenAnswer) -> dict[str, str]:
    """What a later answer is held against."""
    sides, rate = answer.sides, answer.requests_per_hour
    if sides is None:
        return {"Break-even": "none", "Verdict": "does not do it"}
    hours = answer.own.estimate.workload.hours_per_month
    plans = sides.plans(rate) if rate else {}
    return {
        "Break-even": _at(sides.break_even()),
        "API per request": usd(sides.usd_per_request),
        "Copy per hour": usd(sides.usd_per_copy_hour),
    } | {TITLES[name]: usd_round(plan.usd_per_hour * hours) for name, plan in plans.items()}


def _staircase(answer: BreakEvenAnswer) -> list[Block]:
    """The chart's figures, with the copies of each plan."""
    sides = answer.sides
    if sides is None:
        return []
    hours = answer.own.estimate.workload.hours_per_month
    rows = [
        (
            count(rate),
            f"{own.copies:,}",
            usd_round(own.usd_per_hour * hours),
            usd_round(sides.api(rate).usd_per_hour * hours),
            f"{hybrid.copies:,}",
            usd_round(hybrid.usd_per_hour * hours),
        )
        for rate in rates_of(sides, answer.requests_per_hour)
        for own, hybrid in [(sides.own(rate), sides.overflow(rate))]
    ]
    head = ("req/h", "copies", "own, a month", "API, a month", "hybrid copies", "hybrid, a month")
    return [section("*Every rate of the chart*"), preformatted(columns([head, *rows]))]
