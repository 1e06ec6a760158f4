"""How accurate the calculator is on measurements: `python -m calculator.accuracy FILE.csv`.

Every measured figure of every row that can be predicted is compared; what cannot is counted by its reason.
"""

import argparse
import csv
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calculator.accuracy.compare import Comparison, Interval, compared, peaks
from calculator.accuracy.groups import groups_of, summary
from calculator.errors import CalculatorError
from calculator.estimates.interval_factors import News, factors
from calculator.estimates.nearest import is_known_campaign, is_known_card, is_known_model
from calculator.measured.predictions import columns_of, predict
from calculator.measured.rows import Point, Row, campaign_of, point_of, read_rows


@dataclass(frozen=True, slots=True)
class Report:
    """What a file of measurements showed."""

    rows: int
    predicted: int
    refused: dict[str, int]
    comparisons: tuple[Comparison, ...]
    read: tuple[Row, ...]

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON: totals, metrics over all rows, and by group."""
        metrics = sorted({c.metric for c in self.comparisons})
        return {
            "rows": self.rows,
            "predicted": self.predicted,
            "refused": self.refused,
            "metrics": {m: summary([c for c in self.comparisons if c.metric == m]) for m in metrics},
            "groups": groups_of(self.comparisons, self.read),
        }


def report_of(rows: list[dict[str, str]]) -> Report:
    """Predict what can be predicted and compare it with what was measured."""
    asked, refused = _asked(rows)
    found: list[Comparison] = []
    predictable: set[int] = set()
    if asked:
        points = [point for _, point in asked]
        columns = columns_of(points)
        figures = predict(columns) | {"peak_memory_bytes": peaks(columns)}
        for place, (number, point) in enumerate(asked):
            values = {name: float(column[place]) for name, column in figures.items()}
            if all(np.isnan(value) for name, value in values.items() if name not in ("batch", "peak_memory_bytes")):
                refused[f"no source states peak or link speed: {point.deployment.gpu.display_name}"] += 1
                continue
            predictable.add(number)
            found += compared(number, rows[number], point, values, _interval(rows[number], point))
    return Report(len(rows), len(predictable), dict(refused.most_common()), tuple(found), tuple(rows))


def _asked(rows: Sequence[Row]) -> tuple[list[tuple[int, Point]], Counter[str]]:
    asked: list[tuple[int, Point]] = []
    refused: Counter[str] = Counter()
    for number, row in enumerate(rows):
        try:
            asked.append((number, point_of(row)))
        except CalculatorError as error:
            refused[str(error)] += 1
    return asked, refused


def _interval(row: Row, point: Point) -> Interval:
    """As an answer has it: wider where the card, the model or the source was never measured."""
    d = point.deployment
    news = News(
        card=not is_known_card(d.gpu.key),
        model=not is_known_model(d.model.key),
        source=not is_known_campaign(campaign_of(row)),
    )
    return lambda figure, batch: factors(figure, point.mode, d.engine.key, batch, news)


def write_predictions(path: Path, comparisons: tuple[Comparison, ...]) -> None:
    """One line per measured figure."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("row", "metric", "measured", "predicted", "low", "high"))
        writer.writerows((c.row, c.metric, c.measured, c.predicted, c.low, c.high) for c in comparisons)


def print_tables(report: dict[str, Any]) -> None:
    """The report for people."""
    print(f"{report['predicted']} of {report['rows']} rows predicted")
    for reason, count in report["refused"].items():
        print(f"  refused {count}: {reason}")
    line = "{:<14}{:<34}{:<30}{:>6}{:>9}{:>9}{:>10}"
    print(line.format("by", "value", "metric", "n", "median", "p90", "coverage"))
    everything = [{"by": "all", "value": "", "metric": name, **found} for name, found in report["metrics"].items()]
    for g in [*everything, *report["groups"]]:
        shares = [f"{100 * g[name]:.1f} %" for name in ("median_ape", "p90_ape", "coverage_80")]
        print(line.format(g["by"][:13], g["value"][:33], g["metric"], g["n"], *shares))


def main(arguments: list[str] | None = None) -> int:
    """The command line; 0 whenever the file was read."""
    parser = argparse.ArgumentParser(prog="python -m calculator.accuracy", description=__doc__)
    parser.add_argument("file", type=Path, help="measurements, in the columns of measured.csv")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--predictions", type=Path, help="write one line per measured figure to this file")
    options = parser.parse_args(arguments)
    try:
        rows = list(read_rows(options.file))
    except (OSError, UnicodeDecodeError) as error:
        print(f"cannot read {options.file}: {error}", file=sys.stderr)
        return 1
    report = report_of(rows)
    if options.predictions:
        write_predictions(options.predictions, report.comparisons)
    if options.json:
        print(json.dumps(report.as_dict()))
    else:
        print_tables(report.as_dict())
    return 0
