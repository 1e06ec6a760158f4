"""How published measurements name engines, versions and precisions."""

import re
from collections.abc import Mapping

from calculator.catalog import loader
from calculator.catalog.lookup import find_engine
from calculator.errors import QuestionError
from calculator.specs.engine import EngineSpec
from calculator.specs.precision import Precision, find_precision

STAND_INS = {
    "autoawq": "transformers",
    "awq": "transformers",
    "transformers": "transformers",
    "exllama": "exllamav2",
    "fastertransformer": "tensorrt-llm",
}
"""Engines that the catalog has no entry of its own for, by a part of their name: kin, or, as FasterTransformer is of
TensorRT-LLM, a predecessor."""
RELEASES = {
    "vllm": (("2024-09", "0.6"), ("2025-05", "0.9"), ("2026-01", "0.15")),
    "tensorrt-llm": (("2024-06", "0.10"), ("2025-09", "1.0")),
    "sglang": (("2026-01", "0.5.8"), ("2026-05", "0.5.12")),
}
"""When the versions that begin an era came out: what a row without a version ran, by its date."""
NUMBERED = re.compile(r"\d\.\d")
"""What a version has; `nightly-dev` and `gpt-oss-dev` have none."""
FIRST = "0.1"
NARROW_CACHE = ("fp8", "nvfp4")
"""Weights with which TensorRT-LLM keeps its KV cache in fp8 by default."""

SCRIPTED_FP8_CACHE = {
    (model, card) for model in ("deepseek-r1", "gpt-oss-120b", "llama-3.1-70b") for card in ("b200", "b300")
}
"""Where InferenceX's launch scripts say `kv-cache-dtype fp8` (InferenceMAX/benchmarks, *_b200_*.sh; B300 runs alike); not on Hopper or AMD."""


def engine_of(words: str) -> EngineSpec:
    """The engine of a row; one that the catalog does not know belongs to no family and is served like vLLM."""
    try:
        return find_engine(words)
    except QuestionError:
        typed = words.lower()
        known = next((key for part, key in sorted(STAND_INS.items(), key=_longest) if part in typed), None)
        if known:
            return loader.engine(known)
        return loader.engine("vllm").model_copy(update={"key": "other", "era_starts": ()})


def _longest(item: tuple[str, str]) -> int:
    return -len(item[0])


def version_of(row: Mapping[str, str], engine: str) -> str | None:
    """The version that a row states, or the one current at its date where it states none or a nightly build's name."""
    stated = row.get("engine_version", "")
    if "fastertransformer" in row.get("engine", "").lower():
        return FIRST
    if engine not in RELEASES or NUMBERED.search(stated):
        return stated or None
    date = row.get("source_date", "")
    date = f"{date}-06" if len(date) == 4 else date
    current = [version for start, version in RELEASES[engine] if not date or date >= start]
    return current[-1] if current else FIRST


def precision_of(words: str, native: str) -> Precision:
    """The precision of a row, EXL2's bits per weight included. QuestionError where the name is unknown."""
    bits = re.fullmatch(r"exl2-([\d.]+)bpw", words)
    if bits:
        width = float(bits[1])
        return Precision(key=words, label=words, linear_bits=width, expert_bits=width, compute="fp16")
    return find_precision(words, native)


def kv_of(row: Mapping[str, str], engine: str) -> str:
    """The KV cache's precision: stated, or the engine's default for these weights, or what the campaign's scripts set."""
    narrow = engine == "tensorrt-llm" and row.get("weight_precision") in NARROW_CACHE
    scripted = "InferenceX" in row.get("notes", "") and (row.get("model_key"), row.get("gpu_key")) in SCRIPTED_FP8_CACHE
    return row.get("kv_precision", "") or ("fp8" if narrow or scripted else "fp16")
