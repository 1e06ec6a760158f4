"""How sure the numbers are: errors on measurements that were left out of the fit."""

from collections.abc import Iterable

from bot.reply import Block, Message
from bot.views.kit.blocks import context, escape, section, table
from calculator.accuracy.page import percent_of
from calculator.accuracy.scope import Scope
from calculator.accuracy.table import METRICS, Line, Table

HEAD = ("Figure", "Measured", "Median error", "One in ten beyond", "In the 80 % interval")
NEW = {"cards": "a card", "models": "a model", "sources": "a source"}


def overall_view(found: Table, command: str) -> Message:
    """All measurements, what happens with something new, and the floor."""
    lines = [line for metric in METRICS if (line := found.line(metric))]
    new = [
        f"{words} {percent_of(line.median_ape)}" for kind, words in NEW.items() if (line := found.line("tpot_ms", kind))
    ]
    floor = [f"{METRICS[s.metric].lower()} {percent_of(s.median)}" for s in found.floor]
    return Message(
        text=f"Median error on measurements left out of the fit: {_in_words(lines)}.",
        blocks=(
            section(f"*How sure the numbers are*, on {found.predicted:,} published measurements"),
            _errors(lines),
            section(
                f"*Never measured*: median error of the time per output token with all of {', '.join(new)} left out."
            ),
            section(f"*The floor*: measurements of one configuration are this far apart: {', '.join(floor)}."),
            _rests_on(found, f"`{command} accuracy gpu H100` shows one card, model or engine."),
        ),
        data=found.as_dict(),
    )


def scope_view(scope: Scope, found: Table, command: str) -> Message:
    """One card, model or engine: its own errors, or what its predictions rest on."""
    if not scope.own:
        return _never(scope, found, command)
    name = escape(scope.name)
    first = next((line for line in scope.as_new if line.metric == "tpot_ms"), None)
    as_new = (
        f"With all of it left out, the time per output token errs by {percent_of(first.median_ape)}." if first else ""
    )
    blocks: list[Block] = [
        section(f"*How sure the numbers are for {name}*"),
        _errors(scope.own),
        _rests_on(found, as_new, f"`{command} accuracy` shows all measurements."),
    ]
    data = {"by": scope.by, "key": scope.key, "own": _data(scope.own), "as_new": _data(scope.as_new)}
    return Message(text=f"{scope.name}: median error {_in_words(scope.own)}.", blocks=tuple(blocks), data=data)


def _never(scope: Scope, found: Table, command: str) -> Message:
    wider = f", and an interval {scope.wider:.2g} times as wide" if scope.wider > 1 else ""
    told = f"was never measured: it has the coefficients of {scope.rests_on}{wider}."
    blocks = (
        section(f"*{escape(scope.name)}* {told}"),
        _rests_on(found, f"`{command} accuracy` shows what was measured."),
    )
    data = {"by": scope.by, "key": scope.key, "own": [], "rests_on": scope.rests_on, "wider": scope.wider}
    return Message(text=f"{scope.name} {told}", blocks=blocks, data=data)


def _errors(lines: Iterable[Line]) -> Block:
    rows = [
        (
            METRICS[line.metric],
            f"{line.n:,}",
            percent_of(line.median_ape),
            percent_of(line.p90_ape),
            percent_of(line.coverage_80),
        )
        for line in lines
    ]
    return table([HEAD, *rows], right=(1, 2, 3, 4))


def _rests_on(found: Table, *more: str) -> Block:
    told = (
        f"Each was predicted by a fit without its group of source, model, card, engine and precision; {found.sources} sources, "
        f"fingerprint {found.fingerprint[:8]}."
    )
    return context(told, *more)


def _in_words(lines: Iterable[Line]) -> str:
    return ", ".join(f"{METRICS[line.metric].lower()} {percent_of(line.median_ape)}" for line in lines)


def _data(lines: Iterable[Line]) -> list[dict[str, object]]:
    return [line._asdict() for line in lines]
