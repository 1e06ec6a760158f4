"""What a team measured itself: one operating point of a setup, and what its figures determine."""

from datetime import datetime
from typing import NamedTuple

from pydantic import Field

from calculator.base import Frozen


class Figures(NamedTuple):
    """What was measured at one operating point, in seconds; None for what was not."""

    ttft_s: float | None = None
    tpot_s: float | None = None
    total_s: float | None = None

    def complete(self, output_tokens: int) -> "Figures":
        """First token and time per token where two of the three determine both; a total that contradicts one stands alone."""
        ttft, tpot, total = self
        steps = output_tokens - 1
        if total is None or (ttft is not None and tpot is not None):
            return Figures(ttft, tpot)
        if not steps:
            return Figures(total, tpot)
        if ttft is not None:
            return Figures(ttft, (total - ttft) / steps) if total > ttft else Figures(total_s=total)
        if tpot is not None:
            return Figures(total - steps * tpot, tpot) if total > steps * tpot else Figures(total_s=total)
        return self

    @property
    def determined(self) -> bool:
        """Whether nothing more is to be known."""
        return self.ttft_s is not None and self.tpot_s is not None


class OwnMeasurement(Frozen):
    """One operating point of a deployment as the team measured it."""

    number: int = 0
    """What people call it by: `calibrate remove 3`."""
    model: str
    """The model's key."""
    precision: str
    """Key of the weights' precision."""
    kv_precision: str = "fp16"
    """Precision of the KV cache."""
    gpu: str
    """The accelerator's key."""
    tp: int = Field(1, ge=1)
    """Tensor parallel."""
    pp: int = Field(1, ge=1)
    """Pipeline parallel."""
    dp: int = Field(1, ge=1)
    """Attention data parallel."""
    replicas: int = Field(1, ge=1)
    """Independent copies."""
    engine: str
    """Key of the serving engine."""
    input_tokens: int = Field(ge=0)
    """Prompt tokens of one request; 0 where decoding began from an empty context."""
    output_tokens: int = Field(ge=1)
    """Output tokens of one request."""
    batch_size: int = Field(ge=1)
    """Sequences in flight over all replicas."""
    cache_hit_rate: float = Field(0, ge=0, le=1)
    """Share of prompt tokens found in the prefix cache."""
    ttft_s: float | None = Field(None, gt=0)
    """Time to the first token."""
    tpot_s: float | None = Field(None, gt=0)
    """Time per output token after the first."""
    total_latency_s: float | None = Field(None, gt=0)
    """The whole answer."""
    said: str = ""
    """How it was said: `416.7 tok/s`, or the tool whose output was read."""
    user_id: str = ""
    """Who entered it."""
    measured_at: datetime | None = None
    """When it was entered."""

    @property
    def figures(self) -> Figures:
        """What was measured."""
        return Figures(self.ttft_s, self.tpot_s, self.total_latency_s)
