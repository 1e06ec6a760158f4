"""The team's own models: what was understood of a config.json, and the list."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from bot.desk.records import OwnModel
from bot.reply import Block, Message
from bot.views.kit.blocks import actions, button, context, escape, fitting, literal, section, table
from bot.views.kit.format import count, gib, plural
from bot.views.kit.format import date as moment
from calculator.base import GIB
from calculator.physics.shape_from_specs import model_side
from calculator.specs.model import ModelSpec
from calculator.specs.precision import PRECISIONS

CUT = "This is longer than one message holds; `--json` in the terminal shows all of it."


class Page(NamedTuple):
    """A page among others."""

    total: int
    """Models in all."""
    following: str
    """The question that shows the next page; empty on the last."""
    command: str


def added_view(kept: OwnModel, spec: ModelSpec, *, there: bool) -> Message:
    """A model may be used from now on: what was understood of it."""
    news = "is there already" if there else "is your team's own from now on"
    undo = None if there else button("Undo", "undo", f"model remove {kept.name} yes")
    return _told(kept, spec, f"{kept.name} {news}.", undo)


def shown_view(kept: OwnModel, spec: ModelSpec) -> Message:
    """One model."""
    return _told(
        kept, spec, f"{kept.name} is your team's own.", button("Remove", "remove", f"model remove {kept.name}")
    )


def _told(kept: OwnModel, spec: ModelSpec, text: str, last: Block | None) -> Message:
    buttons = actions(button("Ask…", "ask", f"form {kept.name}"), last, button("Your models", "list", "model list"))
    since = f"Added {moment(kept.added_at)} by {_person(kept)}."
    blocks = (
        section(f"*{literal(text)}* It is asked about like any other: `{kept.name} on H100, 500 tokens`."),
        table([("Understood", "From its config.json"), *facts(spec)]),
        context(*([f":warning: {escape(spec.notes)}"] if spec.notes else []), since),
        buttons,
    )
    plainly = f"{text} {_size(spec)}, {spec.attention_words}, {spec.native_precision}."
    return Message(text=plainly, blocks=blocks, data=_data(kept, spec))


def facts(spec: ModelSpec) -> list[tuple[str, str]]:
    """What matters of a model, in words."""
    heads = f"{spec.num_attention_heads} / {spec.num_key_value_heads} / {spec.head_dim}"
    tied = "shared with the output" if spec.tie_word_embeddings else "an output head of its own"
    return [
        ("Parameters", _size(spec)),
        ("Layers x width", f"{spec.num_hidden_layers} x {spec.hidden_size:,}"),
        ("Heads / KV heads / head width", heads),
        ("Attention", _attention(spec)),
        ("Feed-forward", _feed_forward(spec)),
        ("Vocabulary", f"{spec.vocab_size:,}, {tied}"),
        ("Longest context", f"{spec.max_position_embeddings:,} tokens"),
        ("KV cache at 16 bits", _cache(spec)),
        ("Stored as", f"{PRECISIONS[spec.native_precision].label}, {gib(_weights_bytes(spec) / GIB)} of weights"),
    ]


def _size(spec: ModelSpec) -> str:
    counts = spec.counts
    active = f", {_billions(counts.active)} of them used per token" if spec.is_moe else ""
    return f"{_billions(counts.total)} parameters{active}"


def _billions(value: int) -> str:
    return (
        f"{value / 1e9:,.1f}B" if value >= 1e11 else f"{value / 1e9:.2f}B" if value >= 1e9 else f"{value / 1e6:,.0f}M"
    )


def _attention(spec: ModelSpec) -> str:
    some = f"{spec.full_attention_layers} of {spec.num_hidden_layers} layers see everything"
    if spec.attention == "mla":
        sparse = f", an indexer of {spec.index_n_heads} heads" if spec.index_n_heads else ""
        return f"MLA: KV rank {spec.kv_lora_rank}, rotary {spec.qk_rope_head_dim}, query rank {spec.q_lora_rank or 'none'}{sparse}"
    if spec.attention == "sliding":
        return f"Window of {spec.sliding_window or 0:,} tokens; {some}"
    return f"Linear; {some}" if spec.attention == "hybrid" else spec.attention_words


def _feed_forward(spec: ModelSpec) -> str:
    dense = f"{spec.intermediate_size or 0:,} wide{'' if spec.mlp_matrices == 3 else ', not gated'}"
    if not spec.is_moe:
        return dense
    shared = f", {spec.n_shared_experts} shared" if spec.n_shared_experts else ""
    below = spec.first_k_dense_replace
    rest = f"; the first {below} dense, {dense}" if below else ""
    step = spec.interleave_moe_layer_step or 1
    every = f" in every {_ordinal(step)} layer" if step > 1 else ""
    return f"{spec.num_experts} experts{every}, {spec.num_experts_per_tok} per token{shared}, each {spec.moe_intermediate_size or 0:,} wide{rest}"


def _ordinal(number: int) -> str:
    return {2: "second", 3: "third", 4: "fourth"}.get(number, f"{number}th")


def _cache(spec: ModelSpec) -> str:
    cache = spec.cache
    parts = [f"{count(cache.full * 2)} bytes per token"] if cache.full else []
    if cache.windowed:
        parts.append(f"{count(cache.windowed * 2)} bytes for each of the last {cache.window:,} tokens")
    if cache.state_bytes:
        parts.append(f"{cache.state_bytes / 2**20:,.1f} MiB of state per sequence")
    return ", and ".join(parts)


def _weights_bytes(spec: ModelSpec) -> float:
    side = model_side(spec, PRECISIONS[spec.native_precision], "fp16")
    return float(side["dense_weight_bytes"] + side["expert_weight_bytes"])


def list_view(models: Sequence[tuple[OwnModel, ModelSpec | None]], page: Page) -> Message:
    """Every model of the team's own, with what can be done; a spec of None is one that is understood no longer."""
    if not page.total:
        text = "Your team has no models of its own yet."
        how = f"`{page.command} model` opens a form for a config.json; or type `model acme-13b` and paste the file behind it."
        return Message(
            text=text,
            blocks=(section(f"{text} {how}"), actions(button("Add a model", "form", "form model"))),
            data={"total": 0, "models": []},
        )
    blocks = [section(f"*Your team's own models*, {page.total} in all")]
    for kept, spec in models:
        blocks += _line(kept, spec)
    more = button("More", "more", page.following) if page.following else None
    text = f"{plural(page.total, 'model')} of your team's own: {', '.join(kept.name for kept, _ in models)}"
    return Message(
        text=text[:3000],
        blocks=(*fitting(blocks, CUT), actions(button("Add a model", "form", "form model"), more)),
        data={"total": page.total, "models": [_data(kept, spec) for kept, spec in models]},
    )


