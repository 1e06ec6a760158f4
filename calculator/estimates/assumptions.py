"""What an estimate takes for granted, each with its value and why: nothing is filled in silently."""

from collections.abc import Iterator

from calculator.base import Frozen
from calculator.specs.deployment import Deployment
from calculator.specs.workload import HOURS_PER_MONTH, Workload


class Assumption(Frozen):
    """One number or choice behind an answer."""

    name: str
    """What it is about, by the field that changes it."""
    value: str | float | int | None
    """What was taken."""
    why: str
    """Why, or where from."""


def assumptions_of(deployment: Deployment, workload: Workload) -> tuple[Assumption, ...]:
    """What the core itself assumed for this deployment and workload."""
    return (
        *_of_hardware(deployment),
        *_of_engine(deployment),
        *_of_model(deployment),
        *_of_load(workload),
    )


def _of_hardware(d: Deployment) -> Iterator[Assumption]:
    gpu = d.gpu
    if gpu.reported_basis == "derived":
        share = gpu.reported_bytes / gpu.memory_label_bytes
        yield Assumption(
            name="reported_memory", value=share, why=f"share of the {gpu.display_name}'s label that is usable, derived"
        )
    native = gpu.peak_flops.get(d.precision.compute)
    if d.precision.compute == "bf16" and native is None and gpu.peak("bf16"):
        yield Assumption(name="compute", value="fp16", why=f"{gpu.display_name} has no bf16")
    elif native is None and gpu.peak("bf16"):
        yield Assumption(
            name="compute", value="16 bit", why=f"{gpu.display_name} does not multiply {d.precision.compute}"
        )
    if d.gpus_per_replica > 1 and gpu.link_is_pcie and gpu.link_bytes_per_s:
        yield Assumption(
            name="link", value=f"PCIe {gpu.pcie}", why=f"{gpu.display_name} has no other link between cards"
        )


def _of_engine(d: Deployment) -> Iterator[Assumption]:
    yield Assumption(name="engine", value=d.engine.key, why=d.engine.source)
    yield Assumption(
        name="gpu_memory_utilization",
        value=d.memory_share,
        why="as stated" if d.gpu_memory_utilization else f"the default of {d.engine.display_name}",
    )
    yield Assumption(name="kv_cache", value=d.kv_precision, why="precision of the KV cache")


def _of_model(d: Deployment) -> Iterator[Assumption]:
    model = d.model
    yield Assumption(name="parameters", value=model.counts.total, why="counted from the architecture")
    if model.stated_kv_bytes_per_token is not None:
        yield Assumption(
            name="kv_bytes_per_token", value=model.stated_kv_bytes_per_token, why="as published, at 16 bits"
        )
    if model.linear_num_value_heads:
        yield Assumption(name="linear_state", value="fp32", why="precision of the linear layers' state")
    if model.context_without_yarn:
        yield Assumption(
            name="context",
            value=model.max_position_embeddings,
            why=f"needs YaRN beyond {model.context_without_yarn:,} tokens",
        )


def _of_load(w: Workload) -> Iterator[Assumption]:
    yield Assumption(name="split", value=f"{w.input_tokens} in, {w.output_tokens} out", why="prompt and output tokens")
    if w.requests_per_hour is not None:
        yield Assumption(name="arrivals", value="Poisson", why="requests arrive independently, all of one length")
        why = (
            "hours that are paid for and loaded"
            if w.hours_per_month != HOURS_PER_MONTH
            else "the reference document's month"
        )
        yield Assumption(name="hours_per_month", value=w.hours_per_month, why=why)
