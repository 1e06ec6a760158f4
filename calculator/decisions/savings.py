"""Cheaper hardware for the same work: the least that fits, starts, keeps up and meets the limits.

A candidate is one copy of the model, an accelerator and a split, times as many copies as the load needs. No number of
copies costs less than one, so copies are tried by price, cheapest first, until one alone costs what the best candidate
costs in all: nothing cheaper is left out.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from operator import itemgetter
from typing import Any

from calculator.base import Frozen
from calculator.catalog import loader
from calculator.estimates.layout import LayoutWish, default_engine, deploy
from calculator.estimates.load import COMFORTABLE, load_of
from calculator.estimates.memory import memory_of
from calculator.specs.deployment import Deployment
from calculator.specs.gpu import GpuSpec, Mode
from calculator.specs.price import NoPrice, Price
from calculator.specs.workload import HOURS_PER_MONTH, Workload

SPLITS = (1, 2, 4, 8)
"""Accelerators of one copy that are tried: those of one server."""
MOST_CARDS = 8
"""Accelerators that may be proposed where fewer run now; otherwise twice as many as now."""
KEPT = ("kv_precision", "gpu_memory_utilization", "max_model_len")
"""Settings of the deployment that hold on any hardware."""
Priced = Callable[[GpuSpec], Price | NoPrice]
"""The price of an accelerator."""


class Saving(Frozen):
    """Hardware that does the same work for less."""

    gpu: str
    """The accelerator's key in the catalog."""
    gpu_name: str
    """Its name for people."""
    count: int
    """Accelerators in all."""
    tp: int
    """Tensor parallel."""
    replicas: int
    """Copies."""
    price: Price
    """Of one accelerator and hour."""
    hourly_usd: float
    """Dollars an hour for all of them."""
    monthly_saving_usd: float
    """Dollars less in a month of 720 h."""
    utilization: float
    """Share of its capacity that the load takes."""
    latency_p95_s: float
    """95 % of the answers are complete within this many seconds."""
    memory_percent: float
    """Memory used, against the cards' labels."""

    @property
    def parts(self) -> tuple[str, str, str, str]:
        """For a sentence: the hardware, how busy, how fast, and the price with where it is from."""
        cards = f"{self.count}x {self.gpu_name}"
        busy, fast = f"{self.utilization * 100:.0f} % busy", f"95 % answered within {self.latency_p95_s:.3g} s"
        return cards, busy, fast, f"${self.price.usd_per_gpu_hour:,.2f}/h per card ({self.price.note})"


def cheapest_alternative(  # noqa: PLR0913  # the two nouns, the money, and what may be proposed
    deployment: Deployment,
    workload: Workload,
    hourly_usd: float,
    price: Priced,
    gpus: Iterable[GpuSpec] | None = None,
    *,
    mode: Mode | None = None,
) -> Saving | None:
    """The cheapest hardware that does what the deployment does for less than `hourly_usd`, or None.

    Same model, precision and settings. It has room for `workload.batch_size` sequences and for those that the arrivals
    imply, stays at a comfortable utilisation, and meets the limits at p95. None where no arrivals are stated: nothing
    says then how much is enough. `price` is asked for `mode`, by default that of the deployment's hardware; a rented
    card is never held against an owned one, whatever it answers. `gpus` are the cards to look at, by default all that
    stand in for the present one. QuestionError where the model's KV cache is not known.
    """
    if workload.requests_per_hour is None:
        return None
    cards = _usual(deployment.gpu) if gpus is None else gpus
    priced = _priced(cards, price, mode or deployment.gpu.default_mode)
    best: Saving | None = None
    for hourly, copy, cost in sorted(_copies(deployment, workload, priced), key=itemgetter(0)):
        limit = best.hourly_usd if best else hourly_usd
        if hourly >= limit:
            break
        chosen = _enough(copy, workload, most=max(MOST_CARDS, 2 * deployment.gpus))
        if chosen is None or chosen.gpus * cost.usd_per_gpu_hour >= limit:
            continue
        if chosen.gpu.key != deployment.gpu.key or chosen.gpus < deployment.gpus:
            best = _saving(chosen, workload, cost, hourly_usd) or best
    return best


def _usual(now: GpuSpec) -> Iterator[GpuSpec]:
    """What may be proposed without being asked for: no consumer card, whose licence bars it from data centres, in place
    of a card made for them; no TPU or the like, which needs another program, in place of anything else.
    """
    for card in map(loader.gpu, loader.gpu_keys()):
        if (card.kind != "consumer" or now.kind != "datacenter") and (
            card.kind != "accelerator" or now.kind == card.kind
        ):
            yield card


def _priced(cards: Iterable[GpuSpec], price: Priced, mode: Mode) -> Iterator[tuple[GpuSpec, Price]]:
    """Rented cards for a rented one, owned for owned; what a team or a person says it pays is taken at its word."""
    for card in cards:
        found = price(card)
        if isinstance(found, Price) and (found.basis == mode or found.basis not in {"cloud", "local", "hybrid"}):
            yield card, found


def _copies(
    now: Deployment, workload: Workload, priced: Iterable[tuple[GpuSpec, Price]]
) -> Iterator[tuple[float, Deployment, Price]]:
    """One copy of the model on each card in each split, and the copy that runs now, with its dollars an hour."""
    for card, cost in priced:
        engine = now.engine if card.vendor == now.gpu.vendor else default_engine(card, now.precision)
        settings: dict[str, Any] = {name: getattr(now, name) for name in KEPT}
        splits = [tp for tp in SPLITS if now.model.num_attention_heads % tp == 0]
        copies = [
            deploy(now.model, card, workload, LayoutWish(tp, tp), precision=now.precision, engine=engine, **settings)
            for tp in splits
        ]
        copies += [now.model_copy(update={"replicas": 1})] if card.key == now.gpu.key else []
        yield from ((copy.gpus * cost.usd_per_gpu_hour, copy, cost) for copy in copies)


def _enough(copy: Deployment, workload: Workload, most: int) -> Deployment | None:
    """As many copies as the load needs, None where no number up to `most` accelerators is enough."""
    memory = memory_of(copy, workload)
    if not memory.will_start or not memory.max_concurrent_sequences:
        return None
    load = load_of(copy, workload)
    if load is None or load.replicas_needed is None:
        return None
    held = math.ceil(workload.batch_size / memory.max_concurrent_sequences)
    replicas = max(load.replicas_needed, load.replicas_to_keep_up, held)
    return copy.model_copy(update={"replicas": replicas}) if copy.gpus * replicas <= most else None


def _saving(chosen: Deployment, workload: Workload, cost: Price, hourly_usd: float) -> Saving | None:
    """The proposal, after it has been worked out as a whole; None where it does not hold."""
    load, memory = load_of(chosen, workload), memory_of(chosen, workload)
    if load is None or load.latency_p95_seconds is None or load.utilization > COMFORTABLE or not memory.memory_fits:
        return None
    if (load.replicas_needed or math.inf) > chosen.replicas:
        return None
    hourly = chosen.gpus * cost.usd_per_gpu_hour
    return Saving(
        gpu=chosen.gpu.key,
        gpu_name=chosen.gpu.display_name,
        count=chosen.gpus,
        tp=chosen.tp,
        replicas=chosen.replicas,
        price=cost,
        hourly_usd=hourly,
        monthly_saving_usd=(hourly_usd - hourly) * HOURS_PER_MONTH,
        utilization=load.utilization,
        latency_p95_s=load.latency_p95_seconds,
        memory_percent=memory.memory_utilization_percent,
    )
