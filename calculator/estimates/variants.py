"""A deployment under a workload, and what could be changed of it: narrower weights, more accelerators, larger ones."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from calculator.estimates.latency import LatencyEstimate
from calculator.estimates.load import LoadEstimate
from calculator.estimates.memory import MemoryEstimate
from calculator.physics.latency import latency
from calculator.physics.memory import budget
from calculator.physics.shape_from_specs import shape_of
from calculator.specs.deployment import Deployment
from calculator.specs.precision import PRECISIONS
from calculator.specs.workload import Workload
from calculator.team.correction import correction_of
from calculator.team.measurement import OwnMeasurement

BIGGER_CARDS = ("l40s", "a100-sxm-80gb", "h100-sxm", "h200-sxm", "b200", "mi300x")
"""Cards that are proposed where one is too small, smallest memory first."""
Change = tuple[str, Deployment]
"""What is changed, in words, and the deployment that makes."""


@dataclass(frozen=True, slots=True)
class Case:
    """A deployment under a workload, with what was computed of it."""

    deployment: Deployment
    workload: Workload
    memory: MemoryEstimate
    latency: LatencyEstimate
    load: LoadEstimate | None
    measurements: Sequence[OwnMeasurement]
    """What the team measured itself; each change is tried out with what it says of that."""

    def tried(self, deployment: Deployment, workload: Workload | None = None) -> float | None:
        """Seconds of an answer with this change, where it fits; None where it does not."""
        w = workload or self.workload
        shape = shape_of(deployment)
        b = budget(shape, w.tokens, w.batch_size, to_start=deployment.max_model_len)
        if b.used > b.label:
            return None
        point = latency(shape, w.input_tokens, w.output_tokens, w.batch_size, w.cache_hit_rate)
        correction = correction_of(deployment, w, self.measurements)
        seconds = float(correction.applied(point, w.output_tokens).e2e_s)
        return seconds if math.isfinite(seconds) else None


def narrower(d: Deployment) -> Iterator[Change]:
    """Weights in fewer bits."""
    if not d.precision.is_quantised:
        for key in ("fp8", "int4-awq"):
            yield f"{key} weights", d.model_copy(update={"precision": PRECISIONS[key]})


def narrower_cache(d: Deployment) -> Iterator[Change]:
    """A KV cache in fewer bits."""
    if d.kv_precision not in {"fp8", "int8"}:
        yield "an fp8 KV cache", d.model_copy(update={"kv_precision": "fp8"})


def wider(d: Deployment) -> Iterator[Change]:
    """Every layer over more accelerators."""
    for tp in (2, 4, 8, 16):
        if tp > d.tp and d.model.num_attention_heads % tp == 0:
            yield f"tp {tp} ({tp * d.pp * d.dp}x {d.gpu.display_name})", d.model_copy(update={"tp": tp})


def larger(d: Deployment) -> Iterator[Change]:
    """The same on accelerators with more memory."""
    from calculator.catalog import loader  # noqa: PLC0415  # the catalog is made of specs

    for key in BIGGER_CARDS:
        gpu = loader.gpu(key)
        if gpu.memory_label_gb > d.gpu.memory_label_gb:
            yield f"{d.gpus}x {gpu.display_name}", d.model_copy(update={"gpu": gpu})
