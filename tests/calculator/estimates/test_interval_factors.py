"""Intervals: by regime, wider where something is new."""

import pytest

from calculator.catalog import loader
from calculator.estimates import interval_factors as intervals
from calculator.estimates.interval_factors import News, factors

TABLE = {
    "quantiles": {
        "tpot_s": [-0.3, 0.3],
        "tpot_s flight": [-0.25, 0.2],
        "tpot_s flight vllm many": [-0.1, 0.15],
    },
    "widening": {"tpot_s": [1.2, 1.5, 2.0]},
}


@pytest.fixture(autouse=True)
def table(monkeypatch):
    intervals._factors.cache_clear()
    monkeypatch.setitem(loader.read("coefficients"), "intervals", TABLE)
    yield
    intervals._factors.cache_clear()


def test_the_narrowest_regime_with_residuals_decides():
    assert factors("tpot_s", "flight", "vllm", 64).high == pytest.approx(2.718281828**0.15)
    assert factors("tpot_s", "flight", "vllm", 2).high == pytest.approx(2.718281828**0.2)
    assert factors("tpot_s", "batch", "vllm", 2).high == pytest.approx(2.718281828**0.3)


def test_an_engine_in_a_container_is_as_uncertain_as_the_engine():
    names = intervals.regimes("ttft_s", "flight", "nim", 64)
    assert names[:2] == ("ttft_s flight nim many", "ttft_s flight nim")
    assert names[2:4] == ("ttft_s flight tensorrt-llm many", "ttft_s flight tensorrt-llm")


def test_what_was_never_measured_is_wider_by_the_largest_reason():
    card, everything = (
        factors("tpot_s", "batch", "vllm", 1, news) for news in (News(card=True), News(True, True, True))
    )
    assert card.low == pytest.approx(2.718281828 ** (-0.3 * 1.2))
    assert everything.high == pytest.approx(2.718281828 ** (0.3 * 2.0))


def test_a_figure_without_residuals_has_a_wide_interval_still():
    low, high = factors("e2e_s", "batch", "vllm", 1)
    assert low < 0.6
    assert high > 1.6


def test_the_interval_is_around_the_value():
    low, high = factors("tpot_s", "flight", "vllm", 64).around(10.0)
    assert low < 10 < high
