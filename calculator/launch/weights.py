"""Which checkpoint a launch line names, and how its weights come to be in the precision that was estimated."""

from collections.abc import Mapping
from types import MappingProxyType

from calculator.specs.deployment import Deployment
from calculator.team.own import is_own

PLACEHOLDER = "MODEL"
PLAIN = MappingProxyType({"bf16": "bfloat16", "fp16": "float16", "fp32": "float32"})
"""Weights that are stored as they are computed with, and what --dtype calls them."""
Flags = Mapping[str, str | int | float | bool | None]
"""Flags with their values; True stands for a flag alone, None for none."""


def whose(d: Deployment) -> str:
    """The model as one finds it: its repository, or the team's own checkpoint."""
    return (
        f"your checkpoint of {d.model.display_name}" if is_own(d.model.key) else d.model.hf_id or d.model.display_name
    )


def weights_of(d: Deployment, at_load: Mapping[str, Flags]) -> tuple[str, Flags, list[str]]:
    """The checkpoint, the flags that narrow it while it is loaded, and what stands for what."""
    key, native, hub = d.precision.key, d.model.native_precision, None if is_own(d.model.key) else d.model.hf_id
    plain = key in PLAIN and native in PLAIN
    narrowed = at_load.get(key) if native in PLAIN else None
    model = hub if hub and (key == native or plain or narrowed) else PLACEHOLDER
    if narrowed:
        note = (
            f"The weights are narrowed to {d.precision.label} while they are loaded; a checkpoint that is stored so "
            "loads with less memory and needs no flag for it."
        )
        return model, narrowed, [note, *([] if hub else [f"{PLACEHOLDER} is the path of {whose(d)}."])]
    if key == native or plain:
        return model, {}, [] if hub else [f"{PLACEHOLDER} is the path of {whose(d)}."]
    file = ": a GGUF file, which is llama.cpp's format and may not load here" if d.precision.gguf else ""
    note = f"{PLACEHOLDER} is a checkpoint of {whose(d)} with weights in {d.precision.label}{file}; its config says so to the engine."
    return model, {}, [note]


def dtype_of(d: Deployment) -> str | None:
    """What is computed in, where that is not what the checkpoint says; a card without bf16 needs fp16."""
    if "bf16" not in d.gpu.peak_flops and "fp16" in d.gpu.peak_flops and d.precision.key != "fp32":
        return PLAIN["fp16"]
    differs = d.precision.key != d.model.native_precision and d.model.native_precision in PLAIN
    return PLAIN.get(d.precision.key) if differs else None
