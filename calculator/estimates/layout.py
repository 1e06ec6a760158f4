"""How many accelerators are used by default, and how: the fewest that hold one copy, the rest as further copies."""

from typing import NamedTuple

from calculator.errors import QuestionError
from calculator.estimates.memory import memory_of
from calculator.specs.deployment import Deployment
from calculator.specs.engine import EngineSpec
from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec
from calculator.specs.precision import PRECISIONS, Precision
from calculator.specs.workload import Workload


class LayoutWish(NamedTuple):
    """How many accelerators, and how they share the work; None is left to the default."""

    gpus: int | None = None
    tp: int | None = None
    pp: int | None = None
    dp: int | None = None
    replicas: int | None = None


def deploy(  # noqa: PLR0913  # the nouns, and what a person may say of them
    model: ModelSpec,
    gpu: GpuSpec,
    workload: Workload,
    layout: LayoutWish = LayoutWish(),  # noqa: B008  # immutable
    *,
    precision: Precision | None = None,
    engine: EngineSpec | None = None,
    **settings: object,
) -> Deployment:
    """A deployment with what was said, and defaults for what was not.

    The weights are the vendor's, at 16 bits where the model is GGUF-free and bf16; the engine is vLLM, or llama.cpp
    for GGUF files, Apple and CPU. Without `tp`, the smallest power of two that divides the heads and holds the model
    with this workload; replicas fill the rest of `gpus`. `settings` are further fields of Deployment.

    QuestionError where tp x pp x dp x replicas is not `gpus`, or tp does not divide the heads.
    """
    weights = precision or PRECISIONS[model.native_precision]
    engine = engine or default_engine(gpu, weights)
    layout = layout._replace(pp=layout.pp or 1, dp=layout.dp or 1)
    stages = {"pp": layout.pp, "dp": layout.dp}
    base = {"model": model, "gpu": gpu, "precision": weights, "engine": engine, **stages, **settings}
    split = layout.tp or _smallest_tp(base, workload, layout)
    return Deployment.model_validate(base | {"tp": split, "replicas": _copies(layout, split, gpu)})


def _copies(layout: LayoutWish, tp: int, gpu: GpuSpec) -> int:
    """Copies as said, or as many as make up the stated count; QuestionError where none do."""
    one = tp * (layout.pp or 1) * (layout.dp or 1)
    copies = layout.replicas or (max(layout.gpus // one, 1) if layout.gpus else 1)
    if layout.gpus is not None and one * copies != layout.gpus:
        raise QuestionError(
            "gpus",
            f"tp {tp} x pp {layout.pp} x {copies} replicas are {one * copies} accelerators, not {layout.gpus}. "
            f"Type `{one * copies}x{gpu.key}`, or another tp.",
        )
    return copies


def default_engine(gpu: GpuSpec, precision: Precision) -> EngineSpec:
    """vLLM, or llama.cpp where the file is GGUF or the hardware is Apple's or a CPU."""
    from calculator.catalog import loader  # noqa: PLC0415  # the catalog is made of specs

    return loader.engine("llama.cpp" if precision.gguf or gpu.kind in {"apple", "cpu"} else "vllm")


def _smallest_tp(base: dict[str, object], workload: Workload, layout: LayoutWish) -> int:
    """The smallest power of two that divides the heads and fits; the largest possible one where none fits."""
    model, stages = base["model"], (layout.pp or 1) * (layout.dp or 1)
    assert isinstance(model, ModelSpec)
    stated, replicas = layout.gpus is not None, layout.replicas
    gpus = layout.gpus or replicas or 1
    per_copy = (gpus // replicas if stated and replicas else gpus) // stages if stated else 1
    possible = [n for n in (1, 2, 4, 8, 16, 32, 64) if n <= max(per_copy, 1) and not model.num_attention_heads % n]
    possible = [n for n in possible if per_copy % n == 0 or not stated] or [1]
    for tp in possible:
        copies = replicas or max(gpus // (tp * stages), 1)
        tried = Deployment.model_validate(base | {"tp": tp, "replicas": copies})
        if memory_of(tried, workload).memory_fits:
            return tp
    return possible[-1]
