"""The flags of each engine, as its own documentation names them.

Read from: vLLM `vllm serve --help` and its pages on quantization; SGLang's "Server Arguments"; TensorRT-LLM's
`trtllm-serve` (1.0 and later, PyTorch backend); the README of llama.cpp's server; "Text-generation-launcher arguments".
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from calculator.launch.weights import PLAIN, Flags, dtype_of, weights_of, whose
from calculator.specs.deployment import Deployment

FILE = "FILE.gguf"
Written = tuple[list[str], list[str]]
"""The words of the command, and what to know about it."""


class Sized(NamedTuple):
    """How long and how many the sequences of one copy are."""

    context: int
    batch: int


def vllm(d: Deployment, sized: Sized) -> Written:
    """`vllm serve`."""
    model, quantize, notes = weights_of(
        d, {"fp8": {"--quantization": "fp8"}, "nf4": {"--quantization": "bitsandbytes"}}
    )
    cache = {"fp8": "fp8", "int8": "int8_per_token_head"}.get(d.kv_precision)
    flags = {
        "--tensor-parallel-size": _beyond_one(d.tp),
        "--pipeline-parallel-size": _beyond_one(d.pp),
        "--data-parallel-size": _beyond_one(d.dp),
        "--enable-expert-parallel": d.dp > 1,
        "--gpu-memory-utilization": d.memory_share,
        "--max-model-len": sized.context,
        "--max-num-seqs": max(d.sequences, sized.batch),
        "--max-num-batched-tokens": d.batched_tokens,
        "--kv-cache-dtype": cache,
        **quantize,
        "--dtype": dtype_of(d),
    }
    return ["vllm", "serve", model, *_words(flags)], [*notes, *_many(d, sized, "--max-num-seqs"), *_new_cache(d)]


def sglang(d: Deployment, sized: Sized) -> Written:
    """`python -m sglang.launch_server`; attention data parallel lies within its tensor parallel."""
    bnb = {"--load-format": "bitsandbytes", "--quantization": "bitsandbytes"}
    model, quantize, notes = weights_of(d, {"fp8": {"--quantization": "fp8"}, "nf4": bnb})
    wide = d.dp > 1
    flags = {
        "--tp-size": _beyond_one(d.tp * d.dp),
        "--pp-size": _beyond_one(d.pp),
        "--dp-size": _beyond_one(d.dp),
        "--enable-dp-attention": wide,
        "--ep-size": d.tp * d.dp if wide else None,
        "--mem-fraction-static": d.memory_share,
        "--context-length": sized.context,
        "--max-running-requests": max(d.sequences, sized.batch),
        "--chunked-prefill-size": d.batched_tokens,
        "--kv-cache-dtype": "fp8_e4m3" if _narrow(d) else None,
        **quantize,
        "--dtype": dtype_of(d),
    }
    start = ["python", "-m", "sglang.launch_server", "--model-path", model]
    return [*start, *_words(flags)], [*notes, *_many(d, sized, "--max-running-requests"), *_no_int8(d)]


def tensorrt_llm(d: Deployment, sized: Sized) -> Written:
    """`trtllm-serve`; what it has no flag for stands in a YAML file."""
    model, _, notes = weights_of(d, {})
    wide = d.dp > 1
    more = ["kv_cache_config: {dtype: fp8}"] if _narrow(d) else []
    more += ["enable_attention_dp: true"] if wide else []
    flags = {
        "--tp_size": _beyond_one(d.tp * d.dp),
        "--pp_size": _beyond_one(d.pp),
        "--ep_size": d.tp * d.dp if wide else None,
        "--max_batch_size": max(d.sequences, sized.batch),
        "--max_num_tokens": d.batched_tokens,
        "--max_seq_len": sized.context,
        "--kv_cache_free_gpu_memory_fraction": d.memory_share,
        "--extra_llm_api_options": "extra.yaml" if more else None,
    }
    if more:
        notes.append(f"extra.yaml holds the lines {' and '.join(f'“{line}”' for line in more)}.")
    return ["trtllm-serve", model, *_words(flags)], [*notes, *_many(d, sized, "--max_batch_size"), *_no_int8(d)]


def llama_cpp(d: Deployment, sized: Sized) -> Written:
    """`llama-server`; -c is the context of all slots together."""
    cache = "q8_0" if _narrow(d) else None
    split = "tensor" if d.tp > 1 else None
    flags: Flags = {
        "-m": FILE,
        "-c": sized.context * sized.batch,
        "-np": sized.batch,
        "-ngl": None if d.gpu.kind == "cpu" else 99 if d.model.num_hidden_layers < 99 else 999,
        "--split-mode": split,
        "--cache-type-k": cache,
        "--cache-type-v": cache,
        "--flash-attn": "on" if cache else None,
    }
    kind = d.precision.label if d.precision.gguf or d.precision.key in PLAIN else ""
    nearest = f"llama.cpp has no {d.precision.label}; take the nearest GGUF type and estimate that one"
    notes = [f"{FILE} is {whose(d)} as GGUF in {kind}." if kind else f"{FILE} is {whose(d)} as GGUF: {nearest}."]
    if cache:
        notes.append("q8_0 is the KV cache of 8 bits here; it takes 6 % more room than 8 bits alone.")
    if split:
        notes.append(
            "Split mode tensor is new and experimental; layer works everywhere, but its cards take turns: slower."
        )
    return ["llama-server", *_words(flags)], notes


def tgi(d: Deployment, sized: Sized) -> Written:
    """`text-generation-launcher`, which keeps a tenth of the memory free by itself."""
    loads = {"fp8": {"--quantize": "fp8"}, "int8": {"--quantize": "eetq"}, "nf4": {"--quantize": "bitsandbytes-nf4"}}
    model, quantize, notes = weights_of(d, loads)
    less = d.memory_share / d.engine.memory_share
    flags = {
        "--model-id": model,
        "--num-shard": d.tp,
        "--max-total-tokens": sized.context,
        "--cuda-memory-fraction": round(less, 3) if less < 1 else None,
        "--max-concurrent-requests": sized.batch if sized.batch > 128 else None,
        "--kv-cache-dtype": "fp8_e4m3fn" if _narrow(d) else None,
        **quantize,
        "--dtype": None if quantize else dtype_of(d),
    }
    if d.pp > 1:
        notes.append(f"It has no pipeline parallel: this line serves tp {d.tp} alone. Estimate `pp 1` for it.")
    if less > 1:
        notes.append(f"It uses {d.engine.memory_share:.0%} of the memory at most, not {d.memory_share:.0%}.")
    return ["text-generation-launcher", *_words(flags)], [*notes, *_no_int8(d)]


ENGINES: Mapping[str, Callable[[Deployment, Sized], Written]] = MappingProxyType(
    {
        "vllm": vllm,
        "sglang": sglang,
        "tensorrt-llm": tensorrt_llm,
        "llama.cpp": llama_cpp,
        "tgi": tgi,
    }
)


def _words(flags: Flags) -> list[str]:
    """The flags that have a value, each with it."""
    found: list[str] = []
    for name, value in flags.items():
        if value is True:
            found.append(name)
        elif value is not None and value is not False:
            found += [name, f"{value:g}" if isinstance(value, float) else str(value)]
    return found


def _beyond_one(count: int) -> int | None:
    return count if count > 1 else None


def _narrow(d: Deployment) -> bool:
    return d.kv_precision in {"fp8", "int8"}


def _many(d: Deployment, sized: Sized, flag: str) -> list[str]:
    """More sequences at once than the memory of a step was computed for."""
    if sized.batch <= d.sequences:
        return []
    return [
        f"{flag} is the {sized.batch:,} that are in flight; memory was computed for the default of {d.sequences:,}."
    ]


def _no_int8(d: Deployment) -> list[str]:
    return ["It has no int8 KV cache; fp8 takes the same room."] if d.kv_precision == "int8" else []


def _new_cache(d: Deployment) -> list[str]:
    return ["The int8 KV cache needs a recent vLLM; fp8 takes the same room."] if d.kv_precision == "int8" else []
