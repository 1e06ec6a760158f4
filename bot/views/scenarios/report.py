"""The scenario report: several use cases as one Markdown document, in the form of the reference document."""

import re
from collections.abc import Iterator

from bot.answers.decided import LETTERS
from bot.answers.kinds import CompareAnswer, EstimateAnswer
from bot.views.decisions.decision import against, rationale, sentence
from bot.views.estimates.verdict import name_of
from bot.views.kit.format import plural
from bot.views.kit.markdown import bullets, escape, json_block, table
from bot.views.scenarios.report_parts import load_lines, notes, printed, requirements
from bot.views.scenarios.report_summary import Report, UseCase, recommended, summary

DAY = re.compile(r"\d{4}-\d\d-\d\d")
COSTS = (
    "Costs in the results are for busy time: latency times price times requests. A decision is made by what it costs to keep an option, "
    "idle hours included."
)
SURE = (
    "Memory is computed from each model's architecture. Latencies are predictions: 80 % of measured ones lie in the interval below an "
    "option; where own measurements count, an option says so."
)


def document(report: Report) -> str:
    """The whole document."""
    parts = ["# LLM Inference Scenario Analysis", "## Overview", _overview(report)]
    for number, case in enumerate(report.cases, start=1):
        parts += _use_case(number, case)
    parts += ["## Summary of Recommendations", table(summary(report))]
    return "\n\n".join(filter(None, parts)) + "\n"


def _overview(report: Report) -> str:
    """What this is, from when, at whose prices, and how sure."""
    what = f"This document compares the options for {plural(len(report.cases), 'use case')} of LLM inference: whether each fits, "
    lines = [
        f"Computed by the LLM Inference Calculator on {report.now:%Y-%m-%d %H:%M} UTC, with the catalog and prices of that moment.",
        _prices(report),
        COSTS,
        SURE,
        *map(escape, report.about),
    ]
    return f"{what}how fast it is, what it costs, and which to take.\n\n{bullets(lines)}"


def _prices(report: Report) -> str:
    found = [
        option.estimate.cost.price
        for case in report.cases
        if case.answer
        for option in case.answer.options
        if isinstance(option, EstimateAnswer)
    ]
    days = sorted(day for price in found if price for day in DAY.findall(f"{price.date or ''} {price.note or ''}"))
    span = f"from {days[0]} to {days[-1]}" if days and days[0] != days[-1] else f"of {days[0]}" if days else ""
    dated = f"Dated prices of accelerators are {span}. " if span else ""
    return f"{dated}Each option names its price and where it is from."


def _use_case(number: int, case: UseCase) -> Iterator[str]:
    yield f"## Use Case {number}: {escape(case.title)}"
    yield "### Scenario Description"
    yield escape(case.about)
    if case.answer is None:
        yield f"This scenario cannot be answered any more: {escape(case.problem)}"
        return
    yield bullets([escape(line) for line in load_lines(case.answer) if line])
    yield f"Changed since the last answer: {escape(case.news)}" if case.news else ""
    yield "### Requirements Analysis"
    yield bullets([f"**{name}**: {escape(words)}" for name, words in requirements(case.answer, case.hours)])
    yield "### Calculator Results"
    yield from _options(case.answer)
    yield from _recommendation(case.answer)
    if case.document:
        from bot.views.scenarios.beside_document import beside  # noqa: PLC0415  # only the reference run has a document beside it

        yield from beside(case.document, case.answer)


def _options(answer: CompareAnswer) -> Iterator[str]:
    """Each option's figures, and what to know of them."""
    roles = answer.roles or ((),) * len(answer.options)
    for letter, option, role in zip(LETTERS, answer.options, roles, strict=False):
        found = printed(option)
        place = found["deployment_mode"]
        yield f"#### Option {letter}: {escape(name_of(option))} ({'API' if place == 'api' else place.capitalize()})"
        yield json_block(found)
        looked_for = [f"Found as the {', '.join(role)}"] if role else []
        yield bullets([f"{escape(line)}." for line in (*looked_for, *notes(option))])


def _recommendation(answer: CompareAnswer) -> Iterator[str]:
    """Who wins and why; what each other option lacks, and what would change that."""
    winner = answer.decision.winner
    yield f"### Recommendation: {escape(recommended(answer))}"
    yield escape(sentence(answer)[1])
    if winner:
        yield f"**Rationale:**\n{bullets([escape(line) for line in rationale(winner, answer)])}"
    losers = [one for one in answer.decision.ranked if one is not winner]
    if losers:
        lines = [f"**Option {one.option.name}** {escape(against(one, winner, answer))}" for one in losers]
        yield f"**{'Why not the others' if winner else 'What each lacks'}:**\n{bullets(lines)}"
