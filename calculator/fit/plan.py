"""Which coefficients vary with what, and how far from zero an effect may be expected: the prior of the fit.

Effects are on the logarithm or logit of a coefficient and spread around zero, so that little data means little effect
(Gelman and Hill 2007, partial pooling). Data sheets carry most of what distinguishes cards, so cards vary little.
"""

from types import MappingProxyType
from typing import NamedTuple

from calculator.physics.coefficients import NAMES


class Prior(NamedTuple):
    """Standard deviation of an effect, and the coefficients that have one."""

    deviation: float
    names: tuple[str, ...]


COMMON = (
    "overlap",
    "pcie_exchange",
    "pcie_link",
    "median_burst",
    "median_queue",
    "growth",
    "flops_attention",
    "narrow_cache",
    "expert_layer_s",
    "latent_layer_s",
)
"""Coefficients that every engine shares."""
ROOFLINE = ("bandwidth_weights", "flops_decode", "bandwidth_kv", "flops_prefill")
NETWORK = (*ROOFLINE, "layer_s", "prefill_layer_s", "interference", "routing", "burst")

PLAN = MappingProxyType({
    "engine": Prior(0.35, tuple(name for name in NAMES if name not in COMMON)),
    "era": Prior(0.25, (
        *ROOFLINE, "layer_s", "sequence_s", "request_s", "interference", "step_wait", "burst", "saturation",
        "exchange_s", "prefill_layer_s",
    )),
    "era on hardware": Prior(0.3, (
        *ROOFLINE, "layer_s", "sequence_s", "exchange_s", "flops_heads", "kv_blocks", "prefill_layer_s", "burst",
    )),
    "experts": Prior(0.3, (
        *ROOFLINE, "expert_layer_s", "routing", "layer_s", "interference", "prefill_layer_s", "burst",
    )),
    "weights": Prior(0.25, ("bandwidth_weights", "flops_decode", "flops_prefill")),
    "weights on hardware": Prior(0.3, (*ROOFLINE, "layer_s")),
    "kernels": Prior(0.3, (*ROOFLINE, "layer_s")),
    "engine's": Prior(0.2, (*ROOFLINE, "layer_s", "exchange_s")),
    "hardware": Prior(0.1, (
        *ROOFLINE, "flops_prefill_attention", "link_decode", "link_prefill", "exchange_s", "layer_s",
    )),
    "network": Prior(0.15, (*NETWORK, "flops_heads")),
    "card": Prior(0.05, ROOFLINE),
})  # fmt: skip
"""Kind of level to its prior, for what is fitted together."""
WIDER = {"flops_heads": 6.0, "kv_blocks": 4.0}
"""How much wider the prior is of what follows from which attention kernel an engine has: a choice, not a degree."""
SETUP = Prior(0.1, NETWORK)
"""The prior of what is fitted last, for each measured setup alone."""
BASE_DEVIATION = 1.0
"""How far a base value may be expected from its start in RANGES."""
RESIDUAL_DEVIATION = 0.1
"""Standard deviation of a log residual that the formulas cannot explain."""
OUTLIER_FROM = 1.0
"""Effect, in standard deviations, from which it counts linearly instead of squared: one odd setup may differ far from its
like without moving what they share (pseudo-Huber, a prior with heavy tails)."""
ODD = frozenset({"era on hardware", "weights on hardware", "kernels", "engine's", "network", "setup"})
"""Kinds of levels that may be such outliers; what many share stays near what all share, for the sake of what is new."""
NEVER = 1e3
"""Where no other effect gets to."""
ROBUST_FROM = 0.1
"""Log residual from which an error counts linearly instead of squared (pseudo-Huber)."""
GROUP_POWER = 0.25
"""A group of n figures counts n^(1 - this)."""
EFFECTIVE = 0.35
"""Independent observations per row, on average: points of one benchmark share their errors."""


def kind_of(level: str) -> str:
    """The kind of a level by its name, as in PLAN; `setup` for the last stage."""
    first = level.split(" ", 1)[0]
    return f"{first} on hardware" if first in {"era", "weights"} and " on " in level else first
