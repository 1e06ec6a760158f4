"""The core alone: one estimate with its intervals, and every deployment of the whole catalog for one workload."""

from calculator import catalog
from calculator.decisions.sweep import sweep
from calculator.estimates.estimate import estimate
from calculator.estimates.layout import deploy
from calculator.physics.latency import latency
from calculator.physics.memory import budget
from calculator.specs.workload import Workload
from calculator.team.measurement import OwnMeasurement
from tests.bench.results import Result, median_ms

LOAD = Workload(input_tokens=1000, output_tokens=300, batch_size=16, requests_per_hour=2000)
MEASUREMENTS = 20
"""Own measurements of the same setup in the estimate that has some."""


def run(*, quick: bool) -> list[Result]:
    """One estimate, the same with own measurements, and the whole catalog by the same formulas."""
    model, gpu = catalog.model("llama-3.1-8b"), catalog.gpu("h100-sxm")
    d = deploy(model, gpu, LOAD)
    assert estimate(d, LOAD).latency.intervals
    measured = tuple(
        OwnMeasurement(
            number=batch,
            model=model.key,
            precision=d.precision.key,
            gpu=gpu.key,
            engine=d.engine.key,
            input_tokens=1000,
            output_tokens=300,
            batch_size=batch,
            ttft_s=0.1,
            tpot_s=0.01,
        )
        for batch in range(1, MEASUREMENTS + 1)
    )
    times = 100 if quick else 1000
    rows, found = len(sweep(LOAD.tokens, LOAD.batch_size)), _feasible()
    alone = LOAD.model_copy(update={"requests_per_hour": None})
    one = median_ms(lambda: estimate(d, alone), times)
    return [
        Result("one estimate with its intervals", one, "ms", at_most=1),
        Result("  under a load: queue, 95th percentiles, replicas", median_ms(lambda: estimate(d, LOAD), times), "ms"),
        Result(
            "  under it with 20 own measurements of the setup",
            median_ms(lambda: estimate(d, LOAD, measurements=measured), times),
            "ms",
        ),
        Result(
            f"every deployment of the catalog ({found:,} of {rows:,} fit)",
            median_ms(_feasible, 5 if quick else 20, warm_up=3),
            "ms",
            at_most=300,
            note=f"one at a time: {one * rows / 1000:,.0f} s",
        ),
    ]


def _feasible() -> int:
    """How many of all deployments hold the workload, with the latency of each; split, memory and latency are all computed."""
    swept = sweep(LOAD.tokens, LOAD.batch_size)
    b = budget(swept.shape, LOAD.tokens, LOAD.batch_size)
    seconds = latency(swept.shape, LOAD.input_tokens, LOAD.output_tokens, LOAD.batch_size).e2e_s
    fits = b.used <= b.label
    return int((fits & (seconds > 0)).sum())
