"""What a scenario report is written from, and its summary: one row for each use case."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from bot.answers.kinds import CompareAnswer
from bot.views.decisions.decision import is_unsure, rationale, sentence
from bot.views.kit.format import seconds, usd_round
from calculator.catalog.document import ReferenceUseCase
from calculator.decisions.decision import Judged

REASONS = 2
"""Reasons that the summary gives."""


class UseCase(NamedTuple):
    """One use case of a report."""

    name: str
    title: str
    about: str
    answer: CompareAnswer | None
    """None where it cannot be answered any more."""
    problem: str = ""
    """Why not."""
    hours: str = ""
    """The availability that is required, as it was said."""
    news: str = ""
    """What changed since its last answer."""
    document: ReferenceUseCase | None = None
    """What the reference document prints of it."""


class Report(NamedTuple):
    """Everything that a report is written from."""

    cases: Sequence[UseCase]
    now: datetime
    about: Sequence[str] = ()
    """What to know of this report, beside what holds for every one."""


def recommended(answer: CompareAnswer) -> str:
    """`Option A (Llama 2 7B BF16 on RTX 4090)`; what is said where no option meets everything."""
    winner = answer.decision.winner
    if winner is None:
        return "No option meets everything"
    doubt = ", if what is not known of it holds" if is_unsure(winner) else ""
    return f"Option {winner.option.name} ({winner.option.label}){doubt}"


def summary(report: Report) -> list[tuple[str, ...]]:
    """One row for each use case, under a heading; the document's own choice where there is one."""
    beside = any(case.document for case in report.cases)
    theirs = ("The document's",) if beside else ()
    head = ("Use case", "Recommended option", *theirs, "Monthly cost", "Latency", "Why")
    return [head, *(_row(case, beside=beside) for case in report.cases)]


def _row(case: UseCase, *, beside: bool) -> tuple[str, ...]:
    theirs = (f"Option {case.document.recommended}" if case.document else "–",) if beside else ()
    if case.answer is None:
        return (case.title, "–", *theirs, "–", "–", case.problem)
    winner = case.answer.decision.winner
    if winner is None:
        return (case.title, "No option meets everything", *theirs, "–", "–", sentence(case.answer)[1])
    why = "; ".join([*rationale(winner, case.answer)][:REASONS])
    return (case.title, recommended(case.answer), *theirs, _monthly(winner), _latency(winner), why)


def _monthly(winner: Judged) -> str:
    """What it costs to keep, and its busy time."""
    kept, busy = winner.option.monthly_usd, winner.option.busy_usd
    if kept is None:
        return "unknown"
    return usd_round(kept) + (f" ({usd_round(busy)} busy time)" if busy is not None and winner.option.estimate else "")


def _latency(winner: Judged) -> str:
    estimate = winner.option.estimate
    return seconds(estimate.latency.total_latency_seconds) if estimate else "not published"
