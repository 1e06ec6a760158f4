"""The whole catalog against requirements: every model in every precision on every accelerator and split, as columns.

Each row is one copy; the copies that the load needs follow from the largest batch that memory holds and the limits
allow. What comes out is a shortlist by cost, speed and simplicity: each is to be computed in full before it is shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from calculator.decisions.sweep import Sweep, each_split
from calculator.estimates.load import COMFORTABLE
from calculator.physics.columns import least, most
from calculator.physics.latency import latency
from calculator.physics.memory import budget, sequences_that_fit
from calculator.specs.deployment import Deployment
from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec
from calculator.specs.requirements import Requirements
from calculator.specs.workload import Workload

if TYPE_CHECKING:
    import numpy as np

SPLITS = (1, 2, 4, 8)
HALVINGS = 5
"""Steps in which the largest batch within a limit is found, on the logarithm."""
MOST_COPIES = 256
Priced = Callable[[GpuSpec], float | None]
"""Dollars per accelerator and hour; None where no price is known."""


class Candidate(NamedTuple):
    """One copy and how many of it the load needs."""

    deployment: Deployment
    """One copy."""
    copies: int
    monthly_usd: float
    latency_s: float
    """One request among those in flight, roughly."""


@dataclass(frozen=True)
class Shortlist:
    """Rows that meet everything, or where none does, those that come closest."""

    rows: Sweep
    copies: "np.ndarray[Any, Any]"
    monthly_usd: "np.ndarray[Any, Any]"
    latency_s: "np.ndarray[Any, Any]"
    meets: bool
    """Whether these meet every requirement, by this rough look."""

    def by(self, order: str, count: int) -> tuple[Candidate, ...]:
        """The first by `cost`, `speed` or `simplicity` (fewest accelerators, then cost)."""
        import numpy as np  # noqa: PLC0415

        cards = self.rows.shape.tp * self.copies
        keys = {
            "cost": (self.latency_s, self.monthly_usd),
            "speed": (self.monthly_usd, self.latency_s),
            "simplicity": (self.monthly_usd, cards),
        }
        return tuple(map(self._candidate, np.lexsort(keys[order])[:count]))

    def _candidate(self, row: int) -> Candidate:
        return Candidate(
            self.rows.deployment(row), int(self.copies[row]), float(self.monthly_usd[row]), float(self.latency_s[row])
        )


def search(  # noqa: PLR0913  # what is asked for, and where to look
    workload: Workload,
    needs: Requirements,
    priced: Priced,
    *,
    models: Sequence[ModelSpec],
    gpus: Sequence[GpuSpec],
    precision: str | None = None,
) -> Shortlist | None:
    """What serves the workload within the requirements; None where nothing holds one request at a known price.

    `models` are those whose quality is accepted; `precision` the only one that will do.
    """
    import numpy as np  # noqa: PLC0415

    if not models or not gpus:
        return None
    prices = np.array([price if (price := priced(gpu)) is not None else np.nan for gpu in gpus])
    rows = _that_hold_one(workload, each_split(SPLITS, models=models, gpus=gpus), prices, precision)
    alone = _speed(rows, workload, 1.0)
    rows, alone = rows.picked(np.isfinite(alone)), alone[np.isfinite(alone)]
    if not len(rows):
        return None
    fast = _within(rows, workload, alone)
    near = rows.picked(fast) if fast.any() else rows.picked(np.argsort(alone)[:200])
    alone = alone[fast] if fast.any() else np.sort(alone)[:200]
    copies = _copies(near, workload) if fast.any() else np.ones(len(near))
    monthly = near.shape.tp * (copies + workload.spare_replicas) * prices[near.gpu_index] * workload.hours_per_month
    cheap = monthly <= (needs.budget_usd or np.inf)
    keep = (cheap & (copies <= MOST_COPIES)) if fast.any() and cheap.any() else np.argsort(monthly)[:200]
    near, copies, monthly, alone = near.picked(keep), copies[keep], monthly[keep], alone[keep]
    return Shortlist(near, copies, monthly, alone, meets=bool(fast.any() and cheap.any()))


def _that_hold_one(w: Workload, rows: Sweep, prices: Any, precision: str | None) -> Sweep:
    """Rows at a known price, in the one precision where there is one, that hold a request."""
    import numpy as np  # noqa: PLC0415

    rows = rows.picked(np.isfinite(prices[rows.gpu_index]))
    if precision:
        wanted = np.array([stored.key == precision for _, stored in rows.stored])
        rows = rows.picked(wanted[rows.stored_index])
    b = budget(rows.shape, w.tokens, 1)
    return rows.picked(b.used <= b.label)


def _speed(rows: Sweep, w: Workload, batch: Any) -> Any:
    """Seconds of a whole answer."""
    return latency(rows.shape, w.input_tokens, w.output_tokens, batch, w.cache_hit_rate).e2e_s


def _within(rows: Sweep, w: Workload, seconds: Any) -> Any:
    """Whether one request alone meets the limits."""
    import numpy as np  # noqa: PLC0415

    inside = seconds <= (w.max_latency_s or np.inf)
    if w.max_ttft_s is not None:
        inside &= latency(rows.shape, w.input_tokens, w.output_tokens, 1.0, w.cache_hit_rate).ttft_s <= w.max_ttft_s
    return inside


def _copies(rows: Sweep, w: Workload) -> Any:
    """Copies that keep up with the arrivals at a comfortable utilisation, each with the largest batch allowed."""
    import numpy as np  # noqa: PLC0415

    if w.requests_per_hour is None:
        return np.ones(len(rows))
    room = sequences_that_fit(rows.shape, budget(rows.shape, w.tokens, 1))
    batch = most(least(room, rows.shape.max_num_seqs), 1.0)
    if w.max_latency_s is not None or w.max_ttft_s is not None:
        batch = _largest_batch(rows, w, batch)
    capacity = batch / _speed(rows, w, batch)
    return np.ceil(most(w.requests_per_hour * w.peak_factor / 3600 / capacity / COMFORTABLE, 1.0))


def _largest_batch(rows: Sweep, w: Workload, cap: Any) -> Any:
    """The largest batch that meets the limits, between one, which does, and the cap."""
    import numpy as np  # noqa: PLC0415

    low, high = np.ones_like(cap), cap
    for step in range(HALVINGS + 1):
        tried = high if step == 0 else np.sqrt(low * high)
        point = latency(rows.shape, w.input_tokens, w.output_tokens, tried, w.cache_hit_rate)
        inside = (point.e2e_s <= (w.max_latency_s or np.inf)) & (point.ttft_s <= (w.max_ttft_s or np.inf))
        low, high = np.where(inside, tried, low), np.where(inside, high, tried)
    return low
