"""One way of serving a model: which hardware, how many, how split, in which precision and engine."""

from typing import Self

from pydantic import Field, model_validator

from calculator.base import Frozen
from calculator.errors import QuestionError
from calculator.specs.engine import EngineSpec
from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec
from calculator.specs.precision import Precision, kv_bytes

BIG_CARD_GIB = 70
"""From this size on, A100 apart, vLLM batches 8,192 tokens and 1,024 sequences by default; 2,048 and 256 below."""


class Deployment(Frozen):
    """A model on hardware. Replicas are independent copies; one copy spans tp x pp x dp accelerators."""

    model: ModelSpec
    """What is served."""
    gpu: GpuSpec
    """On what."""
    precision: Precision
    """How the weights are stored."""
    kv_precision: str = "fp16"
    """How the KV cache is stored: fp16, fp8, int8."""
    tp: int = Field(1, ge=1, le=1024)
    """Tensor parallel: accelerators that share every layer."""
    pp: int = Field(1, ge=1, le=1024)
    """Pipeline parallel: groups that hold the layers one after another."""
    dp: int = Field(1, ge=1, le=1024)
    """Attention data parallel with expert parallel: attention is copied, experts are spread over tp x dp."""
    replicas: int = Field(1, ge=1, le=100_000)
    """Independent copies."""
    engine: EngineSpec
    """Serving engine."""
    engine_version: str | None = None
    """Its version, where it matters; the newest otherwise."""
    gpu_memory_utilization: float | None = Field(None, gt=0, le=1)
    """Share of memory that the engine may use; None for the engine's default."""
    max_num_batched_tokens: int | None = Field(None, ge=1)
    """Tokens in one step; None for the engine's default on this card."""
    max_num_seqs: int | None = Field(None, ge=1)
    """Sequences in one step; None for the engine's default on this card."""
    max_model_len: int | None = Field(None, ge=1)
    """Context that the engine must be able to hold to start; None for what a request needs."""

    @model_validator(mode="after")
    def _can_be_split(self) -> Self:
        heads, layers = self.model.num_attention_heads, self.model.num_hidden_layers
        if heads % self.tp:
            fitting = [n for n in (1, 2, 4, 8, 16, 32, 64) if heads % n == 0]
            raise QuestionError(
                "tp",
                f"tp {self.tp} does not divide the {heads} heads of {self.model.display_name}. "
                f"Type tp {' or '.join(map(str, fitting))}.",
            )
        if self.pp > layers:
            raise QuestionError("pp", f"{self.model.display_name} has {layers} layers; type pp {layers} or less.")
        if self.dp > 1 and not self.model.is_moe:
            raise QuestionError("dp", f"{self.model.display_name} has no experts to spread; type `{self.dp} replicas`.")
        kv_bytes(self.kv_precision)
        return self

    @property
    def gpus_per_replica(self) -> int:
        """Accelerators of one copy."""
        return self.tp * self.pp * self.dp

    @property
    def gpus(self) -> int:
        """Accelerators in all."""
        return self.gpus_per_replica * self.replicas

    @property
    def memory_share(self) -> float:
        """Share of memory that the engine may use."""
        return self.gpu_memory_utilization or self.engine.memory_share

    @property
    def batched_tokens(self) -> int:
        """Tokens in one step."""
        return self.max_num_batched_tokens or (8192 if self._is_big_card else 2048)

    @property
    def sequences(self) -> int:
        """Sequences in one step."""
        return self.max_num_seqs or (1024 if self._is_big_card else 256)

    @property
    def _is_big_card(self) -> bool:
        return self.gpu.memory_label_gb >= BIG_CARD_GIB and not self.gpu.key.startswith("a100")
