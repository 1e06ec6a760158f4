"""The 80 % intervals of one deployment's figures, by the names of LatencyEstimate."""

from calculator.catalog import loader
from calculator.deployment import Deployment
from calculator.intervals import Factors, Figure, News, factors
from calculator.latency import Latency
from calculator.nearest import is_known_card, is_known_model
from calculator.workload import Workload

Range = tuple[float, float]


def intervals_of(d: Deployment, w: Workload, batch: float, point: Latency) -> dict[str, Range] | None:
    """Intervals around `point`; None where nothing was fitted. A person's deployment is a source of its own."""
    data = loader.read("coefficients")
    if not data["intervals"]["quantiles"]:
        return None
    news = News(card=not is_known_card(d.gpu.key), model=not is_known_model(d.model.key), source=True)

    def around(figure: Figure) -> Factors:
        return factors(figure, "flight", d.engine.key, batch / d.replicas, news)

    e2e, tpot = around("e2e_s").around(point.e2e_s), around("tpot_s").around(point.tpot_s)
    return {
        "total_latency_seconds": e2e,
        "tokens_per_second": (w.tokens / e2e[1], w.tokens / e2e[0]),
        "ttft_seconds": around("ttft_s").around(point.ttft_s),
        "tpot_seconds": tpot,
        "output_tokens_per_second": around("output_tokens_per_s").around(batch * w.output_tokens / point.e2e_s),
        "output_tokens_per_second_per_user": (1 / tpot[1], 1 / tpot[0]),
    }
