"""Which coefficients a deployment shares with which others: engine, era, weights, hardware class, card, network.

A network is named by layers x width x experts, so that models of one shape (Llama 3, 3.1 and 3.3) are one; a setup is
a network in one kind of weights with one era of an engine on one card. Codes are whole numbers, so that columns of many
deployments are sorted into few different rows before any lookup.
"""

from collections.abc import Callable
from typing import NamedTuple

from calculator.catalog import loader
from calculator.physics.columns import Column, choose
from calculator.physics.shape import ARCHITECTURES, GPU_CLASSES, WEIGHT_CLASSES, Shape
from calculator.physics.shape_from_specs import gpu_side
from calculator.specs.engine import FAMILIES
from calculator.specs.gpu import GpuSpec

HBM_BYTES_PER_S = 700e9
"""Above it, and in a data centre, the memory is stacked (HBM): V100, A30 and A100 against A10, A40, L40 and T4."""
HARDWARE_OF = {
    "Hopper": "hopper",
    "Blackwell": "blackwell",
    "Blackwell Ultra": "blackwell",
    "CDNA2": "cdna",
    "CDNA3": "cdna",
    "CDNA4": "cdna4",
    "Apple GPU": "apple",
    "Gaudi2": "gaudi",
    "Gaudi3": "gaudi",
    "Volta": "ampere",
    "Ampere": "ampere",
}
"""Hardware class by generation, for cards with stacked memory; those with graphics memory are "graphics"."""
GRAPHICS = ("Pascal", "Volta", "Turing", "Ampere", "Ada", "Hopper", "Blackwell")
KIN = {"tgi": "vllm", "gpt-fast": "mlc-llm"}
"""Engines never measured, and the measured one whose kernels or compiler they share."""

ENGINE, ERA, WEIGHTS, MOE, ARCHITECTURE, STACKED, CARD, LAYERS, HIDDEN, EXPERTS = range(10)
"""Places of the codes."""


def codes_of(shape: Shape) -> tuple[Column, ...]:
    """Engine, era, weights, mixture of experts, architecture, stacked memory, card, network: numbers or columns."""
    datacenter = shape.gpu_class == GPU_CLASSES.index("datacenter")
    slow = (shape.bandwidth_bytes_per_s < HBM_BYTES_PER_S) | (shape.link_is_pcie > 0)
    stacked = choose(datacenter, choose(slow, 0, 1), 0)
    return (
        shape.engine,
        shape.engine_era,
        shape.weight_class,
        shape.is_moe,
        shape.architecture,
        stacked,
        shape.gpu,
        shape.layers,
        shape.hidden,
        shape.num_experts,
    )


class Level(NamedTuple):
    """One way to share: the codes that it looks at, and the name that the data file has for them; empty for none."""

    places: tuple[int, ...]
    name: Callable[..., str]


def _engine(engine: int) -> str:
    return f"engine {family(engine)}"


def _era(engine: int, era: int) -> str:
    return f"era {family(engine)} {era}"


def _weights(weights: int) -> str:
    return f"weights {WEIGHT_CLASSES[weights]}"


def _hardware(architecture: int, stacked: int) -> str:
    return f"hardware {hardware_class(architecture, stacked)}"


def _era_on(engine: int, era: int, architecture: int, stacked: int) -> str:
    return f"era {family(engine)} {era} on {hardware_class(architecture, stacked)}"


def _weights_on(weights: int, architecture: int, stacked: int) -> str:
    return f"weights {WEIGHT_CLASSES[weights]} on {hardware_class(architecture, stacked)}"


def _experts(engine: int, moe: int) -> str:
    return f"experts {family(engine)}" if moe else ""


def _experts_in(weights: int, moe: int, architecture: int, stacked: int) -> str:
    return f"kernels for experts in {WEIGHT_CLASSES[weights]} on {hardware_class(architecture, stacked)}" if moe else ""


def _experts_on(engine: int, era: int, moe: int, architecture: int, stacked: int) -> str:
    return f"engine's experts {family(engine)} {era} on {hardware_class(architecture, stacked)}" if moe else ""


def _network(engine: int, layers: int, hidden: int, experts: int) -> str:
    return f"network {layers}x{hidden}x{experts} with {family(engine)}"


def _card(card: int) -> str:
    return f"card {loader.gpu_keys()[card]}" if card >= 0 else ""


def _setup(*codes: int) -> str:
    engine, era, weights, card, layers, hidden, experts = codes
    if card < 0:
        return ""
    network = f"{layers}x{hidden}x{experts}"
    return f"setup {network} with {family(engine)} {era}, {WEIGHT_CLASSES[weights]} on {loader.gpu_keys()[card]}"


LEVELS = (
    Level((ENGINE,), _engine),
    Level((ENGINE, ERA), _era),
    Level((WEIGHTS,), _weights),
    Level((ARCHITECTURE, STACKED), _hardware),
    Level((ENGINE, ERA, ARCHITECTURE, STACKED), _era_on),
    Level((WEIGHTS, ARCHITECTURE, STACKED), _weights_on),
    Level((ENGINE, MOE), _experts),
    Level((WEIGHTS, MOE, ARCHITECTURE, STACKED), _experts_in),
    Level((ENGINE, ERA, MOE, ARCHITECTURE, STACKED), _experts_on),
    Level((ENGINE, LAYERS, HIDDEN, EXPERTS), _network),
    Level((CARD,), _card),
    Level((ENGINE, ERA, WEIGHTS, CARD, LAYERS, HIDDEN, EXPERTS), _setup),
)
"""From wide to narrow."""


def names_of(codes: tuple[int, ...]) -> tuple[str, ...]:
    """The levels that a row of codes belongs to, as written in the data file, from wide to narrow."""
    names = (level.name(*(codes[place] for place in level.places)) for level in LEVELS)
    return tuple(name for name in names if name)


def family(engine: int) -> str:
    """The engine family whose coefficients are used."""
    return KIN.get(FAMILIES[engine], FAMILIES[engine])


def class_of(gpu: GpuSpec) -> str:
    """The hardware class of an accelerator."""
    side = gpu_side(gpu)
    datacenter = side["gpu_class"] == GPU_CLASSES.index("datacenter")
    slow = side["bandwidth_bytes_per_s"] < HBM_BYTES_PER_S or side["link_is_pcie"] > 0
    return hardware_class(side["architecture"], int(datacenter and not slow))


def hardware_class(architecture: int, stacked: int) -> str:
    """hopper, blackwell, ampere, cdna, cdna4, gaudi, apple, graphics or other."""
    name = ARCHITECTURES[architecture]
    if name in GRAPHICS and not stacked:
        return "graphics"
    return HARDWARE_OF.get(name, "other")
