"""Coefficients: physical ranges, sharing between levels, and what was never measured."""

from dataclasses import replace

import pytest

from calculator.catalog import gpu_keys, loader
from calculator.physics.coefficients import NAMES, RANGES, bounded, coefficients_of, unbounded
from calculator.physics.levels import codes_of, names_of
from calculator.physics.shape_from_specs import shape_of
from tests.calculator.make import deployment


def shape(model="llama-3.1-8b", gpu="h100-sxm", precision=None, **settings):
    return shape_of(deployment(model, gpu, precision, **settings))


@pytest.mark.parametrize("gpu", gpu_keys())
def test_every_coefficient_lies_in_its_physical_range_on_every_card(gpu):
    for name, value in zip(NAMES, coefficients_of(shape(gpu=gpu)), strict=True):
        scale = getattr(RANGES, name)
        assert scale.low < value < (scale.high or float("inf")), name


@pytest.mark.parametrize("name", NAMES)
def test_the_start_of_the_fit_is_inside_the_bounds(name):
    assert bounded(name, unbounded(name)) == pytest.approx(getattr(RANGES, name).start)


def test_a_card_outside_the_catalog_has_the_coefficients_of_its_class():
    own = shape(gpu="h100-sxm")
    unknown = replace(own, gpu=-1)
    assert not [name for name in names_of(codes_of(unknown)) if name.startswith(("card", "setup"))]
    assert coefficients_of(unknown).bandwidth_weights == pytest.approx(coefficients_of(own).bandwidth_weights, rel=0.3)


@pytest.mark.parametrize(
    ("gpu", "hardware"),
    [
        ("h100-nvl", "hopper"),
        ("b300", "blackwell"),
        ("rtx-pro-6000-server", "graphics"),
        ("rtx-4090", "graphics"),
        ("a100-pcie-80gb", "ampere"),
        ("a10g", "graphics"),
        ("l40s", "graphics"),
        ("mi300x", "cdna"),
        ("gaudi2", "gaudi"),
        ("apple-m2-ultra", "apple"),
        ("tpu-v5p", "other"),
        ("v100-sxm2-32gb", "ampere"),
        ("t4", "graphics"),
    ],
)
def test_a_card_belongs_to_the_class_of_its_memory_and_generation(gpu, hardware):
    assert f"hardware {hardware}" in names_of(codes_of(shape(gpu=gpu)))


def test_models_of_one_shape_share_their_network():
    first, second = (names_of(codes_of(shape(model, tp=2))) for model in ("llama-3-70b", "llama-3.3-70b"))
    assert first == second


def test_the_data_file_names_only_known_coefficients_and_stays_small():
    data = loader.read("coefficients")
    assert set(data["base"]) == set(NAMES)
    assert {name for effect in data["effects"].values() for name in effect} <= set(NAMES)
    assert (loader.DATA / "coefficients.json").stat().st_size < 200_000
