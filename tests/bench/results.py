"""One line of the table: what was measured, against which baseline, with which target."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """A measurement. `ratio` is to the baseline; the target bounds the ratio where there is one, else the value."""

    name: str
    value: float
    unit: str
    baseline: str = ""
    baseline_value: float | None = None
    at_most: float | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return None if self.baseline_value is None else self.value / self.baseline_value

    @property
    def passed(self) -> bool | None:
        """Whether the target is met; None where there is no target."""
        if self.at_most is None:
            return None
        return (self.value if self.ratio is None else self.ratio) <= self.at_most

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ratio": self.ratio, "passed": self.passed}

    def cells(self) -> tuple[str, ...]:
        against = (
            ""
            if self.baseline_value is None
            else f"{self.ratio:.2f}x {self.baseline} ({_short(self.baseline_value)} {self.unit})"
        )
        unit = "x" if self.ratio is not None else f" {self.unit}"
        target = "" if self.at_most is None else f"at most {_short(self.at_most)}{unit}"
        verdict = {True: "pass", False: "MISSED", None: ""}[self.passed]
        return (self.name, f"{_short(self.value)} {self.unit}", against, target, verdict, self.note)


def table(results: Sequence[Result]) -> str:
    """The results aligned."""
    rows = [("measured", "value", "ratio to baseline", "target", "", ""), *(result.cells() for result in results)]
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:.3g}"


def timed(call: Callable[[], object]) -> float:
    """Milliseconds that one call takes."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def median_ms(call: Callable[[], object], times: int, warm_up: int = 20) -> float:
    """The median of many calls, after some that do not count."""
    for _ in range(warm_up):
        call()
    return statistics.median(timed(call) for _ in range(times))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
