"""What a serving engine does with memory, and which family and era its speed belongs to."""

import re
from typing import Literal

from calculator.base import Frozen

Basis = Literal["total", "free", "needs"]

FAMILIES = (
    "vllm", "sglang", "tensorrt-llm", "nim", "llama.cpp", "tgi", "lmdeploy", "deepspeed", "exllamav2", "mlc-llm",
    "gpt-fast", "transformers", "other",
)  # fmt: skip
"""Engine families in the order of their codes in a Shape."""


class EngineSpec(Frozen):
    """One serving engine."""

    key: str
    """Name: `vllm`."""
    display_name: str
    """Name for people."""
    aliases: tuple[str, ...] = ()
    """Other ways to write it."""
    memory_share: float
    """Default gpu_memory_utilization: the share of memory that the engine may use, of `basis`."""
    basis: Basis
    """total: of what the driver reports (vLLM's meaning); free: of what weights leave; needs: takes what it needs."""
    era_starts: tuple[str, ...] = ()
    """Versions that begin the second, third, ... era of its speed; empty where eras do not differ."""
    overhead_gib: float
    """CUDA context and libraries outside the tensor allocator, on one GPU."""
    overhead_gib_per_doubling: float = 0
    """What communication adds for each doubling of tensor parallel."""
    samples_all: bool
    """Whether the sampler's peak for all sequences is reserved at start (vLLM's profile run)."""
    source: str
    """Where these figures are from."""

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def family(self) -> int:
        """Code of the family in a Shape."""
        return FAMILIES.index(self.key) if self.key in FAMILIES else FAMILIES.index("other")

    def era(self, version: str | None) -> int:
        """Code of the era, 0 the oldest; without a version the newest."""
        if version is None:
            return len(self.era_starts)
        return sum(_numbers(version) >= _numbers(start) for start in self.era_starts)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
