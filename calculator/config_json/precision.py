"""How the weights behind a config.json are stored: its quantization_config, or its dtype."""

from collections.abc import Mapping
from typing import Any

from calculator.config_json.checks import Config, refuse, shown

DTYPES = {"float16": "fp16", "float32": "fp32", "bfloat16": "bf16", "float8_e4m3fn": "fp8"}
METHODS = {"fp8": "fp8", "fbgemm_fp8": "fp8", "awq": "int4-awq", "mxfp4": "mxfp4-experts"}
ALGORITHMS = {
    "FP8": "fp8",
    "NVFP4": "nvfp4",
    "W4A16_AWQ": "int4-awq",
    "INT4_AWQ": "int4-awq",
    "W8A8_SQ_PER_CHANNEL": "int8",
}
EXPERTS_ALONE = ("attn", "attention")


def precision_of(text: Config, *, experts: bool) -> tuple[str, str]:
    """The precision's key, and a sentence where it is not known."""
    quantization = text.get("quantization_config") or text.get("quantization")
    if quantization is None:
        return _dtype(text)
    if not isinstance(quantization, Mapping):
        raise refuse(f"quantization_config in the config.json is {shown(quantization)}: it must be an object.")
    found = _quantised(quantization, experts=experts)
    if found:
        return found, ""
    method = shown(quantization.get("quant_method") or quantization.get("quant_algo"))
    told = f"The quantization {method} is not known here: weights count at 16 bits; a question may say another precision, such as `int4`."
    return "bf16", told


def _dtype(text: Config) -> tuple[str, str]:
    name = text.get("torch_dtype") or text.get("dtype")
    if isinstance(name, str) and name.removeprefix("torch.") in DTYPES:
        return DTYPES[name.removeprefix("torch.")], ""
    return "bf16", "" if name is None else f"The dtype {shown(name)} is not known here: weights count at 16 bits."


def _quantised(quantization: Mapping[str, Any], *, experts: bool) -> str | None:
    method, algorithm = str(quantization.get("quant_method", "")), quantization.get("quant_algo")
    if method in METHODS:
        return METHODS[method]
    if isinstance(algorithm, str) and algorithm in ALGORITHMS:
        return ALGORITHMS[algorithm]
    if method == "gptq":
        return {4: "int4-gptq", 8: "int8"}.get(_bits(quantization, "bits"))
    if method == "bitsandbytes":
        return "nf4" if quantization.get("load_in_4bit") else "int8" if quantization.get("load_in_8bit") else None
    return _compressed(quantization, experts=experts) if method == "compressed-tensors" else None


def _compressed(quantization: Mapping[str, Any], *, experts: bool) -> str | None:
    """compressed-tensors: one group of weights of one width."""
    groups = quantization.get("config_groups")
    weights = (
        [group.get("weights") for group in groups.values() if isinstance(group, Mapping)]
        if isinstance(groups, Mapping)
        else []
    )
    kinds = {(_bits(one, "num_bits"), str(one.get("type"))) for one in weights if isinstance(one, Mapping)}
    if len(kinds) != 1:
        return None
    bits, kind = kinds.pop()
    if bits == 8:  # bits of a weight
        return "fp8" if kind == "float" else "int8"
    if kind == "float":
        return "mxfp4" if "mxfp4" in str(quantization.get("format")) else "nvfp4"
    ignored = quantization.get("ignore")
    alone = experts and isinstance(ignored, list) and any(word in str(one) for one in ignored for word in EXPERTS_ALONE)
    return ("int4-experts" if alone else "int4-gptq") if bits == 4 else None


def _bits(quantization: Mapping[str, Any], field: str) -> int:
    value = quantization.get(field)
    return value if isinstance(value, int) else 0
