"""The team's own measurements: entered, listed, removed, and told in the answers that rest on them."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.answers.kinds import EstimateAnswer
from bot.reply import Block, Message
from bot.views.kit.blocks import actions, button, columns, context, escape, fitting, literal, preformatted, section
from bot.views.kit.format import count, date, plural, seconds
from calculator.catalog import engine, engine_keys, gpu, gpu_keys, model, model_keys
from calculator.specs.precision import PRECISIONS
from calculator.team.correction import Correction
from calculator.team.measurement import OwnMeasurement

CUT = "This is longer than one message holds; `--json` in the terminal shows all of it."
STRANGE = 4.0
"""A measurement this many times off the prediction is more often a slip than a surprise."""
FIGURES = (
    ("First token", "ttft_s", "ttft_seconds"),
    ("Each token after it", "tpot_s", "tpot_seconds"),
    ("Whole answer", "total_latency_s", "total_latency_seconds"),
)


class Entry(NamedTuple):
    """A measurement, and what was predicted of the same point."""

    measurement: OwnMeasurement
    predicted: EstimateAnswer
    fastest_tpot_s: float
    """What no token can be faster than there."""


class Page(NamedTuple):
    """A page among others."""

    total: int
    following: str
    """The question that shows the next page; empty on the last."""


def entered(entries: Sequence[Entry], notes: Sequence[str]) -> Message:
    """Measurements are kept: beside what was predicted, and what they change from now on."""
    numbers = [entry.measurement.number for entry in entries]
    kept = f"Kept as {plural(len(numbers), 'measurement').removeprefix('1 ')} {_listing(numbers)}"
    text = f"{kept}: estimates at {'this point' if len(numbers) == 1 else 'these points'} now equal what you measured."
    told = [escape(note[:1].upper() + note[1:]) + "." for note in notes]
    told += [_read_as(entry) for entry in entries[:1]]
    blocks = [section(f"*{escape(kept)}.* {escape(text.partition(': ')[2].capitalize())}")]
    blocks += [block for entry in entries for block in _entry(entry)]
    undo = button("Undo", "undo", f"calibrate remove {' '.join(map(str, numbers))} yes")
    ask = button("Ask at this point", "ask", max(entries, key=_is_whole).predicted.asked, style="primary")
    row = actions(ask, undo, button("All measurements", "calibrations", "calibrations"))
    small = [context(*told)] if any(told) else []
    data = {"kept": [_data(entry.measurement) for entry in entries], "notes": list(notes)}
    return Message(text=text, blocks=(*fitting([*blocks, *small], CUT), row), data=data)


def _entry(entry: Entry) -> list[Block]:
    """One point: a line for the setup and one for each figure."""
    m, found = entry.measurement, entry.predicted
    latency = found.estimate.latency
    rows = [("Measured here", "you", "predicted", "80 % of predictions")]
    ratios = []
    for label, mine, field in FIGURES:
        value, predicted = getattr(m, mine), getattr(latency, field)
        if value is not None:
            low, high = (latency.intervals or {}).get(field, (None, None))
            rows.append(
                (label, seconds(value), seconds(predicted), f"{seconds(low)} to {seconds(high)}" if low else "")
            )
            ratios += [value / predicted] if predicted else []
    blocks = [section(f"{escape(setup_name(m))}, {point_name(m)}"), preformatted(columns(rows))]
    return [*blocks, *_doubts(entry, ratios)]


def _doubts(entry: Entry, ratios: Sequence[float]) -> list[Block]:
    """What makes a measurement look like a slip."""
    off = max(ratios, key=lambda ratio: max(ratio, 1 / ratio), default=1.0)
    m, floor = entry.measurement, entry.fastest_tpot_s
    tpots = (m.tpot_s, m.total_latency_s and m.total_latency_s / m.output_tokens)
    if any(tpot is not None and tpot < floor for tpot in tpots):
        return [
            context(
                f":warning: Faster than reading the weights allows: {seconds(floor)} per token at least. Check the tokens, "
                "the batch and the unit; Undo takes it back."
            )
        ]
    if max(off, 1 / off) >= STRANGE:
        how = f"{count(off)} times as long as" if off > 1 else f"{count(1 / off)} times faster than"
        return [
            context(f":warning: That is {how} predicted. Check the tokens, the batch and the unit; Undo takes it back.")
        ]
    return []


def _read_as(entry: Entry) -> str:
    """How a speed was understood."""
    m = entry.measurement
    if not m.said.endswith("tok/s") or m.total_latency_s is None:
        return ""
    if "output" in m.said:
        return f"{escape(m.said)}: read as all {count(m.batch_size)} requests in flight together, so {seconds(m.total_latency_s)} for each."
    tokens = m.input_tokens + m.output_tokens
    return (
        f"{escape(m.said)}: read as the {count(tokens)} tokens of one request, prompt and output, in {seconds(m.total_latency_s)}. "
        "For output alone write `output tok/s`, for what one reader sees `tok/s per user`."
    )


def _is_whole(entry: Entry) -> bool:
    """Whether a request could look like this: not a prompt or a decoding alone."""
    return entry.measurement.input_tokens > 0 and entry.measurement.output_tokens > 1


def listed(measurements: Sequence[OwnMeasurement], page: Page) -> Message:
    """What counts, the newest first."""
    if not measurements:
        text = "Your team has entered no measurement yet. What you measured corrects the estimates of the same setup:"
        example = "calibrate 7B on RTX4090, 500 tokens, batch 4, 416.7 tok/s"
        row = actions(button("Enter one…", "calibrate", "form calibrate"))
        return Message(
            text=f"{text} {example}",
            blocks=(section(f"{text}\n`{example}`"), row),
            data={"total": 0, "measurements": []},
        )
    blocks = [section(f"*What your team measured*, {page.total:,} in all"), *(_line(one) for one in measurements)]
    row = actions(
        button("Enter one…", "calibrate", "form calibrate"),
        button("More", "more", page.following) if page.following else None,
    )
    lines = "; ".join(f"{one.number} {setup_name(one)}: {one.said}" for one in measurements)
    return Message(
        text=f"Measurements: {lines}"[:3000],
        blocks=(*fitting(blocks, CUT), row),
        data={"total": page.total, "measurements": [_data(one) for one in measurements]},
    )


def _line(m: OwnMeasurement) -> Block:
    text = f"*{m.number}*  {literal(setup_name(m))}, {point_name(m)}: *{figures_text(m)}*\n{literal(m.said)}, by {who(m)}{_when(m)}"
    return section(
        text,
        accessory=button(
            "Remove",
            f"remove-{m.number}",
            f"calibrate remove {m.number}",
            accessibility_label=f"Remove measurement {m.number}",
        ),
    )


def ask_before_removing(measurements: Sequence[OwnMeasurement], command: str) -> Message:
    """Nothing is removed by one word."""
    numbers = " ".join(str(one.number) for one in measurements)
    what = "; ".join(f"{setup_name(one)}, {point_name(one)}: {figures_text(one)}" for one in measurements)
    text = f"Remove {_named(measurements)} ({what})? Estimates are predictions again from then on."
    yes = button("Remove", "remove", f"calibrate remove {numbers} yes", style="danger")
    hint = context(f"Or type `{command} calibrate remove {numbers} yes`.")
    data = {"remove": [_data(one) for one in measurements]}
    return Message(text=text[:3000], blocks=(section(escape(text)), actions(yes), hint), data=data)


def removed(measurements: Sequence[OwnMeasurement]) -> Message:
    """They count no longer; undo brings them back."""
    numbers = " ".join(str(one.number) for one in measurements)
    text = f"{_named(measurements).capitalize()} {'counts' if len(measurements) == 1 else 'count'} no longer."
    row = actions(
        button("Undo", "undo", f"calibrate restore {numbers}"),
        button("All measurements", "calibrations", "calibrations"),
    )
    return Message(text=text, blocks=(section(text), row), data={"removed": [_data(one) for one in measurements]})


def restored(measurements: Sequence[OwnMeasurement]) -> Message:
    """They count again."""
    text = f"{_named(measurements).capitalize()} {'counts' if len(measurements) == 1 else 'count'} again."
    row = actions(button("All measurements", "calibrations", "calibrations"))
    return Message(text=text, blocks=(section(text), row), data={"restored": [_data(one) for one in measurements]})


def rests_on(correction: Correction | None) -> str:
    """The team's own measurements behind an answer, for its small print; empty where there are none."""
    if correction is None:
        return ""
    told = "; ".join(
        f"{one.number} ({escape(point_name(one))}: {escape(figures_text(one))}, by {who(one)}{_when(one)})"
        for one in correction.measurements
    )
    if correction.nearness > 1 - 1e-9:
        return f"Rests on your team's own measurement {told}."
    factor = f"x {correction.tpot:.2f}"
    if abs(correction.tpot / correction.ttft - 1) > 0.01:  # they show the same
        factor = f"x {correction.ttft:.2f} up to the first token, x {correction.tpot:.2f} after it"
    return f"Corrected by your team's own measurement nearby, {told}: predicted times {factor}."


