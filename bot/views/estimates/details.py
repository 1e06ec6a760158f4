"""Everything behind one answer."""

from bot.answers.kinds import HostedAnswer, OneAnswer
from bot.language.plain import clip
from bot.reply import Block
from bot.views.estimates.quality import quality_text
from bot.views.estimates.rows import interval
from bot.views.estimates.verdict import name_of
from bot.views.kit.blocks import columns as aligned
from bot.views.kit.blocks import escape, preformatted, section
from bot.views.kit.format import count, percent, seconds, usd
from calculator.estimates.bottleneck import WORDS
from calculator.estimates.estimate import Estimate

MOST = 2800
LEAST = 0.005
"""Share of the time that is worth a line."""


def details(answer: OneAnswer, title: str) -> list[Block]:
    """One option's memory, latency, cost, score and assumptions."""
    head = section(f"*{escape(title + name_of(answer))}*")
    if isinstance(answer, HostedAnswer):
        return [head, preformatted(_offers(answer)), *_written_out(answer)]
    result = answer.estimate
    parts = (_memory(result), _latency(result), _cost(result), _assumptions(result))
    return [head, *(preformatted(clip(text, MOST)) for text in parts if text), *_written_out(answer)]


def _written_out(answer: OneAnswer) -> list[Block]:
    """Its published scores, and the question in full."""
    scores = section(escape(clip(quality_text(answer), 1500)))
    return [scores, section(f"*With every default written out*\n{escape(clip(answer.spelled_out, 1500))}")]


def _memory(result: Estimate) -> str:
    m = result.memory
    named = [("Memory, GB over all cards", "")]
    named += [(f"  {name.replace('_', ' ')}", f"{value:,.2f}") for name, value in m.parts]
    named += [
        ("  total", f"{m.total_memory_gb:,.2f} of {m.label_gb:g} ({m.memory_utilization_percent:.1f} %)"),
        ("  KV cache per token", f"{count(m.kv_bytes_per_token)} bytes"),
        ("  requests of this length at once", count(m.max_concurrent_sequences)),
        ("  longest context", f"{m.max_context_tokens:,} tokens"),
    ]
    why = "".join(f"\n  {text}" for text in (m.reason, m.remedy) if text)
    return aligned(named) + why


def _latency(result: Estimate) -> str:
    t, load = result.latency, result.load
    named = [("Latency of one request in the batch, no queue", "")]
    for label, field in (
        ("to the first token (TTFT)", "ttft_seconds"),
        ("per token after it (TPOT)", "tpot_seconds"),
        ("end to end", "total_latency_seconds"),
    ):
        named.append((f"  {label}", f"{seconds(getattr(t, field))}  {interval(result, field)}".rstrip()))
    if t.parts and t.total_latency_seconds:
        named.append(("  of which goes to", ""))
        shares = [
            (t.parts[phase] / t.total_latency_seconds, words) for phase, words in WORDS.items() if phase in t.parts
        ]
        named += [(f"    {words}", percent(share)) for share, words in sorted(shares, reverse=True) if share >= LEAST]
    if t.nearest_measurement:
        named.append(("  nearest measurement", t.nearest_measurement))
    if load:
        named += [
            ("Under the load", f"{count(load.requests_per_hour)} req/h"),
            ("  busy", percent(load.utilization)),
            ("  in flight", count(load.batch_in_flight)),
            ("  TTFT, half / 95 %", f"{seconds(load.ttft_p50_seconds)} / {seconds(load.ttft_p95_seconds)}"),
            ("  end to end, half / 95 %", f"{seconds(load.latency_p50_seconds)} / {seconds(load.latency_p95_seconds)}"),
            (
                "  replicas for the peak",
                count(load.replicas_needed) if load.replicas_needed else load.reason or "unknown",
            ),
        ]
    return aligned(named)


def _cost(result: Estimate) -> str:
    c = result.cost
    if c.price is None:
        return f"Cost unknown: {c.reason}"
    named = [("Cost, $", "per request / hour / month / million tokens")]
    busy = (c.cost_per_request, c.hourly_cost, c.monthly_cost, None)
    named.append(("  busy time, as if alone", _money(*busy)))
    for label, basis in (("  shared by the batch", c.shared), ("  provisioned, the invoice", c.provisioned)):
        if basis:
            named.append(
                (
                    label,
                    _money(basis.cost_per_request, basis.hourly_cost, basis.monthly_cost, basis.usd_per_million_tokens),
                )
            )
    named.append(("  price of one card and hour", usd(c.price.usd_per_gpu_hour)))
    named += [(f"    {name}", usd(value)) for name, value in c.price.parts.items()]
    return aligned(named)


def _money(*values: float | None) -> str:
    return " / ".join("–" if value is None else usd(value) for value in values)


def _assumptions(result: Estimate) -> str:
    lines = [f"  {item.name}: {item.value} ({item.why})" for item in result.assumptions]
    return "\n".join(["Assumptions", *lines])


def _offers(answer: HostedAnswer) -> str:
    head = ("Provider", "per request", "per month", "per million tokens")
    lines = [
        (
            offer.provider,
            usd(offer.cost_per_request),
            "–" if offer.monthly_cost is None else usd(offer.monthly_cost),
            usd(offer.usd_per_million_tokens),
        )
        for offer in answer.offers[:20]
    ]
    return aligned([head, *lines])
