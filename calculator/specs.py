"""The nouns, in one place: what a model, an accelerator, a precision, an engine, a load and a deployment are."""

from calculator.base import GB, GIB, Frozen
from calculator.deployment import Deployment
from calculator.engine import FAMILIES, EngineSpec
from calculator.gpu import ComputeDtype, GpuSpec, Kind, Mode
from calculator.model import Attention, ModelSpec
from calculator.precision import KV_BYTES, PRECISION_WORDS, PRECISIONS, Precision, find_precision
from calculator.workload import HOURS_PER_MONTH, PROMPT_SHARE, UseCase, Workload, split_tokens

__all__ = [
    "FAMILIES", "GB", "GIB", "HOURS_PER_MONTH", "KV_BYTES", "PRECISIONS", "PRECISION_WORDS", "PROMPT_SHARE",
    "Attention", "ComputeDtype", "Deployment", "EngineSpec", "Frozen", "GpuSpec", "Kind", "Mode", "ModelSpec",
    "Precision", "UseCase", "Workload", "find_precision", "split_tokens",
]  # fmt: skip
