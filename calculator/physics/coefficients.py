"""What the latency formulas are multiplied with: fitted to published measurements, each with a meaning and a range.

A coefficient is a base value plus what the engine, its era, the weights, the hardware and the card add to it, on a
logarithmic scale or, where it is a share, on that of the logit. What was never measured adds nothing, so a new card
has the coefficients of its class. `python -m calculator.fitting` writes catalog/data/coefficients.json.
"""

import math
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple

from calculator.catalog import loader
from calculator.physics.columns import Column, is_plain
from calculator.physics.levels import LEVELS, Level, codes_of, names_of
from calculator.physics.shape import Shape


class Coefficients(NamedTuple):
    """One number each, or columns of many deployments. Ranges are in RANGES."""

    bandwidth_weights: Column
    """Share of the memory bandwidth reached when reading weights."""
    flops_decode: Column
    """Share of the peak reached by the matrix products of a decode step."""
    overlap: Column
    """How far reading and arithmetic hide each other: exponent p of (read^p + compute^p)^(1/p); 1 adds them up."""
    bandwidth_kv: Column
    """Share of the memory bandwidth reached when reading the KV cache."""
    flops_heads: Column
    """Share of the 16-bit peak reached by attention in a decode step: a few per cent where every query head multiplies
    alone (paged attention before grouped kernels), enough to be hidden where the heads of a group share."""
    narrow_cache: Column
    """What `flops_heads` is multiplied with where the cache has 8 bits on a card without 8-bit floats: software widens
    each number before it multiplies."""
    kv_blocks: Column
    """Pairs of a sequence and a head that it takes to keep the memory busy: about the multiprocessors of a card with
    one thread block a pair, few where the engine splits contexts (Flash-Decoding)."""
    flops_attention: Column
    """Share of the 16-bit peak reached by attention over a latent cache (MLA) in a decode step."""
    layer_s: Column
    """Seconds per layer and step that no formula sees: kernel launches, small kernels."""
    expert_layer_s: Column
    """The same for routing, per mixture-of-experts layer."""
    latent_layer_s: Column
    """The same for the extra projections of a latent cache (MLA), per layer."""
    step_s: Column
    """Seconds per step: scheduling, sampling."""
    sequence_s: Column
    """Seconds per step and sequence: sampling, detokenising, bookkeeping."""
    stage_s: Column
    """Seconds per step and pipeline stage, where there are several."""
    exchange_s: Column
    """Seconds of one exchange between two accelerators, whatever its size; times log2 of how many take part."""
    link_decode: Column
    """Share of the link bandwidth reached in a decode step."""
    pcie_exchange: Column
    """How many times longer exchange_s is over PCIe."""
    pcie_link: Column
    """What PCIe reaches of its bandwidth, over what NVLink reaches of its own."""
    routing: Column
    """Exponent of the batch in the share of experts visited; 1 is independent, even routing, less is skewed."""
    flops_prefill: Column
    """Share of the peak reached by the matrix products of a prompt."""
    flops_prefill_attention: Column
    """Share of the 16-bit peak reached by attention over a prompt."""
    prefill_layer_s: Column
    """Seconds per layer of one prefill pass."""
    token_s: Column
    """Seconds per prompt token outside the formulas: tokenising, copying, small kernels."""
    link_prefill: Column
    """Share of the link bandwidth reached by a prompt's exchanges."""
    request_s: Column
    """Seconds per request before its first token: network, tokenizer, queue."""
    interference: Column
    """Share of other requests' prefills after its own first token that delays a running decode."""
    passes: Column
    """Share of a prompt's fixed costs that it still causes where it is read together with others' prompts and steps."""
    step_wait: Column
    """Decode steps that a new request waits for."""
    burst: Column
    """Prefills of other requests in front of a new one: this times (batch - 1) to the power `burst_power`."""
    burst_power: Column
    """See `burst`."""
    burst_tokens: Column
    """Prompt tokens in front of a new request beyond which the rest are read after it."""
    queue: Column
    """Weight of the waiting term rho / (1 - rho) of prefills."""
    median_burst: Column
    """What `burst` is multiplied with for the median request instead of the mean."""
    median_queue: Column
    """What `queue` is multiplied with for the median request instead of the mean."""
    saturation: Column
    """Throughput at saturation, over the formula's."""
    growth: Column
    """Share of the output that a running sequence holds on average when the engine admits as many as it can."""


class Scale(NamedTuple):
    """Where a coefficient lives. With a `high`, between low and high by a logistic curve; else any positive number."""

    start: float
    """Where the fit begins; a plausible value."""
    low: float = 0.0
    high: float = 0.0


