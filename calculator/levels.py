"""Which coefficients a deployment shares with which others: engine, era, weights, hardware class, card, network.

A network is named by layers x width x experts, so that models of one shape (Llama 3, 3.1 and 3.3) are one; a setup is
a network in one kind of weights with one era of an engine on one card.

Codes are whole numbers, so that columns of many deployments are sorted into few different rows before any lookup.
"""

from functools import lru_cache

from calculator.catalog import loader
from calculator.columns import Column, choose
from calculator.engine import FAMILIES
from calculator.shape import ARCHITECTURES, GPU_CLASSES, WEIGHT_CLASSES, Shape

HBM_BYTES_PER_S = 700e9
"""Above it, and in a data centre, the memory is stacked (HBM): V100, A30 and A100 against A10, A40, L40 and T4."""
HARDWARE_OF = {
    "Hopper": "hopper", "Blackwell": "blackwell", "Blackwell Ultra": "blackwell", "CDNA2": "cdna", "CDNA3": "cdna",
    "CDNA4": "cdna", "Apple GPU": "apple", "Gaudi2": "gaudi", "Gaudi3": "gaudi", "Volta": "ampere", "Ampere": "ampere",
}  # fmt: skip
"""Hardware class by generation, for cards with stacked memory; those with graphics memory are "graphics"."""
GRAPHICS = ("Pascal", "Volta", "Turing", "Ampere", "Ada", "Hopper", "Blackwell")


def codes_of(shape: Shape) -> tuple[Column, ...]:
    """Engine, era, weights, mixture of experts, architecture, stacked memory, card, network: numbers or columns."""
    datacenter = shape.gpu_class == GPU_CLASSES.index("datacenter")
    slow = (shape.bandwidth_bytes_per_s < HBM_BYTES_PER_S) | (shape.link_is_pcie > 0)
    stacked = choose(datacenter, choose(slow, 0, 1), 0)
    return (
        shape.engine, shape.engine_era, shape.weight_class, shape.is_moe, shape.architecture, stacked, shape.gpu,
        shape.layers, shape.hidden, shape.num_experts,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def names_of(codes: tuple[int, ...]) -> tuple[str, ...]:
    """The levels that a row of codes belongs to, as written in the data file, from wide to narrow."""
    engine, era, weights, moe, architecture, stacked, card, *sizes = codes
    family, hardware = FAMILIES[engine], hardware_class(architecture, stacked=bool(stacked))
    names = [
        f"engine {family}", f"era {family} {era}", f"weights {WEIGHT_CLASSES[weights]}", f"hardware {hardware}",
        f"era {family} {era} on {hardware}", f"weights {WEIGHT_CLASSES[weights]} on {hardware}",
    ]  # fmt: skip
    if moe:
        names.append(f"experts {family}")
    network = "x".join(map(str, sizes))
    names.append(f"network {network} with {family}")
    if card >= 0:
        key = loader.gpu_keys()[card]
        names += [f"card {key}", f"setup {network} with {family} {era}, {WEIGHT_CLASSES[weights]} on {key}"]
    return tuple(names)


def hardware_class(architecture: int, *, stacked: bool) -> str:
    """hopper, blackwell, ampere, cdna, gaudi, apple, graphics or other."""
    name = ARCHITECTURES[architecture]
    if name in GRAPHICS and not stacked:
        return "graphics"
    return HARDWARE_OF.get(name, "other")
