"""Pages of the catalog as tables."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.language.plain import some
from bot.reply import Block, Message
from bot.views.kit.blocks import Figure, actions, button, context, data_table, section
from bot.views.kit.format import count, usd
from bot.views.team.prices import dollar
from calculator.catalog.price_book import Offer
from calculator.catalog.resolved import HostedModel
from calculator.specs.gpu import GpuSpec
from calculator.specs.model import ModelSpec
from calculator.specs.price import NoPrice, Price

Rows = list[tuple[str | Figure, ...]]
SHOWN = 12
"""Rows that show at once; people turn the pages."""
BILLION = 1e9


class Listing(NamedTuple):
    """A page among others."""

    total: int
    """Entries in all."""
    older: str
    """The command of the next page; empty on the last."""


def gpus_view(specs: Sequence[GpuSpec], listing: Listing) -> Message:
    """Accelerators: memory, bandwidth, peaks, power, price of one."""
    head = ("Key", "Name", "Memory", "Bandwidth", "Dense TFLOPS 16 bit", "fp8", "Power", "Card price")
    rows: Rows = [
        (
            spec.key,
            spec.display_name,
            Figure(spec.memory_label_gb, f"{spec.memory_label_gb:g} GB"),
            _figure(spec.bandwidth_bytes_per_s / 1e9, "{:,.0f} GB/s"),
            _tera(spec.peak("bf16")),
            _tera(spec.peak("fp8")),
            _figure(spec.tdp_w, "{:g} W"),
            _figure(spec.purchase_price_usd, "${:,.0f}"),
        )
        for spec in specs
    ]
    return _page("Accelerators", [head, *rows], listing, [spec.model_dump(mode="json") for spec in specs])


def models_view(specs: Sequence[ModelSpec | HostedModel | None], listing: Listing) -> Message:
    """Models: parameters, attention, context, native precision; hosted ones with their cheapest price."""
    head = ("Key", "Name", "Parameters", "Active", "Attention", "Context", "Stored as")
    known = [spec for spec in specs if spec]
    rows: Rows = [_open(spec) if isinstance(spec, ModelSpec) else _hosted(spec) for spec in known]
    return _page("Models", [head, *rows], listing, [spec.model_dump(mode="json") for spec in known])


def _open(spec: ModelSpec) -> tuple[str | Figure, ...]:
    counts, longest = spec.counts, spec.max_position_embeddings
    return (
        spec.key,
        spec.display_name,
        _figure(counts.total / BILLION, "{:,.1f}B"),
        _figure(counts.active / BILLION, "{:,.1f}B"),
        spec.attention.upper(),
        _figure(longest, "{:,}"),
        spec.native_precision,
    )


def _hosted(spec: HostedModel) -> tuple[str | Figure, ...]:
    cheapest = min(spec.offers, key=lambda offer: offer.usd_per_mtok_output, default=None)
    price = (
        f"{usd(cheapest.usd_per_mtok_input)} in / {usd(cheapest.usd_per_mtok_output)} out per Mtok"
        if cheapest
        else "no price"
    )
    return (spec.key, spec.display_name, "–", "–", "hosted only", "–", price)


def prices_view(specs: Sequence[tuple[GpuSpec, Price | NoPrice, Sequence[Offer]]], listing: Listing) -> Message:
    """Cloud prices of accelerators: the default one, the spread, and what is behind it."""
    head = ("Key", "$ per GPU-hour", "From", "To", "Providers", "Dates")
    rows: Rows = []
    for spec, price, offers in specs:
        if isinstance(price, NoPrice):
            rows.append((spec.key, "–", "–", "–", "no on-demand price known", "–"))
            continue
        names = sorted({offer.provider for offer in offers})
        rows.append(
            (
                spec.key,
                dollar(price.usd_per_gpu_hour),
                dollar(price.low),
                dollar(price.high),
                ", ".join(names),
                price.date or "–",
            )
        )
    data = [
        {"gpu": spec.key, "price": price.model_dump(mode="json"), "offers": [o.model_dump(mode="json") for o in offers]}
        for spec, price, offers in specs
    ]
    return _page("Prices", [head, *rows], listing, data, "The default is the median on-demand price over providers.")


def _page(title: str, rows: Rows, listing: Listing, data: object, note: str = "") -> Message:
    caption = f"{title}, {len(rows) - 1} of {count(listing.total)}"
    named = f"*{title}*{caption.removeprefix(title)}"
    blocks: list[Block] = [section(named), data_table(caption, rows, SHOWN)]
    if listing.older:
        blocks.append(actions(button("More", "more", listing.older)))
    if note:
        blocks.append(context(note))
    return Message(
        text=f"{caption}: {some([str(row[0]) for row in rows[1:]])}",
        blocks=tuple(blocks),
        data={"total": listing.total, "items": data},
    )


def _figure(value: float | None, form: str) -> str | Figure:
    return Figure(value, form.format(value)) if value else "–"


def _tera(value: float | None) -> str | Figure:
    return _figure(value and value / 1e12, "{:,.0f}")
