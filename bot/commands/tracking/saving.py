"""What could be saved: the cheapest hardware that carries the load that was seen, about as fast."""

from decimal import Decimal

from bot.answers.kinds import HostedAnswer
from bot.commands.estimates.estimate_question import EstimateQuestion
from bot.commands.estimates.resolve import resolve
from bot.desk.records import Deployment
from bot.views.kit.format import seconds
from calculator.decisions.savings import cheapest_alternative
from calculator.errors import QuestionError
from calculator.estimates.estimate import Estimate
from calculator.estimates.load import load_of
from calculator.prices.own_rates import price_for
from calculator.spending.statement import Line, planned_peak
from calculator.spending.terms import Terms
from calculator.team.correction import NO_CORRECTION
from calculator.team.own import Own

WORTH_SAYING = Decimal(10)
"""Dollars a month."""
NOT_MUCH_SLOWER = 1.5
"""Cheaper hardware may take this many times as long at the 95th percentile, where no limit is stated."""


def with_saving(line: Line, tracked: Deployment, own: Own) -> Line:
    """The line with the cheapest hardware that carries the same load, where that is worth saying."""
    load = planned_peak(line.terms, line.this.usage)
    if line.terms.hosted or line.terms.kept_usd_per_hour is None or load is None or not line.running:
        return line
    try:
        answer = resolve(EstimateQuestion.from_text(tracked.spelled_out), own)
    except QuestionError:  # such as a model of the team's own that was removed since
        return line
    found = None if isinstance(answer, HostedAnswer) else _cheaper(answer.estimate, line.terms, max(load, 1.0), own)
    return (
        line
        if found is None or found[0] < WORTH_SAYING
        else line.model_copy(update={"saving_usd": found[0], "saving": found[1]})
    )


def _cheaper(result: Estimate, terms: Terms, load: float, own: Own) -> tuple[Decimal, str] | None:
    """Dollars less in a month, and the hardware in words. It may be slower only so far as nobody limits it."""
    workload = result.workload.model_copy(update={"requests_per_hour": load, "batch_size": 1})
    present = load_of(result.deployment, workload, correction=result.correction or NO_CORRECTION)
    late = present.latency_p95_seconds if present else None
    limit = workload.max_latency_s or (late and late * NOT_MUCH_SLOWER)
    workload, mode = workload.model_copy(update={"max_latency_s": limit}), result.deployment_mode
    hourly = float(terms.usd_per_gpu_hour or 0) * terms.gpus
    saving = cheapest_alternative(
        result.deployment, workload, hourly, lambda gpu: price_for(gpu, mode, own.rates), mode=mode
    )
    if saving is None:
        return None
    cards, busy, fast, price = saving.parts
    now = f" (now {seconds(late)})" if late else ""
    monthly = Decimal(repr(round(saving.monthly_saving_usd * terms.kept_share, 2)))
    return monthly, f"{cards}: {busy}, {fast}{now}, {price}"
