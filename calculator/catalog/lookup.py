"""From what people write to what the catalog holds, saying how; unknown names are refused with suggestions."""

import re

from calculator.catalog import loader
from calculator.catalog.hosted_offers import hosted_model
from calculator.catalog.names import (
    BARE_SIZES,
    ENDINGS,
    MAKERS,
    NICKNAMES,
    VENDORS,
    gpu_aliases,
    hosted_only_keys,
    model_aliases,
    squeeze,
)
from calculator.catalog.resolved import HostedModel, Resolved
from calculator.catalog.suggest import closest, of_family, of_size, suggestion
from calculator.errors import QuestionError
from calculator.specs.engine import EngineSpec
from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec

GPT_4_ASSUMPTION = "gpt-3-175b"
NEWER_THAN = {
    "llama-2-7b": ("llama-3.1-8b", "qwen2.5-7b"),
    "llama-2-13b": ("qwen2.5-14b", "phi-4"),
    "llama-2-70b": ("llama-3.3-70b", "qwen2.5-72b"),
}
GPU_NOTES = {
    "a100": ("a100-sxm-80gb", "a100-pcie-40gb", "a100-pcie-80gb"),
    "h100": ("h100-pcie", "h100-nvl"),
    "h200": ("h200-nvl",),
    "v100": ("v100-sxm2-32gb",),
    "rtxpro6000": ("rtx-pro-6000-server",),
    "a100pcie": ("a100-pcie-80gb",),
    "a100sxm": ("a100-sxm-80gb",),
    "rtx6000": ("rtx-a6000", "rtx-pro-6000-blackwell"),
    "cpu": (),
}
"""Short names of several cards, and the others that they could mean."""
PRECISION_TAIL = re.compile(
    r"(?i)[-_: ](awq|gptq|fp8|int8|int4|nvfp4|mxfp4|gguf|q\d_[k0](?:_[ms])?)(?:[-_ ]?(?:int4|dynamic))?$"
)


OWNER = re.compile(r"^(?!our/)[\w.-]+/(?=[^/]+$)", re.IGNORECASE)
"""The owner of a repository: `meta-llama/`. What is `our/` is a team's own, never the catalog's."""


def find_gpu(words: str) -> Resolved[GpuSpec]:
    """The accelerator that `words` name, in any spelling. QuestionError names `hardware_type` and suggests keys."""
    typed = squeeze(words)
    aliases = gpu_aliases()
    key = next((aliases[form] for form in _forms(typed, VENDORS, ("gpu", "gpus", "s")) if form in aliases), None)
    if key is None:
        raise _unknown("hardware_type", words, closest("gpus", words), "an accelerator")
    spec = loader.gpu(key)
    short = typed.removesuffix("s") if typed.removesuffix("s") in GPU_NOTES else typed
    plain = short not in GPU_NOTES and spec.memory_label_gb
    note = None if plain else f"{words.strip()} -> {spec.display_name}"
    return Resolved(spec, words, note, GPU_NOTES.get(short, ()))


def find_model(words: str) -> Resolved[ModelSpec | HostedModel]:
    """The model that `words` name: its architecture, or a HostedModel where there is none to be had.

    QuestionError names `model_size` and suggests keys; a bare size other than 7B, 13B and 70B is refused so.
    """
    key, precision = _model_key(words)
    if key in hosted_only_keys():
        hosted = hosted_model(key)
        assert hosted is not None
        return Resolved(hosted, words)
    spec, typed = loader.model(key), _size(words)
    if typed in BARE_SIZES:
        newer = NEWER_THAN[key]
        told = f"{words.strip()} -> {spec.display_name} at 16 bits; newer: {', '.join(newer)}"
        return Resolved(spec, words, told, newer, precision)
    nicknamed = typed in {squeeze(name) for name in NICKNAMES}
    return Resolved(spec, words, f"{words.strip()} -> {spec.display_name}" if nicknamed else None, (), precision)


