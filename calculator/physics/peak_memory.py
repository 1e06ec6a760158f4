"""Peak memory of a static batch, as benchmarks report it: what is used, not what a server would set aside.

Fitted to TensorRT-LLM 0.9's published peaks per GPU (a median error of about 4 %): weights and cache as computed, an
embedding that is not split, a gigabyte of libraries and 0.6 GB per rank of communication buffers over NVLink, and
activations of a prompt that is processed whole.
"""

from calculator.base import GB
from calculator.physics.columns import Column, ceil, choose
from calculator.physics.memory import kv_bytes_per_sequence, weight_bytes
from calculator.physics.shape import Shape

STREAM, FEED_FORWARD, LOGITS = 4.2, 3.3, 5.7
"""Copies of the residual stream (2 bytes), the feed-forward activations (2 bytes) and the logits (4 bytes)."""


def peak_bytes(shape: Shape, input_tokens: Column, output_tokens: Column, batch: Column) -> Column:
    """Bytes per accelerator at the peak of `batch` sequences over all replicas."""
    sequences = ceil(batch / (shape.replicas * shape.dp))
    cache = sequences * kv_bytes_per_sequence(shape, input_tokens + output_tokens)
    embedding = shape.vocab * shape.hidden * 2 * (1 - 1 / shape.tp)
    buffers = choose(shape.link_is_pcie > 0, 0.0, 0.6 * GB * shape.tp)
    prompt = sequences * input_tokens * 2
    activations = prompt * (STREAM * shape.hidden + FEED_FORWARD * shape.intermediate / shape.tp)
    logits = LOGITS * sequences * shape.vocab * 4
    return 1.006 * weight_bytes(shape) + 0.999 * cache + 1.0 * GB + embedding + buffers + activations + logits
