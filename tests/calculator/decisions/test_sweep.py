"""The sweep answers for every row what a single question answers."""

import pytest

from calculator import catalog
from calculator.base import GIB
from calculator.decisions.sweep import sweep
from calculator.estimates.latency import latency_of
from calculator.estimates.layout import LayoutWish, deploy
from calculator.estimates.memory import memory_of
from calculator.physics.latency import latency
from calculator.physics.memory import budget
from tests.calculator.make import workload

EVERY = 271
"""Rows between those that are checked one by one."""


@pytest.fixture(scope="module")
def swept():
    return sweep(500, 8)


def test_every_model_with_a_known_cache_meets_every_accelerator(swept):
    assert {model.key for model, _ in swept.stored} == set(catalog.model_keys()) - {"deepseek-v4-flash"}
    assert len(swept) == len(swept.stored) * 58 * 4


def test_a_row_is_what_a_single_question_answers(swept):
    load = workload(300, 200, batch_size=8)
    b, speed = budget(swept.shape, 500, 8), latency(swept.shape, 300, 200, 8, 0.0)
    for row in range(0, len(swept), EVERY):
        d = swept.deployment(row)
        assert memory_of(d, load).per_gpu_gb * GIB == pytest.approx(b.used[row])
        alone = latency_of(d, load).total_latency_seconds
        if alone is None:
            assert speed.e2e_s[row] != speed.e2e_s[row]
        else:
            assert alone == pytest.approx(speed.e2e_s[row])


def test_a_row_is_split_as_a_single_question_is(swept):
    load = workload(300, 200, batch_size=8)
    for row in range(0, len(swept), EVERY):
        d = swept.deployment(row)
        single = deploy(d.model, d.gpu, load, LayoutWish(gpus=int(swept.count[row])), precision=d.precision)
        assert (single.tp, single.replicas) == (d.tp, d.replicas)


def test_a_sweep_may_be_narrowed():
    few = sweep(500, 1, models=[catalog.model("llama-3.1-8b")], gpus=[catalog.gpu("h100-sxm")], counts=(1, 2))
    assert len(few) == 3 * 1 * 2
    assert {d.precision.key for d in map(few.deployment, range(6))} == {"bf16", "fp8", "int4-awq"}
