"""Fit the coefficients to measurements: `python -m calculator.fitting MEASURED.csv`.

Rewrites the catalog's coefficients.json: base values, effects, intervals, and which setups were measured, without any
measured figure; and accuracy.json with docs/accuracy.md, how far off the predictions of rows were that were left out.
The same rows give the same files; their fingerprint says which rows they were.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from calculator.accuracy.left_out import LeftOut, leave_out, table_of
from calculator.accuracy.page import PAGE, page_of
from calculator.accuracy.table import PATH, write_table
from calculator.catalog import loader
from calculator.errors import CalculatorError
from calculator.fit.data import fingerprint, is_usable, kept_of
from calculator.fit.solve import Fitted, fit
from calculator.measured.rows import Row, figure, point_of, read_rows
from calculator.physics.coefficients import NAMES

SMALLEST = 2e-3
"""Effects below this are left out of the file: they change nothing by more than 0.2 %."""


def content_of(rows: list[dict[str, str]], found: LeftOut) -> dict[str, Any]:
    """What the data file says, from the measured rows and what was predicted of each without its like."""
    fitted = fit(found.data, _told)
    return {
        "fingerprint": fingerprint(rows),
        "rows": len(found.data),
        "base": {name: round(float(value), 4) for name, value in zip(NAMES, fitted.base, strict=True)},
        "effects": _worth_writing(fitted),
        "intervals": found.intervals(),
        "measured": measured_setups(rows),
        "sources": sorted(set(found.data.campaign.tolist())),
    }


def measured_setups(rows: Iterable[Row]) -> list[list[Any]]:
    """What was measured, without figures: model, card, engine, precision, and the batches in ascending order."""
    batches: dict[tuple[str, str, str, str], set[int]] = defaultdict(set)
    for row in filter(is_usable, rows):
        try:
            deployment = point_of(row).deployment
        except CalculatorError:
            continue
        key = (row["model_key"], row["gpu_key"], deployment.engine.key, deployment.precision.key)
        batches[key].add(int(figure(row, "batch_size") or figure(row, "concurrency") or 0))
    return [[*key, sorted(found - {0})] for key, found in sorted(batches.items())]


def _worth_writing(fitted: Fitted) -> dict[str, dict[str, float]]:
    effects = {
        level: {name: round(value, 3) for name, value in effect.items() if abs(value) >= SMALLEST}
        for level, effect in sorted(fitted.effects.items())
    }
    return {level: effect for level, effect in effects.items() if effect}


def _told(text: str) -> None:
    print(text, flush=True)


def write(content: Mapping[str, Any], path: Path) -> None:
    """The data file, one level or regime a line."""

    def lines(block: Mapping[str, Any]) -> str:
        return "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in block.items()) + "\n }"

    parts = []
    for name, value in content.items():
        if name == "intervals":
            inner = ",\n ".join(f"{json.dumps(key)}: {lines(block)}" for key, block in value.items())
            parts.append(f' "{name}": {{\n {inner}\n }}')
        elif isinstance(value, Mapping):
            parts.append(f' "{name}": {lines(value)}')
        elif isinstance(value, list):
            parts.append(f' "{name}": [\n' + ",\n".join(f"  {json.dumps(item)}" for item in value) + "\n ]")
        else:
            parts.append(f" {json.dumps(name)}: {json.dumps(value)}")
    path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m calculator.fitting", description=__doc__)
    parser.add_argument("file", type=Path, help="measurements, in the columns of measured.csv")
    parser.add_argument("--out", type=Path, default=loader.DATA / "coefficients.json", help="where to write")
    options = parser.parse_args(arguments)
    try:
        rows = list(read_rows(options.file))
    except (OSError, UnicodeDecodeError) as error:
        print(f"cannot read {options.file}: {error}", file=sys.stderr)
        return 1
    kept = kept_of(rows)
    print(f"{len(kept)} of {len(rows)} rows are fitted", flush=True)
    found = leave_out(kept, _told)
    write(content_of(rows, found), options.out)
    table = table_of(rows, found)
    write_table(table, options.out.with_name(PATH.name))
    if options.out.parent == PATH.parent:
        PAGE.write_text(page_of(table), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
