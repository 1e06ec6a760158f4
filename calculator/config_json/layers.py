"""Which layers of a config.json see everything, a window, or keep a linear state."""

from typing import Any

from calculator.config_json.checks import Config, flag, found, optional, refuse, shown, whole
from calculator.config_json.families import Family

FULL, WINDOWED = ("full_attention", "attention", "global_attention"), ("sliding_attention", "chunked_attention")
LINEAR, INDEXED = "linear_attention", ("indexed_attention", "deepseek_sparse_attention")
HYBRID_FIELDS = (
    "linear_num_key_heads",
    "linear_num_value_heads",
    "linear_key_head_dim",
    "linear_value_head_dim",
    "linear_conv_kernel_dim",
)
MLA_FIELDS = ("kv_lora_rank", "qk_nope_head_dim", "qk_rope_head_dim", "v_head_dim")


def attention_of(text: Config, layers: int, family: Family) -> dict[str, Any]:
    """Kind of attention with its numbers; plain attention gives nothing."""
    types = _types(text, layers)
    if text.get("kv_lora_rank") is not None:
        return _mla(text, types)
    if text.get("v_head_dim") not in (None, text.get("head_dim")):
        raise refuse(
            f"v_head_dim in the config.json is {shown(text['v_head_dim'])}: values narrower or wider than keys are not covered here."
        )
    if family.hybrid:
        return _hybrid(text, layers, types)
    odd = next((kind for kind in types if kind in (LINEAR, *INDEXED)), None)
    if odd:
        raise refuse(f"layer_types in the config.json names {odd}, and of which kind is not known here.")
    window, windowed = _window(text, layers, types, family)
    context = whole(text, "max_position_embeddings")
    if not window or not windowed or (context and window >= context):
        return {}
    return {"attention": "sliding", "sliding_window": window, "full_attention_layers": layers - windowed}


def _types(text: Config, layers: int) -> list[str]:
    """The kind of each layer; empty where the file has no list."""
    types = text.get("layer_types")
    listed = text.get("attn_type_list")
    if listed is not None and listed != [1] * layers:
        raise refuse(
            f"attn_type_list in the config.json is {shown(listed)}: only 1 for each layer, full attention, is covered here."
        )
    if types is None:
        return []
    if not isinstance(types, list) or len(types) != layers:
        raise refuse(f"layer_types in the config.json must be a list with one entry for each of the {layers} layers.")
    for kind in types:
        if kind not in (*FULL, *WINDOWED, LINEAR, *INDEXED):
            raise refuse(f"layer_types in the config.json names {shown(kind)}, an attention that is not covered here.")
    return types


def _mla(text: Config, types: list[str]) -> dict[str, Any]:
    if any(kind not in (*FULL, *INDEXED) for kind in types):
        raise refuse("layer_types in the config.json mixes windows with kv_lora_rank (MLA), which is not covered here.")
    found_ = {field: whole(text, field) for field in MLA_FIELDS}
    missing = next((field for field, value in found_.items() if value is None), None)
    if missing:
        raise refuse(f"The config.json has kv_lora_rank (MLA) but no {missing}; paste the whole file.")
    more = {field: optional(text, field) for field in ("q_lora_rank", "index_n_heads", "index_head_dim")}
    width = (found_["qk_nope_head_dim"] or 0) + (found_["qk_rope_head_dim"] or 0)
    return {"attention": "mla", "head_dim": width, **found_, **more}


def _hybrid(text: Config, layers: int, types: list[str]) -> dict[str, Any]:
    """Gated DeltaNet in most layers, full attention in the others."""
    if any(kind in WINDOWED for kind in types):
        raise refuse("layer_types in the config.json mixes windows with linear attention, which is not covered here.")
    interval = whole(text, "full_attention_interval") or 1
    full = sum(kind in FULL for kind in types) if types else layers // interval
    numbers = {field: whole(text, field) for field in HYBRID_FIELDS}
    missing = next((field for field, value in numbers.items() if value is None), None)
    if missing:
        raise refuse(f"The config.json has linear attention but no {missing}; paste the whole file.")
    return {"attention": "hybrid", "full_attention_layers": full, **numbers}


def _window(text: Config, layers: int, types: list[str], family: Family) -> tuple[int | None, int]:
    """The window, and how many layers have it."""
    if text.get("attention_chunk_size") is not None:
        return optional(text, "attention_chunk_size"), _chunked(text, layers, types)
    if not flag(text, "use_sliding_window", default=True):
        return None, 0
    window = optional(text, "sliding_window")
    if types:
        windowed = sum(kind in WINDOWED for kind in types)
        if windowed and window is None:
            raise refuse("layer_types in the config.json names sliding_attention, but there is no sliding_window.")
        return window, windowed
    return window, _by_pattern(text, layers, family, window) if window else 0


def _chunked(text: Config, layers: int, types: list[str]) -> int:
    """Llama 4: layers with rotary positions see a chunk, the others everything."""
    rotary = text.get("no_rope_layers")
    if types:
        return sum(kind in WINDOWED for kind in types)
    if rotary:
        if not isinstance(rotary, list) or len(rotary) != layers or any(one not in (0, 1) for one in rotary):
            raise refuse(f"no_rope_layers in the config.json must be a list of 0 or 1 for each of the {layers} layers.")
        return sum(rotary)
    step = whole(text, "no_rope_layer_interval")
    if step is None:
        raise refuse(
            "The config.json has attention_chunk_size, but which layers it holds for (layer_types) is not said."
        )
    return layers - layers // step


def _by_pattern(text: Config, layers: int, family: Family, window: int) -> int:
    _, pattern = found(text, "sliding_window_pattern")
    if isinstance(pattern, str) and pattern and set(pattern) <= {"L", "G"}:
        return sum(pattern[index % len(pattern)] == "L" for index in range(layers))
    context = whole(text, "max_position_embeddings")
    if family.window == "all" or (context and window >= context):
        return layers
    if family.window == "upper":
        return max(layers - (whole(text, "max_window_layers", 0) or 0), 0)
    step = whole(text, "sliding_window_pattern") if pattern is not None else family.window
    if not isinstance(step, int):
        raise refuse(
            f"sliding_window in the config.json is {window}, but which layers it holds for (layer_types) is not said."
        )
    return layers - layers // step
