"""The latency of one deployment as a record: what one request sees at the given batch, without queueing."""

import math

from calculator.base import Frozen
from calculator.estimates.intervals import Range, intervals_of
from calculator.estimates.nearest import nearest_measurement
from calculator.physics.latency import Latency, latency
from calculator.physics.shape_from_specs import shape_of
from calculator.specs.deployment import Deployment
from calculator.specs.workload import Workload
from calculator.team.correction import NO_CORRECTION, Correction


class LatencyEstimate(Frozen):
    """Seconds for one request among those in flight. A figure that needs an unknown one is None, with the reason."""

    total_latency_seconds: float | None
    """From request to last token: ttft + (output - 1) x tpot."""
    tokens_per_second: float | None
    """The document's figure: prompt and output tokens of one request over total_latency_seconds."""
    ttft_seconds: float | None
    """Time to first token."""
    tpot_seconds: float | None
    """Time per output token after the first."""
    output_tokens_per_second: float | None
    """Output tokens of all sequences in flight, per second."""
    output_tokens_per_second_per_user: float | None
    """What one reader sees while text streams: 1 / tpot."""
    prefill_seconds: float | None
    """Processing the prompt alone."""
    decode_step_seconds: float | None
    """One step of the whole batch."""
    parts: dict[str, float] | None
    """Seconds of the whole answer by what they go to: until the first token, in steps for other requests' prompts, and in
    decode steps for weights, KV cache, compute, communication and overhead. They add up to total_latency_seconds."""
    intervals: dict[str, Range] | None = None
    """80 % intervals by field name; None where nothing was fitted."""
    nearest_measurement: str | None = None
    """The published measurement closest to this point, where there is one."""
    reason: str | None = None
    """Why a figure is missing, and what to type."""


def latency_of(
    deployment: Deployment,
    workload: Workload,
    *,
    batch: float | None = None,
    correction: Correction = NO_CORRECTION,
) -> LatencyEstimate:
    """Latency of one request among `batch` in flight (the workload's by default).

    `correction` is what the team's own measurements say at this operating point.
    """
    b = workload.batch_size if batch is None else batch
    shape, missing = shape_of(deployment), _missing(deployment)
    point = latency(shape, workload.input_tokens, workload.output_tokens, b, workload.cache_hit_rate)
    seconds = correction.applied(Latency(*map(float, point)), workload.output_tokens)
    intervals = None if missing else intervals_of(deployment, workload, b, seconds, correction)
    record = _record(seconds, workload, b, missing, intervals)
    nearest = nearest_measurement(deployment, b / deployment.replicas)
    return record.model_copy(update={"nearest_measurement": nearest}) if nearest else record


def _record(
    s: Latency, w: Workload, batch: float, missing: str | None, intervals: dict[str, Range] | None
) -> LatencyEstimate:
    e2e, tpot = _known(s.e2e_s), _known(s.tpot_s)
    return LatencyEstimate(
        total_latency_seconds=e2e,
        tokens_per_second=w.tokens / e2e if e2e else None,
        ttft_seconds=_known(s.ttft_s),
        tpot_seconds=tpot,
        output_tokens_per_second=batch * w.output_tokens / e2e if e2e else None,
        output_tokens_per_second_per_user=1 / tpot if tpot else None,
        prefill_seconds=_known(s.prefill_s),
        decode_step_seconds=_known(s.decode_step_s),
        parts=_parts(s, w.output_tokens),
        intervals=intervals,
        reason=missing,
    )


def _parts(s: Latency, output_tokens: int) -> dict[str, float] | None:
    """Seconds by phase; None where one is not known."""
    steps = output_tokens - 1
    parts = {
        "first_token": s.ttft_s,
        "other_prompts": steps * (s.tpot_s - s.decode_step_s),
        "weights": steps * s.weights_s,
        "kv_cache": steps * s.kv_s,
        "compute": steps * s.compute_s,
        "communication": steps * s.communication_s,
        "overhead": steps * s.overhead_s,
    }
    return parts if all(map(math.isfinite, parts.values())) else None


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _missing(d: Deployment) -> str | None:
    """The data sheet figure that is not known and that latency needs."""
    if d.gpu.peak("bf16") is None:
        return (
            f"no source states the peak FLOPS of {d.gpu.display_name}, so its speed is unknown; "
            "take a card whose data sheet has it"
        )
    if d.gpus_per_replica > 1 and d.gpu.link_bytes_per_s is None:
        return (
            f"no source states the link bandwidth between {d.gpu.display_name}, so the speed of {d.gpus_per_replica} "
            "together is unknown; type tp 1"
        )
    return None
