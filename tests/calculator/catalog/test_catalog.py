"""The data files: everything parses, nothing was dropped, nothing is ambiguous, every figure has its source."""

import json

import pytest

from calculator import catalog
from calculator.catalog import loader
from calculator.catalog.names import squeeze
from calculator.errors import CatalogError

DATES = r"\d{4}-\d{2}-\d{2}"


def test_every_row_of_the_facts_is_carried():
    assert (len(catalog.gpu_keys()), len(catalog.model_keys())) == (58, 103)
    assert len(loader.read("gpu_prices")["offers"]) == 363
    assert len(loader.read("hosted_prices")["offers"]) == 349
    assert len(loader.read("quality")) == 161


@pytest.mark.parametrize("key", catalog.gpu_keys())
def test_an_accelerator_has_memory_bandwidth_and_sources(key):
    gpu = catalog.gpu(key)
    assert gpu.key == key
    assert 0 < gpu.reported_bytes <= gpu.memory_label_bytes
    assert gpu.bandwidth_bytes_per_s > 1e11
    assert gpu.sources


@pytest.mark.parametrize("key", catalog.model_keys())
def test_a_model_has_sources_and_a_known_native_precision(key):
    model = catalog.model(key)
    assert model.architecture_source
    assert model.params_source
    assert model.counts.total > 0


def test_every_scored_model_parses_and_keeps_its_sources():
    for key in loader.read("quality"):
        quality = catalog.quality(key)
        assert quality.key == key
        assert quality.sources
    assert catalog.quality("falcon-40b") is None


def test_a_bare_hosted_name_finds_its_dated_score():
    assert catalog.quality("claude-haiku-4-5").key == "claude-haiku-4-5-20251015"


def test_every_hosted_offer_parses_with_its_source():
    offers = [
        offer for key in catalog.model_aliases().values() for offer in getattr(catalog.hosted_model(key), "offers", ())
    ]
    assert {offer.source for offer in offers} == {"genai-prices 0.2.3 bundled data, short-context tier"}


def test_no_alias_means_two_things():
    shared = set(catalog.gpu_aliases()) & set(catalog.model_aliases())
    assert not shared
    for key in (*catalog.gpu_keys(), *catalog.model_keys()):
        assert (catalog.gpu_aliases() | catalog.model_aliases())[squeeze(key)] == key


def test_aliases_are_squeezed_text():
    assert all(alias == squeeze(alias) for alias in (*catalog.gpu_aliases(), *catalog.model_aliases()))


def test_no_path_of_a_machine_is_in_the_data():
    for file in loader.DATA.glob("*.json"):
        text = file.read_text(encoding="utf-8")
        assert "/work/" not in text
        assert "/home/" not in text
        json.loads(text)


def test_dense_peaks_only():
    """The traps of the data sheets: their sparse figures are twice these."""
    assert catalog.gpu("l4").peak("bf16") == 121e12
    assert catalog.gpu("a10g").peak("bf16") == 70e12
    assert catalog.gpu("rtx-4090").peak("fp16") == 165.2e12
    assert catalog.gpu("h100-sxm").peak("bf16") == pytest.approx(989e12, rel=0.001)


def test_a_figure_without_source_stays_unknown():
    assert catalog.gpu("apple-m4-max").peak("fp16") is None
    assert catalog.gpu("a100-sxm-80gb").purchase_price_usd is None
    assert catalog.gpu("tpu-v5e").link_bytes_per_s is None


def test_fp16_stands_in_where_there_is_no_bf16():
    assert catalog.gpu("t4").peak("bf16") == pytest.approx(65.1e12)


def test_a_card_without_a_link_talks_over_pcie_both_ways():
    gpu = catalog.gpu("rtx-4090")
    assert gpu.link_is_pcie
    assert gpu.link_bytes_per_s == pytest.approx(63e9, rel=0.01)


def test_the_default_mode_follows_the_kind_of_hardware():
    modes = {
        key: catalog.gpu(key).default_mode for key in ("rtx-4090", "rtx-a6000", "apple-m2-ultra", "h100-sxm", "tpu-v5e")
    }
    assert list(modes.values()) == ["local", "local", "local", "cloud", "cloud"]


def test_a_malformed_block_is_named_with_its_file(monkeypatch):
    monkeypatch.setitem(loader.read("models"), "broken", {"display_name": "Broken", "layers": 3})
    with pytest.raises(CatalogError, match=r"models\.json, broken"):
        loader.model("broken")