def setup_name(m: OwnMeasurement) -> str:
    """`Llama 2 7B bf16 on 2x H100 SXM5 80GB with vLLM`; keys where something has left the catalog."""
    cards = m.tp * m.pp * m.dp * m.replicas
    named = model(m.model).display_name if m.model in model_keys() else m.model
    card = gpu(m.gpu).display_name if m.gpu in gpu_keys() else m.gpu
    server = engine(m.engine).display_name if m.engine in engine_keys() else m.engine
    stored = PRECISIONS[m.precision].label if m.precision in PRECISIONS else m.precision
    cache = f", {m.kv_precision} KV cache" if m.kv_precision != "fp16" else ""
    return f"{named} {stored} on {f'{cards}x ' if cards > 1 else ''}{card} with {server}{cache}"


def point_name(m: OwnMeasurement) -> str:
    """`375 in, 125 out, batch 4`."""
    return f"{m.input_tokens:,} in, {m.output_tokens:,} out, batch {m.batch_size:,}"


def figures_text(m: OwnMeasurement) -> str:
    """`first token 180 ms, 24 ms each after it, 3.2 s in all`."""
    parts = (
        f"first token {seconds(m.ttft_s)}" if m.ttft_s else "",
        f"{seconds(m.tpot_s)} per token" if m.tpot_s else "",
        f"{seconds(m.total_latency_s)} in all" if m.total_latency_s else "",
    )
    return ", ".join(filter(None, parts))


def who(m: OwnMeasurement) -> str:
    """Who entered it."""
    return f"<@{m.user_id}>" if m.user_id not in {"", "local"} else "you"


def _when(m: OwnMeasurement) -> str:
    return f", {date(m.measured_at)}" if m.measured_at else ""


def _named(measurements: Sequence[OwnMeasurement]) -> str:
    return f"measurement{'s' if len(measurements) > 1 else ''} {_listing([one.number for one in measurements])}"


def _listing(numbers: Sequence[int]) -> str:
    *some, last = map(str, numbers)
    return f"{', '.join(some)} and {last}" if some else last


def _data(m: OwnMeasurement) -> dict[str, object]:
    return m.model_dump(mode="json")
