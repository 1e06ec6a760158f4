"""The fit on made-up measurements whose truth is known, and what it writes."""

import dataclasses
import json

import numpy as np
import pytest

from calculator.fit.data import data_of, fingerprint, targets_of
from calculator.fit.intervals import ends_of, folds_of, left_out, quantiles_of
from calculator.fit.plan import PLAN, kind_of
from calculator.fit.solve import fit
from calculator.fitting import measured_setups, write
from calculator.physics.coefficients import NAMES
from calculator.physics.latency import batch_latency
from calculator.physics.shape_from_specs import shape_of
from tests.calculator.make import deployment

CARDS = ("h100-sxm", "a100-sxm-80gb")
MODELS = ("llama-3.1-8b", "llama-2-13b")
SLOWER = 1.4


def row(model, gpu, batch, prompt, slower=SLOWER):
    """A measurement of an engine that takes `slower` times what the shipped coefficients say."""
    point = batch_latency(shape_of(deployment(model, gpu, engine="vllm")), prompt, 128, batch)
    return {
        "gpu_key": gpu,
        "model_key": model,
        "metric_kind": "latency",
        "engine": "vllm",
        "engine_version": "",
        "weight_precision": "bf16",
        "num_gpus": "1",
        "tp": "1",
        "pp": "1",
        "batch_size": str(batch),
        "input_tokens": str(prompt),
        "output_tokens": "128",
        "ttft_ms": str(point.ttft_s * slower * 1e3),
        "tpot_ms": str(point.tpot_s * slower * 1e3),
        "source_id": "made-up",
        "source_date": "2026-06",
    }


@pytest.fixture(scope="module")
def rows():
    return [row(m, g, b, n) for m in MODELS for g in CARDS for b in (1, 8, 64) for n in (128, 2048)]


@pytest.fixture(scope="module")
def data(rows):
    return data_of(rows)


@pytest.fixture(scope="module")
def fitted(data):
    return fit(data)


def test_the_fit_finds_measurements_that_the_formulas_can_explain(data, fitted):
    found = fitted.predict(data)
    errors = np.abs(np.stack([found["ttft_s"], found["tpot_s"]], 1) / data.measured[:, :2] - 1)
    assert np.median(errors) < 0.04
    assert errors.max() < 0.35


def test_the_same_rows_give_the_same_fit(data, fitted):
    again = fit(data)
    assert np.array_equal(again.base, fitted.base)
    assert again.effects == fitted.effects


def test_one_outlier_moves_the_fit_little(rows, data, fitted):
    spoiled = fit(data_of([*rows[1:], row(MODELS[0], CARDS[0], 1, 128, slower=8)]))
    before, after = (found.predict(data)["tpot_s"][6:] for found in (fitted, spoiled))
    assert after == pytest.approx(before, rel=0.12)


def test_one_odd_setup_moves_what_the_others_share_little(rows, data, fitted):
    """One model on one card is three times slower than its like; the others are predicted as before."""
    odd = [
        row(r["model_key"], r["gpu_key"], int(r["batch_size"]), int(r["input_tokens"]), slower=3 * SLOWER)
        if (r["model_key"], r["gpu_key"]) == (MODELS[0], CARDS[0])
        else r
        for r in rows
    ]
    others = [n for n, r in enumerate(rows) if (r["model_key"], r["gpu_key"]) != (MODELS[0], CARDS[0])]
    before, after = (found.predict(data)["tpot_s"][others] for found in (fitted, fit(data_of(odd))))
    assert np.median(np.abs(after / before - 1)) < 0.15


def test_every_effect_belongs_to_a_planned_level(fitted):
    for level, effect in fitted.effects.items():
        assert kind_of(level) in {*PLAN, "setup"}
        assert set(effect) <= set(NAMES)


def test_the_whole_answer_is_no_target_beside_the_figures_it_follows_from(rows):
    both = [{**r, "e2e_latency_ms": "1000", "output_tokens_per_s_total": "100"} for r in rows]
    assert set(targets_of(data_of(both)).figure) == {0, 1}


def test_suspect_rows_are_left_out_and_short_prompts_are_not(rows):
    suspect, short = {**rows[0], "clean": "0"}, {**rows[0], "clean": "0", "notes": "batch 1, short prompt"}
    assert len(data_of([rows[0], suspect])) == 1
    assert len(data_of([rows[0], short])) == 2


def test_folds_keep_groups_whole_and_equal_in_size():
    by = np.array(["a"] * 10 + ["b"] * 9 + ["c"] * 6 + ["d"] * 5)
    fold = folds_of(by, 2)
    assert all(len(set(fold[by == value])) == 1 for value in "abcd")
    assert sorted(np.bincount(fold)) == [15, 15]


def test_left_out_rows_are_predicted_from_the_others(data):
    logs = left_out(data, data.card, folds=2)
    assert np.isfinite(logs[:, :2]).all()
    assert np.median(np.abs(logs[:, 1])) < 0.15


def test_an_interval_holds_the_middle_four_fifths():
    values = [(x / 100, str(x % 67)) for x in range(-100, 101)]
    low, high = ends_of(values)
    assert sum(low <= value <= high for value, _ in values) / len(values) == pytest.approx(0.8, abs=0.03)


def test_an_interval_from_few_groups_is_wider():
    many, few = (ends_of([(x / 100, str(x % groups)) for x in range(-100, 101)]) for groups in (67, 4))
    assert few[0] < many[0]
    assert few[1] > many[1]


def test_regimes_with_few_groups_take_the_wider_one(data):
    logs = np.full((len(data), 4), 0.1)
    assert quantiles_of(data, logs, data.columns.batch) == {}


def test_whole_answers_that_few_measured_are_as_far_off_as_the_time_per_token(data):
    many = data.take(np.tile(np.arange(len(data)), 6))
    many = dataclasses.replace(many, group=np.arange(len(many)).astype(str))
    logs = np.full((len(many), 4), np.nan)
    logs[:, 1] = np.linspace(-0.1, 0.3, len(many))
    found = quantiles_of(many, logs, many.columns.batch)
    low, high = found["tpot_s batch vllm"]
    assert found["e2e_s batch vllm"] == [low, high]
    assert found["output_tokens_per_s batch vllm"] == [-high, -low]


def test_the_fingerprint_follows_the_rows(rows):
    assert fingerprint(rows) == fingerprint(list(rows))
    assert fingerprint(rows) != fingerprint(rows[1:])


def test_setups_are_listed_without_any_figure(rows):
    assert measured_setups(rows)[0] == ["llama-2-13b", "a100-sxm-80gb", "vllm", "bf16", [1, 8, 64]]


def test_what_is_written_reads_back(tmp_path):
    content = {
        "fingerprint": "0",
        "rows": 2,
        "base": {"overlap": 0.5},
        "effects": {"engine vllm": {"overlap": 0.1}},
        "intervals": {"quantiles": {"tpot_s": [-0.1, 0.1]}, "widening": {}},
        "measured": [["a", "b", "c", "d", [1]]],
    }
    write(content, tmp_path / "coefficients.json")
    assert json.loads((tmp_path / "coefficients.json").read_text()) == content