RANGES = Coefficients(
    bandwidth_weights=Scale(0.75, 0.2, 1.0),
    flops_decode=Scale(0.5, 0.03, 1.0),
    overlap=Scale(1.3, 1.0, 4.0),
    bandwidth_kv=Scale(0.6, 0.05, 1.0),
    flops_heads=Scale(0.05, 0.001, 1.0),
    narrow_cache=Scale(0.3),
    kv_blocks=Scale(30.0),
    flops_attention=Scale(0.3, 0.01, 1.0),
    layer_s=Scale(1.5e-5),
    expert_layer_s=Scale(1.5e-5),
    latent_layer_s=Scale(1e-5),
    step_s=Scale(1e-3),
    sequence_s=Scale(1.5e-5),
    stage_s=Scale(1e-3),
    exchange_s=Scale(6e-6),
    link_decode=Scale(0.4, 0.02, 1.0),
    pcie_exchange=Scale(2.0),
    pcie_link=Scale(0.6),
    routing=Scale(0.85, 0.3, 1.3),
    flops_prefill=Scale(0.6, 0.05, 1.0),
    flops_prefill_attention=Scale(0.3, 0.02, 1.0),
    prefill_layer_s=Scale(2e-5),
    token_s=Scale(2e-7),
    link_prefill=Scale(0.4, 0.02, 1.0),
    request_s=Scale(8e-3),
    interference=Scale(0.7),
    passes=Scale(0.4, 0.0, 1.0),
    step_wait=Scale(1.0),
    burst=Scale(0.15),
    burst_power=Scale(0.8, 0.2, 1.0),
    burst_tokens=Scale(6e4),
    queue=Scale(0.1),
    median_burst=Scale(0.3),
    median_queue=Scale(0.3),
    saturation=Scale(0.8),
    growth=Scale(0.6, 0.3, 1.2),
)
"""Start and physical range of every coefficient."""
NAMES = Coefficients._fields
PLACES = {name: place for place, name in enumerate(NAMES)}


MIXER = 1_000_003
"""Odd factor of the hash that tells rows apart; whole numbers wrap around."""


def coefficients_of(shape: Shape) -> Coefficients:
    """The coefficients of one deployment, or columns for the rows of many."""
    codes = codes_of(shape)
    if is_plain(*codes):
        return _of(tuple(map(int, codes)))
    return _gathered(codes)


@lru_cache(maxsize=4096)
def _of(codes: tuple[int, ...]) -> Coefficients:
    return Coefficients(*(bounded(name, value) for name, value in zip(NAMES, _raw(codes), strict=True)))


def _raw(codes: tuple[int, ...]) -> list[float]:
    """Base plus effects, before the bounds."""
    base, effects = table()
    found = [effects.get(name, {}) for name in names_of(codes)]
    return [base[name] + sum(effect.get(name, 0.0) for effect in found) for name in NAMES]


def _gathered(codes: tuple[Column, ...]) -> Coefficients:
    """Coefficients of every different row once, then a column of each."""
    import numpy as np  # noqa: PLC0415  # one question never pays for numpy

    rows = np.stack(np.broadcast_arrays(*codes)).astype(np.int64)
    first, place = _different(rows)
    rows, base = rows[:, first], table()[0]
    raw = np.tile([base[name] for name in NAMES], (len(first), 1))
    for level in LEVELS:
        raw += _effects(level, rows)
    return Coefficients(*(bounded(name, raw[:, j], np.exp)[place] for j, name in enumerate(NAMES)))


def _effects(level: Level, rows: Any) -> Any:
    """What one level adds, rows by NAMES."""
    import numpy as np  # noqa: PLC0415

    codes = rows[list(level.places)]
    first, place = _different(codes)
    found, effects = np.zeros((len(first), len(NAMES))), table()[1]
    for row, values in enumerate(codes[:, first].T.tolist()):
        for name, value in effects.get(level.name(*values), {}).items():
            found[row, PLACES[name]] = value
    return found[place]


def _different(rows: Any) -> tuple[Any, Any]:
    """Columns of `rows` that differ, by the place of the first of each, and where each column is among them."""
    import numpy as np  # noqa: PLC0415

    key = np.zeros(rows.shape[1], np.int64)
    for row in rows:
        key = key * MIXER + row
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    return first, place


def bounded(name: str, value: Any, exp: Callable[[Any], Any] = math.exp) -> Any:
    """The coefficient from its unbounded value, which may be a column where `exp` takes one."""
    scale: Scale = getattr(RANGES, name)
    if not scale.high:
        return exp(value)
    return scale.low + (scale.high - scale.low) / (1 + exp(-value))


def unbounded(name: str) -> float:
    """The unbounded value where the fit begins; its inverse is `bounded`."""
    scale: Scale = getattr(RANGES, name)
    if not scale.high:
        return math.log(scale.start)
    return math.log((scale.start - scale.low) / (scale.high - scale.start))


@cache
def table() -> tuple[Mapping[str, float], Mapping[str, Mapping[str, float]]]:
    """The data file: base values by coefficient, effects by level and coefficient, all before the bounds."""
    data = loader.read("coefficients")
    return data["base"], data["effects"]
