"""How the accelerators of a published measurement were split, as its columns and notes tell."""

import re
from collections.abc import Mapping

from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec
from calculator.specs.precision import Precision

HELD = 0.8
"""Share of a card that weights may take where a row does not say how they were split."""
ATTENTION_DP = re.compile(r"attention-dp|attention dp|attn_dp=|dpa=true|\bep\d+;", re.IGNORECASE)
"""Words of the notes for attention data parallelism with experts spread over all accelerators."""


def layout_of(row: Mapping[str, str], model: ModelSpec, gpu: GpuSpec, precision: Precision) -> dict[str, int]:
    """tp, pp, dp and replicas, whose product is the accelerators that gave the row's throughput."""
    gpus, pp = _count(row, "num_gpus"), _count(row, "pp")
    stated = row.get("tp", "")
    tp = _count(row, "tp") if stated else _smallest_tp(model, gpu, precision, gpus)
    notes = row.get("notes", "")
    left = max(gpus // (tp * pp), 1)
    if model.is_moe and left > 1 and ATTENTION_DP.search(notes):
        return {"tp": tp, "pp": pp, "dp": left, "replicas": 1}
    if model.is_moe and tp > 1 and "dpa=true" in notes.lower():
        return {"tp": 1, "pp": pp, "dp": tp, "replicas": left}
    return {"tp": tp, "pp": pp, "dp": 1, "replicas": left}


def _smallest_tp(model: ModelSpec, gpu: GpuSpec, precision: Precision, gpus: int) -> int:
    """The smallest power of two whose cards hold the weights."""
    counts = model.counts
    linear = counts.dense * precision.linear_bits + counts.experts * precision.expert_bits
    weights = (linear + counts.embedding * precision.embedding_bits) / 8
    tp = 1
    while weights / tp > gpu.reported_bytes * HELD and tp < gpus:
        tp *= 2
    return tp


def _count(row: Mapping[str, str], name: str) -> int:
    return max(int(float(row.get(name) or 1)), 1)
