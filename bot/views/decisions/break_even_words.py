"""A break-even in words: below which volume the API is cheaper, above which the hardware, and what that rests on."""

import math

from bot.answers.kinds import BreakEvenAnswer
from bot.views.estimates.verdict import Level, name_of
from bot.views.kit.format import percent, plural, usd, usd_round
from calculator.decisions.break_even import NOISE, BreakEven, Sides

POINTS = 16
"""Rates in the chart beside the stated one and the break-even."""
APART = 0.1
"""Rates of the chart that are nearer than this to one that is shown anyway are left out (in their logarithm)."""
LEAST_COUNT = 10
"""From so many req/h on they are shown as whole numbers."""
LEAST = {
    "own": "your own hardware",
    "api": "the API",
    "overflow": "own hardware with overflow to the API",
    "split": "the private share alone on own hardware",
}
"""The plans in a sentence; among equal costs the first is named."""


def verdict(answer: BreakEvenAnswer) -> tuple[Level, str, str]:
    """The level, the judgement in one line, and the sentence behind it."""
    own, api, sides = name_of(answer.own), name_of(answer.service), answer.sides
    if sides is None:
        return (
            "bad",
            "Your own hardware does not do it",
            f"{own}: {answer.reason}. {api} costs {usd(answer.hosted.cost_per_request)} a request.",
        )
    found = sides.break_even()
    level: Level = "warning" if answer.reason else "good"
    missed = f" The limits are missed: {answer.reason}." if answer.reason else ""
    behind = f"{_at_stated(answer, sides)}{_there(found) if found else _never(sides)}{_mix(sides, found)} Own: {own}; API: {api}.{missed}"
    if found is None:
        where = f"up to {rate_text(sides.highest_rate)}" if sides.pays_when_full else "at every rate"
        return level, f"The API is cheaper than your own hardware {where}", behind
    if not found.first:
        return level, "Your own hardware is cheaper from the first request on", behind
    above = "it" if found.steady else rate_text(found.requests_per_hour)
    return level, f"Below {rate_text(found.first)} the API is cheaper, above {above} your own hardware", behind


def _at_stated(answer: BreakEvenAnswer, sides: Sides) -> str:
    """What costs least at the stated rate, of what is allowed."""
    rate = answer.requests_per_hour
    if rate is None:
        return ""
    plans = sides.plans(rate)
    name = min(plans, key=lambda one: (round(plans[one].usd_per_hour, 6), list(LEAST).index(one)))
    month = plans[name].usd_per_hour * answer.own.estimate.workload.hours_per_month
    private = f", with {percent(sides.private_share)} of requests kept private" if sides.private_share else ""
    return f"At {rate_text(rate)} {LEAST[name]} costs least: {usd_round(month)} a month{private}. "


def _there(found: BreakEven) -> str:
    """What is kept at the break-even, and how much of it is used."""
    copies = plural(found.copies, "copy", "copies")
    between = "" if found.steady else " Between the two each further copy makes it dearer for a while."
    return f"At {rate_text(found.requests_per_hour)} {copies} {'is' if found.copies == 1 else 'are'} {percent(found.busy)} busy on average.{between}"


def _never(sides: Sides) -> str:
    """Why hardware does not pay: a copy against what the API asks for its requests."""
    kept_for = (
        f"{rate_text(sides.planned_per_copy / sides.peak_factor)}{' on average' if sides.peak_factor > 1 else ''}"
    )
    return f"A copy costs {usd(sides.usd_per_copy_hour)} an hour; for the {kept_for} that it is kept for the API asks {usd(sides.worth_of_copy)}."


def _mix(sides: Sides, found: BreakEven | None) -> str:
    """From where own copies for the base load pay."""
    start = sides.mix_from()
    if found and start and start >= found.first * (1 - NOISE):
        return ""
    if start is None or start > sides.highest_rate:
        return "" if sides.private_share else " No mix of both is cheaper than the API."
    return f" From {rate_text(start)} on a mix is cheaper than the API: copies for the base load, overflow to the API."


def rates_of(sides: Sides, stated: float | None) -> list[float]:
    """Rates that a chart shows: around the break-even, the start of a mix, one copy and the stated rate; those two themselves."""
    found, mix = sides.break_even(), sides.mix_from()
    marks = [found.requests_per_hour if found else None, stated]
    around = [rate for rate in (*marks, mix, sides.planned_per_copy / sides.peak_factor) if rate]
    low, high = min(around) / 4, min(max(around) * 4, max(sides.highest_rate, *around))
    even = (low * (high / low) ** (step / (POINTS - 1)) for step in range(POINTS))
    own = [rate for rate in marks if rate]
    apart = [_rounded(rate) for rate in even if all(abs(math.log(rate / mark)) > APART for mark in own)]
    return list({short(rate): rate for rate in sorted([*apart, *own])}.values())


def rate_text(rate: float) -> str:
    """`1,240 req/h`."""
    return f"{short(rate)} req/h"


def short(rate: float) -> str:
    return f"{rate:,.0f}" if rate >= LEAST_COUNT else f"{rate:.3g}"


def _rounded(rate: float) -> float:
    """The rate with two significant figures, so that a chart's labels are short."""
    return float(f"{rate:.1e}")
