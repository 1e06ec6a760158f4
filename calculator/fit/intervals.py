"""Residuals of predictions made with the row's group left out, and the quantiles that intervals are made of."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from calculator.errors import CalculatorError
from calculator.estimates.interval_factors import regimes
from calculator.fit.data import FIGURES, Data, is_usable
from calculator.fit.plan import GROUP_POWER
from calculator.fit.solve import fit
from calculator.measured.predictions import MODES, Array
from calculator.measured.rows import figure, point_of
from calculator.physics.peak_memory import peak_bytes
from calculator.physics.shape_from_specs import shape_of

FOLDS = 5
ENDS = (0.1, 0.9)
"""Quantiles at the ends of an 80 % interval."""
FEWEST_ROWS, FEWEST_GROUPS = 30, 6
"""Below these a regime takes the interval of the wider one."""

THROUGHPUT, MOST = "output_tokens_per_s", "max_output_tokens_per_s"
Quantiles = dict[str, list[float]]


def left_out(data: Data, by: Array, folds: int = FOLDS, report: Callable[[str], None] = lambda _: None) -> Array:
    """log(measured / predicted), rows by FIGURES, each row predicted by a fit without all rows of its value in `by`."""
    return logs_of(data, predicted_left_out(data, by, folds, report))


def predicted_left_out(
    data: Data, by: Array, folds: int = FOLDS, report: Callable[[str], None] = lambda _: None
) -> dict[str, Array]:
    """Every figure of every row, predicted by a fit without all rows of its value in `by`."""
    fold = folds_of(by, folds)
    names = (*(name for name, _, _ in FIGURES), "batch")
    predicted = {name: np.full(len(data), np.nan) for name in names}
    for number in range(folds):
        test, others = np.flatnonzero(fold == number), np.flatnonzero(fold != number)
        if not len(test) or not len(others):
            continue
        fitted = fit(data.take(others))
        for name, values in fitted.predict(data.take(test)).items():
            predicted[name][test] = values
        report(f"fold {number + 1} of {folds}")
    return predicted


def logs_of(data: Data, predicted: Mapping[str, Array]) -> Array:
    """log(measured / predicted), rows by FIGURES."""
    with np.errstate(all="ignore"):
        return np.asarray(np.log(data.measured / np.stack([predicted[name] for name, _, _ in FIGURES], 1)))


def folds_of(by: Array, folds: int) -> Array:
    """Fold of each row; values of `by` stay whole, the largest are dealt first."""
    sizes, load, fold = Counter(by), np.zeros(folds), {}
    for value, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        fold[value] = int(np.argmin(load))
        load[fold[value]] += size
    return np.array([fold[value] for value in by])


def quantiles_of(data: Data, logs: Array, batch: Array) -> Quantiles:
    """Ends of the interval by regime, on the logarithm; `batch` is per replica."""
    values: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for row, place in zip(*np.nonzero(np.isfinite(logs)), strict=True):
        name = MOST if place == len(FIGURES) - 1 and data.is_most[row] else FIGURES[place][0]
        mode = MODES[int(data.columns.mode[row])]
        for regime in regimes(name, mode, str(data.family[row]), float(batch[row])):
            values[regime].append((float(logs[row, place]), str(data.group[row])))
    own = {name: ends_of(found) for name, found in sorted(values.items()) if _is_enough(found)}
    return dict(sorted((_borrowed(own) | own).items()))


def _borrowed(own: Quantiles) -> Quantiles:
    """Whole answers and throughput where few groups measured them: as far off as the time per token they are made of."""
    found: Quantiles = {}
    for name, (low, high) in own.items():
        figure, _, regime = name.partition(" ")
        if figure == "tpot_s" and regime:
            found |= {f"e2e_s {regime}": [low, high], f"output_tokens_per_s {regime}": [-high, -low]}
    return found


def ends_of(values: list[tuple[float, str]]) -> list[float]:
    """The 10th and 90th percentile of (value, group), a group of n weighing n^(1 - GROUP_POWER).

    An interval from n groups has to hold 0.8 (n + 1) / n of their residuals to hold 0.8 of a new one's (Lei et al.
    2018); half of what that adds goes to each end.
    """
    sizes = Counter(group for _, group in values)
    logs = np.array([value for value, _ in values])
    weight = np.array([sizes[group] ** -GROUP_POWER for _, group in values])
    order = np.argsort(logs)
    share = (np.cumsum(weight[order]) - weight[order] / 2) / weight.sum()
    outwards = (ENDS[1] - ENDS[0]) / 2 / len(sizes)
    low, high = np.interp([ENDS[0] - outwards, ENDS[1] + outwards], share, logs[order])
    return [round(float(low), 4), round(float(high), 4)]


def widenings(data: Data, known: Array, news: Sequence[Array]) -> Quantiles:
    """By figure, and by figure and mode where enough was measured: how much wider what is new makes the residuals."""
    found = {}
    for place, (name, _, _) in enumerate(FIGURES):
        found[name] = [widening_of(known[:, place], new[:, place]) for new in news]
        for code, mode in enumerate(MODES):
            rows = data.columns.mode == code
            label = f"{MOST if mode == 'saturated' and name == THROUGHPUT else name} {mode}"
            if np.isfinite(known[rows, place]).sum() >= FEWEST_ROWS:
                found[label] = [widening_of(known[rows, place], new[rows, place]) for new in news]
    for mode in MODES:  # a whole answer is no surer than its tokens, throughput no surer than the whole answer
        for ours, part in (("e2e_s", "tpot_s"), (THROUGHPUT, "e2e_s")):
            if f"{ours} {mode}" in found and f"{part} {mode}" in found:
                found[f"{ours} {mode}"] = list(map(max, found[f"{ours} {mode}"], found[f"{part} {mode}"]))
    return found | {MOST: found[THROUGHPUT]}


def widening_of(known: Array, new: Array) -> float:
    """How much wider the residuals of `new` are than those of `known`, by the distance of their 10th and 90th."""
    spreads = []
    for logs in (known, new):
        if not np.isfinite(logs).any():
            return 1.0
        low, high = np.quantile(logs[np.isfinite(logs)], ENDS)
        spreads.append(high - low)
    return round(float(max(spreads[1] / spreads[0], 1.0)), 3)


def peak_quantiles(rows: Iterable[Mapping[str, str]]) -> Quantiles:
    """The same for peak memory, whose formula has no coefficients in the fit."""
    values = []
    for row in filter(is_usable, rows):
        measured = figure(row, "peak_memory_gb")
        if measured is None or row.get("metric_kind") != "latency":
            continue
        try:
            point = point_of(row)
        except CalculatorError:
            continue
        shape = shape_of(point.deployment)
        predicted = peak_bytes(shape, point.input_tokens, point.output_tokens, point.batch)
        group = f"{row['source_id']}|{row['model_key']}|{row['gpu_key']}|{row['weight_precision']}"
        values.append((float(np.log(measured * 1e9 / predicted)), group))
    return {"peak_memory_bytes": ends_of(values)} if values else {}


def _is_enough(found: list[tuple[float, str]]) -> bool:
    return len(found) >= FEWEST_ROWS and len({group for _, group in found}) >= FEWEST_GROUPS
