"""How accurate the calculator was on measurements that were left out of the fit: the committed table.

`python -m calculator.validation FILE.csv --write` writes it beside coefficients.json; it holds errors, no measurement.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from calculator.catalog import loader

KINDS = {
    "groups": "whole groups of source, model, card, engine and precision",
    "cards": "whole cards",
    "models": "whole models",
    "sources": "whole sources",
}
"""What was left out together, and how people are told."""
METRICS = {
    "tpot_ms": "Time per output token",
    "ttft_ms": "Time to first token",
    "e2e_latency_ms": "End to end",
    "output_tokens_per_s_total": "Throughput",
    "max_output_tokens_per_s_total": "Throughput at saturation",
    "peak_memory_gb": "Peak memory of a static batch",
}
"""What was measured, by column, in the order in which it is told."""
DECIMALS = 4
"""Of every share in the file."""
PATH = loader.DATA / "accuracy.json"


class Line(NamedTuple):
    """Errors of one metric over some rows, as fractions of what was measured."""

    by: str
    """`all`, or what the rows have in common: gpu, model, engine, source_id, ..."""
    value: str
    metric: str
    n: int
    median_ape: float
    mape: float
    p90_ape: float
    median_signed_error: float
    coverage_80: float
    """Share of the 80 % intervals that hold the measured figure."""

    def rounded(self) -> "Line":
        """To four decimals, as the file has it."""
        return Line(*self[:4], *(round(share, DECIMALS) for share in self[4:]))


class Spread(NamedTuple):
    """How far apart the measurements of one configuration are that was measured more than once: largest / smallest - 1."""

    metric: str
    n: int
    """Configurations."""
    median: float
    p90: float


@dataclass(frozen=True, slots=True)
class Table:
    """What cross-validation found."""

    fingerprint: str
    """Of the rows, as in coefficients.json."""
    rows: int
    clean: int
    """Rows fit for fitting."""
    predicted: int
    """Of those."""
    refused: Mapping[str, int]
    """The others, by reason."""
    sources: int
    """How many campaigns of measurements."""
    folds: Mapping[str, int]
    """Fits by KINDS."""
    floor: tuple[Spread, ...]
    left_out: Mapping[str, tuple[Line, ...]]
    """By KINDS."""

    def line(self, metric: str, kind: str = "groups", by: str = "all", value: str = "") -> Line | None:
        """The errors of one metric; None where too little was measured."""
        wanted = (by, value, metric)
        return next((line for line in self.left_out.get(kind, ()) if line[:3] == wanted), None)

    def as_dict(self) -> dict[str, Any]:
        """The table as JSON, with the names of every figure."""
        left_out = {kind: [line._asdict() for line in lines] for kind, lines in self.left_out.items()}
        plain = {
            name: getattr(self, name) for name in ("fingerprint", "rows", "clean", "predicted", "sources", "folds")
        }
        return plain | {"refused": dict(self.refused), "floor": [s._asdict() for s in self.floor], "left_out": left_out}


@cache
def committed() -> Table:
    """The table that the program ships."""
    return read_table(PATH)


def read_table(path: Path) -> Table:
    """The table in a file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    floor = tuple(Spread(*values) for values in data.pop("floor"))
    left_out = {kind: tuple(Line(*values) for values in lines) for kind, lines in data.pop("left_out").items()}
    return Table(**data, floor=floor, left_out=left_out)


def write_table(table: Table, path: Path) -> None:
    """The file, one line of errors a line."""
    plain = {name: getattr(table, name) for name in ("fingerprint", "rows", "clean", "predicted", "sources", "folds")}
    plain["refused"] = dict(table.refused)
    parts = [f" {json.dumps(name)}: {json.dumps(value)}" for name, value in plain.items()]
    parts.append(f' "floor": {_lines(table.floor)}')
    kinds = ",\n ".join(f"{json.dumps(kind)}: {_lines(lines)}" for kind, lines in table.left_out.items())
    parts.append(f' "left_out": {{\n {kinds}\n }}')
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def _lines(lines: Sequence[Line] | Sequence[Spread]) -> str:
    return "[\n" + ",\n".join(f"  {json.dumps(line)}" for line in lines) + "\n ]"
