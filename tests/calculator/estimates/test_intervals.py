"""Intervals of one deployment's figures, with made-up residuals in place of the fitted ones."""

import pytest

from calculator.catalog import loader
from calculator.estimates import interval_factors as intervals
from tests.calculator.make import estimated

FITTED = {
    "quantiles": {
        "e2e_s": [-0.2, 0.3],
        "tpot_s": [-0.1, 0.1],
        "ttft_s": [-0.5, 0.5],
        "output_tokens_per_s": [-0.2, 0.2],
    },
    "widening": {},
}


@pytest.fixture
def fitted(monkeypatch):
    intervals._factors.cache_clear()
    monkeypatch.setitem(loader.read("coefficients"), "intervals", FITTED)
    yield
    intervals._factors.cache_clear()


@pytest.mark.usefixtures("fitted")
def test_every_figure_lies_within_its_interval():
    latency = estimated(batch_size=4).latency
    assert set(latency.intervals) == {
        "total_latency_seconds",
        "tokens_per_second",
        "ttft_seconds",
        "tpot_seconds",
        "output_tokens_per_second",
        "output_tokens_per_second_per_user",
    }
    for name, (low, high) in latency.intervals.items():
        assert low < getattr(latency, name) < high


@pytest.mark.usefixtures("fitted")
def test_a_speed_is_the_other_way_round_than_its_time():
    latency = estimated(batch_size=4).latency
    low, high = latency.intervals["total_latency_seconds"]
    assert latency.intervals["tokens_per_second"] == (pytest.approx(500 / high), pytest.approx(500 / low))


def test_without_fitted_residuals_no_interval_is_claimed(monkeypatch):
    monkeypatch.setitem(loader.read("coefficients"), "intervals", {"quantiles": {}, "widening": {}})
    assert estimated(batch_size=4).latency.intervals is None


@pytest.mark.usefixtures("fitted")
def test_an_unknown_figure_has_no_interval():
    assert estimated(gpu="apple-m4-max").latency.intervals is None
