"""The 80 % intervals of one deployment's figures, by the names of LatencyEstimate."""

import math

from calculator.catalog import loader
from calculator.estimates.interval_factors import Factors, Figure, News, factors
from calculator.estimates.nearest import is_known_card, is_known_model
from calculator.physics.latency import Latency
from calculator.specs.deployment import Deployment
from calculator.specs.workload import Workload
from calculator.team.correction import NO_CORRECTION, Correction

Range = tuple[float, float]
REPEATED = {"ttft_s": 0.27, "tpot_s": 0.10, "e2e_s": 0.10, "output_tokens_per_s": 0.10}
"""How far apart two measurements of one configuration are at the median (docs/accuracy.md, the floor; never below a tenth):
no interval is narrower, even at a point that the team measured itself."""


def intervals_of(
    d: Deployment, w: Workload, batch: float, point: Latency, correction: Correction = NO_CORRECTION
) -> dict[str, Range] | None:
    """Intervals around `point`; None where nothing was fitted. A person's deployment is a source of its own.

    Near what the team measured they narrow, to what repeated measurements differ by.
    """
    data = loader.read("coefficients")
    if not data["intervals"]["quantiles"]:
        return None
    news = News(card=not is_known_card(d.gpu.key), model=not is_known_model(d.model.key), source=True)

    def around(figure: Figure) -> Factors:
        found = factors(figure, "flight", d.engine.key, batch / d.replicas, news)
        nearness = {"ttft_s": correction.ttft_nearness, "tpot_s": correction.tpot_nearness}
        return _narrowed(found, nearness.get(figure, min(nearness.values())), math.log1p(REPEATED[figure]))

    e2e, tpot = around("e2e_s").around(point.e2e_s), around("tpot_s").around(point.tpot_s)
    return {
        "total_latency_seconds": e2e,
        "tokens_per_second": (w.tokens / e2e[1], w.tokens / e2e[0]),
        "ttft_seconds": around("ttft_s").around(point.ttft_s),
        "tpot_seconds": tpot,
        "output_tokens_per_second": around("output_tokens_per_s").around(batch * w.output_tokens / point.e2e_s),
        "output_tokens_per_second_per_user": (1 / tpot[1], 1 / tpot[0]),
    }


def _narrowed(found: Factors, nearness: float, least: float) -> Factors:
    """The ends drawn in by how near a measurement is, on the logarithm."""
    if not nearness:
        return found
    low, high = math.log(found.low) * (1 - nearness), math.log(found.high) * (1 - nearness)
    return Factors(math.exp(min(low, -least)), math.exp(max(high, least)))
