"""Grouped cross-validation: every clean row predicted by a fit that has not seen its group, with honest intervals.

Rows of one benchmark share their errors, so leaving out rows at random would flatter (Roberts et al. 2017). The
interval of a row comes from the residuals of the other folds alone (cross-conformal, Vovk 2015).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from calculator.accuracy.compare import Comparison, compared, peaks
from calculator.accuracy.floor import floor_of
from calculator.accuracy.groups import COLUMNS, groups_of, summary
from calculator.accuracy.table import KINDS, METRICS, Line, Table
from calculator.estimates.interval_factors import News, factors_in, regimes
from calculator.estimates.interval_factors import Table as Intervals
from calculator.fit.data import Data, data_from, fingerprint, is_usable, refusals_of
from calculator.fit.intervals import (
    folds_of,
    logs_of,
    peak_quantiles,
    predicted_left_out,
    quantiles_of,
    widenings,
)
from calculator.measured.predictions import Array
from calculator.measured.rows import Point

Kept = Sequence[tuple[Mapping[str, str], Point]]
FOLDS = {"groups": 10, "cards": 5, "models": 5, "sources": 5}
"""Fits by kind of leaving out; a group's kin should be in other folds, which takes more of them."""
Report = Callable[[str], None]
NEWS = {"groups": News(), "cards": News(card=True), "models": News(model=True), "sources": News(source=True)}
"""What is new about a row whose group, card, model or source was left out."""
NEWS_KINDS = ("cards", "models", "sources")
"""Kinds of leaving out in the order of News."""
SHOWN = {
    "groups": (*COLUMNS, "regime", "metric_kind and batch"),
    "cards": ("gpu", "metric_kind"),
    "models": ("model", "metric_kind"),
    "sources": ("source_id", "metric_kind"),
}
"""Which groups of rows are worth telling, by what was left out."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Rows and what was predicted of each without its like."""

    kept: Kept
    data: Data
    folds: Mapping[str, Array]
    predicted: Mapping[str, Mapping[str, Array]]
    """Figures by kind of leaving out."""

    def lines(self, kind: str) -> tuple[Line, ...]:
        """Errors over all rows and by group."""
        comparisons, rows = self.comparisons(kind), [_described(row, point) for row, point in self.kept]
        over_all = [
            {"by": "all", "value": "", "metric": metric, **summary(found)}
            for metric in METRICS
            if (found := [c for c in comparisons if c.metric == metric])
        ]
        by_group = groups_of(comparisons, rows, {**COLUMNS, "regime": "regime"})
        shown = (found for found in [*over_all, *by_group] if found["by"] in {"all", *SHOWN[kind]})
        return tuple(Line(**found).rounded() for found in shown)

    def comparisons(self, kind: str) -> list[Comparison]:
        """Every measured figure beside its prediction."""
        figures = {**self.predicted[kind], "peak_memory_bytes": peaks(self.data.columns)}
        found: list[Comparison] = []
        for fold in range(int(self.folds[kind].max(initial=-1)) + 1):
            inside = np.flatnonzero(self.folds[kind] == fold)
            if len(inside) in {0, len(self.kept)}:
                continue
            table = self._table(kind, fold)
            for row in inside.tolist():
                found += _compared(row, self.kept[row], figures, table, NEWS[kind])
        return found

    def _table(self, kind: str, fold: int) -> Intervals:
        """Intervals from the residuals of every other fold."""
        others = np.flatnonzero(self.folds[kind] != fold)
        return self._intervals(others, [kind] * len(NEWS_KINDS))

    def intervals(self) -> Intervals:
        """Intervals from the residuals of all rows: what the calculator ships."""
        return self._intervals(np.arange(len(self.data)), NEWS_KINDS)

    def _intervals(self, rows: Array, news: Sequence[str]) -> Intervals:
        """Quantiles from whole groups left out, and how much wider each kind of news makes them."""
        logs = {kind: logs_of(self.data, self.predicted[kind])[rows] for kind in ("groups", *news)}
        some = self.data.take(rows)
        batch = self.predicted["groups"]["batch"][rows] / some.columns.shape.replicas
        quantiles = quantiles_of(some, logs["groups"], batch) | peak_quantiles(
            [self.kept[row][0] for row in rows.tolist()]
        )
        return {"quantiles": quantiles, "widening": widenings(some, logs["groups"], [logs[kind] for kind in news])}


def leave_out(kept: Kept, report: Report = lambda _: None, kinds: Sequence[str] = tuple(KINDS)) -> LeftOut:
    """Fit without each fold of each kind of group, and predict it."""
    data = data_from(kept)
    by = {"groups": data.group, "cards": data.card, "models": data.model, "sources": data.campaign}
    folds = {kind: folds_of(by[kind], FOLDS[kind]) for kind in kinds}
    predicted = {
        kind: predicted_left_out(data, by[kind], FOLDS[kind], lambda text, kind=kind: report(f"{kind}: {text}"))  # type: ignore[misc]
        for kind in kinds
    }
    return LeftOut(kept, data, folds, predicted)


def table_of(rows: Sequence[Mapping[str, str]], found: LeftOut) -> Table:
    """The committed table, of the rows of a file and what was left out of them."""
    clean = [row for row in rows if is_usable(row)]
    return Table(
        fingerprint=fingerprint(rows),
        rows=len(rows),
        clean=len(clean),
        predicted=len(found.kept),
        refused=dict(refusals_of(clean).most_common()),
        sources=len(set(found.data.campaign.tolist())),
        folds=FOLDS,
        floor=floor_of(found.kept),
        left_out={kind: found.lines(kind) for kind in KINDS},
    )


def _compared(
    number: int, kept: tuple[Mapping[str, str], Point], figures: Mapping[str, Array], table: Intervals, news: News
) -> list[Comparison]:
    row, point = kept
    family = point.deployment.engine.key
    values = {name: float(column[number]) for name, column in figures.items()}
    return compared(
        number,
        row,
        point,
        values,
        lambda figure, batch: factors_in(table, figure, regimes(figure, point.mode, family, batch), news),
    )


def _described(row: Mapping[str, str], point: Point) -> dict[str, str]:
    """The row under the catalog's own names, with its regime as intervals know it."""
    d = point.deployment
    many = regimes("", point.mode, d.engine.key, point.batch / d.replicas)[0].strip()
    return {**row, "gpu": d.gpu.key, "model": d.model.key, "engine": d.engine.key, "regime": many}
