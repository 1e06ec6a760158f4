"""80 % intervals around predictions: split conformal, from residuals of predictions made with the row's group left out.

For each regime (figure, way of loading, engine family, few or many sequences) the data file holds the 10th and 90th
percentile of log(measured / predicted) (Lei et al. 2018, in the two-sided form of Romano et al. 2019). A regime with
few groups takes those of the wider one. What was never measured is wider by what leaving out whole cards or whole
models showed; so is a deployment of one's own, which is a source of its own.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from calculator.catalog import loader

Figure = Literal["ttft_s", "tpot_s", "e2e_s", "output_tokens_per_s", "max_output_tokens_per_s", "peak_memory_bytes"]
Table = Mapping[str, Mapping[str, list[float]]]
"""Quantiles by regime, and widenings by figure, and by figure and mode: by card, model and source."""
SERVED_WITH = {"nim": "tensorrt-llm"}
"""Engines that are another one in a container: where few groups measured them, they are as uncertain as it."""
MANY = 16
"""Sequences in flight per replica from which a batch counts as many."""


class Factors(NamedTuple):
    """What a prediction is multiplied with to get the ends of its interval."""

    low: float
    high: float

    def around(self, value: float) -> tuple[float, float]:
        """The interval of a predicted value."""
        return value * self.low, value * self.high


class News(NamedTuple):
    """What about a deployment was never measured."""

    card: bool = False
    """No measurement on this accelerator was fitted."""
    model: bool = False
    """No measurement of this model was fitted."""
    source: bool = False
    """The deployment is someone's own, not one of the published campaigns."""


KNOWN = News()


def regimes(figure: str, mode: str, family: str, batch: float) -> tuple[str, ...]:
    """Names of the regimes that a prediction belongs to, from narrow to wide."""
    size = "many" if batch >= MANY else "few"
    families = (family, SERVED_WITH[family]) if family in SERVED_WITH else (family,)
    narrow = (f"{figure} {mode} {name}{end}" for name in families for end in (f" {size}", ""))
    return (*narrow, f"{figure} {mode}", figure)


def factors(figure: Figure, mode: str, family: str, batch: float, news: News = KNOWN) -> Factors:
    """Ends of the 80 % interval over the prediction; `batch` is per replica."""
    return _factors(figure, mode, family, batch >= MANY, news)


@lru_cache(maxsize=4096)
def _factors(figure: str, mode: str, family: str, many: bool, news: News) -> Factors:  # noqa: FBT001  # a cache key
    table: Table = loader.read("coefficients")["intervals"]
    return factors_in(table, figure, regimes(figure, mode, family, MANY if many else 1), news)


def factors_in(table: Table, figure: str, names: Sequence[str], news: News) -> Factors:
    """The ends that a table has for the first of the regimes `names` that it knows."""
    quantiles = table["quantiles"]
    low, high = next((quantiles[name] for name in names if name in quantiles), (-0.7, 0.7))
    shown = next((table["widening"][name] for name in (*names, figure) if name in table["widening"]), [1.0, 1.0, 1.0])
    wider = _widening(shown, news)
    return Factors(math.exp(low * wider), math.exp(high * wider))


def _widening(shown: list[float], news: News) -> float:
    """The largest widening of what is new, on the logarithm; never narrower."""
    return max([1.0, *(factor for factor, new in zip(shown, news, strict=True) if new)])
