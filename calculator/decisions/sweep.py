"""The whole catalog at once: every model on every accelerator in every precision and count, as columns of a Shape."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from calculator.catalog import loader
from calculator.errors import QuestionError
from calculator.estimates.layout import default_engine
from calculator.physics.columns import Column
from calculator.physics.memory import budget
from calculator.physics.shape import Shape
from calculator.physics.shape_from_specs import engine_side, gpu_side, model_side, overhead_bytes, peak_flops
from calculator.specs.deployment import Deployment
from calculator.specs.engine import EngineSpec
from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec
from calculator.specs.precision import PRECISIONS, Precision

if TYPE_CHECKING:
    import numpy as np

COUNTS = (1, 2, 4, 8)
NARROWED = ("fp8", "int4-awq")
"""Precisions that a 16-bit model is tried in beside its own."""


@dataclass(frozen=True, slots=True)
class Sweep:
    """Columns of many deployments, one row each, and what each row is."""

    stored: tuple[tuple[ModelSpec, Precision], ...]
    """Models in a precision, by `stored_index`."""
    gpus: tuple[GpuSpec, ...]
    """Accelerators, by `gpu_index`."""
    stored_index: "np.ndarray[Any, Any]"
    """Row to model and precision."""
    gpu_index: "np.ndarray[Any, Any]"
    """Row to accelerator."""
    count: "np.ndarray[Any, Any]"
    """Row to accelerators in all: tp x replicas."""
    shape: Shape
    """The numbers of every row."""

    def __len__(self) -> int:
        return len(self.count)

    def picked(self, rows: "np.ndarray[Any, Any]") -> "Sweep":
        """Those rows alone, by mask or by index."""
        import numpy as np  # noqa: PLC0415

        columns = {field.name: getattr(self.shape, field.name) for field in fields(self.shape)}
        shape = Shape(
            **{name: value[rows] if isinstance(value, np.ndarray) else value for name, value in columns.items()}
        )
        return Sweep(self.stored, self.gpus, self.stored_index[rows], self.gpu_index[rows], self.count[rows], shape)

    def deployment(self, row: int) -> Deployment:
        """The deployment of one row, for a full estimate."""
        (model, precision), gpu = self.stored[self.stored_index[row]], self.gpus[self.gpu_index[row]]
        tp, replicas = int(self.shape.tp[row]), int(self.shape.replicas[row])
        engine = default_engine(gpu, precision)
        return Deployment(model=model, gpu=gpu, precision=precision, engine=engine, tp=tp, replicas=replicas)


def sweep(
    context: int,
    batch: int,
    *,
    models: Sequence[ModelSpec] | None = None,
    gpus: Sequence[GpuSpec] | None = None,
    counts: Sequence[int] = COUNTS,
) -> Sweep:
    """Every combination, split by the default rule: the smallest tp that holds the workload, the rest as replicas.

    Models whose KV cache is not known are left out. `context` is prompt and output; `batch` sequences in flight.
    """
    import numpy as np  # noqa: PLC0415  # one question never pays for numpy

    stored = _stored(tuple(models or map(loader.model, loader.model_keys())))
    cards = tuple(gpus or map(loader.gpu, loader.gpu_keys()))
    pairs = np.indices((len(stored), len(cards), len(counts))).reshape(3, -1)
    columns = _columns(stored, cards)
    shape = Shape(
        **{name: values[pairs[0]] for name, values in columns.by_model.items()},
        **{name: values[pairs[1]] for name, values in columns.by_gpu.items()},
        peak_flops=columns.peaks[pairs[0], pairs[1]],
        tp=np.ones(pairs.shape[1]),
        pp=1.0,
        dp=1.0,
        replicas=np.ones(pairs.shape[1]),
    )
    count = np.asarray(counts, float)[pairs[2]]
    return Sweep(stored, cards, pairs[0], pairs[1], count, _split(shape, columns, pairs[1], count, context, batch))


def each_split(
    splits: Sequence[int], *, models: Sequence[ModelSpec] | None = None, gpus: Sequence[GpuSpec] | None = None
) -> Sweep:
    """Every combination with every split that divides the heads, one copy each; what does not fit is among them."""
    import numpy as np  # noqa: PLC0415

    everything = sweep(1, 1, models=models, gpus=gpus, counts=tuple(splits))
    tables = _columns(everything.stored, everything.gpus)
    tp = everything.count
    alone, per_doubling = tables.overhead[:, everything.gpu_index]
    shape = replace(
        everything.shape, tp=tp, replicas=np.ones_like(tp), overhead_bytes=overhead_bytes(alone, per_doubling, tp)
    )
    return replace(everything, shape=shape).picked(shape.heads % tp == 0)


@dataclass(frozen=True, slots=True)
class _Tables:
    """One array per field of a Shape, over models or over accelerators."""

    by_model: dict[str, Any]
    by_gpu: dict[str, Any]
    peaks: Any
    overhead: Any
    """GiB alone and per doubling of tp, by accelerator."""


@lru_cache(maxsize=8)
def _stored(models: tuple[ModelSpec, ...]) -> tuple[tuple[ModelSpec, Precision], ...]:
    found = []
    for model in models:
        own = PRECISIONS[model.native_precision]
        narrowed = () if own.is_quantised else NARROWED
        if _is_known(model):
            found += [(model, precision) for precision in (own, *(PRECISIONS[key] for key in narrowed))]
    return tuple(found)


def _is_known(model: ModelSpec) -> bool:
    try:
        return model.cache is not None
    except QuestionError:
        return False


@lru_cache(maxsize=8)
def _columns(stored: tuple[tuple[ModelSpec, Precision], ...], gpus: tuple[GpuSpec, ...]) -> _Tables:
    import numpy as np  # noqa: PLC0415

    by_model = _stacked([model_side(model, precision, "fp16") for model, precision in stored])
    some_model, some_precision = stored[0]
    engines = [default_engine(gpu, PRECISIONS["bf16"]) for gpu in gpus]
    sides = [
        gpu_side(gpu) | engine_side(Deployment(model=some_model, precision=some_precision, gpu=gpu, engine=engine))
        for gpu, engine in zip(gpus, engines, strict=True)
    ]
    peaks = {precision: [peak_flops(gpu, precision) for gpu in gpus] for _, precision in stored}
    return _Tables(
        by_model, _stacked(sides), np.array([peaks[precision] for _, precision in stored]), _overheads(engines)
    )


def _overheads(engines: Sequence[EngineSpec]) -> Any:
    import numpy as np  # noqa: PLC0415

    return np.array([(engine.overhead_gib, engine.overhead_gib_per_doubling) for engine in engines]).T


def _stacked(sides: Sequence[dict[str, Any]]) -> dict[str, Any]:
    import numpy as np  # noqa: PLC0415

    return {name: np.array([side[name] for side in sides], float) for name in sides[0]}


def _split(shape: Shape, tables: _Tables, gpu: Any, count: Any, context: int, batch: int) -> Shape:  # noqa: PLR0913, PLR0917
    """The smallest tp of 1, 2, 4, ... that divides the heads and holds the workload; the largest where none does."""
    import numpy as np  # noqa: PLC0415

    chosen: Column = np.ones_like(count)
    open_rows = np.ones(len(count), bool)
    tp = 1.0
    while tp <= count.max() and open_rows.any():
        possible = open_rows & (count % tp == 0) & (shape.heads % tp == 0)
        chosen = np.where(possible, tp, chosen)
        overhead = overhead_bytes(tables.overhead[0], tables.overhead[1], tp)[gpu]
        b = budget(replace(shape, tp=tp, replicas=count / tp, overhead_bytes=overhead), context, batch)
        open_rows &= ~(possible & (b.used <= b.label))
        tp *= 2
    overhead = overhead_bytes(tables.overhead[0][gpu], tables.overhead[1][gpu], chosen)
    return replace(shape, tp=chosen, replicas=count / chosen, overhead_bytes=overhead)