def find_architecture(words: str) -> Resolved[ModelSpec]:
    """The model as something to run on hardware.

    GPT-4 is the document's assumption; QuestionError for other models that are hosted only.
    """
    found = find_model(words)
    spec = found.spec
    if isinstance(spec, ModelSpec):
        return Resolved(spec, words, found.note, found.alternatives, found.precision)
    if spec.key == "gpt-4":
        assumption = loader.model(GPT_4_ASSUMPTION)
        note = f"{words.strip()} is hosted only; on hardware assumed to be GPT-3's 96 layers x 12288 at fp16 (175B)"
        return Resolved(assumption, words, note, ("llama-3.3-70b", "gpt-oss-120b"), assumed=True)
    raise QuestionError(
        "model_size",
        f"{spec.display_name} is hosted only: its architecture is not published, so it runs on no hardware of yours. "
        f"Type `hosted {spec.key}` for its price as a service, or an open model such as `llama-3.3-70b`.",
        ("llama-3.3-70b", "qwen3-32b", "gpt-oss-120b"),
    )


def find_hosted(words: str) -> Resolved[HostedModel]:
    """The model as a service. QuestionError where nobody in the catalog hosts it."""
    found = find_model(words)
    hosted = hosted_model(found.spec.key)
    if hosted is None:
        raise QuestionError(
            "model_size",
            f"No hosted price of {found.spec.display_name} is known. Name hardware instead, such as `on H100`.",
        )
    return Resolved(hosted, words, found.note, found.alternatives)


def find_engine(words: str) -> EngineSpec:
    """The serving engine that `words` name. QuestionError names `engine` and lists what is known."""
    typed = squeeze(words)
    for key in loader.engine_keys():
        spec = loader.engine(key)
        if typed in {squeeze(name) for name in (key, spec.display_name, *spec.aliases)}:
            return spec
    known = ", ".join(loader.engine_keys())
    raise QuestionError("engine", f"Unknown engine “{words}”. Type one of {known}.", loader.engine_keys())


def _model_key(words: str) -> tuple[str, str | None]:
    aliases, tail = model_aliases(), PRECISION_TAIL.search(words.strip())
    tries: list[tuple[str, str | None]] = [(words, None)]
    if tail:
        tries.append((words[: tail.start()], tail[1].lower()))
    for text, precision in tries:
        typed = _size(OWNER.sub("", text.strip()))
        for form in (squeeze(text), *_forms(typed, MAKERS, ENDINGS)):
            if form in aliases:
                return aliases[form], precision
    if words.strip().lower().startswith("our/"):
        raise QuestionError(
            "model_size",
            f"“{words.strip()}” is not in the catalog. A model of your team's own is `our/` and a name of letters, digits, "
            "dots and dashes: `model list` lists yours.",
        )
    typed = _size(words)
    if re.fullmatch(r"\d+b", typed):
        raise _unknown("model_size", words, of_size(typed), "a model; a bare size says only 7B, 13B or 70B (Llama 2)")
    raise _unknown("model_size", words, of_family(typed) or closest("models", words), "a model")


def _size(words: str) -> str:
    """Squeezed words, `7 billion` as `7b`."""
    return re.sub(r"(\d)(?:billion|bn)$", r"\1b", squeeze(words))


def _forms(typed: str, prefixes: tuple[str, ...], suffixes: tuple[str, ...]) -> list[str]:
    """The squeezed words as they are, then without prefixes and suffixes that add nothing."""
    forms, pending = [typed], [typed]
    while pending:
        text = pending.pop(0)
        shorter = [text.removeprefix(word) for word in prefixes] + [text.removesuffix(word) for word in suffixes]
        fresh = [form for form in dict.fromkeys(shorter) if form and form not in forms]
        forms += fresh
        pending += fresh
    return forms


def _unknown(field: str, words: str, keys: tuple[str, ...], what: str) -> QuestionError:
    return QuestionError(field, f"“{words.strip()}” is not the name of {what}. {suggestion(keys)}", keys)
