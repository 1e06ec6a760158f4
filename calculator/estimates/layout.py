"""How many accelerators are used by default, and how: the fewest that hold one copy, the rest as further copies."""

from calculator.errors import QuestionError
from calculator.estimates.memory import memory_of
from calculator.specs.deployment import Deployment
from calculator.specs.engine import EngineSpec
from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec
from calculator.specs.precision import PRECISIONS, Precision
from calculator.specs.workload import Workload


def deploy(  # noqa: PLR0913  # every argument is one thing that a person may say
    model: ModelSpec,
    gpu: GpuSpec,
    workload: Workload,
    *,
    gpus: int | None = None,
    tp: int | None = None,
    pp: int | None = None,
    dp: int | None = None,
    replicas: int | None = None,
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
    said = {"pp": pp or 1, "dp": dp or 1}
    base = {"model": model, "gpu": gpu, "precision": weights, "engine": engine, **said, **settings}
    split = tp or _smallest_tp(base, workload, gpus or replicas or 1, replicas, stated=gpus is not None)
    one = split * said["pp"] * said["dp"]
    copies = replicas or (max(gpus // one, 1) if gpus else 1)
    deployment = Deployment.model_validate(base | {"tp": split, "replicas": copies})
    if gpus is not None and one * copies != gpus:
        raise QuestionError(
            "gpus",
            f"tp {split} x pp {said['pp']} x {copies} replicas are {one * copies} accelerators, not {gpus}. "
            f"Type `{one * copies}x{gpu.key}`, or another tp.",
        )
    return deployment


def default_engine(gpu: GpuSpec, precision: Precision) -> EngineSpec:
    """vLLM, or llama.cpp where the file is GGUF or the hardware is Apple's or a CPU."""
    from calculator.catalog import loader  # noqa: PLC0415  # the catalog is made of specs

    return loader.engine("llama.cpp" if precision.gguf or gpu.kind in {"apple", "cpu"} else "vllm")


def _smallest_tp(base: dict[str, object], workload: Workload, gpus: int, replicas: int | None, *, stated: bool) -> int:
    """The smallest power of two that divides the heads and fits; the largest possible one where none fits."""
    model, pp, dp = base["model"], base["pp"], base["dp"]
    assert isinstance(model, ModelSpec)
    assert isinstance(pp, int)
    assert isinstance(dp, int)
    per_copy = (gpus // replicas if stated and replicas else gpus) // (pp * dp) if stated else 1
    possible = [n for n in (1, 2, 4, 8, 16, 32, 64) if n <= max(per_copy, 1) and not model.num_attention_heads % n]
    possible = [n for n in possible if per_copy % n == 0 or not stated] or [1]
    for tp in possible:
        copies = replicas or max(gpus // (tp * pp * dp), 1)
        tried = Deployment.model_validate(base | {"tp": tp, "replicas": copies})
        if memory_of(tried, workload).memory_fits:
            return tp
    return possible[-1]
