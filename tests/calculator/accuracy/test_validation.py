"""Cross-validation, the committed table, and what is generated from it."""

import csv
import json
import re

import numpy as np
import pytest

from calculator import validation
from calculator.accuracy import left_out as accuracy_left_out
from calculator.accuracy import report as accuracy
from calculator.accuracy.floor import floor_of
from calculator.accuracy.groups import summary
from calculator.accuracy.left_out import LeftOut, leave_out, table_of
from calculator.accuracy.page import PAGE, page_of, percent_of
from calculator.accuracy.scope import scope_of
from calculator.accuracy.table import KINDS, METRICS, committed, read_table, write_table
from calculator.catalog import loader
from calculator.estimates import interval_factors as intervals
from calculator.estimates import nearest
from calculator.fit.data import kept_of
from calculator.fitting import content_of
from calculator.physics import coefficients
from tests.bench.processes import ROOT
from tests.calculator.fit.test_fitting import MODELS, row

README = ROOT / "README.md"
CARDS = ("h100-sxm", "a100-sxm-80gb", "l40s")
SOURCES = {"made-up": 1.4, "elsewhere": 1.5, "thirdly": 1.45}


@pytest.fixture(scope="module")
def rows():
    return [
        {**row(model, card, batch, prompt, slower), "source_id": source, "gpu": card, "model": model}
        for source, slower in SOURCES.items()
        for card in CARDS
        for model in MODELS
        for batch in (1, 64)
        for prompt in (128, 2048)
    ]


@pytest.fixture(scope="module")
def found(rows):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(accuracy_left_out, "FOLDS", dict.fromkeys(KINDS, 3))
        yield leave_out(kept_of(rows))


@pytest.fixture(scope="module")
def table(rows, found):
    refused = {**rows[0], "gpu_key": "", "gpu": "SN40L"}
    return table_of([*rows, refused], found)


def test_every_clean_row_is_predicted_without_its_like_or_refused_with_the_reason(rows, table):
    assert (table.rows, table.clean, table.predicted) == (len(rows) + 1, len(rows) + 1, len(rows))
    assert table.refused == {"unknown GPU: SN40L": 1}
    for kind in KINDS:
        line = table.line("tpot_ms", kind)
        assert line
        assert line.n == len(rows)
        assert line.median_ape < 0.25


def test_lines_come_by_the_catalogs_own_names_and_only_where_they_say_something(table):
    assert {line.value for line in table.left_out["cards"] if line.by == "gpu"} == set(CARDS)
    assert {line.by for line in table.left_out["sources"]} == {"all", "source_id", "metric_kind"}
    assert table.line("ttft_ms", "groups", "engine", "vllm")


@pytest.fixture
def shipped(monkeypatch):
    """Puts other coefficients in the place of the shipped ones."""
    caches = (coefficients.table, coefficients._of, intervals._factors, nearest.setups, nearest._known)

    def ship(content):
        for name, value in content.items():
            monkeypatch.setitem(loader.read("coefficients"), name, value)
        for cache in caches:
            cache.cache_clear()

    yield ship
    monkeypatch.undo()
    ship({})


def without(found, rows, fold):
    """What is known of the rows outside a fold of sources."""
    others = np.flatnonzero(found.folds["sources"] != fold)
    seen = [rows[place] for place in others]
    predicted = {
        kind: {name: values[others] for name, values in figures.items()} for kind, figures in found.predicted.items()
    }
    return seen, LeftOut(kept_of(seen), found.data.take(others), found.folds, predicted)


def test_the_accuracy_of_a_file_never_seen_is_what_was_cross_validated(rows, found, shipped, tmp_path, capsys):
    """A source is left out of the fit, the coefficients are shipped, and its rows are scored as a file."""
    fold = int(found.folds["sources"][0])
    shipped(content_of(*without(found, rows, fold)))
    capsys.readouterr()
    unseen = [r for r, place in zip(rows, found.folds["sources"], strict=True) if place == fold]
    with (tmp_path / "unseen.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, unseen[0])
        writer.writeheader()
        writer.writerows(unseen)
    assert accuracy.main([str(tmp_path / "unseen.csv"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)["metrics"]
    mine = [c for c in found.comparisons("sources") if found.folds["sources"][c.row] == fold]
    for metric in ("tpot_ms", "ttft_ms"):
        validated = summary([c for c in mine if c.metric == metric])
        assert said[metric]["n"] == validated["n"]
        assert said[metric]["median_ape"] == pytest.approx(validated["median_ape"], abs=0.01)
        assert said[metric]["coverage_80"] == pytest.approx(validated["coverage_80"], abs=0.1)


def test_the_table_reads_back_as_it_was_written(table, tmp_path):
    write_table(table, tmp_path / "accuracy.json")
    again = read_table(tmp_path / "accuracy.json")
    assert again.line("tpot_ms").n == table.line("tpot_ms").n
    write_table(again, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "accuracy.json").read_bytes()


def test_the_floor_counts_configurations_measured_more_than_once(rows):
    spreads = {spread.metric: spread for spread in floor_of(kept_of(rows))}
    assert spreads["tpot_ms"].n == 24
    assert spreads["tpot_ms"].median == pytest.approx(1.5 / 1.4 - 1, rel=0.01)


def test_the_committed_table_and_the_coefficients_rest_on_the_same_measurements():
    assert committed().fingerprint == loader.read("coefficients")["fingerprint"]
    assert committed().predicted == loader.read("coefficients")["rows"]


def test_the_page_is_the_one_that_the_committed_table_gives():
    assert PAGE.read_text(encoding="utf-8") == page_of(committed())


def test_the_readme_says_what_the_committed_table_says():
    told = README.read_text(encoding="utf-8").split("### How sure it is")[1].split("## Operate")[0]
    told = re.sub(r"\s+", " ", told)
    table = committed()
    assert f"{table.predicted:,} published measurements" in told
    for metric in METRICS:
        assert f"{percent_of(table.line(metric).median_ape)} for" in told, metric
    assert f"off by more than {percent_of(table.line('tpot_ms').p90_ape)}" in told


def test_without_a_file_the_committed_table_is_printed(capsys):
    assert validation.main([]) == 0
    printed = capsys.readouterr().out
    assert "Time per output token" in printed
    assert committed().fingerprint[:16] in printed
    assert validation.main(["--json"]) == 0
    assert json.loads(capsys.readouterr().out)["fingerprint"] == committed().fingerprint


def test_a_file_that_is_not_there_is_said(tmp_path, capsys):
    assert validation.main([str(tmp_path / "absent.csv")]) == 1
    assert "cannot read" in capsys.readouterr().err


def test_a_card_that_was_measured_has_its_own_lines_and_another_its_class():
    assert {line.metric for line in scope_of(committed(), "gpu", "h100-sxm").own} >= {"tpot_ms", "ttft_ms"}
    never = scope_of(committed(), "gpu", "l40s")
    assert never.own == ()
    assert never.rests_on == "the graphics class"
    assert never.wider >= 1
    assert scope_of(committed(), "engine", "tgi").rests_on == "vLLM"
