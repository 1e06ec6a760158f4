"""The smallest change that flips an option: that makes it meet everything, or win. Each change is tried out first."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from calculator.base import Frozen
from calculator.decisions.criteria import Option, criteria_of
from calculator.decisions.decision import Judged, decide
from calculator.estimates.estimate import Estimate, estimate
from calculator.estimates.variants import larger, narrower, narrower_cache, wider
from calculator.specs.deployment import Deployment
from calculator.specs.gpu import GpuSpec, Mode
from calculator.specs.price import NoPrice, Price
from calculator.specs.requirements import Requirements
from calculator.specs.workload import Workload
from calculator.team.measurement import OwnMeasurement

MOST_REPLICAS = 64
FINER = 0.995
"""A price that wins is tried a little below where the costs are equal."""
Priced = Callable[[GpuSpec, Mode], Price | NoPrice]
"""The price of an accelerator in a deployment mode."""


class Flip(Frozen):
    """A change, and what the option is then."""

    name: str
    """The option."""
    change: str
    """What is changed: `fp8 weights`, `2 replicas`, `$0.42/h per card or less`."""
    wins: bool
    """It would be the winner; otherwise it would meet everything."""


@dataclass(frozen=True)
class Flipper:
    """Tries changes of options under the same requirements."""

    needs: Requirements
    priced: Priced
    measurements: Sequence[OwnMeasurement] = ()

    def flip(self, judged: Judged, winner: Judged | None) -> Flip | None:
        """The smallest change with which the option meets everything, or where it does already, wins; None for none that was tried."""
        if judged.option.estimate is None:
            return None
        if judged.works:
            return self._cheaper(judged.option, winner) if winner else None
        for change, changed in self._changes(judged, judged.option.estimate):
            if all(criterion.met is not False for criterion in criteria_of(changed, self.needs)):
                return Flip(name=judged.option.name, change=change, wins=winner is None or self._wins(changed, winner))
        return None

    def _wins(self, option: Option, winner: Judged) -> bool:
        first = decide([winner.option, option], self.needs).winner
        return first is not None and first.option is option

    def _cheaper(self, option: Option, winner: Judged) -> Flip | None:
        """The price at which a dearer option would win."""
        price = option.estimate.cost.price if option.estimate else None
        if not price or not option.monthly_usd or not winner.option.monthly_usd:
            return None
        usd = price.usd_per_gpu_hour * winner.option.monthly_usd / option.monthly_usd * FINER
        changed = self._made(option, price=price.model_copy(update={"usd_per_gpu_hour": usd}))
        if not self._wins(changed, winner):
            return None
        return Flip(
            name=option.name, change=f"${usd:.3g}/h per card or less, not ${price.usd_per_gpu_hour:.3g}/h", wins=True
        )

    def _changes(self, judged: Judged, made: Estimate) -> Iterator[tuple[str, Option]]:
        """From small to large: settings, weights, split, copies, length, place, accelerator, price."""
        option, d, w = judged.option, made.deployment, made.workload
        failed = {criterion.name for criterion in judged.criteria if criterion.met is False}
        yield from (
            (f"batch {size}", self._made(option, w=w.model_copy(update={"batch_size": size}))) for size in _fewer(made)
        )
        for words, changed in (*narrower_cache(d), *narrower(d), *wider(d)):
            yield words, self._made(option, d=changed)
        if "load" in failed and made.load:
            count = made.load.replicas_needed or made.load.replicas_to_keep_up
            if count <= MOST_REPLICAS:
                yield f"{count} replicas", self._made(option, d=d.model_copy(update={"replicas": count}))
        yield from self._shorter(option, made)
        if "privacy" in failed:
            yield "hardware of your own", self._made(option, mode="local")
        yield from ((words, self._made(option, d=changed)) for words, changed in larger(d))
        if failed == {"budget"} and self.needs.budget_usd and option.monthly_usd and made.cost.price:
            usd = made.cost.price.usd_per_gpu_hour * self.needs.budget_usd / option.monthly_usd * FINER
            price = made.cost.price.model_copy(update={"usd_per_gpu_hour": usd})
            yield (
                f"${usd:.3g}/h per card or less, not ${made.cost.price.usd_per_gpu_hour:.3g}/h",
                self._made(option, price=price),
            )

    def _shorter(self, option: Option, made: Estimate) -> Iterator[tuple[str, Option]]:
        """As many output tokens as come within the limit."""
        w, t = made.workload, made.latency
        if w.max_latency_s and t.ttft_seconds and t.tpot_seconds and t.ttft_seconds < w.max_latency_s:
            tokens = int((w.max_latency_s - t.ttft_seconds) / t.tpot_seconds)
            if 1 <= tokens < w.output_tokens:
                yield f"{tokens:,} output tokens", self._made(option, w=w.model_copy(update={"output_tokens": tokens}))

    def _made(
        self,
        option: Option,
        *,
        d: Deployment | None = None,
        w: Workload | None = None,
        price: Price | None = None,
        mode: Mode | None = None,
    ) -> Option:
        """The option with a change; on another accelerator or in another place at the price there."""
        before = option.estimate
        assert before is not None
        deployment, workload, where = d or before.deployment, w or before.workload, mode or before.deployment_mode
        same = deployment.gpu is before.deployment.gpu and where == before.deployment_mode
        known: Any = price or (before.cost.price if same else None) or self.priced(deployment.gpu, where)
        made = estimate(deployment, workload, known, mode=where, measurements=self.measurements)
        return option.model_copy(update={"estimate": made, "workload": workload})


def _fewer(made: Estimate) -> Iterator[int]:
    """Smaller batches: as many as memory holds, then halves."""
    size, room = made.workload.batch_size, made.memory.max_concurrent_sequences
    if 0 < room < size:
        yield room
    while size > 1:
        size //= 2
        yield size