def _line(kept: OwnModel, spec: ModelSpec | None) -> list[Block]:
    what = f"{_size(spec)}, {_attention(spec)}" if spec else "understood no longer"
    text = f"*{literal(kept.name)}*: {escape(what)}\nAdded {moment(kept.added_at)} by {_person(kept)}"
    ask = button("Ask…", f"ask-{kept.name}", f"form {kept.name}") if spec else None
    return [section(text), actions(ask, button("Remove", f"remove-{kept.name}", f"model remove {kept.name}"))]


def ask_before_removing(kept: OwnModel, used: Sequence[str], command: str) -> Message:
    """Nothing is removed by one word."""
    text = f"Remove {kept.name}? Questions that name it are refused from then on."
    tracked = (
        f"Tracked with it: {', '.join(used[:10])}. They keep their last plan, and new prices do not reach them."
        if used
        else ""
    )
    yes = button("Remove", "remove", f"model remove {kept.name} yes", style="danger")
    hint = context(escape(tracked), f"Or type `{command} model remove {kept.name} yes`.")
    return Message(
        text=text,
        blocks=(section(literal(text)), actions(yes), hint),
        data={"remove": kept.name, "tracked": list(used)},
    )


def removed_view(kept: OwnModel) -> Message:
    """The model may no longer be used; its name keeps its meaning."""
    text = f"{kept.name} is removed. Its name stays this config.json's."
    buttons = actions(button("Undo", "undo", f"model restore {kept.name}"), button("Your models", "list", "model list"))
    return Message(text=text, blocks=(section(literal(text)), buttons), data={"removed": kept.name})


def _person(kept: OwnModel) -> str:
    return f"<@{kept.user_id}>" if kept.user_id != "local" else "you"


def _data(kept: OwnModel, spec: ModelSpec | None) -> dict[str, Any]:
    """A model for programs."""
    about = {"name": kept.name, "user_id": kept.user_id, "added_at": kept.added_at.isoformat()}
    if spec is None:
        return about
    counts, cache = spec.counts, spec.cache
    return about | {
        "parameters": counts.total,
        "active_parameters": counts.active,
        "weights_bytes": _weights_bytes(spec),
        "kv_bytes_per_token": cache.full * 2,
        "kv_window_bytes_per_token": cache.windowed * 2,
        "window": cache.window,
        "model": spec.model_dump(mode="json", exclude_none=True),
    }
