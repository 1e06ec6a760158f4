"""The feed-forward layers of a config.json: dense, or experts in all or some layers, with shared ones beside them."""

from itertools import takewhile
from typing import Any

from calculator.config_json.checks import Config, flag, found, optional, refuse, shown, whole
from calculator.config_json.families import Family

DENSE_LAYERS = ("first_k_dense_replace", "interleave_moe_layer_step")


def feed_forward_of(text: Config, layers: int, family: Family, *, known: bool) -> dict[str, Any]:
    """Widths, experts, and which layers have them."""
    dense = optional(text, "intermediate_size_mlp") or optional(text, "intermediate_size")
    experts = optional(text, "num_experts") if flag(text, "enable_moe_block", default=True) else None
    if experts is None:
        return {"intermediate_size": dense}
    chosen = whole(text, "num_experts_per_tok")
    width = optional(text, family.expert_width) or (optional(text, "expert_intermediate_size") if known else None)
    for field, value in (("num_experts_per_tok", chosen), (family.expert_width, width)):
        if value is None:
            raise refuse(f"The config.json has {experts} experts but no {field}; paste the whole file.")
    if chosen is not None and chosen > experts:
        raise refuse(f"num_experts_per_tok in the config.json is {chosen}, more than its {experts} experts.")
    return {
        "intermediate_size": dense,
        "num_experts": experts,
        "num_experts_per_tok": chosen,
        "moe_intermediate_size": width,
        "dense_parallel_mlp": flag(text, "enable_moe_block", default=False),
        **_shared(text, width),
        **_placed(text, layers),
    }


def _shared(text: Config, width: int | None) -> dict[str, Any]:
    """Experts that every token visits."""
    number, wide = optional(text, "n_shared_experts"), optional(text, "shared_expert_intermediate_size")
    if text.get("model_type") == "llama4_text":
        number, wide = 1, width
    return {"n_shared_experts": number or (1 if wide else None), "shared_expert_intermediate_size": wide}


def _placed(text: Config, layers: int) -> dict[str, Any]:
    """Which layers have experts: all, all above the first few, or every n-th."""
    step, below = optional(text, "interleave_moe_layer_step") or 1, optional(text, "first_k_dense_replace") or 0
    listed = text.get("moe_layer_freq")
    if isinstance(listed, int) and not isinstance(listed, bool):
        step = whole(text, "moe_layer_freq") or 1
    elif listed is not None:
        below = _first_dense("moe_layer_freq", listed, layers, dense=0)
    if text.get("mlp_layer_types") is not None:
        below = _first_dense("mlp_layer_types", text["mlp_layer_types"], layers, dense="dense")
    if only := text.get("mlp_only_layers"):
        if not isinstance(only, list) or only != list(range(len(only))):
            raise refuse(
                f"mlp_only_layers in the config.json is {shown(only)}: dense layers between experts are not covered here."
            )
        below = len(only)
    last = optional(text, "moe_layer_end_index")
    if last is not None and found(text, "moe_layer_end_index")[1] not in (-1, layers - 1):
        raise refuse(
            f"moe_layer_end_index in the config.json is {last}: dense layers above experts are not covered here."
        )
    if below >= layers or step > layers:
        raise refuse("By the config.json no layer has experts; paste the whole file.")
    return {"first_k_dense_replace": below or None, "interleave_moe_layer_step": step if step > 1 else None}


def _first_dense(field: str, kinds: Any, layers: int, dense: Any) -> int:
    """How many layers at the bottom are dense, all others being experts."""
    if not isinstance(kinds, list) or len(kinds) != layers:
        raise refuse(f"{field} in the config.json must be a list with one entry for each of the {layers} layers.")
    below = len(list(takewhile(lambda kind: kind == dense, kinds)))
    if dense in kinds[below:]:
        raise refuse(f"{field} in the config.json has dense layers between experts, which are not covered here.")
    return below
