"""The search over 100,000 stored comparisons."""

from tests.bench.results import Result
from tests.storage import bench_history

WITHIN_MS = 50


def run(*, quick: bool) -> list[Result]:
    """The slowest and the commonest searches; `quick` leaves them out, since writing the rows takes a while."""
    if quick:
        return []
    measured = bench_history.run()
    shown = {name: value for name, value in measured.items() if name.endswith("p95_ms")}
    return [
        Result(f"history of 100,000: {name.removesuffix('_p95_ms')}, p95", value, "ms", at_most=_target(name))
        for name, value in shown.items()
    ]


def _target(name: str) -> float | None:
    return WITHIN_MS if name.startswith("search") else None
