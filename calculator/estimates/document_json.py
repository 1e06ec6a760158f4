"""The document's JSON of an estimate: its keys exactly, with more beside them. Nothing is rounded."""

from typing import Any

from calculator.estimates.estimate import Estimate


def export(
    estimate: Estimate,
    *,
    model_size: str | None = None,
    hardware_type: str | None = None,
    notes: tuple[str, ...] = (),
) -> dict[str, Any]:
    """The estimate as the document prints it. `model_size` and `hardware_type` echo the person's words.

    `notes` are how names were resolved ("A100 -> A100 SXM4 40GB").
    """
    d, w = estimate.deployment, estimate.workload
    return {
        "model_size": model_size or d.model.key,
        "tokens": w.tokens,
        "batch_size": w.batch_size,
        "hardware_type": hardware_type or d.gpu.key,
        "deployment_mode": estimate.deployment_mode,
        "requests_per_hour": w.requests_per_hour,
        "resolved": _resolved(estimate, notes),
        "results": {
            "memory": estimate.memory.model_dump(mode="json"),
            "latency": estimate.latency.model_dump(mode="json"),
            "cost": estimate.cost.model_dump(mode="json"),
            "compatibility": estimate.compatibility.model_dump(mode="json"),
            "load": None if estimate.load is None else estimate.load.model_dump(mode="json"),
        },
        "binding": None if estimate.binding is None else estimate.binding.model_dump(mode="json"),
        "assumptions": [assumption.model_dump(mode="json") for assumption in estimate.assumptions],
        "calibration": None if estimate.correction is None else estimate.correction.model_dump(mode="json"),
        "hypothetical": estimate.hypothetical,
    }


def _resolved(estimate: Estimate, notes: tuple[str, ...]) -> dict[str, Any]:
    """Catalog keys and every default that was filled in."""
    d, w = estimate.deployment, estimate.workload
    return {
        "model": d.model.key,
        "model_name": d.model.display_name,
        "gpu": d.gpu.key,
        "gpu_name": d.gpu.display_name,
        "gpus": d.gpus,
        "tp": d.tp,
        "pp": d.pp,
        "dp": d.dp,
        "replicas": d.replicas,
        "precision": d.precision.key,
        "kv_cache": d.kv_precision,
        "engine": d.engine.key,
        "engine_version": d.engine_version,
        "gpu_memory_utilization": d.memory_share,
        "input_tokens": w.input_tokens,
        "output_tokens": w.output_tokens,
        "cache_hit_rate": w.cache_hit_rate,
        "hours_per_month": w.hours_per_month,
        "notes": list(notes),
    }
